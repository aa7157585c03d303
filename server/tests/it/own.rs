//! The portal's own: set-up, health, metrics, files, shutdown, the guide.

use crate::support::http::encode;
use crate::support::{PASSWORD, World, cookie};
use quayside::config::table;

#[tokio::test]
async fn without_users_the_first_is_made_with_the_token_once() {
    let world = World::with(&[("admin_password", "")]).await;
    let client = world.client();
    assert_eq!(client.get("/signin").await.expect(303).header("location"), Some("/setup"));
    let token = world.running.app.portal.set_up.token();
    let form = |token: &str, name: &str| format!("token={token}&name={name}&display=Ada&password={}", encode(PASSWORD));
    client.form("/setup", &form("wrong", "ada")).await;
    assert_eq!(world.running.app.portal.set_up.token(), token, "a wrong one uses up nothing");
    // Two at once make one.
    let (first_form, second_form) = (form(&token, "ada"), form(&token, "eve"));
    let (first, second) = tokio::join!(client.form("/setup", &first_form), client.form("/setup", &second_form));
    let made: Vec<_> = [&first, &second].into_iter().filter(|r| r.status == 303 && r.header("set-cookie").is_some()).collect();
    assert_eq!(made.len(), 1, "{first:?} {second:?}");
    let mut signed = world.client();
    signed.cookie = Some(cookie(made[0]));
    assert_eq!(signed.get("/api/v1/session").await.expect(200).json()["admin"], true);
    assert_eq!(client.get("/setup").await.expect(303).header("location"), Some("/signin"));
}

#[tokio::test]
async fn a_browser_that_signs_in_anew_leaves_no_session_behind() {
    let world = World::peopled().await;
    let form = |name: &str| format!("name={name}&password={}", encode(PASSWORD));
    for name in ["vera", "otto"] {
        let before = world.signed_in("vera").await;
        before.form("/signin", "name=vera&password=wrong").await;
        before.get("/api/v1/session").await.expect(200);
        let reply = before.form("/signin", &form(name)).await;
        before.get("/api/v1/session").await.expect(401);
        let mut after = world.client();
        after.cookie = Some(cookie(reply.expect(303)));
        after.get("/api/v1/session").await.expect(200);
    }
}

#[tokio::test]
async fn health_and_metrics() {
    let world = World::with(&[("metrics_token", "scrape-me")]).await;
    assert_eq!(world.client().get("/up").await.expect(200).body, "up\n");
    assert_eq!(world.client().get("/healthy").await.expect(200).body, "healthy\n");
    world.client().get("/metrics").await.expect(401);
    world.client().with("Authorization", "Bearer scrape-mE").get("/metrics").await.expect(401);
    let text = world.client().with("Authorization", "Bearer scrape-me").get("/metrics").await;
    assert!(text.expect(200).body.contains("quayside_http_requests_total{method=\"GET\",route=\"/up\",status=\"200\"} 1"), "{}", text.body);
    assert!(text.body.contains("quayside_apps 2") && text.body.contains("process_resident_memory_bytes "));
    let off = World::with(&[("metrics", "false")]).await;
    off.client().get("/metrics").await.expect(404);
}

#[tokio::test]
async fn files_come_compressed_as_they_lie_there_and_pages_on_the_fly() {
    let world = World::new().await;
    std::fs::write(world.dir.path().join("site/pkg/quayside.abcdefgh12.js.br"), "brotli").unwrap();
    let js = world.client().with("Accept-Encoding", "gzip, br").get("/pkg/quayside.abcdefgh12.js").await;
    assert_eq!((js.expect(200).header("content-encoding"), js.body.as_str()), (Some("br"), "brotli"));
    assert_eq!(world.client().get("/pkg/quayside.abcdefgh12.js").await.expect(200).body, "export default 1;");
    let wasm = world.client().get("/pkg/quayside.abcdefgh12.wasm").await;
    assert_eq!(wasm.expect(200).header("content-type"), Some("application/wasm"));
    let page = world.client().with("Accept-Encoding", "br").get("/signin").await;
    assert_eq!(page.expect(200).header("content-encoding"), Some("br"));
}

#[tokio::test]
async fn the_end_is_soon_when_nothing_is_open() {
    let world = World::new().await;
    world.client().get("/up").await.expect(200);
    let started = std::time::Instant::now();
    world.running.life.soft.cancel();
    world.running.life.drain().await;
    assert!(started.elapsed() < std::time::Duration::from_secs(2), "{:?}", started.elapsed());
    assert!(tokio::net::TcpStream::connect(world.running.address).await.is_err());
}

#[tokio::test]
async fn the_end_waits_for_a_change_that_is_under_way() {
    let world = World::new().await;
    let done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let change = done.clone();
    world.running.app.portal.tasks.spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        change.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    world.running.life.soft.cancel();
    world.running.life.drain().await;
    assert!(done.load(std::sync::atomic::Ordering::SeqCst));
}

#[test]
fn the_readme_quotes_what_the_portal_says() {
    let words = |path: &str| {
        let text = std::fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let readme = words("README.md");
    let quoted = readme.split_once("made from evidence: *\"").and_then(|(_, rest)| rest.split_once("\"*")).unwrap().0;
    assert!(words("domain/tests/situations.golden").contains(quoted), "no situation is told as: {quoted}");
}

#[test]
fn the_guide_holds_the_table_of_settings() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operators-guide.md")).unwrap();
    assert!(guide.contains(&table::markdown()), "put the output of `quayside settings` into docs/operators-guide.md");
}
