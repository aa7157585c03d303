//! The store on real files: what survives, what is refused, what two callers at once get.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::account::Role;
use domain::storage::StorageTrouble;
use domain::{AppId, Kind, Namespace, TeamName, UnixMs, Username, WorkloadName};
use service::ports::{Attempts, Database, NewSession, PodSeries, Point, Sample, Samples, Sessions, StoreError, Teams, Tries, UserState, Users};
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

fn state(display: &str, admin: bool, disabled: bool) -> UserState {
    UserState { display: display.into(), admin, disabled }
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
async fn a_locked_database_is_said_to_be_held_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quayside.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let other = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let mut held = other.acquire().await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut *held).await.unwrap();
    assert!(matches!(store.check_writable().await, Err(StoreError::Unwritable(StorageTrouble::Held, _))));
    sqlx::query("ROLLBACK").execute(&mut *held).await.unwrap();
    store.check_writable().await.unwrap();
}

#[tokio::test]
async fn pods_without_samples_go_and_a_big_history_goes_in_pieces() {
    let (folder, store) = fresh().await;
    let sample = |at, pod: &str| Sample { at: UnixMs(at), app: web(), pod: pod.into(), cpu_milli: 1, memory_bytes: 2 };
    store.add_samples(&[sample(0, "old"), sample(0, "lives"), sample(900_000_000, "lives")]).await.unwrap();
    // 50,000 old samples: three pieces, two of which end within a moment.
    fill(&folder, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 49999) INSERT INTO sample SELECT 1, i / 100 * 15000, 1000 + i % 100, 1, 1 FROM n").await;
    assert_eq!(store.prune_samples(UnixMs(900_000_000), UnixMs(900_000_000)).await.unwrap(), 50_002);
    assert_eq!(store.series(&web(), UnixMs(0), UnixMs(i64::MAX), 15_000).await.unwrap().len(), 1);
    assert_eq!(names(&folder, "SELECT name FROM pod").await, ["lives"]);
    assert_eq!(store.prune_samples(UnixMs(900_000_001), UnixMs(900_000_001)).await.unwrap(), 1);
    assert!(names(&folder, "SELECT name FROM pod UNION SELECT name FROM app").await.is_empty());
}

#[tokio::test]
async fn a_pod_of_a_clock_that_was_set_ahead_goes_too() {
    let (folder, store) = fresh().await;
    let sample = |at, pod: &str| Sample { at: UnixMs(at), app: web(), pod: pod.into(), cpu_milli: 1, memory_bytes: 2 };
    store.add_samples(&[sample(1_000, "now"), sample(900_000, "ahead")]).await.unwrap();
    assert_eq!(store.prune_samples(UnixMs(0), UnixMs(2_000)).await.unwrap(), 1);
    assert_eq!(store.prune_samples(UnixMs(2_001), UnixMs(9_000)).await.unwrap(), 1);
    assert!(names(&folder, "SELECT name FROM pod").await.is_empty());
}

#[tokio::test]
async fn the_newest_hour_of_200_pods_over_a_day_is_read_too() {
    let (folder, store) = fresh().await;
    store.add_samples(&[Sample { at: UnixMs(0), app: web(), pod: "p".into(), cpu_milli: 1, memory_bytes: 2 }]).await.unwrap();
    fill(
        &folder,
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 299) INSERT INTO pod (id, app_id, name) SELECT i, 1, 'p' || i FROM n",
    )
    .await;
    fill(
        &folder,
        "WITH RECURSIVE t(at) AS (SELECT 0 UNION ALL SELECT at + 15000 FROM t WHERE at < 86385000)
         INSERT INTO sample SELECT 1, at, pod.id, 7, 8 FROM t CROSS JOIN pod WHERE pod.id >= 100",
    )
    .await;
    let series = store.series(&web(), UnixMs(0), UnixMs(i64::MAX), 240_000).await.unwrap();
    assert_eq!(series.len(), 201);
    let whole = |s: &&PodSeries| s.points.len() == 360 && s.points[0] == Point { at: UnixMs(86_160_000), cpu_milli: 7, memory_bytes: 8 };
    assert_eq!(series.iter().filter(whole).count(), 200);
}

