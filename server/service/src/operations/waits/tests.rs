use super::*;
use crate::portal::fake::*;
use domain::account::Role;
use domain::facts::{AppFacts, Condition, PortalAction, PortalChange};
use domain::operation::wait::{DEFAULT_DEADLINE_S, GRACE_MS};
use domain::operation::{EndCode, State, Version};
use domain::storage::StorageTrouble;

/// The app in its generation, with the last operation that has left its number on it.
fn shop(generation: i64, by: Option<OperationId>) -> Arc<AppFacts> {
    let mut ready = pod("shop-1", vec![container("web", running())]);
    ready.conditions =
        vec![Condition { kind: "Ready".into(), status: Some(true), reason: String::new().into(), message: String::new(), since: Some(UnixMs(START)) }];
    let mut facts = app("shop", vec![ready]);
    let workload = Arc::make_mut(&mut facts.workload);
    (workload.generation, workload.observed_generation) = (generation, generation);
    let change = |operation| PortalChange { at: UnixMs(START), by: "Ann".into(), action: PortalAction::Restart, revision: None, operation: Some(operation) };
    workload.portal_change = by.map(change);
    Arc::new(facts)
}

fn applied(uid: &str, generation: i64) -> Applied {
    Applied { version: Version { uid: uid.into(), generation }, at: Steady(START) }
}

async fn with_shop() -> Fake {
    let fake = Fake::new().await;
    fake.cluster.show([shop(1, None)]);
    fake
}

async fn restart(fake: &Fake) -> OperationId {
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.portal.changes.restart(&operator, &id("web", "shop")).await.unwrap().operation
}

fn row(fake: &Fake, id: OperationId) -> Operation {
    fake.store.operations.lock().unwrap()[&id].operation.clone()
}

fn verdict(fake: &Fake, id: OperationId) -> Option<EndCode> {
    row(fake, id).verdict.map(|end| end.code)
}

#[tokio::test]
async fn a_restart_is_answered_when_it_is_applied_and_has_rolled_out_when_its_pods_run() {
    let fake = with_shop().await;
    let id = restart(&fake).await;
    assert_eq!((row(&fake, id).state, fake.audited()), (State::Waiting, vec!["app.restart intent ".to_owned(), "app.restart done ".to_owned()]));
    let follows = fake.portal.operations.feed.subscribe(id);
    fake.portal.operations.waits.look().await;
    assert_eq!(verdict(&fake, id), None, "the index has not seen it yet");
    fake.cluster.show([shop(2, Some(id))]);
    fake.portal.operations.waits.look().await;
    assert_eq!((row(&fake, id).state, verdict(&fake, id)), (State::Succeeded, Some(EndCode::RolledOut)));
    assert_eq!(*follows.borrow().as_ref().unwrap().as_ref(), row(&fake, id), "and whoever follows it is told");
    assert_eq!(fake.audited().len(), 2, "the audit table tells of the calls alone");
    assert!(fake.portal.operations.notices(Some(&actor(Role::Operator))).is_empty());
}

#[tokio::test]
async fn a_newer_change_overtakes_those_that_are_waited_for() {
    let fake = with_shop().await;
    let first = restart(&fake).await;
    let second = restart(&fake).await;
    fake.portal.operations.waits.look().await;
    assert_eq!((verdict(&fake, first), verdict(&fake, second)), (Some(EndCode::Overtaken { by: second }), None));
}

