use super::*;
use crate::cause::{AskedProbe, Counts, PullSecret, Who};
use crate::operation::{Piece, State, Version};
use crate::verdict::{Evidence, Lead};
use crate::{AppId, Kind, UnixMs};

const START: Steady = Steady(5_000_000);
const ID: OperationId = OperationId(7);

fn version(generation: i64) -> Version {
    Version { uid: "u1".into(), generation }
}

fn operation(work: Work) -> Operation {
    Operation {
        id: ID,
        app: AppId::parse("web/deployment/shop").unwrap(),
        user_id: 1,
        by: "ann".into(),
        why: None,
        work,
        state: State::Waiting,
        undo: false,
        begun: START.date(),
        moved: START.date(),
        progress: Vec::new(),
        applied: None,
        verdict: None,
    }
}

fn work(action: ChangeAction) -> Work {
    let before = version(3);
    match action {
        ChangeAction::Create => Work::Create { mark: "1-a-b".into(), pieces: vec![Piece::Deployment] },
        ChangeAction::Delete => Work::Delete { uid: "u1".into(), pieces: vec![] },
        ChangeAction::Restart => Work::Restart { before, at: START.date() },
        ChangeAction::RollBack => Work::RollBack { before, to: 2 },
        ChangeAction::Scale => Work::Scale { before, from: 1, to: 2 },
        ChangeAction::Pause | ChangeAction::Resume => Work::Pause { before, paused: action == ChangeAction::Pause },
    }
}

fn waiting_for(action: ChangeAction) -> Wait {
    Wait::new(&operation(work(action)), &Applied { version: version(4), at: START }, START)
}

/// One of two pods is replaced, or both where the app runs.
fn seen(verdict: Verdict) -> Seen {
    let updated = if verdict.word == Word::Running { 2 } else { 1 };
    Seen {
        version: version(4),
        observed_generation: 4,
        deleting: false,
        paused: false,
        changed_by: Some(ID),
        manager: None,
        deadline_s: Some(120),
        deadline_passed: None,
        updated,
        old: 2 - updated,
        ready: 1,
        wanted: 2,
        hold: None,
        trouble: cause(&verdict).map(|cause| Trouble { cause: cause.clone(), evidence: verdict.evidence.clone() }),
        verdict,
    }
}

fn sight(seen: &Option<Seen>) -> Sight {
    seen.clone().map_or(Sight::Absent, |seen| Sight::Seen(Box::new(seen)))
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
    Cause::NotReady { who: Who::Pod("shop-1".into()), since: Some(START.date()), probe: None::<AskedProbe>, patient: true }
}

fn failing(cause: Cause) -> Verdict {
    let app = AppId::parse("web/deployment/shop").unwrap();
    Verdict { evidence: vec![Evidence::Endpoints(app)], ..Verdict::trouble(Word::Degraded, cause, None) }
}

fn at(s: i64) -> Steady {
    START.plus(s * 1_000)
}

/// What a wait says to each of these looks, until it ends: the second, the code of the progress, and that of the end.
fn told(wait: &mut Wait, looks: &[(i64, Option<Seen>)]) -> Vec<(i64, &'static str)> {
    let mut all = Vec::new();
    for (s, seen) in looks {
        let looked = wait.look(&sight(seen), None, at(*s));
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
    let later = Seen { version: version(6), observed_generation: 6, ..seen(running()) };
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
    let end = wait.look(&sight(&fails), None, at(61)).end.unwrap();
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
fn a_rollout_past_its_deadline_ends_there_and_the_deadline_of_an_earlier_one_does_not_count() {
    let late = |since| Some(Seen { deadline_passed: Some(DeadlinePassed { since }), ..seen(rolling()) });
    let (now, last_week) = (Some(at(120).date()), Some(UnixMs(START.0 - 7 * 86_400_000)));
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &[(1, late(now))]), [(1, "deadline_passed")]);
    for since in [last_week, None] {
        let looks = [(1, late(since)), (119, late(since)), (120, late(since))];
        assert_eq!(told(&mut waiting_for(ChangeAction::Scale), &looks), [(1, "pods"), (120, "deadline_passed")], "{since:?}");
    }
    let end = waiting_for(ChangeAction::Restart).look(&sight(&late(now)), None, at(121)).end.unwrap();
    assert_eq!(end.code, EndCode::DeadlinePassed { limit_s: Some(120) });
}

