//! Operations: what is kept of them from their intent until they are forgotten.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::audit::{Act, AuditOutcome, Deed, Target};
use domain::operation::{EndCode, Operation, Piece, Progress, ProgressCode, State, Touched, Work};
use domain::{AppId, UnixMs};
use service::ports::{NewAudit, NewOperation, OperationQuery, Operations, StoreError, Unsettled};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use store::SqliteStore;
use tempfile::TempDir;

fn app(name: &str) -> AppId {
    AppId::parse(&format!("web/deployment/{name}")).unwrap()
}

fn creation() -> Work {
    Work::Create { mark: "1-a".into(), pieces: vec![Piece::Service, Piece::Deployment] }
}

fn new(user_id: i64, name: &str) -> NewOperation {
    NewOperation { user_id, app: app(name), why: None, work: creation() }
}

fn intent(at: i64) -> NewAudit {
    NewAudit {
        at: UnixMs(at),
        actor: "ilse".into(),
        address: "10.0.0.1".into(),
        deed: Deed::new(Act::CreateApp { image: "web:1".into() }, Target::App(app("shop"))),
        outcome: AuditOutcome::Intent,
        detail: String::new(),
        intent: None,
    }
}

fn query() -> OperationQuery {
    OperationQuery { namespaces: vec![app("shop").namespace], limit: 10, ..OperationQuery::default() }
}

fn ids(operations: &[Operation]) -> Vec<i64> {
    operations.iter().map(|o| o.id.0).collect()
}

fn unsettled(all: &[Unsettled]) -> Vec<i64> {
    all.iter().map(|found| found.operation.id.0).collect()
}

async fn fresh() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    (folder, store)
}

async fn file(folder: &TempDir) -> SqlitePool {
    let path = folder.path().join("q.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    SqlitePoolOptions::new().max_connections(1).connect(&url).await.unwrap()
}

#[tokio::test]
async fn a_killed_process_leaves_an_operation_as_it_was_last_noted() {
    let (folder, store) = fresh().await;
    let id = store.begin_operation(&intent(5), &new(3, "shop")).await.unwrap();
    store.undo_operation(id).await.unwrap();
    let again = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    let found = again.unsettled_operations().await.unwrap().remove(0);
    assert_eq!((found.operation.id, found.operation.undo, found.operation.work, found.intent), (id, true, creation(), intent(5)));
}

#[tokio::test]
async fn of_many_that_have_ended_the_oldest_are_forgotten() {
    let (folder, store) = fresh().await;
    let open = store.begin_operation(&intent(1), &new(3, "shop")).await.unwrap();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10003)
        INSERT INTO operation (id, state, action, namespace, kind, name, user_id, begun, moved, work) SELECT i, 'succeeded', 'create', 'web', 'deployment', 'shop', 3, 9, 9, '{}' FROM n";
    sqlx::query(fill).execute(&file(&folder).await).await.unwrap();
    assert_eq!(store.prune_operations(UnixMs(0)).await.unwrap(), 2);
    let left: Vec<i64> = sqlx::query_scalar("SELECT id FROM operation ORDER BY id LIMIT 2").fetch_all(&file(&folder).await).await.unwrap();
    assert_eq!(left, [open.0, 4]);
}

#[tokio::test]
async fn an_operation_that_cannot_be_read_keeps_no_other_from_its_end() {
    let (folder, store) = fresh().await;
    let strange = store.begin_operation(&intent(5), &new(3, "shop")).await.unwrap();
    let other = store.begin_operation(&intent(6), &new(3, "shop")).await.unwrap();
    sqlx::query("UPDATE operation SET work = '{\"rename\":{}}' WHERE id = ?").bind(strange.0).execute(&file(&folder).await).await.unwrap();
    assert_eq!(unsettled(&store.unsettled_operations().await.unwrap()), [other.0]);
    assert_eq!(ids(&store.operations(&query()).await.unwrap()), [other.0]);
    assert!(matches!(store.operation(strange).await, Err(StoreError::Broken(_))));
}

