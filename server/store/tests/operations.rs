//! Operations: what is kept of them from their intent until they are forgotten.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::audit::{Act, AuditOutcome, Deed, Target};
use domain::operation::{
    ChangeAction, End, EndCode, Interruption, Operation, OperationId, Piece, Progress, ProgressCode, Reason, State, Touched, Version, Work,
};
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

fn entry(at: i64, outcome: AuditOutcome, intent: Option<OperationId>) -> NewAudit {
    NewAudit {
        at: UnixMs(at),
        actor: "ilse".into(),
        address: "10.0.0.1".into(),
        deed: Deed { act: Act::CreateApp { image: "web:1".into() }, target: Target::App(app("shop")) },
        outcome,
        detail: String::new(),
        intent: intent.map(|id| id.0),
    }
}

fn intent(at: i64) -> NewAudit {
    entry(at, AuditOutcome::Intent, None)
}

fn ended(at: i64, code: EndCode, id: OperationId) -> Ended {
    Ended { at: UnixMs(at), verdict: code.into(), end: Some(entry(at, AuditOutcome::Done, Some(id))), notice: true }
}

fn step(at: i64, to: State) -> Advance {
    Advance { to, progress: Progress { at: UnixMs(at), code: ProgressCode::Entered { state: to } }, end: None }
}

