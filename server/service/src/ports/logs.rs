//! The logs of containers.

use super::ClusterResult;
use async_trait::async_trait;
use bytes::Bytes;
use domain::live::LogQuery;
use domain::{Namespace, UnixMs};
use futures::stream::BoxStream;

/// One container's log, to be opened.
#[derive(Clone, Debug)]
pub struct LogTarget {
    /// Namespace.
    pub namespace: Namespace,
    /// Name of the pod that writes it.
    pub pod: String,
    /// Name of the container that writes it.
    pub container: String,
    /// Options; `pod` and `container` in it are ignored.
    pub query: LogQuery,
    /// Only lines since this moment, for going on after a cut (overrides `since_seconds`).
    pub since: Option<UnixMs>,
    /// The node ends the log behind so many bytes, counted from the first line that is sent.
    pub limit_bytes: Option<u32>,
}

/// The logs of containers, as their nodes have them.
#[async_trait]
pub trait PodLogs: Send + Sync + 'static {
    /// Opens a log: bytes as the node sends them, always with `timestamps` where the query asks for it.
    async fn logs(&self, target: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Bytes>>>;
}
