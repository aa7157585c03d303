use super::*;
use crate::cause::{AskedProbe, Counts, PullSecret, Who};
use crate::{AppId, Kind};

const START: UnixMs = UnixMs(5_000_000);

fn version(generation: i64) -> Version {
    Version { uid: "u1".into(), generation }
}

fn waiting_for(action: ChangeAction) -> Wait {
    Wait::new(action, version(4), START)
}

fn seen(verdict: Verdict) -> Seen {
    Seen { version: version(4), deleting: false, as_asked: true, manager: None, deadline_s: Some(120), updated: 1, ready: 1, wanted: 2, verdict }
}

fn rolling() -> Verdict {
    Verdict::calm(Word::Progressing, Calm::RollingOut { updated: 1, wanted: 2 }, None)
}

fn running() -> Verdict {
    Verdict::calm(Word::Running, Calm::AllReady { wanted: 2 }, None).after([Lead::Ready(Counts { ready: 2, wanted: 2 })])
}

fn no_image() -> Cause {
    let who = Who::Pod("shop-1".into());
    Cause::ImageHidden { who, image: "web:2".into(), host: None, secret: PullSecret::Nothing("regcred".into()), kind: Kind::Deployment }
}

fn not_ready() -> Cause {
    Cause::NotReady { who: Who::Pod("shop-1".into()), since: Some(START), probe: None::<AskedProbe>, patient: true }
}

fn failing(cause: Cause) -> Verdict {
    let app = AppId::parse("web/deployment/shop").unwrap();
    Verdict { evidence: vec![Evidence::Endpoints(app)], ..Verdict::trouble(Word::Degraded, cause, None) }
}

fn at(s: i64) -> UnixMs {
    START.plus(s * 1_000)
}

/// What a wait says to each of these looks, until it ends: the second, the code of the progress, and that of the end.
fn told(wait: &mut Wait, looks: &[(i64, Option<Seen>)]) -> Vec<(i64, &'static str)> {
    let mut all = Vec::new();
    for (s, seen) in looks {
        let looked = wait.look(seen.as_ref(), None, at(*s));
        all.extend(looked.progress.iter().map(|code| (*s, code.code())));
        if let Some(end) = looked.end {
            all.push((*s, end.code.code()));
            break;
        }
    }
    all
}

#[test]
fn an_app_that_runs_at_the_new_generation_has_rolled_out_and_one_that_runs_at_the_old_one_has_not() {
    let old = Seen { version: version(3), ..seen(running()) };
    let more = Seen { ready: 2, ..seen(rolling()) };
    let looks = [(0, Some(old)), (1, Some(seen(rolling()))), (2, Some(seen(rolling()))), (3, Some(more)), (4, Some(seen(running())))];
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &looks), [(1, "pods"), (3, "pods"), (4, "rolled_out")]);
    let later = Seen { version: version(6), ..seen(running()) };
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &[(1, Some(later))]), [(1, "rolled_out")]);
}

#[test]
fn scaling_to_zero_has_rolled_out_when_the_last_pod_has_gone() {
    let verdict = |calm| Verdict::calm(Word::Stopped, calm, None);
    let looks = [(1, Some(seen(verdict(Calm::Stopping { pods: 1 })))), (2, Some(seen(verdict(Calm::ScaledToZero))))];
    assert_eq!(told(&mut waiting_for(ChangeAction::Scale), &looks), [(1, "pods"), (2, "rolled_out")]);
}

#[test]
fn a_held_rollout_is_complete_where_the_wanted_pods_are_ready() {
    let verdict = || Verdict::calm(Word::Paused, Calm::PausedBeforeFirstPod { since: None, wanted: 2 }, None);
    let looks = [(1, Some(seen(verdict()))), (2, Some(Seen { ready: 2, ..seen(verdict()) }))];
    assert_eq!(told(&mut waiting_for(ChangeAction::Scale), &looks), [(1, "pods"), (2, "complete")]);
}

#[test]
fn a_cause_that_lasts_a_minute_is_the_verdict_with_its_evidence() {
    let mut wait = waiting_for(ChangeAction::RollBack);
    let fails = Some(seen(failing(no_image())));
    assert_eq!(told(&mut wait, &[(1, fails.clone()), (30, fails.clone()), (60, fails.clone())]), [(1, "trouble"), (30, "pods")]);
    assert_eq!(wait.due(), at(61));
    let end = wait.look(fails.as_ref(), None, at(61)).end.unwrap();
    assert_eq!(end.code, EndCode::Failing { cause: Some(Box::new(no_image())) });
    assert_eq!(end.evidence.len(), 1);
}

#[test]
fn a_cause_that_goes_away_within_a_minute_or_that_time_mends_is_none() {
    let (fails, waits, rolls) = (Some(seen(failing(no_image()))), Some(seen(failing(not_ready()))), Some(seen(rolling())));
    let looks = [(1, fails.clone()), (50, rolls), (70, fails.clone()), (129, fails)];
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &looks), [(1, "trouble"), (50, "pods"), (70, "trouble")]);
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &[(1, waits.clone()), (100, waits)]), [(1, "trouble"), (100, "pods")]);
}

