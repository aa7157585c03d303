//! How the app of an operation stands, from the cluster's index.

use crate::ports::World;
use domain::AppId;
use domain::facts::AppFacts;
use domain::operation::Version;
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
        Some(facts) => Snapshot::There(facts.clone()),
        None => Snapshot::Gone,
    }
}

/// Which object the workload is, and how often it was changed.
pub(crate) fn version(facts: &AppFacts) -> Version {
    Version { uid: facts.workload.uid.clone(), generation: facts.workload.generation }
}
