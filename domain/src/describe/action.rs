//! What can be done to an app, and why not.

use super::remarks;
use super::text::clip;
use crate::account::Role;
use crate::english::remark::set_back;
use crate::facts::AppFacts;
use crate::{Action, Kind};
use std::collections::BTreeMap;

/// Every action with the reason why it cannot be done now; `None` where it can.
pub(crate) fn actions(facts: &AppFacts, role: Role) -> BTreeMap<Action, Option<String>> {
    let viewer = (role < Role::Operator).then(|| "You're a viewer here. Ask a team owner for the operator role.".to_owned());
    Action::ALL.iter().map(|&a| (a, viewer.clone().or_else(|| refused(a, facts)))).collect()
}

/// What to know before an action.
pub(crate) fn notes(facts: &AppFacts) -> BTreeMap<Action, String> {
    let scale = remarks::scales(facts).map(|a| (Action::Scale, set_back(&a.name, a.least, a.most)));
    scale.into_iter().collect()
}

fn refused(action: Action, facts: &AppFacts) -> Option<String> {
    let w = &facts.workload;
    let (kind, words) = (w.id.kind, w.id.kind.words());
    let finished = w.conditions.iter().any(|c| matches!(c.kind.as_str(), "Complete" | "Failed") && c.status == Some(true));
    // The controller of a pod that no app owns, such as a bare replica set.
    let owner = facts.pods.first().and_then(|p| p.owner.as_deref()).map(|owner| clip(owner, 80));
    let text = match (action, kind) {
        (Action::Restart, Kind::Job) => "Jobs can't be restarted. Delete it and create it again.",
        (Action::Restart, Kind::CronJob) => "Cron jobs start their runs on schedule. There's nothing to restart.",
        (Action::Restart, Kind::Pod) if owner.is_some() => {
            return owner.map(|o| format!("Its controller {o} replaces it when it's deleted. Delete it instead."));
        }
        (Action::Scale, Kind::Pod) if owner.is_some() => return owner.map(|o| format!("Its controller {o} decides how many pods there are.")),
        (Action::Restart, Kind::Pod) => "Single pods can't be restarted. Delete it and create it again.",
        (Action::Scale, Kind::Pod) => "Single pods can't be scaled. Create a deployment instead.",
        (Action::Pause | Action::Resume, Kind::Pod) => "Single pods have no rollout to pause.",
        (Action::RollBack, Kind::Pod) => "Single pods have no revisions.",
        (Action::Restart, Kind::DaemonSet) if w.replicas.wanted == 0 => "No node matches its node selector and tolerations, so there are no pods to restart.",
        (Action::Restart, _) if w.replicas.wanted == 0 => "Scaled to 0, so there's nothing to restart. Scale up instead.",
        // kubectl refuses it as well: the new pods would only come after the rollout is resumed.
        (Action::Restart, _) if w.paused => "The rollout is paused. Resume it first.",
        (Action::Scale, Kind::DaemonSet) => "Daemon sets run one pod per matching node and can't be scaled.",
        (Action::Scale, Kind::Job | Kind::CronJob) => return Some(format!("A {words} can't be scaled.")),
        (Action::Pause | Action::Resume, Kind::StatefulSet | Kind::DaemonSet) => return Some(format!("The rollout of a {words} can't be paused.")),
        (Action::Pause, _) if w.paused => "Already paused.",
        (Action::Pause, Kind::Job) if finished => "The job has finished.",
        (Action::Resume, _) if !w.paused => "Not paused.",
        (Action::RollBack, Kind::Job | Kind::CronJob) => return Some(format!("A {words} has no revisions.")),
        (Action::RollBack, Kind::Deployment) if w.paused => "The rollout is paused. Resume it first.",
        (Action::RollBack, Kind::Deployment) if facts.replica_sets.len() < 2 => "No earlier revision.",
        (Action::RollBack, _) if w.revision == Some(1) => "No earlier revision.",
        _ => return None,
    };
    Some(text.to_owned())
}
