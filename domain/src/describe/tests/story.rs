//! The story of a rollout.

use super::*;

#[test]
fn a_story_is_told_in_order() {
    let mut facts = app(2, vec![ready("aaaaa"), crashing("bbbbb", end(137, "OOMKilled"))]);
    facts.replica_sets.iter_mut().for_each(|s| Arc::make_mut(s).change_cause = Some("fix scrape timeout".into()));
    let story: Vec<_> = story(&facts, NOW).into_iter().map(|h| format!("{} {}", h.tone.slug(), h.sentence)).collect();
    assert_eq!(
        story,
        [
            "change kubectl deployed revision 2 (shop:1 → shop:2): “fix scrape timeout”.",
            "ok aaaaa became ready after 60 s.",
            "bad Container main of pod bbbbb was killed at its 64 Mi memory limit after 12 min (OOMKilled, exit 137). 5th crash.",
        ]
    );
}

fn first_step(facts: &AppFacts) -> String {
    story(facts, NOW).first().map(|h| format!("{} {} {}", NOW.since(h.at) / MIN, h.tone.slug(), h.sentence)).unwrap_or_default()
}

#[test]
fn the_story_of_a_roll_back_names_its_moment_and_who_asked_for_it() {
    let mut facts = change(app(1, vec![ready("aaaaa")]), |w| {
        w.revision = Some(3);
        w.changed = Some((ago(15 * MIN), "quayside".into()));
        w.portal_change =
            Some(PortalChange { at: ago(16 * MIN), by: "Ilse Brandt".into(), action: PortalAction::Rollback { to: 1 }, revision: Some(3), operation: None });
    });
    let new = Arc::make_mut(&mut facts.replica_sets[0]);
    (new.revision, new.reused, new.created, new.images) = (3, true, ago(60 * MIN), vec!["shop:1".into()]);
    Arc::make_mut(&mut facts.replica_sets[1]).images = vec!["shop:2".into()];
    assert_eq!(first_step(&facts), "16 change Ilse Brandt rolled back to revision 1 as revision 3 (shop:2 → shop:1).");

    // By somebody else, and the mark is of an earlier revision: the events of the rollout tell the moment.
    let mut beside = change(facts, |w| {
        w.revision = Some(5);
        w.changed = Some((ago(12 * MIN), "kubectl-rollout".into()));
    });
    Arc::make_mut(&mut beside.replica_sets[0]).revision = 5;
    assert!(!first_step(&beside).contains("evision"), "without a trace, nothing is told: {}", first_step(&beside));
    let scaled = |message: &str| {
        let mut e = event("Deployment", "shop", "ScalingReplicaSet", message);
        (Arc::make_mut(&mut e).last, Arc::make_mut(&mut e).warning) = (ago(12 * MIN), false);
        e
    };
    beside.events = vec![scaled("Scaled up replica set shop-new from 0 to 1")];
    assert!(!first_step(&beside).contains("evision"), "it was only scaled: {}", first_step(&beside));
    beside.events.push(scaled("Scaled down replica set shop-old from 1 to 0"));
    assert_eq!(first_step(&beside), "12 change kubectl-rollout deployed revision 5 (shop:2 → shop:1).");
}

#[test]
fn a_restart_is_told_with_the_person_and_not_with_the_portal() {
    let by_ilse = |w: &mut Workload, at, revision| {
        w.changed = Some((ago(20 * MIN), "quayside".into()));
        w.portal_change = Some(PortalChange { at, by: "Ilse Brandt".into(), action: PortalAction::Restart, revision, operation: None });
    };
    let mut facts = change(app(1, vec![ready("aaaaa")]), |w| by_ilse(w, ago(20 * MIN), Some(2)));
    Arc::make_mut(&mut facts.replica_sets[0]).change_cause = Some("of the revision before".into());
    assert_eq!(first_step(&facts), "20 change Ilse Brandt restarted the app (revision 2).");
    let unknown = change(facts, |w| by_ilse(w, ago(90 * MIN), Some(1)));
    assert_eq!(first_step(&unknown), "20 change Deployed revision 2 (shop:1 → shop:2): \u{201c}of the revision before\u{201d}.");
    let set = |at| change(app_of(Kind::StatefulSet, 1, vec![ready("aaaaa")]), |w| by_ilse(w, at, None));
    assert_eq!(first_step(&set(ago(20 * MIN))), "20 change Ilse Brandt restarted stateful set shop.");
    assert_eq!(first_step(&set(ago(90 * MIN))), "20 change Changed stateful set shop.");
}