#[tokio::test]
async fn a_deletion_ends_when_the_app_is_gone_and_a_pause_at_once() {
    let fake = with_shop().await;
    let (ann, app) = (actor(Role::Operator), id("web", "shop"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let paused = fake.portal.changes.set_paused(&operator, &app, true).await.unwrap().operation;
    assert_eq!(verdict(&fake, paused), Some(EndCode::Complete));
    let deleted = fake.portal.changes.delete(&operator, &app, "shop").await.unwrap().operation;
    fake.portal.operations.waits.look().await;
    assert_eq!((row(&fake, deleted).state, verdict(&fake, deleted)), (State::Waiting, None));
    fake.cluster.show([]);
    fake.portal.operations.waits.look().await;
    assert_eq!(verdict(&fake, deleted), Some(EndCode::Gone));
}

#[tokio::test]
async fn what_the_cluster_refuses_ends_with_what_the_person_read_and_what_gets_no_answer_ends_unknown() {
    let fake = with_shop().await;
    let (ann, app) = (actor(Role::Operator), id("web", "shop"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    *fake.cluster.refuses.lock().unwrap() = Some("The quota exceeded.".into());
    let told = fake.portal.changes.scale(&operator, &app, 3).await.unwrap_err().problem();
    let expected = EndCode::Refused { reason: told.reason.to_string(), said: told.detail.to_string() };
    assert_eq!((row(&fake, OperationId(1)).state, verdict(&fake, OperationId(1))), (State::Failed, Some(expected)));
    fake.cluster.silent.store(true, std::sync::atomic::Ordering::SeqCst);
    fake.portal.changes.scale(&operator, &app, 3).await.unwrap_err();
    assert_eq!((row(&fake, OperationId(3)).state, verdict(&fake, OperationId(3))), (State::Unknown, Some(EndCode::NoAnswer)));
}

#[tokio::test]
async fn nobody_waits_for_ever_and_the_job_rests_until_something_is_due() {
    let fake = with_shop().await;
    let id = restart(&fake).await;
    let waits = &fake.portal.operations.waits;
    assert_eq!(waits.rest(), LOOK);
    fake.clock.advance(i64::from(DEFAULT_DEADLINE_S) * 1_000 + GRACE_MS - 1);
    waits.look().await;
    assert_eq!((verdict(&fake, id), waits.rest()), (None, Duration::from_millis(1)));
    fake.clock.advance(1);
    waits.look().await;
    assert_eq!(verdict(&fake, id), Some(EndCode::StillWaiting));
    assert_eq!(waits.rest(), LOOK);
}

#[tokio::test]
async fn a_verdict_that_the_store_does_not_take_is_written_later_as_it_was_given() {
    let fake = with_shop().await;
    let id = restart(&fake).await;
    let waits = &fake.portal.operations.waits;
    fake.store.set_trouble(Some(StorageTrouble::Full));
    fake.cluster.show([shop(2, Some(id))]);
    waits.look().await;
    assert_eq!((verdict(&fake, id), waits.rest()), (None, AGAIN));
    fake.store.set_trouble(None);
    fake.cluster.show([]);
    waits.look().await;
    assert_eq!(verdict(&fake, id), Some(EndCode::RolledOut));
}

#[tokio::test]
async fn what_is_beyond_the_bound_is_made_and_not_waited_for() {
    let fake = with_shop().await;
    let id = restart(&fake).await;
    let waiting = row(&fake, id);
    let others = (0..MOST as i64).map(|n| {
        let operation = Operation { id: OperationId(1_000 + n), ..waiting.clone() };
        (operation.id, Waiting::new(operation, &applied("other", 1), Steady(START)))
    });
    fake.portal.operations.waits.all().extend(others);
    let beyond = restart(&fake).await;
    assert_eq!(verdict(&fake, beyond), Some(EndCode::StillWaiting));
    assert_eq!(fake.audited().last().unwrap(), "app.restart done ");
}

#[tokio::test]
async fn an_app_whose_namespace_is_not_read_is_not_taken_for_deleted() {
    let fake = with_shop().await;
    let (operation, now) = (row(&fake, restart(&fake).await), Moment { date: UnixMs(START), steady: Steady(START) });
    let mut waiting = Waiting::new(operation, &applied("shop", 2), now.steady);
    assert!(waiting.look(&World::default(), now).is_none());
    let read = fake.portal.index.world();
    assert!(waiting.look(&World { namespaces: BTreeMap::new(), ..World::clone(&read) }, now).is_none());
    assert!(waiting.look(&World { health: Default::default(), ..World::clone(&read) }, now).is_none());
}

#[tokio::test]
async fn the_next_start_goes_on_with_what_was_waited_for() {
    for (is_there, code) in [(true, EndCode::RolledOut), (false, EndCode::AppDeleted)] {
        let fake = with_shop().await;
        let id = restart(&fake).await;
        if !is_there {
            fake.cluster.workloads.lock().unwrap().clear();
            fake.cluster.show([]);
        }
        let fake = fake.again().await;
        fake.portal.operations.settle_all().await;
        if is_there {
            assert_eq!(verdict(&fake, id), None);
            fake.cluster.show([shop(2, Some(id))]);
            fake.portal.operations.waits.look().await;
        }
        assert_eq!(verdict(&fake, id), Some(code));
        assert_eq!(fake.audited().len(), 2, "its calls had their end before");
    }
}
