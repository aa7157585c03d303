//! What can be done to an app, and why not.

use super::remarks;
use super::text::clip;
use crate::Kind;
use crate::account::Role;
use crate::english::remark::set_back;
use crate::facts::AppFacts;
use std::collections::BTreeMap;

/// The actions that apps of this kind know at all. Whether one can be done now, and by whom, is told with the app.
#[must_use]
pub const fn actions_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Deployment => &["restart", "scale", "pause", "resume", "rollback", "delete"],
        Kind::StatefulSet => &["restart", "scale", "rollback", "delete"],
        Kind::DaemonSet => &["restart", "rollback", "delete"],
        Kind::Job | Kind::CronJob => &["pause", "resume", "delete"],
        Kind::Pod => &["delete"],
    }
}

/// Every action with the reason why it cannot be done now; `None` where it can.
pub(crate) fn actions(facts: &AppFacts, role: Role) -> BTreeMap<String, Option<String>> {
    let all = ["restart", "scale", "pause", "resume", "rollback", "delete"];
    let viewer = (role < Role::Operator).then(|| "You're a viewer here. Ask a team owner for the operator role.".to_owned());
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
    // The controller of a pod that no app owns, such as a bare replica set.
    let owner = facts.pods.first().and_then(|p| p.owner.as_deref()).map(|owner| clip(owner, 80));
    let text = match (action, kind) {
        ("restart", Kind::Job) => "Jobs can't be restarted. Delete it and create it again.",
        ("restart", Kind::CronJob) => "Cron jobs start their runs on schedule. There's nothing to restart.",
        ("restart", Kind::Pod) if owner.is_some() => return owner.map(|o| format!("Its controller {o} replaces it when it's deleted. Delete it instead.")),
        ("scale", Kind::Pod) if owner.is_some() => return owner.map(|o| format!("Its controller {o} decides how many pods there are.")),
        ("restart", Kind::Pod) => "Single pods can't be restarted. Delete it and create it again.",
        ("scale", Kind::Pod) => "Single pods can't be scaled. Create a deployment instead.",
        ("pause" | "resume", Kind::Pod) => "Single pods have no rollout to pause.",
        ("rollback", Kind::Pod) => "Single pods have no revisions.",
        ("restart", Kind::DaemonSet) if w.replicas.wanted == 0 => "No node matches its node selector and tolerations, so there are no pods to restart.",
        ("restart", _) if w.replicas.wanted == 0 => "Scaled to 0, so there's nothing to restart. Scale up instead.",
        // kubectl refuses it as well: the new pods would only come after the rollout is resumed.
        ("restart", _) if w.paused => "The rollout is paused. Resume it first.",
        ("scale", Kind::DaemonSet) => "Daemon sets run one pod per matching node and can't be scaled.",
        ("scale", Kind::Job | Kind::CronJob) => return Some(format!("A {words} can't be scaled.")),
        ("pause" | "resume", Kind::StatefulSet | Kind::DaemonSet) => return Some(format!("The rollout of a {words} can't be paused.")),
        ("pause", _) if w.paused => "Already paused.",
        ("pause", Kind::Job) if finished => "The job has finished.",
        ("resume", _) if !w.paused => "Not paused.",
        ("rollback", Kind::Job | Kind::CronJob) => return Some(format!("A {words} has no revisions.")),
        ("rollback", Kind::Deployment) if w.paused => "The rollout is paused. Resume it first.",
        ("rollback", Kind::Deployment) if facts.replica_sets.len() < 2 => "No earlier revision.",
        ("rollback", _) if w.revision == Some(1) => "No earlier revision.",
        _ => return None,
    };
    Some(text.to_owned())
}
