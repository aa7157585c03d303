//! What can be done to an app, and why not.

use super::remarks;
use crate::Kind;
use crate::account::Role;
use crate::english::remark::set_back;
use crate::facts::AppFacts;
use std::collections::BTreeMap;

/// Every action with the reason why it cannot be done now; `None` where it can.
pub(crate) fn actions(facts: &AppFacts, role: Role) -> BTreeMap<String, Option<String>> {
    let all = ["restart", "scale", "pause", "resume", "rollback", "delete"];
    let viewer = (role < Role::Operator).then(|| "Your role here is viewer; an owner of the team can make you operator.".to_owned());
    all.into_iter().map(|a| (a.to_owned(), viewer.clone().or_else(|| refused(a, facts)))).collect()
}

/// What to know before an action.
pub(crate) fn notes(facts: &AppFacts) -> BTreeMap<String, String> {
    let scale = remarks::scales(facts).map(|a| ("scale".to_owned(), set_back(&a.name, a.least, a.most)));
    scale.into_iter().collect()
}

fn refused(action: &str, facts: &AppFacts) -> Option<String> {
    let w = &facts.workload;
    let (kind, words) = (w.id.kind, w.id.kind.words());
    let finished = w.conditions.iter().any(|c| matches!(c.kind.as_str(), "Complete" | "Failed") && c.status == Some(true));
    let text = match (action, kind) {
        ("restart", Kind::Job) => "A job cannot be restarted; delete it and create it again.",
        ("restart", Kind::CronJob) => "A cron job starts its runs at their times; there is nothing to restart.",
        ("restart", Kind::Pod) => "A single pod cannot be restarted; delete it and create it again.",
        ("scale", Kind::Pod) => "A single pod cannot be scaled; create a deployment instead.",
        ("pause" | "resume", Kind::Pod) => "A single pod has no rollout to hold.",
        ("rollback", Kind::Pod) => "A single pod has no revisions.",
        ("restart", Kind::DaemonSet) if w.replicas.wanted == 0 => "No node matches its node selector and tolerations, so there is no pod to restart.",
        ("restart", _) if w.replicas.wanted == 0 => "No pod is wanted, so there is nothing to restart; scale it up instead.",
        // kubectl refuses it as well: the new pods would only come after the rollout is resumed.
        ("restart", _) if w.paused => "The rollout is held; resume it first.",
        ("scale", Kind::DaemonSet) => "A daemon set runs one pod on each node that fits and cannot be scaled.",
        ("scale", Kind::Job | Kind::CronJob) => return Some(format!("A {words} cannot be scaled.")),
        ("pause" | "resume", Kind::StatefulSet | Kind::DaemonSet) => return Some(format!("The rollout of a {words} cannot be held.")),
        ("pause", _) if w.paused => "It is held already.",
        ("pause", Kind::Job) if finished => "The job has ended.",
        ("resume", _) if !w.paused => "It is not held.",
        ("rollback", Kind::Job | Kind::CronJob) => return Some(format!("A {words} has no revisions.")),
        ("rollback", Kind::Deployment) if w.paused => "The rollout is held; resume it first.",
        ("rollback", Kind::Deployment) if facts.replica_sets.len() < 2 => "There is no revision before this one.",
        ("rollback", _) if w.revision == Some(1) => "There is no revision before this one.",
        _ => return None,
    };
    Some(text.to_owned())
}