#[test]
fn a_rollout_past_its_deadline_ends_there_however_that_is_told() {
    let lead = rolling().after([Lead::DeadlinePassed { limit_s: Some(120), since: None }]);
    let also = rolling().also([Also::DeadlinePassed { limit_s: Some(120), since: None }]);
    let reason = Verdict { reason: Some(Reason::RolloutTimedOut), ..failing(not_ready()) };
    let cause = failing(Cause::Workload(WorkloadTrouble::RolloutTimedOut { any_ready: true }));
    for verdict in [lead, also, reason, cause] {
        let end = waiting_for(ChangeAction::Restart).look(Some(&seen(verdict)), None, at(121)).end.unwrap();
        assert_eq!(end.code, EndCode::DeadlinePassed { limit_s: Some(120) });
    }
}

#[test]
fn nobody_waits_longer_than_a_minute_past_the_deadline() {
    let mut wait = waiting_for(ChangeAction::Restart);
    assert_eq!(wait.due(), at(660), "as long as nothing is known of its deadline");
    assert_eq!(told(&mut wait, &[(1, Some(seen(rolling()))), (179, Some(seen(rolling())))]), [(1, "pods")]);
    assert_eq!(wait.due(), at(180));
    assert_eq!(told(&mut wait, &[(180, Some(seen(rolling())))]), [(180, "still_waiting")]);
    // An index that falls silent is no reason to wait for ever.
    assert_eq!(told(&mut waiting_for(ChangeAction::Create), &[(659, None), (660, None)]), [(660, "still_waiting")]);
}

#[test]
fn a_newer_change_overtakes_it() {
    let end = waiting_for(ChangeAction::Scale).look(Some(&seen(running())), Some(OperationId(9)), at(1)).end.unwrap();
    assert_eq!(end.code, EndCode::Overtaken { by: OperationId(9) });
}

#[test]
fn somebody_who_sets_it_back_is_named() {
    let other = Seen { version: version(5), as_asked: false, manager: Some("argocd-controller".into()), ..seen(running()) };
    let end = waiting_for(ChangeAction::Scale).look(Some(&other), None, at(1)).end.unwrap();
    assert_eq!(end.code, EndCode::TouchedBy { manager: Some("argocd-controller".into()) });
}

#[test]
fn an_app_that_goes_ends_every_wait_but_that_of_its_deletion_and_a_new_one_may_come_late() {
    let going = Some(Seen { deleting: true, ..seen(rolling()) });
    let another = Some(Seen { version: Version { uid: "u2".into(), generation: 9 }, ..seen(running()) });
    for look in [None, going.clone(), another.clone()] {
        assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &[(1, look)]), [(1, "app_deleted")]);
    }
    let looks = [(0, None), (1, another.clone()), (2, Some(seen(running())))];
    assert_eq!(told(&mut waiting_for(ChangeAction::Create), &looks), [(2, "rolled_out")]);
    assert_eq!(told(&mut waiting_for(ChangeAction::Create), &[(1, Some(seen(rolling()))), (2, None)]), [(1, "pods"), (2, "app_deleted")]);
    assert_eq!(told(&mut waiting_for(ChangeAction::Delete), &[(1, going.clone()), (2, None)]), [(1, "pods"), (2, "gone")]);
    assert_eq!(told(&mut waiting_for(ChangeAction::Delete), &[(1, going), (2, another)]), [(1, "pods"), (2, "gone")]);
}

#[test]
fn a_deletion_that_finalizers_hold_for_a_minute_says_which() {
    let finalizers = vec!["example.org/keep".to_owned()];
    let held = Cause::DeletionHeld { at: START, finalizers: finalizers.clone(), pods: 0 };
    let look = Some(Seen { deleting: true, ..seen(failing(held)) });
    let mut wait = waiting_for(ChangeAction::Delete);
    assert_eq!(told(&mut wait, &[(1, look.clone())]), [(1, "trouble")]);
    assert_eq!(wait.look(look.as_ref(), None, at(61)).end.unwrap().code, EndCode::HeldByFinalizer { finalizers });
}

#[test]
fn a_wait_that_sees_nothing_of_the_app_ends_by_its_time_or_by_a_newer_change() {
    let wait = waiting_for(ChangeAction::Restart);
    let code = |looked: Looked| looked.end.map(|end| end.code);
    assert_eq!(code(wait.pass(None, wait.due().plus(-1))), None);
    assert_eq!(code(wait.pass(None, wait.due())), Some(EndCode::StillWaiting));
    assert_eq!(code(wait.pass(Some(OperationId(9)), at(1))), Some(EndCode::Overtaken { by: OperationId(9) }));
}