#[tokio::test]
async fn a_copy_of_the_files_of_a_running_portal_has_everything_as_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quayside.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let user = store.create_first_admin(&name("mara"), "Mara", "phc", UnixMs(1)).await.unwrap();
    store.set_tries("pair 1", Tries { failed: 6, since: UnixMs(1), blocked_until: UnixMs(99) }).await.unwrap();
    store.add_samples(&[Sample { at: UnixMs(0), app: web(), pod: "a".into(), cpu_milli: 1, memory_bytes: 2 }]).await.unwrap();
    let killed = tempfile::tempdir().unwrap();
    for file in ["quayside.db", "quayside.db-wal"] {
        std::fs::copy(folder.path().join(file), killed.path().join(file)).unwrap();
    }
    let again = SqliteStore::open(&killed.path().join("quayside.db")).await.unwrap();
    assert_eq!(again.users().await.unwrap(), [user]);
    assert_eq!(again.tries("pair 1").await.unwrap().failed, 6);
    assert_eq!(again.series(&web(), UnixMs(0), UnixMs(i64::MAX), 15_000).await.unwrap().len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, store) = fresh().await;
    store.create_first_admin(&name("mara"), "Mara", "phc", UnixMs(1)).await.unwrap();
    for file in std::fs::read_dir(folder.path().join("a")).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_admins_who_demote_each_other_leave_one() {
    for _ in 0..10 {
        let (_folder, store) = fresh().await;
        let store = Arc::new(store);
        let mara = store.create_first_admin(&name("mara"), "Mara", "phc", UnixMs(1)).await.unwrap();
        let ilse = store.create_user(&name("ilse"), "Ilse", "phc", true, UnixMs(1)).await.unwrap();
        let demote = |id| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.update_user(id, None, &state("x", false, false)).await.is_ok() })
        };
        let (a, b) = (demote(mara.id), demote(ilse.id));
        assert_ne!(a.await.unwrap(), b.await.unwrap());
        assert_eq!(store.users().await.unwrap().iter().filter(|u| u.admin && !u.disabled).count(), 1);
    }
}

async fn names(folder: &TempDir, sql: &'static str) -> Vec<String> {
    let file = sqlx::sqlite::SqlitePoolOptions::new().connect(&format!("sqlite://{}", folder.path().join("a/quayside.db").display())).await.unwrap();
    let names = sqlx::query_scalar(sql).fetch_all(&file).await.unwrap();
    file.close().await;
    names
}

/// Rows that would take too long to make one by one.
async fn fill(folder: &TempDir, sql: &'static str) {
    let file = sqlx::sqlite::SqlitePoolOptions::new().connect(&format!("sqlite://{}", folder.path().join("a/quayside.db").display())).await.unwrap();
    sqlx::query(sql).execute(&file).await.unwrap();
    file.close().await;
}

#[tokio::test]
async fn a_flood_of_keys_pushes_out_the_oldest_and_no_familiar_address() {
    let (folder, store) = fresh().await;
    store.set_tries("familiar 1 home", Tries { failed: 0, since: UnixMs(1), blocked_until: UnixMs(9_000_000) }).await.unwrap();
    fill(&folder, "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO tries SELECT 'address ' || i, 1, i, 0 FROM n")
        .await;
    store.set_tries("address new", Tries { failed: 1, since: UnixMs(60_000), blocked_until: UnixMs(0) }).await.unwrap();
    assert_eq!(store.tries("address 2").await.unwrap(), Tries::default(), "the oldest went");
    assert_eq!(store.tries("address 3").await.unwrap().failed, 1);
    assert_eq!(store.tries("familiar 1 home").await.unwrap().blocked_until, UnixMs(9_000_000));
    assert_eq!(store.tries("address new").await.unwrap().failed, 1);
}
