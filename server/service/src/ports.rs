//! What this room needs from outside: time, randomness, storage and the cluster.
//!
//! One trait per subject. The store room implements those of what is kept, the cluster room those of Kubernetes, the binary
//! brings the rest.

mod attempts;
mod audit_log;
mod cluster;
mod creations;
mod database;
mod drafts;
mod logs;
mod manifests;
mod metrics;
mod operations;
mod recovery;
mod revisions;
mod samples;
mod secrets;
mod sessions;
mod store;
mod teams;
mod users;
mod workloads;
mod world;

pub use attempts::*;
pub use audit_log::*;
pub use cluster::*;
pub use creations::*;
pub use database::*;
pub use drafts::*;
pub use logs::*;
pub use manifests::*;
pub use metrics::*;
pub use operations::*;
pub use recovery::*;
pub use revisions::*;
pub use samples::*;
pub use secrets::*;
pub use sessions::*;
pub use store::*;
pub use teams::*;
pub use users::*;
pub use workloads::*;
pub use world::*;

pub use domain::Steady;
use domain::UnixMs;
use std::sync::Arc;

/// Every port of a portal. A use case takes of them what it uses.
#[derive(Clone)]
pub struct Ports {
    /// Users and the hashes of their passwords.
    pub users: Arc<dyn Users>,
    /// Who is signed in.
    pub sessions: Arc<dyn Sessions>,
    /// Teams, their namespaces and members.
    pub teams: Arc<dyn Teams>,
    /// Failed attempts to sign in.
    pub attempts: Arc<dyn Attempts>,
    /// Who did what.
    pub audit_log: Arc<dyn AuditLog>,
    /// Changes that take several calls.
    pub operations: Arc<dyn Operations>,
    /// Measured use of pods, as it is kept.
    pub samples: Arc<dyn Samples>,
    /// Forms that are not sent yet.
    pub drafts: Arc<dyn Drafts>,
    /// The database as a whole.
    pub database: Arc<dyn Database>,
    /// What the watches of the cluster have found.
    pub world: Arc<dyn WorldSource>,
    /// What pods use now.
    pub pod_metrics: Arc<dyn PodMetrics>,
    /// The logs of containers.
    pub pod_logs: Arc<dyn PodLogs>,
    /// What an app's object says that no watch keeps.
    pub manifests: Arc<dyn Manifests>,
    /// The revisions of an app.
    pub revisions: Arc<dyn Revisions>,
    /// Changes of apps that are there.
    pub workloads: Arc<dyn Workloads>,
    /// The making of apps.
    pub creations: Arc<dyn Creations>,
    /// The end of changes that were cut.
    pub recovery: Arc<dyn Recovery>,
    /// Secrets and config maps.
    pub secrets: Arc<dyn ClusterSecrets>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
}

impl Ports {
    /// Those of a store and of a cluster that have all of theirs. A kill between two calls of the store loses neither.
    #[must_use]
    pub fn of<S, C>(store: &Arc<S>, cluster: &Arc<C>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self
    where
        S: Users + Sessions + Teams + Attempts + AuditLog + Operations + Samples + Drafts + Database,
        C: WorldSource + PodMetrics + PodLogs + Manifests + Revisions + Workloads + Creations + Recovery + ClusterSecrets,
    {
        Self {
            users: store.clone(),
            sessions: store.clone(),
            teams: store.clone(),
            attempts: store.clone(),
            audit_log: store.clone(),
            operations: store.clone(),
            samples: store.clone(),
            drafts: store.clone(),
            database: store.clone(),
            world: cluster.clone(),
            pod_metrics: cluster.clone(),
            pod_logs: cluster.clone(),
            manifests: cluster.clone(),
            revisions: cluster.clone(),
            workloads: cluster.clone(),
            creations: cluster.clone(),
            recovery: cluster.clone(),
            secrets: cluster.clone(),
            clock,
            rng,
        }
    }
}

/// The time. Tests bring one that they move by hand.
pub trait Clock: Send + Sync + 'static {
    /// The time of day: for what is shown, and for what is compared with dates of the cluster. Anybody may set it.
    fn now(&self) -> UnixMs;
    /// The time that lengths are measured with: limits, sessions, what is remembered for a while.
    fn steady(&self) -> Steady;
}

/// Randomness for tokens and keys. Tests bring one that repeats.
pub trait Rng: Send + Sync + 'static {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}
