use super::*;
use crate::operations::{LATE_MS, RECENT_MS};
use crate::portal::fake::*;
use crate::ports::{Advance, Clock as _, NewOperation, Operations as _};
use domain::account::Role;
use domain::operation::wait::LONGEST_MS;
use domain::operation::{ChangeAction, OperationId, Progress};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// A portal that was killed in a change of one call, before that call or when it was made; and its next run.
async fn killed(action: ChangeAction, is_made: bool) -> (Fake, Fake) {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(app("shop", vec![pod("shop-1", vec![container("web", running())])]))]);
    *fake.cluster.stands_still_after.lock().unwrap() = Some(usize::from(is_made));
    let portal = fake.portal.clone();
    tokio::spawn(async move {
        let (ann, shop) = (actor(Role::Operator), id("web", "shop"));
        let operator = portal.access.operator(&ann, &namespace("web")).unwrap();
        match action {
            ChangeAction::Restart => portal.changes.restart(&operator, &shop).await.map(drop),
            ChangeAction::Scale => portal.changes.scale(&operator, &shop, 3).await.map(drop),
            ChangeAction::Pause => portal.changes.set_paused(&operator, &shop, true).await.map(drop),
            ChangeAction::Create | ChangeAction::Delete | ChangeAction::Resume | ChangeAction::RollBack => panic!("{action:?} is not tested here"),
        }
    });
    while fake.audited().is_empty() || (is_made && fake.cluster.workloads.lock().unwrap().is_empty()) {
        tokio::task::yield_now().await;
    }
    *fake.cluster.stands_still_after.lock().unwrap() = None;
    let next = fake.again().await;
    (fake, next)
}

fn row(fake: &Fake) -> Operation {
    fake.store.operations.lock().unwrap()[&OperationId(1)].operation.clone()
}

fn code(fake: &Fake) -> Option<&'static str> {
    row(fake).verdict.map(|end| end.code.code())
}

fn codes(fake: &Fake) -> Vec<&'static str> {
    row(fake).progress.iter().map(|line| line.code.code()).collect()
}

const ONE_CALL: [ChangeAction; 3] = [ChangeAction::Restart, ChangeAction::Scale, ChangeAction::Pause];

#[tokio::test]
async fn a_change_that_was_killed_before_its_call_is_sent_again_within_ten_minutes() {
    for action in ONE_CALL {
        let (killed, fake) = killed(action, false).await;
        let calls = || killed.cluster.calls.lock().unwrap().clone();
        assert_eq!(calls(), [""; 0]);
        fake.clock.advance(RECENT_MS - 1);
        fake.portal.operations.settle_all().await;
        assert_eq!(calls().len(), 1, "{action:?}");
        assert!(fake.audited()[1].ends_with("Interrupted, then sent again."), "{:?}", fake.audited());
        assert_eq!((row(&fake).state, code(&fake)), if action == ChangeAction::Pause { (State::Succeeded, Some("complete")) } else { (State::Waiting, None) });
        assert_eq!(codes(&fake)[..2], ["interrupted", "sent_again"]);
        fake.portal.operations.settle_all().await;
        assert_eq!((calls().len(), fake.audited().len()), (1, 2), "once");
    }
}

#[tokio::test]
async fn a_change_that_was_killed_behind_its_call_is_as_asked_at_any_age() {
    for (action, age) in ONE_CALL.into_iter().flat_map(|action| [(action, 0), (action, 2 * RECENT_MS)]) {
        let (_killed, fake) = killed(action, true).await;
        fake.clock.advance(age);
        fake.portal.operations.settle_all().await;
        assert_eq!(fake.cluster.calls.lock().unwrap().len(), 1, "{action:?}");
        assert!(fake.audited()[1].ends_with("Interrupted, but the app is as asked."), "{:?}", fake.audited());
        assert_eq!(row(&fake).state, if action == ChangeAction::Pause { State::Succeeded } else { State::Waiting });
        assert!(fake.portal.operations.notices(Some(&actor(Role::Operator))).is_empty());
    }
}

