//! Changes of apps.

use super::{Store, app, namespace, promises};
use crate::ports::{Advance, Ended, NewAudit, NewOperation, OperationQuery, StoreError, Unsettled};
use domain::audit::{Act, AuditOutcome, Deed, Target};
use domain::operation::{
    Applied, ChangeAction, End, EndCode, Interruption, Operation, OperationId, Piece, Progress, ProgressCode, Reason, State, Touched, Version, Work,
};
use domain::{Steady, UnixMs};
use std::sync::Arc;

promises![
    an_operation_is_open_from_its_intent_to_its_end_and_can_be_looked_up_afterwards,
    an_operation_goes_forward_with_its_progress_and_never_back,
    operations_are_listed_by_namespace_app_and_whether_they_are_open_newest_first,
    what_is_to_be_told_of_an_operation_stays_until_its_person_has_seen_it_or_it_is_old,
    what_has_no_end_comes_first_and_a_person_is_told_of_twenty_that_have_one,
    an_open_operation_is_no_intent_that_a_start_ends,
    of_many_lines_of_progress_the_first_and_the_newest_stay,
];

fn creation() -> Work {
    Work::Create { mark: "1-a".into(), pieces: vec![Piece::Service, Piece::Deployment] }
}

fn new(user_id: i64, name: &str) -> NewOperation {
    NewOperation { user_id, app: app("web", name), why: None, work: creation() }
}

