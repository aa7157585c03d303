//! What pods use.

use super::ClusterResult;
use async_trait::async_trait;
use domain::{Bytes, MilliCpu, Namespace, UnixMs};

/// Measured use of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodUsage {
    /// Its namespace.
    pub namespace: Namespace,
    /// `metadata.name` of the pod.
    pub pod: String,
    /// CPU of all its containers.
    pub cpu: MilliCpu,
    /// Memory of all its containers.
    pub memory: Bytes,
    /// When it was measured, as metrics-server says: for some time after a pod has gone it still tells of it.
    pub at: Option<UnixMs>,
    /// Each container by its name, with its CPU and memory.
    pub containers: Vec<(String, MilliCpu, Bytes)>,
}

/// What pods use, as metrics-server measures it.
#[async_trait]
pub trait PodMetrics: Send + Sync + 'static {
    /// Use of all pods of the watched namespaces now; `Missing` where there is no metrics-server.
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>>;
}
