//! The store on real files: what survives, what is refused, what two callers at once get.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::account::Role;
use domain::{AppId, Kind, Namespace, TeamName, UnixMs, Username, WorkloadName};
use service::ports::{NewAudit, NewSession, Sample, Store, StoreError, Tries};
use std::sync::Arc;
use store::SqliteStore;
use tempfile::TempDir;

fn name(text: &str) -> Username {
    Username::parse(text).unwrap()
}

fn web() -> AppId {
    AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("kpow").unwrap() }
}

async fn fresh() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("a/quayside.db")).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn two_racing_set_ups_make_one_admin() {
    let (_folder, store) = fresh().await;
    let store = Arc::new(store);
    let tries = ["mara", "ilse", "tomas", "jonas"].map(|who| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.create_first_admin(&name(who), who, "phc", UnixMs(1)).await })
    });
    let mut made = 0;
    for task in tries {
        made += usize::from(task.await.unwrap().is_ok());
    }
    assert_eq!(made, 1);
    assert_eq!(store.count_users().await.unwrap(), 1);
}

#[tokio::test]
async fn the_last_admin_can_neither_be_disabled_nor_demoted() {
    let (_folder, store) = fresh().await;
    let admin = store.create_first_admin(&name("mara"), "Mara", "phc", UnixMs(1)).await.unwrap();
    assert!(matches!(store.update_user(admin.id, "Mara", false, false).await, Err(StoreError::Exists)));
    assert!(matches!(store.update_user(admin.id, "Mara", true, true).await, Err(StoreError::Exists)));
    assert!(store.user_by_id(admin.id).await.unwrap().unwrap().0.admin);
}

#[tokio::test]
async fn everything_is_there_again_after_an_abrupt_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quayside.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let user = store.create_first_admin(&name("mara"), "Mara", "phc", UnixMs(1)).await.unwrap();
    let session = NewSession { token_hash: [7; 32], user_id: user.id, created: UnixMs(5), address: "10.0.0.1".into(), agent: "curl".into() };
    store.create_session(&session).await.unwrap();
    let team = store.create_team(&TeamName::parse("Data").unwrap(), &[Namespace::parse("web").unwrap()]).await.unwrap();
    store.set_member(team, user.id, Some(Role::Operator)).await.unwrap();
    store.set_tries("pair 1", Tries { failed: 6, since: UnixMs(1), blocked_until: UnixMs(99) }).await.unwrap();
    let key = store.key("fingerprint", [1; 32]).await.unwrap();
    // Not closed: a second opening finds the file as a killed process leaves it.
    let again = SqliteStore::open(&path).await.unwrap();
    assert_eq!(again.session(&[7; 32]).await.unwrap().unwrap().user.name, user.name);
    assert_eq!(again.roles_of(user.id).await.unwrap()[0].2, Role::Operator);
    assert_eq!(again.tries("pair 1").await.unwrap().failed, 6);
    assert_eq!(again.key("fingerprint", [2; 32]).await.unwrap(), key);
    drop(store);
}

#[tokio::test]
async fn a_locked_database_is_said_to_be_broken_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quayside.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let other = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let mut held = other.acquire().await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut *held).await.unwrap();
    assert!(matches!(store.check_writable().await, Err(StoreError::Broken(_))));
    sqlx::query("ROLLBACK").execute(&mut *held).await.unwrap();
    store.check_writable().await.unwrap();
}

#[tokio::test]
async fn ending_the_other_sessions_keeps_this_one() {
    let (_folder, store) = fresh().await;
    let user = store.create_first_admin(&name("mara"), "Mara", "phc", UnixMs(1)).await.unwrap();
    let mut ids = Vec::new();
    for n in 0..3 {
        let session = NewSession { token_hash: [n; 32], user_id: user.id, created: UnixMs(i64::from(n)), address: String::new(), agent: String::new() };
        ids.push(store.create_session(&session).await.unwrap());
    }
    store.end_sessions(user.id, Some(ids[1])).await.unwrap();
    assert_eq!(store.sessions(user.id).await.unwrap().iter().map(|s| s.id).collect::<Vec<_>>(), [ids[1]]);
    assert!(store.session(&[0; 32]).await.unwrap().is_none());
}

#[tokio::test]
async fn samples_are_summed_over_pods_and_averaged_over_a_step() {
    let (_folder, store) = fresh().await;
    let sample = |at, pod: &str, cpu_milli, memory_bytes| Sample { at: UnixMs(at), app: web(), pod: pod.into(), cpu_milli, memory_bytes };
    store.add_samples(&[sample(0, "a", 100, 10), sample(0, "b", 200, 20), sample(15_000, "a", 500, 50)]).await.unwrap();
    assert_eq!(store.usage_history(UnixMs(0), 30_000).await.unwrap(), [(web(), UnixMs(0), 400, 40)]);
    assert_eq!(store.samples(&web(), UnixMs(15_000)).await.unwrap(), [sample(15_000, "a", 500, 50)]);
    assert_eq!(store.prune_samples(UnixMs(15_000)).await.unwrap(), 2);
    assert_eq!(store.samples(&web(), UnixMs(0)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_audit_table_pages_backwards_and_filters() {
    let (_folder, store) = fresh().await;
    for n in 0..5 {
        let entry = NewAudit {
            at: UnixMs(n),
            actor: "Ilse".into(),
            address: String::new(),
            action: "app.restart".into(),
            target: format!("web/{n}"),
            outcome: "done".into(),
            detail: String::new(),
        };
        store.audit(&entry).await.unwrap();
    }
    let newest = store.audit_rows(None, "", 2).await.unwrap();
    assert_eq!(newest.iter().map(|r| r.target.as_str()).collect::<Vec<_>>(), ["web/4", "web/3"]);
    assert_eq!(store.audit_rows(Some(newest[1].id), "", 2).await.unwrap()[0].target, "web/2");
    assert_eq!(store.audit_rows(None, "WEB/1", 9).await.unwrap().len(), 1);
}
