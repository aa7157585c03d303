//! Operations: what is kept of them from their intent until they are forgotten.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::audit::{Act, AuditOutcome, Deed, Target};
use domain::operation::{EndCode, Operation, Piece, Progress, ProgressCode, State, Touched, Work};
use domain::{AppId, UnixMs};
use service::ports::{Advance, AuditLog, Ended, NewAudit, NewOperation, OperationQuery, Operations, StoreError, Unsettled};
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

#[tokio::test]
async fn a_person_with_very_many_entries_keeps_the_intent_and_the_end_of_what_is_still_an_operation() {
    let (folder, store) = fresh().await;
    let id = store.begin_operation(&intent(5), &new(3, "shop")).await.unwrap();
    let end = NewAudit { outcome: AuditOutcome::Done, intent: Some(id.0), ..intent(6) };
    let verdict = EndCode::Complete.into();
    store.end_operation(id, &Ended { at: UnixMs(6), verdict, end: Some(end), notice: false }).await.unwrap();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 100999)
        INSERT INTO audit (id, at, actor, address, action, target, outcome, detail) SELECT i, i, 'ilse', 'a', 'app.restart', 'x', 'done', '' FROM n";
    sqlx::query(fill).execute(&file(&folder).await).await.unwrap();
    // Each thousandth entry looks at the bounds.
    assert_eq!(store.audit(&NewAudit { outcome: AuditOutcome::Done, ..intent(7) }).await.unwrap(), 101_000);
    let oldest: Vec<i64> = sqlx::query_scalar("SELECT id FROM audit ORDER BY id LIMIT 3").fetch_all(&file(&folder).await).await.unwrap();
    assert_eq!(oldest, [1, 2, 1_001]);
    assert_eq!(store.end_intents(101_000, UnixMs(9), "not seen").await.unwrap(), 0);
}

#[tokio::test]
async fn an_operation_and_its_audit_entries_are_written_both_or_neither() {
    let (folder, store) = fresh().await;
    let id = store.begin_operation(&intent(5), &new(3, "shop")).await.unwrap();
    let before = store.operation(id).await.unwrap();
    let count = async || sqlx::query_scalar::<_, i64>("SELECT count(*) FROM audit").fetch_one(&file(&folder).await).await.unwrap();
    let refuse = async |table: &str| {
        let trigger = format!("CREATE TRIGGER refuse_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END");
        sqlx::query(sqlx::AssertSqlSafe(trigger)).execute(&file(&folder).await).await.unwrap();
    };
    refuse("operation").await;
    store.begin_operation(&intent(6), &new(3, "shop")).await.unwrap_err();
    assert_eq!(count().await, 1);
    refuse("audit").await;
    let end = Some(NewAudit { outcome: AuditOutcome::Done, intent: Some(id.0), ..intent(7) });
    let progress = Progress { at: UnixMs(7), code: ProgressCode::NoAnswer };
    store.advance_operation(id, &Advance { to: State::Waiting, progress, applied: None, end: end.clone() }).await.unwrap_err();
    store.end_operation(id, &Ended { at: UnixMs(7), verdict: EndCode::Gone.into(), end, notice: true }).await.unwrap_err();
    assert_eq!((store.operation(id).await.unwrap(), count().await), (before, 1));
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
        (8, &"no JSON".to_owned(), false, None),
        (9, &create, false, Some("no JSON")),
        (10, &create, false, None),
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
            .bind(ending.map(|ending| if ending == "no JSON" { ending.to_owned() } else { format!(r#"{{"app":{app},"ending":{ending}}}"#) }))
            .execute(&file)
            .await
            .unwrap();
    }
    let end =
        "INSERT INTO audit (id, at, actor, address, action, target, outcome, detail, intent) VALUES (20, 99, 'ilse', 'a', 'app.create', 'x', 'done', '', 3)";
    sqlx::query(end).execute(&file).await.unwrap();
    sqlx::query("DELETE FROM audit WHERE id = 10").execute(&file).await.unwrap();
    file.close().await;
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn operations_from_before_the_states_keep_their_work_and_what_is_to_be_told_of_them() {
    let (folder, store) = from_before_states().await;
    let found = store.unsettled_operations().await.unwrap();
    let told: Vec<_> = found.iter().map(|f| (f.operation.id.0, f.operation.state, f.operation.undo, f.notice)).collect();
    let expected = [
        (2, State::Applying, true, false),
        (1, State::Applying, false, false),
        (3, State::Succeeded, false, true),
        (4, State::TakenBack, true, true),
        (5, State::Succeeded, false, true),
        (6, State::Failed, false, true),
    ];
    assert_eq!(told, expected, "and one that nobody can read is left alone");
    assert_eq!(found[1].operation.work, creation());
    assert_eq!(found[4].operation.work, Work::Delete { uid: "u1".into(), pieces: vec![(Piece::Service, "u2".into())] });
    assert!(found.iter().all(|f| f.operation.app == app("shop")));
    let left = vec![Touched { piece: Piece::Ingress, by: "kubectl-edit".into() }];
    let codes: Vec<_> = found.into_iter().filter_map(|f| Some(f.operation.verdict?.code)).collect();
    assert_eq!(codes, [EndCode::Complete, EndCode::TakenBack { removed: vec![Piece::Service], left }, EndCode::Gone, EndCode::NotMade]);
    let rows: Vec<(i64, String, i64)> =
        sqlx::query_as("SELECT id, state, moved FROM operation WHERE id IN (3, 4, 8, 9, 10) ORDER BY id").fetch_all(&file(&folder).await).await.unwrap();
    let row = |id, state: &str, moved| (id, state.to_owned(), moved);
    let expected = [row(3, "succeeded", 99), row(4, "taken_back", 4), row(8, "applying", 8), row(9, "unknown", 9), row(10, "unknown", 10)];
    assert_eq!(rows, expected, "it moved when its end was recorded, and what has no intent is over");
}
