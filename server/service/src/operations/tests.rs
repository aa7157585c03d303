use super::state::{Earlier, WAITS_MS};
use super::*;
use crate::portal::fake::*;
use crate::ports::{Operations as _, Steady};
use domain::account::Role;
use domain::audit::{Act, AuditOutcome, Target};
use domain::operation::{Ending, Touched, Work};
use domain::spec::AppForm;
use domain::storage::StorageTrouble;
use std::sync::atomic::Ordering::SeqCst;
use tokio::time::Instant;

fn form() -> AppForm {
    let text = str::to_owned;
    AppForm {
        name: text("shop"),
        image: text("web:1"),
        replicas: text("1"),
        ports: vec![domain::spec::PortForm { name: text("http"), port: text("8080"), ..Default::default() }],
        service: text("ClusterIP"),
        ingress_host: text("shop.example.org"),
        ..AppForm::default()
    }
}

/// A portal that was killed while it created an app of three objects, when this many of them were there; and its next run.
async fn killed_after(objects: usize) -> (Fake, Fake) {
    let fake = Fake::new().await;
    *fake.cluster.stands_still_after.lock().unwrap() = Some(objects);
    let (portal, form) = (fake.portal.clone(), form());
    tokio::spawn(async move {
        let ann = actor(Role::Operator);
        let operator = portal.access.operator(&ann, &namespace("web")).unwrap();
        portal.new_apps.create(&operator, &form).await.map(drop)
    });
    while fake.cluster.calls.lock().unwrap().is_empty() || fake.cluster.made.lock().unwrap().len() < objects {
        tokio::task::yield_now().await;
    }
    *fake.cluster.stands_still_after.lock().unwrap() = None;
    let next = fake.again().await;
    (fake, next)
}

fn endings(fake: &Fake) -> Vec<Ending> {
    fake.portal.operations.notices(Some(&actor(Role::Operator))).into_iter().map(|notice| notice.told.ending).collect()
}

fn there(fake: &Fake) -> Vec<Piece> {
    fake.cluster.made.lock().unwrap().keys().copied().collect()
}

#[tokio::test]
async fn a_creation_that_was_killed_after_any_of_its_objects_is_undone_or_whole_and_is_recorded_and_told() {
    use Piece::{Deployment, Ingress, Service};
    for (objects, removed) in [(0, vec![]), (1, vec![Service]), (2, vec![Ingress, Service])] {
        let (_killed, fake) = killed_after(objects).await;
        fake.portal.operations.settle_all().await;
        assert_eq!(there(&fake), [], "after {objects} objects");
        assert_eq!(endings(&fake), [Ending::Undone { removed, left: vec![] }]);
        assert!(fake.audited().last().unwrap().starts_with("app.create failed Interrupted. "), "{:?}", fake.audited());
        let audited = fake.audited();
        fake.portal.operations.settle_all().await;
        assert_eq!(fake.audited(), audited, "there is one end");
    }
    let (_killed, fake) = killed_after(3).await;
    fake.portal.operations.settle_all().await;
    assert_eq!(there(&fake), [Service, Ingress, Deployment]);
    assert_eq!(fake.cluster.made.lock().unwrap()[&Service], "", "the mark is off");
    assert_eq!(endings(&fake), [Ending::Created]);
    assert_eq!(fake.audited().last().unwrap(), "app.create done image web:1. Interrupted, but the app is complete.");
}

#[tokio::test]
async fn the_same_form_creates_the_app_right_after_a_kill() {
    let (_killed, fake) = killed_after(2).await;
    fake.clock.advance(1_000);
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.cluster.show([Arc::new(app("shop", vec![]))]);
    fake.portal.new_apps.create(&operator, &form()).await.unwrap();
    assert_eq!(there(&fake).len(), 3);
    fake.clock.advance(LATE_MS);
    fake.portal.operations.settle_all().await;
    assert_eq!(there(&fake).len(), 3, "what was undone was another creation");
    let ends: Vec<_> = fake.store.audit.lock().unwrap().iter().filter_map(|e| Some((e.intent?, e.outcome))).collect();
    assert_eq!(ends, [(1, AuditOutcome::Failed), (3, AuditOutcome::Done)]);
}

