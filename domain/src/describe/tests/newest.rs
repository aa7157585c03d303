use super::*;
use crate::operation::Hold;
use crate::operation::wait::{DeadlinePassed, Seen, Sight};

fn cause(facts: &AppFacts) -> Option<&'static str> {
    Seen::of(facts, NOW).trouble.map(|trouble| trouble.cause.code())
}

#[test]
fn what_ails_an_older_pod_is_not_wrong_with_the_newest_template() {
    let fails = || end(1, "Error");
    let old_fails = app(2, vec![ready("aaaaa"), old(crashing("bbbbb", fails()))]);
    assert_ne!(status(&old_fails, NOW).word, Word::Running, "but it is told of the app");
    assert_eq!(cause(&old_fails), None);
    let new_fails = app(2, vec![old(ready("aaaaa")), crashing("bbbbb", fails())]);
    assert!(cause(&new_fails).is_some());
    assert_eq!(cause(&app(1, vec![ready("aaaaa")])), None);
    let refused = change(app(1, vec![]), |w| {
        let message = "exceeded quota: compute, requested: pods=1, used: pods=5, limited: pods=5".into();
        w.conditions.push(Condition { kind: "ReplicaFailure".into(), status: Some(true), reason: "FailedCreate".into(), message, since: None });
    });
    assert!(cause(&refused).is_some(), "pods that may not be made are the newest");
}

#[test]
fn a_rollout_that_takes_long_is_no_cause_and_has_its_moment() {
    let late = change(app(1, vec![]), |w| {
        let reason = "ProgressDeadlineExceeded".into();
        w.conditions.push(Condition { kind: "Progressing".into(), status: Some(false), reason, message: String::new(), since: Some(ago(MIN)) });
    });
    let seen = Seen::of(&late, NOW);
    assert_eq!((seen.trouble, seen.deadline_passed), (None, Some(DeadlinePassed { since: Some(ago(MIN)) })));
}

#[test]
fn an_app_is_seen_with_its_counts_and_with_what_keeps_its_older_pods() {
    let facts = || app(2, vec![ready("aaaaa"), old(ready("bbbbb"))]);
    let seen = Seen::of(&facts(), NOW);
    assert_eq!((seen.updated, seen.old, seen.ready, seen.wanted, seen.hold), (1, 1, 2, 2, None));
    let hold = |f: fn(&mut Workload)| Seen::of(&change(facts(), f), NOW).hold;
    assert_eq!(hold(|w| w.on_delete = true), Some(Hold::OnDelete));
    assert_eq!(hold(|w| w.paused = true), Some(Hold::Paused));
    assert_eq!(hold(|w| w.update.partition = 1), Some(Hold::Partition));
    assert_eq!(Sight::of(None, NOW), Sight::Absent);
    let unread = change(facts(), |w| w.unread = Some(Unread::TooLarge { most: Bytes(1) }));
    assert_eq!(Sight::of(Some(&unread), NOW), Sight::NotKnown, "what can't be read is not gone");
}
