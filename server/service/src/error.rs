//! From what went wrong to what a person may read. The full story goes to the log here, once.

use crate::ports::{ClusterError, StoreError};
use domain::{Code, FieldError, Problem};

/// What a use case gives back.
pub type Outcome<T> = Result<T, Failure>;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something that the person can read and act on.
    #[error("{0}")]
    Told(#[from] Problem),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cluster failed or refused.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl Failure {
    /// A failure with its code and sentence.
    pub fn told(code: Code, sentence: impl Into<String>) -> Self {
        Self::Told(Problem::new(code, sentence))
    }

    /// A form with fields that need a change.
    #[must_use]
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self::Told(Problem::invalid(fields))
    }

    /// What the wire may say. Logs the details of what it may not.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::Told(problem) => problem,
            Self::Store(StoreError::Missing) => Problem::new(Code::NotFound, "That does not exist, or no longer."),
            Self::Store(StoreError::Exists) => Problem::new(Code::Conflict, "That name is taken. Choose another."),
            Self::Store(error @ StoreError::Broken(_)) => {
                tracing::error!(%error, "the store failed");
                Problem::new(Code::Internal, "The portal could not use its database. Nothing was changed; try again in a moment.")
            }
            Self::Cluster(ClusterError::Missing(text)) => Problem::new(Code::NotFound, text),
            Self::Cluster(ClusterError::Conflict(text)) => Problem::new(Code::Conflict, text),
            Self::Cluster(ClusterError::Refused(text, fields)) => Problem { fields, ..Problem::new(Code::ClusterRefused, text) },
            Self::Cluster(ClusterError::NotAllowed(text)) => Problem::new(Code::ClusterRefused, text),
            Self::Cluster(error @ ClusterError::Away(_)) => {
                tracing::warn!(%error, "the cluster does not answer");
                Problem::new(Code::ClusterAway, "The cluster does not answer. Nothing was changed; the portal keeps trying.")
            }
        }
    }
}