#[tokio::test(start_paused = true)]
async fn a_form_that_is_sent_again_waits_while_what_the_first_one_left_is_being_settled_but_not_for_long() {
    let (_killed, fake) = killed_after(2).await;
    fake.clock.advance(1_000);
    let gate = Arc::new(tokio::sync::Notify::new());
    *fake.cluster.finishes_after.lock().unwrap() = Some(gate.clone());
    let portal = fake.portal.clone();
    let settling = tokio::spawn(async move { portal.operations.settle_all().await });
    while fake.portal.operations.settling.borrow().is_empty() {
        tokio::task::yield_now().await;
    }
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let started = Instant::now();
    let told = fake.portal.new_apps.create(&operator, &form()).await.unwrap_err().problem();
    let said = "An earlier change to this app is still being finished. Try again in a moment.";
    assert_eq!((told.code, told.detail.as_str(), started.elapsed().as_secs()), (domain::Code::Conflict, said, SOON.as_secs()));
    assert_eq!(there(&fake), [Piece::Service, Piece::Ingress], "nothing was sent");

    fake.cluster.show([Arc::new(app("shop", vec![]))]);
    *fake.cluster.finishes_after.lock().unwrap() = None;
    let open = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        gate.notify_one();
    };
    let form = form();
    let (made, ()) = tokio::join!(fake.portal.new_apps.create(&operator, &form), open);
    made.unwrap();
    settling.await.unwrap();
    assert_eq!(there(&fake).len(), 3);
    assert!(fake.portal.operations.settling.borrow().is_empty());
}

#[tokio::test]
async fn a_form_that_comes_too_fast_makes_no_call_not_even_to_settle_an_earlier_one() {
    let (_killed, fake) = killed_after(1).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.cluster.show([Arc::new(app("shop", vec![]))]);
    while fake.portal.changes.pace.count(ann.user.id).is_ok() {}
    let calls = fake.cluster.calls.lock().unwrap().clone();
    assert_eq!(fake.portal.new_apps.create(&operator, &form()).await.unwrap_err().problem().code, domain::Code::TooMany);
    assert_eq!(there(&fake), [Piece::Service], "it is settled later");
    // Neither is looked up what belongs to an app that is to be deleted: that would get no answer.
    fake.cluster.silent.store(true, SeqCst);
    assert_eq!(fake.portal.changes.delete(&operator, &id("web", "shop"), "shop").await.unwrap_err().problem().code, domain::Code::TooMany);
    assert_eq!(*fake.cluster.calls.lock().unwrap(), calls);
}

#[tokio::test]
async fn what_somebody_has_changed_stays() {
    let (_killed, fake) = killed_after(2).await;
    let touched = Touched { piece: Piece::Service, by: "kubectl-edit".into() };
    *fake.cluster.touched.lock().unwrap() = Some(touched.clone());
    fake.portal.operations.settle_all().await;
    assert_eq!(there(&fake), [Piece::Service]);
    assert_eq!(endings(&fake), [Ending::Undone { removed: vec![Piece::Ingress], left: vec![touched] }]);
}

#[test]
fn a_look_back_that_fails_waits_longer_each_time_and_is_not_repeated_after_one_that_did_not() {
    let mut state = State { earlier: Some(Earlier { start: Steady(0), newest: 1, next: Steady(0), wait_ms: WAITS_MS.0 }), ..State::default() };
    for next in [2_000, 4_000, 8_000] {
        state.put_off_earlier(Steady(0));
        assert_eq!(state.earlier.unwrap().next, Steady(next));
    }
    state.earlier = None;
    state.put_off_earlier(Steady(0));
    assert!(state.earlier.is_none());
}