#[test]
fn nobody_waits_longer_than_a_minute_past_the_deadline() {
    let mut wait = waiting_for(ChangeAction::Restart);
    assert_eq!(wait.due(), at(660), "as long as nothing is known of its deadline");
    assert_eq!(told(&mut wait, &[(1, Some(seen(rolling()))), (179, Some(seen(rolling())))]), [(1, "pods")]);
    assert_eq!(wait.due(), at(180));
    assert_eq!(told(&mut wait, &[(180, Some(seen(rolling())))]), [(180, "still_waiting")]);
    // An index that falls silent is no reason to wait for ever, and none to say that the app is gone.
    for action in [ChangeAction::Create, ChangeAction::Restart, ChangeAction::Delete] {
        let mut wait = waiting_for(action);
        assert_eq!(wait.look(&Sight::NotKnown, None, at(659)), Looked::default(), "{action:?}");
        assert_eq!(wait.look(&Sight::NotKnown, None, at(660)).end.unwrap().code, EndCode::StillWaiting, "{action:?}");
    }
}

#[test]
fn each_pod_more_gives_the_deadline_anew_but_none_that_comes_and_goes_and_an_hour_is_the_end() {
    let counts = |updated, ready| Some(Seen { updated, ready, wanted: 99, ..seen(rolling()) });
    let mut wait = waiting_for(ChangeAction::Restart);
    for (s, look, due) in [(1, counts(1, 1), 180), (100, counts(2, 1), 280), (110, counts(2, 0), 280), (120, counts(2, 1), 280), (130, counts(2, 2), 310)] {
        assert_eq!(wait.look(&sight(&look), None, at(s)).end, None);
        assert_eq!(wait.due(), at(due), "after {s} s");
    }
    let never = Some(Seen { deadline_s: Some(2_147_483_647), ..seen(rolling()) });
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &[(1, never.clone()), (3_599, never.clone()), (3_600, never)])[1..], [(3_600, "still_waiting")]);
}

#[test]
fn a_wait_that_a_start_takes_up_again_is_for_the_same_object_and_counts_its_hour_from_its_begin() {
    let (operation, applied) = (operation(work(ChangeAction::Restart)), Applied { version: version(4), at: START });
    assert_eq!(Wait::new(&operation, &applied, at(3_500)).due(), at(3_600));
    assert_eq!(Wait::new(&operation, &applied, at(-900)).due(), at(-240), "the clock was set back");
    let another = Some(Seen { version: Version { uid: "u2".into(), generation: 9 }, ..seen(running()) });
    assert_eq!(told(&mut Wait::new(&operation, &applied, at(1)), &[(1, another)]), [(1, "app_deleted")]);
}

#[test]
fn a_rollout_is_over_when_its_controller_has_counted_the_new_pods_whatever_the_pods_look_like() {
    let not_counted = Seen { observed_generation: 3, ..seen(running()) };
    let none_new = Seen { updated: 0, old: 2, ..seen(running()) };
    let one_old = Seen { old: 1, ..seen(running()) };
    for action in [ChangeAction::Create, ChangeAction::Restart, ChangeAction::RollBack] {
        for early in [&not_counted, &none_new, &one_old] {
            let looks = [(1, Some(early.clone())), (2, Some(seen(running())))];
            assert_eq!(told(&mut waiting_for(action), &looks), [(1, "pods"), (2, "rolled_out")], "{action:?} {early:?}");
        }
    }
    assert_eq!(told(&mut waiting_for(ChangeAction::Scale), &[(1, Some(none_new))]), [(1, "rolled_out")], "scaling replaces no pod");
}