#[tokio::test]
async fn a_line_of_progress_that_cannot_be_read_is_left_out() {
    let (folder, store) = fresh().await;
    let id = store.begin_operation(&intent(5), &new(3, "shop")).await.unwrap();
    let lines = r#"[{"at":6,"code":{"moon_phase":{}}},{"at":7,"code":"no_answer"}]"#;
    sqlx::query("UPDATE operation SET progress = ?").bind(lines).execute(&file(&folder).await).await.unwrap();
    assert_eq!(store.operation(id).await.unwrap().unwrap().progress, [Progress { at: UnixMs(7), code: ProgressCode::NoAnswer }]);
}

#[tokio::test]
async fn an_operation_that_a_portal_without_codes_began_has_its_act_from_its_work() {
    let (folder, store) = fresh().await;
    let id = store.begin_operation(&intent(5), &new(3, "shop")).await.unwrap();
    sqlx::query("UPDATE audit SET args = NULL, detail = 'image web:1' WHERE id = ?").bind(id.0).execute(&file(&folder).await).await.unwrap();
    assert_eq!(store.unsettled_operations().await.unwrap()[0].intent, intent(5));
}

/// A store as migration 10 had it, with an operation of each kind, brought up to date.
async fn from_before_states() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let all = sqlx::migrate!("../../migrations");
    let old = sqlx::migrate::Migrator::with_migrations(all.iter().filter(|m| m.version < 12).cloned().collect());
    let file = file(&folder).await;
    old.run(&file).await.unwrap();
    let app = r#"{"namespace":"web","kind":"deployment","name":"shop"}"#;
    let create = format!(r#"{{"create":{{"app":{app},"mark":"1-a","pieces":["service","deployment"]}}}}"#);
    let delete = format!(r#"{{"delete":{{"app":{app},"uid":"u1","pieces":[["service","u2"]]}}}}"#);
    let undone = r#"{"undone":{"removed":["service"],"left":[{"piece":"ingress","by":"kubectl-edit"}]}}"#;
    for (id, work, undo, ending) in [
        (1, &create, false, None),
        (2, &create, true, None),
        (3, &create, false, Some(r#""created""#)),
        (4, &create, true, Some(undone)),
        (5, &delete, false, Some(r#""deleted""#)),
        (6, &delete, false, Some(r#""not_deleted""#)),
        (7, &r#"{"rename":{}}"#.to_owned(), false, None),
    ] {
        sqlx::query(
            "INSERT INTO audit (id, at, actor, address, action, target, outcome, detail) VALUES (?1, ?1, 'ilse', 'a', 'app.create', 'x', 'intent', '')",
        )
        .bind(id)
        .execute(&file)
        .await
        .unwrap();
        sqlx::query("INSERT INTO operation (id, user_id, begun, work, undo, told) VALUES (?1, 3, ?1, ?2, ?3, ?4)")
            .bind(id)
            .bind(work)
            .bind(undo)
            .bind(ending.map(|ending| format!(r#"{{"app":{app},"ending":{ending}}}"#)))
            .execute(&file)
            .await
            .unwrap();
    }
    file.close().await;
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn operations_from_before_the_states_keep_their_work_and_what_is_to_be_told_of_them() {
    let (_folder, store) = from_before_states().await;
    let found = store.unsettled_operations().await.unwrap();
    let told: Vec<_> = found.iter().map(|f| (f.operation.id.0, f.operation.state, f.operation.undo, f.notice)).collect();
    let expected = [
        (1, State::Applying, false, false),
        (2, State::Applying, true, false),
        (3, State::Succeeded, false, true),
        (4, State::TakenBack, true, true),
        (5, State::Succeeded, false, true),
        (6, State::Failed, false, true),
    ];
    assert_eq!(told, expected, "and one that nobody can read is left alone");
    assert_eq!(found[0].operation.work, creation());
    assert_eq!(found[4].operation.work, Work::Delete { uid: "u1".into(), pieces: vec![(Piece::Service, "u2".into())] });
    assert!(found.iter().all(|f| f.operation.app == app("shop")));
    let left = vec![Touched { piece: Piece::Ingress, by: "kubectl-edit".into() }];
    let codes: Vec<_> = found.into_iter().filter_map(|f| Some(f.operation.verdict?.code)).collect();
    assert_eq!(codes, [EndCode::Complete, EndCode::TakenBack { removed: vec![Piece::Service], left }, EndCode::Gone, EndCode::NotMade]);
}