#[tokio::test]
async fn an_object_that_is_removed_twice_is_told_once() {
    let fake = Fake::new().await;
    fake.cluster.made.lock().unwrap().insert(Piece::Service, "1-a".into());
    let mut removed = vec![Piece::Service];
    fake.portal.operations.undo(&id("web", "shop"), "1-a", &[Piece::Service], &mut removed).await.unwrap();
    assert_eq!((removed, there(&fake)), (vec![Piece::Service], vec![]));
}

#[tokio::test]
async fn nothing_is_removed_while_the_store_cannot_note_it() {
    let (_killed, fake) = killed_after(1).await;
    fake.store.set_trouble(Some(StorageTrouble::Full));
    fake.portal.operations.settle_all().await;
    assert_eq!(there(&fake), [Piece::Service]);
    fake.store.set_trouble(None);
    fake.clock.advance(WAITS_MS.0);
    fake.portal.operations.settle_all().await;
    assert_eq!(there(&fake), []);
}

#[tokio::test]
async fn what_a_creation_without_an_answer_makes_late_goes_as_well() {
    let fake = Fake::new().await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.cluster.silent.store(true, SeqCst);
    let told = fake.portal.new_apps.create(&operator, &form()).await.unwrap_err().problem();
    assert_eq!(told.code, domain::Code::ClusterAway);
    assert_eq!(endings(&fake), [Ending::Undone { removed: vec![], left: vec![] }]);
    let Work::Create { mark, .. } = fake.store.operations.lock().unwrap()[&OperationId(1)].operation.work.clone() else { panic!("it is a creation") };
    fake.cluster.made.lock().unwrap().insert(Piece::Deployment, mark);
    fake.portal.operations.settle_all().await;
    assert_eq!(there(&fake), [Piece::Deployment], "it is not looked at all the time");
    fake.clock.advance(LATE_MS);
    fake.portal.operations.settle_all().await;
    assert_eq!(there(&fake), []);
    assert_eq!(fake.audited().last().unwrap(), "app.create failed Interrupted. Removed its deployment.");
}

#[tokio::test]
async fn what_has_the_mark_of_a_creation_that_is_long_over_stays_also_after_a_start_and_where_the_clock_was_set() {
    for (passed, set_by, stays) in [(0, 0, 0), (RECENT_MS, 0, 1), (14 * 86_400_000, 0, 1), (0, RECENT_MS, 1), (0, -RECENT_MS - LATE_MS, 1)] {
        let (_killed, fake) = killed_after(1).await;
        fake.portal.operations.settle_all().await;
        let Work::Create { mark, .. } = fake.store.operations.lock().unwrap()[&OperationId(1)].operation.work.clone() else { panic!("it is a creation") };
        fake.clock.advance(passed);
        fake.clock.set_by(set_by);
        let fake = fake.again().await;
        fake.portal.operations.settle_all().await;
        fake.cluster.made.lock().unwrap().insert(Piece::Service, mark);
        fake.clock.advance(LATE_MS);
        fake.portal.operations.settle_all().await;
        assert_eq!((there(&fake).len(), endings(&fake).len()), (stays, 1), "{passed} ms later, set by {set_by}");
    }
}

#[tokio::test]
async fn a_deletion_that_was_killed_goes_on_where_it_had_begun_and_only_there() {
    for (objects, ending, stays) in [(0, Ending::NotDeleted, 2), (1, Ending::Deleted, 0)] {
        let fake = Fake::new().await;
        fake.cluster.show([Arc::new(app("shop", vec![]))]);
        *fake.cluster.made.lock().unwrap() = [(Piece::Service, String::new()), (Piece::Deployment, String::new())].into();
        *fake.cluster.stands_still_after.lock().unwrap() = Some(objects);
        let portal = fake.portal.clone();
        tokio::spawn(async move {
            let ann = actor(Role::Operator);
            let operator = portal.access.operator(&ann, &namespace("web")).unwrap();
            portal.changes.delete(&operator, &id("web", "shop"), "shop").await
        });
        while fake.audited().is_empty() || there(&fake).len() > 2 - objects {
            tokio::task::yield_now().await;
        }
        let fake = fake.again().await;
        fake.portal.operations.settle_all().await;
        fake.clock.advance(LATE_MS);
        fake.portal.operations.settle_all().await;
        assert_eq!((endings(&fake), there(&fake).len()), (vec![ending], stays));
    }
}

