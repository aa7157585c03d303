//! What the watches of the cluster have found, as one immutable picture.

use domain::facts::AppFacts;
use domain::kubernetes::Lack;
use domain::view::ClusterHealth;
use domain::{AppId, Namespace};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::watch;

/// What the index holds of a namespace at one moment.
#[derive(Clone, Debug, Default)]
pub struct NamespaceApps {
    /// Its apps by identity. An app that did not change keeps its `Arc`, so that readers can compare by pointer.
    pub apps: BTreeMap<AppId, Arc<AppFacts>>,
}

/// All that the index holds; a new one per batch of changes, cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Per namespace. An unchanged namespace keeps its `Arc`.
    pub namespaces: BTreeMap<Namespace, Arc<NamespaceApps>>,
    /// How the portal stands to the cluster, without what it cannot show: what is told of that is a matter of who reads.
    pub health: ClusterHealth,
    /// What the portal cannot show, and why, in the order in which it is told.
    pub lacks: Vec<Lack>,
    /// Rises with every change.
    pub version: u64,
}

/// Where the newest [`World`] comes from.
pub trait WorldSource: Send + Sync + 'static {
    /// The index, and a signal whenever it changed.
    fn world(&self) -> watch::Receiver<Arc<World>>;
}
