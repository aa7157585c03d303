//! The bad days of `bad_days.rs`, again and again.

use crate::bad_days::{YEAR, admin, becomes, clock_is_set, fill, on_a_small_disk, reader_goes_after, sign_in};
use crate::support::PASSWORD;
use crate::support::process::silent_api_server;

/// Numbers that look random and are the same in each run.
fn numbers(mut seed: u32) -> impl Iterator<Item = u32> {
    std::iter::repeat_with(move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long"]
async fn a_disk_that_is_full_again_and_again_breaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let _silent = silent_api_server(folder.path());
    let (portal, disk) = on_a_small_disk(folder.path());
    let stays = admin(&portal).await;
    for round in 0..20 {
        let leaves = admin(&portal).await;
        let filled = fill(&disk);
        leaves.form("/signout", "").await.expect(303);
        leaves.get("/api/v1/session").await.expect(401);
        stays.form("/teams/create", &format!("name=No{round}&namespaces=web")).await.expect(503);
        for _ in 0..5 {
            let guess = sign_in(&portal, &format!("10.9.{round}.1"), "admin", "not this one at all").await;
            assert!(matches!(guess.status, 401 | 429), "{}", guess.status);
        }
        sign_in(&portal, "10.0.0.1", "admin", PASSWORD).await.expect(503);
        std::fs::remove_file(filled).unwrap();
        becomes(&stays, "/healthy", |r| r.body == "healthy\n").await;
        becomes(&stays, "/metrics", |r| r.body.contains("quayside_audit_entries_waiting 0")).await;
        leaves.get("/api/v1/session").await.expect(401);
        stays.form("/teams/create", &format!("name=Team{round}&namespaces=web")).await.expect(303);
    }
    let ended = stays.get("/audit?filter=session.end").await;
    assert_eq!(ended.expect(200).body.matches("Signed out").count(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long"]
async fn a_log_whose_reader_goes_at_any_time_stops_nothing() {
    for requests in [0, 1, 2, 5, 50, 2000] {
        reader_goes_after(requests).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long"]
async fn a_clock_that_is_set_again_and_again_keeps_nobody_waiting_and_ends_no_session() {
    // A person makes 60 changes without a wait, and each time three are made.
    let offsets: Vec<i64> = numbers(7).map(|n| i64::from(n) * 40 * YEAR / (1 << 24) - 20 * YEAR).take(16).collect();
    clock_is_set(&offsets).await;
}
