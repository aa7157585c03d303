//! From what went wrong to what a person may read. The full story goes to the log here, once.

use crate::ports::{ClusterError, StoreError};
use domain::english::form::told;
use domain::form::Finding;
use domain::{Code, Problem};

/// Seconds after which a try makes sense again, where the database takes no write.
const RETRY_S: u32 = 30;

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
    /// The cluster failed or refused. Nothing was changed.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A change was sent and no answer came, so that nobody knows whether it was made. What to look at, and the text for
    /// the log.
    #[error("no answer to a change of {0}: {1}")]
    Unanswered(&'static str, String),
}

impl From<Finding> for Failure {
    fn from(found: Finding) -> Self {
        Self::fields([found])
    }
}

/// The answer to a change of `what` that was sent to the cluster.
pub(crate) fn sent<T>(what: &'static str, answer: Result<T, ClusterError>) -> Outcome<T> {
    answer.map_err(|error| match error {
        ClusterError::Away(text) => Failure::Unanswered(what, text),
        other => other.into(),
    })
}

impl Failure {
    /// A failure with its code and sentence.
    pub fn told(code: Code, sentence: impl Into<String>) -> Self {
        Self::Told(Problem::new(code, sentence))
    }

    /// A form with fields that need a change.
    #[must_use]
    pub fn fields(found: impl IntoIterator<Item = impl Into<Finding>>) -> Self {
        let found: Vec<Finding> = found.into_iter().map(Into::into).collect();
        Self::Told(Problem::invalid(told(&found)))
    }

    /// A conflict with what is there, told at the field that it is about.
    #[must_use]
    pub fn conflict(found: Finding) -> Self {
        let code = Code::Conflict;
        Self::Told(Problem { code, status: code.http_status(), ..Problem::invalid(told(&[found])) })
    }

    /// What the wire may say. Logs the details of what it may not.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::Told(problem) => problem,
            Self::Store(StoreError::Missing) => Problem::new(Code::NotFound, "That no longer exists."),
            Self::Store(StoreError::Exists) => Problem::new(Code::Conflict, "That name is taken. Choose another."),
            Self::Store(StoreError::Changed) => Problem::new(Code::Conflict, "Someone else just changed this. Check it and make your change again."),
            Self::Store(StoreError::Unwritable(trouble, error)) => {
                tracing::error!(error, trouble = trouble.slug(), "the database takes no write");
                let sentence = format!("{} Try again once it's fixed. Portal admins see what to do on every page.", trouble.sentence());
                Problem { retry_after_s: Some(RETRY_S), ..Problem::new(Code::DatabaseAway, sentence) }
            }
            Self::Store(error @ StoreError::Broken(_)) => {
                tracing::error!(%error, "the store failed");
                Problem::new(Code::Internal, "The portal couldn't use its database. Check whether it was done before trying again.")
            }
            Self::Cluster(ClusterError::Missing(text)) => Problem::new(Code::NotFound, text),
            Self::Cluster(ClusterError::Conflict(text)) => Problem::new(Code::Conflict, text),
            Self::Cluster(ClusterError::Refused(text, fields)) => Problem { fields, ..Problem::new(Code::ClusterRefused, text) },
            Self::Cluster(ClusterError::NotAllowed(text)) => Problem::new(Code::ClusterRefused, text),
            error @ Self::Unanswered(what, _) => {
                tracing::warn!(%error, "it is not known whether a change was made");
                Problem::new(Code::ClusterAway, format!("The cluster didn't answer. It may have been done: check {what} before trying again."))
            }
            Self::Cluster(error @ ClusterError::Away(_)) => {
                tracing::warn!(%error, "the cluster does not answer");
                Problem::new(Code::ClusterAway, "The cluster isn't responding. Nothing was changed. The portal keeps trying.")
            }
        }
    }
}