#[test]
fn the_story_of_a_new_app_names_who_created_it() {
    let mut facts = change(app(1, vec![ready("aaaaa")]), |w| {
        w.revision = Some(1);
        w.changed = Some((ago(15 * MIN), "quayside".into()));
        w.portal_change = Some(PortalChange { at: ago(15 * MIN), by: "Ilse Brandt".into(), action: PortalAction::Create, revision: Some(1), operation: None });
    });
    facts.replica_sets.truncate(1);
    let new = Arc::make_mut(&mut facts.replica_sets[0]);
    (new.revision, new.images) = (1, vec!["shop:1".into()]);
    assert_eq!(first_step(&facts), "15 change Ilse Brandt deployed revision 1 (shop:1).");
    let changed = |facts: &AppFacts| row(facts, None, Usage::default(), NOW).changed.unwrap().by;
    assert_eq!(changed(&facts), "Ilse Brandt", "the list names her too");
    assert_eq!(changed(&change(facts, |w| w.changed = Some((ago(MIN), "quayside".into())))), "quayside", "that was another change");
}

#[test]
fn a_scaling_is_told_by_its_revision_and_not_by_the_name_of_a_replica_set() {
    let mut facts = app(1, vec![ready("aaaaa")]);
    let (name, revision) = (facts.replica_sets[0].name.clone(), facts.replica_sets[0].revision);
    let mut told = |message: &str| {
        facts.events = vec![event("Deployment", "shop", "ScalingReplicaSet", message)];
        story(&facts, NOW).into_iter().map(|h| h.sentence).find(|s| s.contains("caled")).unwrap_or_default()
    };
    assert_eq!(told(&format!("Scaled up replica set {name} from 1 to 3")), format!("Scaled revision {revision} up from 1 to 3 pods."));
    assert_eq!(told("Scaled down replica set gone from 3 to 2"), "Scaled down replica set gone from 3 to 2.");

    let mut stopped = change(app(0, Vec::new()), |w| w.revision = Some(revision));
    let mut told = |message: &str| {
        stopped.events = vec![event("Deployment", "shop", "ScalingReplicaSet", message)];
        story(&stopped, NOW).into_iter().map(|h| h.sentence).find(|s| s.contains("caled")).unwrap_or_default()
    };
    assert_eq!(told(&format!("Scaled down replica set {name} from 2 to 0")), format!("Scaled revision {revision} down from 2 to 0 pods."));
    assert_eq!(told("Scaled down replica set old from 2 to 0"), "", "that is what a rollout does");
}

#[test]
fn pods_that_go_by_intent_leave_no_warning_in_the_story() {
    let mut ending = unready("bbbbb");
    ending.deleting = Some(ago(2 * MIN));
    ending.containers[0].state = ContainerState::Ended(Ended { finished: Some(ago(MIN)), ..end(143, "Error") });
    let mut facts = app(1, vec![ready("aaaaa"), ending]);
    let failed = |pod: &str| event("Pod", pod, "Unhealthy", "Readiness probe failed: Get \"http://10.0.0.1:8080/healthy\": connection refused");
    facts.events = ["shop-new-bbbbb", "shop-old-ccccc"].map(failed).into();
    let tones = |facts: &AppFacts| story(facts, NOW).into_iter().map(|h| h.tone).collect::<Vec<_>>();
    assert_eq!(tones(&facts), [Tone::Change, Tone::Ok]);
    facts.events.push(failed("shop-new-aaaaa"));
    assert_eq!(tones(&facts), [Tone::Change, Tone::Ok, Tone::Warn], "of a pod that stays it is told");
}