#[tokio::test]
async fn a_deletion_whose_later_calls_get_no_answer_is_finished_and_one_that_cannot_look_first_does_not_begin() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(app("shop", vec![]))]);
    *fake.cluster.made.lock().unwrap() = [(Piece::Service, String::new()), (Piece::Deployment, String::new())].into();
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.cluster.silent.store(true, SeqCst);
    let told = fake.portal.changes.delete(&operator, &id("web", "shop"), "shop").await.unwrap_err().problem();
    assert_eq!(told.detail, "The cluster isn't responding. Nothing was changed. The portal keeps trying.");
    assert!(fake.audited().is_empty() && fake.cluster.calls.lock().unwrap().is_empty());
    fake.cluster.silent.store(false, SeqCst);
    fake.cluster.falls_silent.store(true, SeqCst);
    let told = fake.portal.changes.delete(&operator, &id("web", "shop"), "shop").await.unwrap_err().problem();
    assert_eq!(told.code, domain::Code::ClusterAway);
    assert_eq!((there(&fake), endings(&fake)), (vec![], vec![Ending::Deleted]));
    assert_eq!(fake.audited().last().unwrap(), "app.delete done Interrupted, then finished.");
}

#[tokio::test]
async fn a_start_ends_the_intents_of_earlier_runs_as_unknown_and_no_others() {
    let fake = Fake::new().await;
    let never = || std::future::pending::<Outcome<()>>();
    let begin = |fake: &Fake, act: Act| {
        let portal = fake.portal.clone();
        tokio::spawn(async move { portal.audit.audited(&actor(Role::Operator), act, Target::App(id("web", "shop")), never()).await });
    };
    begin(&fake, Act::Scale { from: 1, to: 2 });
    while fake.audited().is_empty() {
        tokio::task::yield_now().await;
    }
    let fake = fake.again().await;
    begin(&fake, Act::RestartApp);
    while fake.audited().len() < 2 {
        tokio::task::yield_now().await;
    }
    fake.portal.operations.settle_all().await;
    assert_eq!(
        fake.audited(),
        ["app.scale intent from 1 to 2 replicas", "app.restart intent ", "app.scale unknown The portal stopped before this finished. It may have been done."]
    );
}

#[tokio::test]
async fn a_notice_stays_until_its_person_has_seen_it_also_across_a_start() {
    let (_killed, fake) = killed_after(1).await;
    fake.portal.operations.settle_all().await;
    let fake = fake.again().await;
    fake.portal.operations.settle_all().await;
    let ann = actor(Role::Operator);
    let notices = fake.portal.operations.notices(Some(&ann));
    assert_eq!(notices.len(), 1);
    let mut ben = actor(Role::Operator);
    ben.user.id = 2;
    assert!(fake.portal.operations.notices(Some(&ben)).is_empty() && fake.portal.operations.notices(None).is_empty());
    fake.portal.operations.dismiss(&ben, notices[0].id).await.unwrap();
    assert_eq!(fake.portal.operations.notices(Some(&ann)).len(), 1, "nobody else dismisses it");
    fake.portal.operations.dismiss(&ann, notices[0].id).await.unwrap();
    assert!(fake.portal.operations.notices(Some(&ann)).is_empty());
    assert!(fake.store.unsettled_operations().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_notice_that_its_person_has_not_seen_for_two_weeks_is_forgotten_without_a_start() {
    let (_killed, fake) = killed_after(1).await;
    fake.portal.operations.settle_all().await;
    let begun = fake.store.audit.lock().unwrap()[0].at;
    fake.portal.operations.prune_notices(begun.plus(KEPT_MS)).await;
    assert_eq!(endings(&fake).len(), 1);
    fake.portal.operations.prune_notices(begun.plus(KEPT_MS + 1)).await;
    assert_eq!(endings(&fake), []);
}