#[tokio::test]
async fn an_old_change_is_said_not_to_be_made_once_its_call_cannot_come_late() {
    let (_killed, fake) = killed(ChangeAction::Scale, false).await;
    fake.clock.advance(RECENT_MS);
    let fake = fake.again().await;
    fake.portal.operations.settle_all().await;
    assert_eq!(code(&fake), None, "its call may still be carried out");
    fake.clock.advance(LATE_MS);
    fake.portal.operations.settle_all().await;
    assert_eq!((row(&fake).state, code(&fake)), (State::Failed, Some("not_made")));
    assert!(fake.audited()[1].ends_with("Interrupted. Nothing was changed."), "{:?}", fake.audited());
    assert_eq!(*fake.cluster.calls.lock().unwrap(), [""; 0]);
}

#[tokio::test]
async fn what_somebody_has_changed_since_is_left_alone_and_said_to_be_unknown() {
    let (_killed, fake) = killed(ChangeAction::Scale, true).await;
    fake.cluster.workloads.lock().unwrap().values_mut().for_each(|workload| {
        workload.version.generation += 1;
        (workload.replicas, workload.manager) = (Some(9), Some("kubectl-scale".into()));
    });
    fake.portal.operations.settle_all().await;
    assert_eq!((row(&fake).state, code(&fake)), (State::Unknown, Some("touched_by")));
    assert!(fake.audited()[1].ends_with(NOT_SEEN), "{:?}", fake.audited());
    assert_eq!(fake.cluster.calls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_repeated_change_that_is_refused_has_failed_and_one_without_an_answer_is_looked_at_again() {
    let (_killed, fake) = killed(ChangeAction::Restart, false).await;
    fake.cluster.silent.store(true, SeqCst);
    fake.portal.operations.settle_all().await;
    assert_eq!(code(&fake), None);
    fake.cluster.silent.store(false, SeqCst);
    *fake.cluster.refuses.lock().unwrap() = Some("The quota exceeded.".into());
    fake.clock.advance(2_000);
    fake.portal.operations.settle_all().await;
    assert_eq!((row(&fake).state, code(&fake)), (State::Failed, Some("refused")));
    assert_eq!(fake.audited()[1], "app.restart failed The quota exceeded.");
}

#[tokio::test]
async fn nothing_is_sent_again_behind_a_newer_change_of_the_app() {
    let (killed, fake) = killed(ChangeAction::Scale, false).await;
    let found = fake.store.operations.lock().unwrap()[&OperationId(1)].clone();
    let Operation { user_id, app, work, .. } = found.operation;
    fake.store.begin_operation(&found.intent, &NewOperation { user_id, app, why: None, work }).await.unwrap();
    fake.portal.operations.settle_all().await;
    assert_eq!((killed.cluster.calls.lock().unwrap().len(), code(&fake)), (0, None), "the first call may still come");
    fake.clock.advance(LATE_MS);
    fake.portal.operations.settle_all().await;
    assert_eq!(code(&fake), Some("not_made"));
}

#[tokio::test]
async fn a_change_that_waits_although_the_answer_to_that_was_a_failure_is_waited_for() {
    let (_killed, fake) = killed(ChangeAction::Restart, true).await;
    fake.cluster.silent.store(true, SeqCst);
    fake.portal.operations.settle_all().await;
    fake.cluster.silent.store(false, SeqCst);
    let version = fake.cluster.workloads.lock().unwrap().values().next().unwrap().version.clone();
    let applied = Some(Applied { version, at: fake.clock.steady() });
    let progress = Progress { at: UnixMs(1), code: ProgressCode::Entered { state: State::Waiting } };
    fake.store.advance_operation(OperationId(1), &Advance { to: State::Waiting, progress, applied, end: None }).await.unwrap();
    for _ in 0..2 {
        fake.clock.advance(LATE_MS);
        fake.portal.operations.settle_all().await;
    }
    fake.clock.advance(LONGEST_MS);
    fake.portal.operations.waits.look().await;
    assert_eq!(code(&fake), Some("still_waiting"));
}