fn query(open: bool) -> OperationQuery {
    OperationQuery { namespaces: vec![app("shop").namespace], open, limit: 10, ..OperationQuery::default() }
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
async fn an_operation_is_open_from_its_intent_to_its_end_and_can_be_looked_up_afterwards() {
    let (folder, store) = fresh().await;
    let why = Reason::of("CHG-4711");
    let id = store.begin_operation(&intent(5), &NewOperation { why: why.clone(), ..new(3, "shop") }).await.unwrap();
    store.undo_operation(id).await.unwrap();
    // A second opening finds the file as a killed process leaves it.
    let again = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    let found = again.unsettled_operations().await.unwrap().remove(0);
    let begun = Operation {
        id,
        app: app("shop"),
        user_id: 3,
        by: "ilse".into(),
        why,
        work: creation(),
        state: State::Accepted,
        undo: true,
        begun: UnixMs(5),
        moved: UnixMs(5),
        progress: vec![],
        verdict: None,
    };
    assert_eq!(found, Unsettled { operation: begun.clone(), intent: intent(5), notice: false });
    assert_eq!(begun.action(), ChangeAction::Create);
    store.audit(&entry(6, AuditOutcome::Failed, Some(id))).await.unwrap();
    assert!(store.unsettled_operations().await.unwrap().is_empty());
    let now = store.operation(id).await.unwrap();
    assert_eq!(now, Some(Operation { state: State::Failed, moved: UnixMs(6), ..begun }));
    assert!(matches!(store.undo_operation(id).await, Err(StoreError::Missing)));
    assert_eq!(store.operation(OperationId(99)).await.unwrap(), None);
}

#[tokio::test]
async fn an_operation_goes_forward_with_its_progress_and_never_back() {
    let (_folder, store) = fresh().await;
    let before = Version { uid: "u1".into(), generation: 3 };
    let id = store.begin_operation(&intent(5), &NewOperation { work: Work::Scale { before, from: 1, to: 2 }, ..new(3, "shop") }).await.unwrap();
    store.advance_operation(id, &step(6, State::Applying)).await.unwrap();
    let applied = Advance { end: Some(entry(7, AuditOutcome::Done, Some(id))), ..step(7, State::Waiting) };
    store.advance_operation(id, &applied).await.unwrap();
    for step in [&applied, &step(8, State::Checking)] {
        assert!(matches!(store.advance_operation(id, step).await, Err(StoreError::Changed)));
    }
    assert_eq!(store.audit_rows(None, "", 9).await.unwrap().len(), 1, "what was refused has left no entry");
    let verdict = End { there: vec![Piece::Service], ..EndCode::StillWaiting.into() };
    let given = Ended { at: UnixMs(9), verdict: verdict.clone(), end: None, notice: false };
    store.end_operation(id, &given).await.unwrap();
    assert!(matches!(store.end_operation(id, &given).await, Err(StoreError::Changed)), "a verdict does not change");
    let now = store.operation(id).await.unwrap().unwrap();
    assert_eq!((now.state, now.moved, now.verdict), (State::Unknown, UnixMs(9), Some(verdict)));
    assert_eq!(now.progress, [step(6, State::Applying).progress, applied.progress]);
    assert!(matches!(store.advance_operation(OperationId(99), &step(6, State::Waiting)).await, Err(StoreError::Missing)));
    assert!(matches!(store.end_operation(OperationId(99), &given).await, Err(StoreError::Missing)));
}

#[tokio::test]
async fn operations_are_listed_by_namespace_app_and_whether_they_are_open_newest_first() {
    let (_folder, store) = fresh().await;
    let mut all = Vec::new();
    for (at, name) in [(1, "shop"), (2, "api"), (3, "shop")] {
        all.push(store.begin_operation(&intent(at), &new(3, name)).await.unwrap());
    }
    let elsewhere = AppId::parse("data/deployment/shop").unwrap();
    store.begin_operation(&intent(4), &NewOperation { app: elsewhere, ..new(3, "shop") }).await.unwrap();
    store.end_operation(all[2], &ended(5, EndCode::Gone, all[2])).await.unwrap();
    assert_eq!(ids(&store.operations(&query(false)).await.unwrap()), [3, 2, 1]);
    assert_eq!(ids(&store.operations(&query(true)).await.unwrap()), [2, 1]);
    let of_shop = OperationQuery { app: Some(app("shop")), ..query(false) };
    assert_eq!(ids(&store.operations(&of_shop).await.unwrap()), [3, 1]);
    assert_eq!(ids(&store.operations(&OperationQuery { limit: 1, ..of_shop.clone() }).await.unwrap()), [3]);
    assert_eq!(ids(&store.operations(&OperationQuery { before: Some(all[2]), ..of_shop }).await.unwrap()), [1]);
    assert!(store.operations(&OperationQuery { namespaces: vec![], ..query(false) }).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_to_be_told_of_an_operation_stays_until_its_person_has_seen_it_or_it_is_old() {
    let (_folder, store) = fresh().await;
    let undone = EndCode::TakenBack { removed: vec![Piece::Service], left: vec![Touched { piece: Piece::Ingress, by: "kubectl-edit".into() }] };
    let mut ids = Vec::new();
    for at in [5, 50] {
        let id = store.begin_operation(&intent(at), &new(3, "shop")).await.unwrap();
        assert!(matches!(store.dismiss_operation(3, id).await, Err(StoreError::Missing)), "it has no end yet");
        store.end_operation(id, &ended(at + 1, undone.clone(), id)).await.unwrap();
        ids.push(id);
    }
    assert_eq!(store.audit_rows(None, "", 10).await.unwrap().len(), 2, "each intent is seen by its end");
    let found = store.unsettled_operations().await.unwrap().remove(0);
    assert_eq!((found.told(), found.operation.state), (Interruption::of(&found.operation), State::TakenBack));
    assert!(found.told().is_some());
    assert!(matches!(store.dismiss_operation(4, ids[0]).await, Err(StoreError::Missing)), "it is told to another");
    store.dismiss_operation(3, ids[0]).await.unwrap();
    assert!(matches!(store.dismiss_operation(3, ids[0]).await, Err(StoreError::Missing)), "it was told");
    assert_eq!(unsettled(&store.unsettled_operations().await.unwrap()), [ids[1].0]);
    assert_eq!(store.prune_operations(UnixMs(50)).await.unwrap(), 1);
    assert_eq!(store.prune_operations(UnixMs(51)).await.unwrap(), 1);
    let open = store.begin_operation(&intent(1), &new(3, "shop")).await.unwrap();
    assert_eq!(store.prune_operations(UnixMs(99)).await.unwrap(), 0, "one without an end is never too old");
    assert!(store.operation(open).await.unwrap().is_some());
}

#[tokio::test]
async fn what_has_no_end_comes_first_and_a_person_is_told_of_twenty_that_have_one() {
    let (_folder, store) = fresh().await;
    let mut ids = Vec::new();
    for at in 0..22 {
        let id = store.begin_operation(&intent(at), &new(3, "shop")).await.unwrap();
        store.end_operation(id, &ended(at, EndCode::Gone, id)).await.unwrap();
        ids.push(id.0);
    }
    let of_another = store.begin_operation(&intent(30), &new(4, "shop")).await.unwrap();
    store.end_operation(of_another, &ended(30, EndCode::Gone, of_another)).await.unwrap();
    let open = store.begin_operation(&intent(31), &new(3, "shop")).await.unwrap();
    let expected: Vec<_> = [open.0].into_iter().chain(ids.into_iter().skip(2)).chain([of_another.0]).collect();
    assert_eq!(unsettled(&store.unsettled_operations().await.unwrap()), expected);
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
    assert_eq!(ids(&store.operations(&query(false)).await.unwrap()), [other.0]);
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

#[tokio::test]
async fn a_start_ends_the_intents_before_it_that_have_no_end_and_no_operation() {
    let (_folder, store) = fresh().await;
    assert_eq!(store.newest_audit().await.unwrap(), 0);
    let closed = store.audit(&intent(1)).await.unwrap();
    store.audit(&entry(2, AuditOutcome::Done, Some(OperationId(closed)))).await.unwrap();
    let open = store.audit(&intent(3)).await.unwrap();
    let operation = store.begin_operation(&intent(4), &new(3, "shop")).await.unwrap();
    let last = store.newest_audit().await.unwrap();
    let later = store.audit(&intent(5)).await.unwrap();
    assert_eq!(store.end_intents(last, UnixMs(9), "not seen").await.unwrap(), 1);
    assert_eq!(store.end_intents(last, UnixMs(9), "not seen").await.unwrap(), 0);
    let rows = store.audit_rows(None, "", 10).await.unwrap();
    assert_eq!((rows[0].outcome, rows[0].detail.as_str(), rows[0].at), (AuditOutcome::Unknown, "not seen", UnixMs(9)));
    assert_eq!(rows[0].deed, Some(intent(3).deed), "the end says what it is the end of");
    let intents: Vec<_> = rows.iter().filter(|row| row.outcome == AuditOutcome::Intent).map(|row| row.id).collect();
    assert_eq!(intents, [later, operation.0]);
    assert!(rows.iter().all(|row| row.id != open));
}