#[test]
fn what_is_kept_from_its_pods_on_purpose_ends_as_held() {
    let paused = || Verdict::calm(Word::Paused, Calm::PausedHalfway { since: None, updated: 1, wanted: 2, ready: 2 }, None);
    let look = |hold, verdict| Seen { updated: 1, old: 1, ready: 2, hold, ..seen(verdict) };
    for (by, verdict) in [(Hold::OnDelete, running()), (Hold::Paused, paused()), (Hold::Partition, paused())] {
        let held = Some(look(Some(by), verdict));
        let end = waiting_for(ChangeAction::Restart).look(&sight(&held), None, at(1)).end.unwrap();
        assert_eq!(end.code, EndCode::Held { by, pods: 1 });
        assert_eq!(end.code.state(), State::Unknown);
    }
    let comes = Some(look(Some(Hold::Partition), running()));
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &[(1, comes)]), [(1, "pods")], "pods above a partition still come");
    assert_eq!(told(&mut waiting_for(ChangeAction::Scale), &[(1, Some(look(Some(Hold::Paused), paused())))]), [(1, "complete")]);
}

#[test]
fn a_cause_counts_from_when_it_came_and_only_that_of_the_newest_template() {
    let (first, other) = (Some(seen(failing(no_image()))), Some(seen(failing(Cause::DeletionHeld { at: START.date(), finalizers: vec![], pods: 0 }))));
    let looks = [(1, first), (50, other.clone()), (109, other.clone()), (110, other)];
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &looks), [(1, "trouble"), (50, "trouble"), (109, "pods"), (110, "failing")]);
    let of_an_old_pod = Some(Seen { trouble: None, ..seen(failing(no_image())) });
    assert_eq!(told(&mut waiting_for(ChangeAction::Restart), &[(1, of_an_old_pod.clone()), (99, of_an_old_pod)]), [(1, "trouble"), (99, "pods")]);
}

#[test]
fn a_newer_change_overtakes_it_but_for_a_deletion() {
    let (newer, runs) = (Some(OperationId(9)), Some(seen(running())));
    let code = |action, look: &Option<Seen>| waiting_for(action).look(&sight(look), newer, at(1)).end.map(|end| end.code);
    assert_eq!(code(ChangeAction::Scale, &runs), Some(EndCode::Overtaken { by: OperationId(9) }));
    let by_its_number = Some(Seen { changed_by: newer, ..seen(rolling()) });
    let end = waiting_for(ChangeAction::Restart).look(&sight(&by_its_number), None, at(1)).end.unwrap();
    assert_eq!(end.code, EndCode::Overtaken { by: OperationId(9) });
    let made_anew = Some(Seen { version: Version { uid: "u2".into(), generation: 1 }, ..seen(rolling()) });
    assert_eq!([&None, &made_anew].map(|look| code(ChangeAction::Delete, look)), [Some(EndCode::Gone), Some(EndCode::Gone)]);
    assert_eq!(code(ChangeAction::Delete, &Some(Seen { deleting: true, ..seen(rolling()) })), None);
}

#[test]
fn somebody_who_sets_it_back_is_named() {
    let other = Some(Seen { version: version(5), wanted: 3, manager: Some("argocd-controller".into()), ..seen(running()) });
    let end = waiting_for(ChangeAction::Scale).look(&sight(&other), None, at(1)).end.unwrap();
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
    let held = Cause::DeletionHeld { at: START.date(), finalizers: finalizers.clone(), pods: 0 };
    let look = Some(Seen { deleting: true, ..seen(failing(held)) });
    let mut wait = waiting_for(ChangeAction::Delete);
    assert_eq!(told(&mut wait, &[(1, look.clone())]), [(1, "trouble")]);
    assert_eq!(wait.look(&sight(&look), None, at(61)).end.unwrap().code, EndCode::HeldByFinalizer { finalizers });
}
