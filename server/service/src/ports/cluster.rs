//! Why a call of the cluster may fail.

use domain::english;
use domain::kubernetes::{Away, Missing, NotAllowed, Object, Refused};

/// The cluster did not do what was asked. As text each variant is what a person may read, but for [`ClusterError::Away`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    /// It is not there.
    #[error("{}", english::cluster::missing(.0))]
    Missing(Missing),
    /// An object of that name exists already.
    #[error("{}", english::cluster::exists(.0))]
    Exists(Object),
    /// The object changed between reading and writing.
    #[error("{}", english::cluster::changed(.0))]
    Changed(Object),
    /// The API server refused it, or the portal did before it asked.
    #[error("{}", english::cluster::refused(.0))]
    Refused(Refused),
    /// The API server does not let the portal do it.
    #[error("{}", english::cluster::not_allowed(.0))]
    NotAllowed(NotAllowed),
    /// The API server does not answer. The text is for the log.
    #[error("cluster away: {}", english::cluster::away(.0))]
    Away(Away),
}

/// Result of a cluster call.
pub type ClusterResult<T> = Result<T, ClusterError>;
