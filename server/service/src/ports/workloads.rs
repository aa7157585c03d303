//! Changes of an app that is there.

use super::{ClusterError, ClusterResult};
use async_trait::async_trait;
use domain::AppId;
use domain::facts::PortalChange;
use domain::operation::{Piece, Version};

/// What of a deleted app is there still.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// Finalizers on the workload itself. Those of Kubernetes go by themselves; others hold it.
    pub finalizers: Vec<String>,
    /// Objects beside the workload that could not be deleted, and why.
    pub pieces: Vec<(Piece, ClusterError)>,
}

/// Changes of an app that is there: each is asked of the API server, and the watch brings what comes of it. The answer of those that
/// leave the workload there is which version of it they have made.
#[async_trait]
pub trait Workloads: Send + Sync + 'static {
    /// Starts all pods anew (`kubectl rollout restart`), and leaves the change with the app.
    async fn restart(&self, app: &AppId, change: &PortalChange) -> ClusterResult<Version>;
    /// Sets the number of replicas.
    async fn scale(&self, app: &AppId, replicas: u32) -> ClusterResult<Version>;
    /// Holds or resumes: rollout of a deployment, suspension of a job or cron job.
    async fn set_paused(&self, app: &AppId, paused: bool) -> ClusterResult<Version>;
    /// Back to a revision, and leaves the change with the app.
    async fn rollback(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<Version>;
    /// Deletes the workload and what the portal created with it, and tells what of the latter could not be deleted; the
    /// workload is gone then. `Away` where any call got no answer: then nobody knows what of it is gone.
    async fn delete(&self, app: &AppId) -> ClusterResult<Remains>;
}
