//! What can be done to an app, and why not.

use super::remarks;
use crate::facts::AppFacts;
use crate::kubernetes::controller::ConditionSaid;
use crate::{Action, ActionNote, ActionRefusal, Kind};
use std::collections::BTreeMap;

/// Every action with the reason why it can't be done now; `None` where it can.
pub(crate) fn actions(facts: &AppFacts) -> BTreeMap<Action, Option<ActionRefusal>> {
    Action::ALL.iter().map(|&a| (a, refused(a, facts))).collect()
}

/// What to know before an action.
pub(crate) fn notes(facts: &AppFacts) -> BTreeMap<Action, ActionNote> {
    let scale = remarks::scales(facts).map(|a| ActionNote::AutoscalerOverrides { autoscaler: a.name.clone(), least: a.least, most: a.most });
    scale.map(|note| (Action::Scale, note)).into_iter().collect()
}

fn refused(action: Action, facts: &AppFacts) -> Option<ActionRefusal> {
    let kind = facts.workload.id.kind;
    match action {
        Action::Restart => not_restarted(kind, facts),
        Action::Scale => not_scaled(kind, facts),
        Action::Pause => not_paused(kind, facts),
        Action::Resume => not_resumed(kind, facts),
        Action::RollBack => not_rolled_back(kind, facts),
        Action::Delete => None,
    }
}

/// The controller of a pod that no app owns, such as a bare replica set.
fn controller(facts: &AppFacts) -> Option<String> {
    facts.pods.first().and_then(|p| p.owner.clone())
}

fn not_restarted(kind: Kind, facts: &AppFacts) -> Option<ActionRefusal> {
    let w = &facts.workload;
    match kind {
        Kind::Job | Kind::CronJob => Some(ActionRefusal::NeverRestarted(kind)),
        Kind::Pod => Some(controller(facts).map_or(ActionRefusal::NeverRestarted(kind), ActionRefusal::ControllerReplaces)),
        Kind::DaemonSet if w.replicas.wanted == 0 => Some(ActionRefusal::NoMatchingNode),
        Kind::Deployment | Kind::StatefulSet if w.replicas.wanted == 0 => Some(ActionRefusal::ScaledToZero),
        // kubectl refuses it as well: the new pods would only come after the rollout is resumed.
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => w.paused.then_some(ActionRefusal::RolloutPaused),
    }
}

fn not_scaled(kind: Kind, facts: &AppFacts) -> Option<ActionRefusal> {
    match kind {
        Kind::Pod => Some(controller(facts).map_or(ActionRefusal::NeverScaled(kind), ActionRefusal::ControllerScales)),
        Kind::DaemonSet | Kind::Job | Kind::CronJob => Some(ActionRefusal::NeverScaled(kind)),
        Kind::Deployment | Kind::StatefulSet => None,
    }
}

fn not_paused(kind: Kind, facts: &AppFacts) -> Option<ActionRefusal> {
    let w = &facts.workload;
    let finished = || w.conditions.iter().any(|c| matches!(ConditionSaid::of(c), ConditionSaid::JobSucceeded | ConditionSaid::JobFailed(_)));
    match kind {
        Kind::Pod | Kind::StatefulSet | Kind::DaemonSet => Some(ActionRefusal::NeverPaused(kind)),
        Kind::Deployment | Kind::Job | Kind::CronJob if w.paused => Some(ActionRefusal::AlreadyPaused),
        Kind::Job => finished().then_some(ActionRefusal::JobFinished),
        Kind::Deployment | Kind::CronJob => None,
    }
}

fn not_resumed(kind: Kind, facts: &AppFacts) -> Option<ActionRefusal> {
    match kind {
        Kind::Pod | Kind::StatefulSet | Kind::DaemonSet => Some(ActionRefusal::NeverPaused(kind)),
        Kind::Deployment | Kind::Job | Kind::CronJob => (!facts.workload.paused).then_some(ActionRefusal::NotPaused),
    }
}

fn not_rolled_back(kind: Kind, facts: &AppFacts) -> Option<ActionRefusal> {
    let w = &facts.workload;
    let first = || (w.revision == Some(1)).then_some(ActionRefusal::NoEarlierRevision);
    match kind {
        Kind::Pod | Kind::Job | Kind::CronJob => Some(ActionRefusal::NoRevisions(kind)),
        Kind::Deployment if w.paused => Some(ActionRefusal::RolloutPaused),
        Kind::Deployment if facts.replica_sets.len() < 2 => Some(ActionRefusal::NoEarlierRevision),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => first(),
    }
}
