//! From what went wrong to what a person may read. The full story goes to the log here, once.

use crate::ports::{ClusterError, StoreError};
use domain::english::problem::problem as words_of;
use domain::form::Finding;
use domain::kubernetes::Away;
use domain::problem::{Problem, StorageProblem};
use domain::{Code, ProblemDetails, english};

/// What a use case gives back.
pub type Outcome<T> = Result<T, Failure>;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something that the person can read and act on.
    #[error("{}", words_of(.0).detail)]
    Told(Problem),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cluster failed or refused. Nothing was changed.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A change was sent and no answer came, so that nobody knows whether it was made. What to look at, and the text for
    /// the log.
    #[error("no answer to a change of {0}: {why}", why = english::cluster::away(.1))]
    Unanswered(&'static str, Away),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Told(problem)
    }
}

impl From<Finding> for Failure {
    fn from(found: Finding) -> Self {
        Self::told(found)
    }
}

/// The answer to a change of `what` that was sent to the cluster.
#[allow(clippy::wildcard_enum_match_arm, reason = "all others are passed on as they are")]
pub(crate) fn sent<T>(what: &'static str, answer: Result<T, ClusterError>) -> Outcome<T> {
    answer.map_err(|error| match error {
        ClusterError::Away(why) => Failure::Unanswered(what, why),
        other => other.into(),
    })
}

impl Failure {
    /// A failure that the person can act on.
    pub fn told(problem: impl Into<Problem>) -> Self {
        Self::Told(problem.into())
    }

    /// A form with fields that need a change.
    #[must_use]
    pub fn fields(found: impl IntoIterator<Item = impl Into<Finding>>) -> Self {
        Self::told(found.into_iter().map(Into::into).collect::<Vec<Finding>>())
    }

    /// What the wire may say. Logs the details of what it may not.
    #[must_use]
    pub fn problem(self) -> ProblemDetails {
        match self {
            Self::Told(problem) => words_of(&problem),
            Self::Store(error) => words_of(&of_store(error).into()),
            Self::Cluster(ClusterError::Missing(what)) => ProblemDetails::new(Code::NotFound, "object_not_found", english::cluster::missing(&what)),
            Self::Cluster(ClusterError::Exists(object)) => ProblemDetails::new(Code::Conflict, "object_exists", english::cluster::exists(&object)),
            Self::Cluster(ClusterError::Changed(object)) => ProblemDetails::new(Code::Conflict, "object_changed", english::cluster::changed(&object)),
            Self::Cluster(ClusterError::Refused(why)) => {
                let words = ProblemDetails::new(Code::ClusterRefused, "cluster_refused", english::cluster::refused(&why));
                ProblemDetails { fields: english::cluster::fields(&why), ..words }
            }
            Self::Cluster(ClusterError::NotAllowed(why)) => ProblemDetails::new(Code::ClusterRefused, "right_missing", english::cluster::not_allowed(&why)),
            error @ Self::Unanswered(what, _) => {
                tracing::warn!(%error, "it is not known whether a change was made");
                let sentence = format!("The cluster didn't answer. It may have been done: check {what} before trying again.");
                ProblemDetails::new(Code::ClusterAway, "change_unanswered", sentence)
            }
            Self::Cluster(error @ ClusterError::Away(_)) => {
                tracing::warn!(%error, "the cluster does not answer");
                ProblemDetails::new(Code::ClusterAway, "cluster_away", "The cluster isn't responding. Nothing was changed. The portal keeps trying.")
            }
        }
    }
}

/// What a person is told of a failure of the store. The log gets what the person isn't told.
fn of_store(error: StoreError) -> StorageProblem {
    match error {
        StoreError::Missing => StorageProblem::Gone,
        StoreError::Exists => StorageProblem::NameTaken,
        StoreError::Changed => StorageProblem::ChangedMeanwhile,
        StoreError::Unwritable(trouble, error) => {
            tracing::error!(error, trouble = trouble.slug(), "the database takes no write");
            StorageProblem::Unwritable { trouble }
        }
        error @ StoreError::Broken(_) => {
            tracing::error!(%error, "the store failed");
            StorageProblem::Broken
        }
    }
}