fn entry(at: i64, outcome: AuditOutcome, intent: Option<OperationId>) -> NewAudit {
    NewAudit {
        at: UnixMs(at),
        actor: "ilse".into(),
        address: "10.0.0.1".into(),
        deed: Deed::new(Act::CreateApp { image: "web:1".into() }, Target::App(app("web", "shop"))),
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
    Advance { to, progress: Progress { at: UnixMs(at), code: ProgressCode::Entered { state: to } }, applied: None, end: None }
}

fn query(open: bool) -> OperationQuery {
    OperationQuery { namespaces: vec![namespace("web")], open, limit: 10, ..OperationQuery::default() }
}

fn ids(operations: &[Operation]) -> Vec<i64> {
    operations.iter().map(|o| o.id.0).collect()
}

fn unsettled(all: &[Unsettled]) -> Vec<i64> {
    all.iter().map(|found| found.operation.id.0).collect()
}

async fn an_operation_is_open_from_its_intent_to_its_end_and_can_be_looked_up_afterwards(store: Arc<dyn Store>) {
    let why = Reason::of("CHG-4711");
    let id = store.begin_operation(&intent(5), &NewOperation { why: why.clone(), ..new(3, "shop") }).await.unwrap();
    store.undo_operation(id).await.unwrap();
    let found = store.unsettled_operations().await.unwrap().remove(0);
    let begun = Operation {
        id,
        app: app("web", "shop"),
        user_id: 3,
        by: "ilse".into(),
        why,
        work: creation(),
        state: State::Accepted,
        undo: true,
        begun: UnixMs(5),
        moved: UnixMs(5),
        progress: vec![],
        applied: None,
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

async fn an_operation_goes_forward_with_its_progress_and_never_back(store: Arc<dyn Store>) {
    let before = Version { uid: "u1".into(), generation: 3 };
    let id = store.begin_operation(&intent(5), &NewOperation { work: Work::Scale { before, from: 1, to: 2 }, ..new(3, "shop") }).await.unwrap();
    store.advance_operation(id, &step(6, State::Applying)).await.unwrap();
    let left = Applied { version: Version { uid: "u1".into(), generation: 4 }, at: Steady(7) };
    let applied = Advance { applied: Some(left.clone()), end: Some(entry(7, AuditOutcome::Done, Some(id))), ..step(7, State::Waiting) };
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
    assert_eq!(now.applied, Some(left), "a start goes on from what the calls have left");
    assert_eq!(now.progress, [step(6, State::Applying).progress, applied.progress]);
    assert!(matches!(store.advance_operation(OperationId(99), &step(6, State::Waiting)).await, Err(StoreError::Missing)));
    assert!(matches!(store.end_operation(OperationId(99), &given).await, Err(StoreError::Missing)));
}

async fn operations_are_listed_by_namespace_app_and_whether_they_are_open_newest_first(store: Arc<dyn Store>) {
    let mut all = Vec::new();
    for (at, name) in [(1, "shop"), (2, "api"), (3, "shop")] {
        all.push(store.begin_operation(&intent(at), &new(3, name)).await.unwrap());
    }
    let elsewhere = app("data", "shop");
    store.begin_operation(&intent(4), &NewOperation { app: elsewhere, ..new(3, "shop") }).await.unwrap();
    store.end_operation(all[2], &ended(5, EndCode::Gone, all[2])).await.unwrap();
    assert_eq!(ids(&store.operations(&query(false)).await.unwrap()), [3, 2, 1]);
    assert_eq!(ids(&store.operations(&query(true)).await.unwrap()), [2, 1]);
    let of_shop = OperationQuery { app: Some(app("web", "shop")), ..query(false) };
    assert_eq!(ids(&store.operations(&of_shop).await.unwrap()), [3, 1]);
    assert_eq!(ids(&store.operations(&OperationQuery { limit: 1, ..of_shop.clone() }).await.unwrap()), [3]);
    assert_eq!(ids(&store.operations(&OperationQuery { before: Some(all[2]), ..of_shop }).await.unwrap()), [1]);
    assert!(store.operations(&OperationQuery { namespaces: vec![], ..query(false) }).await.unwrap().is_empty());
}

async fn what_is_to_be_told_of_an_operation_stays_until_its_person_has_seen_it_or_it_is_old(store: Arc<dyn Store>) {
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
    assert_eq!(store.prune_operations(UnixMs(51)).await.unwrap(), 1, "what counts is when it ended");
    assert_eq!(store.prune_operations(UnixMs(52)).await.unwrap(), 1);
    let open = store.begin_operation(&intent(1), &new(3, "shop")).await.unwrap();
    assert_eq!(store.prune_operations(UnixMs(99)).await.unwrap(), 0, "one without an end is never too old");
    assert!(store.operation(open).await.unwrap().is_some());
}

async fn what_has_no_end_comes_first_and_a_person_is_told_of_twenty_that_have_one(store: Arc<dyn Store>) {
    let mut ids = Vec::new();
    for at in 0..22 {
        let id = store.begin_operation(&intent(at), &new(3, "shop")).await.unwrap();
        store.end_operation(id, &ended(at, EndCode::Gone, id)).await.unwrap();
        ids.push(id.0);
    }
    let of_another = store.begin_operation(&intent(30), &new(4, "shop")).await.unwrap();
    store.end_operation(of_another, &ended(30, EndCode::Gone, of_another)).await.unwrap();
    let open = store.begin_operation(&intent(31), &new(3, "shop")).await.unwrap();
    let newest = store.begin_operation(&intent(32), &new(3, "api")).await.unwrap();
    let expected: Vec<_> = [newest.0, open.0].into_iter().chain(ids.into_iter().skip(2)).chain([of_another.0]).collect();
    assert_eq!(unsettled(&store.unsettled_operations().await.unwrap()), expected);
}

async fn an_open_operation_is_no_intent_that_a_start_ends(store: Arc<dyn Store>) {
    let operation = store.begin_operation(&intent(4), &new(3, "shop")).await.unwrap();
    store.audit(&intent(5)).await.unwrap();
    let last = store.newest_audit().await.unwrap();
    assert_eq!(store.end_intents(last, UnixMs(9), "not seen").await.unwrap(), 1);
    let rows = store.audit_rows(None, "", 9).await.unwrap();
    let open: Vec<_> = rows.iter().filter(|row| row.outcome == AuditOutcome::Intent).map(|row| row.id).collect();
    assert_eq!(open, [operation.0]);
    assert!(store.operation(operation).await.unwrap().unwrap().is_open());
}

async fn of_many_lines_of_progress_the_first_and_the_newest_stay(store: Arc<dyn Store>) {
    let id = store.begin_operation(&intent(5), &new(3, "shop")).await.unwrap();
    let line = |at| Progress { at: UnixMs(at), code: ProgressCode::NoAnswer };
    for at in 0..40 {
        store.note_progress(id, &line(at)).await.unwrap();
    }
    let now = store.operation(id).await.unwrap().unwrap();
    assert_eq!((now.progress.len(), &now.progress[0], &now.progress[1], &now.progress[31]), (32, &line(0), &line(9), &line(39)));
    assert_eq!((now.state, now.moved), (State::Accepted, UnixMs(5)));
    store.end_operation(id, &ended(50, EndCode::Gone, id)).await.unwrap();
    assert!(matches!(store.note_progress(id, &line(60)).await, Err(StoreError::Missing)));
}
