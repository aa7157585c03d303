//! How the app of an operation stands, from the cluster's index.

use crate::ports::World;
use domain::facts::AppFacts;
use domain::operation::wait::Seen;
use domain::operation::{Operation, Version, Work};
use domain::{AppId, UnixMs, describe};
use std::sync::Arc;

/// What the index has of an app.
pub(super) enum Snapshot {
    /// Nothing can be said of it: its namespace is not read.
    Unread,
    /// There is no app of this name.
    Gone,
    /// It is there.
    There(Arc<AppFacts>),
}

/// What the index has of an app now. All that waits gets its snapshots here.
pub(super) fn newest(world: &World, app: &AppId) -> Snapshot {
    let Some(namespace) = world.namespaces.get(&app.namespace).filter(|_| world.health.ready) else { return Snapshot::Unread };
    match namespace.apps.get(app) {
        Some(facts) if facts.workload.unread.is_some() => Snapshot::Unread,
        Some(facts) => Snapshot::There(facts.clone()),
        None => Snapshot::Gone,
    }
}

/// The app as an operation sees it.
pub(super) fn seen(facts: &AppFacts, operation: &Operation, now: UnixMs) -> Seen {
    let workload = &facts.workload;
    let is_its_own = workload.portal_change.as_ref().is_some_and(|change| change.operation == Some(operation.id));
    let as_asked = match &operation.work {
        // What an autoscaler or somebody's edit adds does not set it back.
        Work::Create { .. } | Work::Restart { .. } | Work::RollBack { .. } => is_its_own,
        Work::Scale { to, .. } => workload.replicas.wanted == *to,
        Work::Pause { paused, .. } => workload.paused == *paused,
        Work::Delete { .. } => workload.deletion.is_some(),
    };
    Seen {
        version: version(facts),
        deleting: workload.deletion.is_some(),
        as_asked,
        manager: workload.changed.as_ref().map(|(_, manager)| manager.clone()),
        deadline_s: workload.progress_deadline_s,
        updated: workload.replicas.updated,
        ready: workload.replicas.ready,
        wanted: workload.replicas.wanted,
        verdict: describe::verdict(facts, now),
    }
}

/// Which object the workload is, and how often it was changed.
pub(crate) fn version(facts: &AppFacts) -> Version {
    Version { uid: facts.workload.uid.clone(), generation: facts.workload.generation }
}
