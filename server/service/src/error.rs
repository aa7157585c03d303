//! From what went wrong to what a person may read. The full story goes to the log here, once.

use crate::ports::{ClusterError, StoreError};
use domain::audit::WhyFailed;
use domain::form::Finding;
use domain::kubernetes::Away;
use domain::operation::EndCode;
use domain::problem::{ClusterProblem, LookAt, Problem, StorageProblem};
use domain::{Language, english};

/// What a use case gives back.
pub type Outcome<T> = Result<T, Failure>;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something that the person can read and act on.
    #[error("{}", Language::English.problem(.0).detail)]
    Told(Problem),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cluster failed or refused. Nothing was changed.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A change was sent and no answer came, so that nobody knows whether it was made. What to look at, and the text for
    /// the log.
    #[error("no answer to a change of {what}: {why}", what = english::problem::thing(*.0), why = english::cluster::away(.1))]
    Unanswered(LookAt, Away),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Told(problem)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        failure.into_problem()
    }
}

impl From<Finding> for Failure {
    fn from(found: Finding) -> Self {
        Self::told(found)
    }
}

/// The answer to a change that was sent to the cluster, and what shows whether it was made.
#[allow(clippy::wildcard_enum_match_arm, reason = "all others are passed on as they are")]
pub(crate) fn sent<T>(look_at: LookAt, answer: Result<T, ClusterError>) -> Outcome<T> {
    answer.map_err(|error| match error {
        ClusterError::Away(why) => Failure::Unanswered(look_at, why),
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

    /// What the audit table keeps of it: no more than a person may read, and so many characters of a text.
    pub(crate) fn kept(&self, most: usize) -> WhyFailed {
        match self {
            Self::Told(problem) => WhyFailed::of(problem, &Language::English.problem(problem).detail, most),
            Self::Store(StoreError::Unwritable(trouble, _)) => WhyFailed::Unwritable(*trouble),
            Self::Store(StoreError::Missing | StoreError::Exists | StoreError::Changed | StoreError::Broken(_)) => WhyFailed::StoreRefused,
            Self::Cluster(ClusterError::Missing(what)) => WhyFailed::Missing(what.clone()),
            Self::Cluster(ClusterError::Exists(object)) => WhyFailed::Exists(object.clone()),
            Self::Cluster(ClusterError::Changed(object)) => WhyFailed::Changed(object.clone()),
            Self::Cluster(ClusterError::Refused(why)) => WhyFailed::refused(why, most),
            Self::Cluster(ClusterError::NotAllowed(why)) => WhyFailed::NotAllowed(why.clone()),
            Self::Cluster(ClusterError::Away(_)) => WhyFailed::ClusterAway,
            Self::Unanswered(..) => WhyFailed::Unanswered,
        }
    }

    /// What a person may be told. Logs the details of what they may not.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Told(problem) => problem,
            Self::Store(error) => {
                log_store(&error);
                of_store(&error).into()
            }
            Self::Cluster(error) => {
                if let ClusterError::Away(_) = error {
                    tracing::warn!(%error, "the cluster does not answer");
                }
                of_cluster(&error).into()
            }
            error @ Self::Unanswered(look_at, _) => {
                tracing::warn!(%error, "it is not known whether a change was made");
                ClusterProblem::Unanswered { look_at }.into()
            }
        }
    }

    /// The same in English.
    #[must_use]
    pub fn problem(self) -> domain::ProblemDetails {
        Language::English.problem(&self.into_problem())
    }

    /// The end of an operation whose calls failed so.
    #[must_use]
    pub(crate) fn end_code(&self) -> EndCode {
        match self {
            Self::Told(problem) => english::operation::refused(problem),
            Self::Store(error) => english::operation::refused(&of_store(error).into()),
            Self::Cluster(error) => english::operation::refused(&of_cluster(error).into()),
            Self::Unanswered(..) => EndCode::NoAnswer,
        }
    }
}

/// What a person is told of a failure of the cluster.
fn of_cluster(error: &ClusterError) -> ClusterProblem {
    match error {
        ClusterError::Missing(what) => ClusterProblem::NotFound(what.clone()),
        ClusterError::Exists(object) => ClusterProblem::Exists(object.clone()),
        ClusterError::Changed(object) => ClusterProblem::Changed(object.clone()),
        ClusterError::Refused(why) => ClusterProblem::Refused(why.clone()),
        ClusterError::NotAllowed(why) => ClusterProblem::NotAllowed(why.clone()),
        ClusterError::Away(_) => ClusterProblem::Away,
    }
}

/// What a person is told of a failure of the store.
const fn of_store(error: &StoreError) -> StorageProblem {
    match error {
        StoreError::Missing => StorageProblem::Gone,
        StoreError::Exists => StorageProblem::NameTaken,
        StoreError::Changed => StorageProblem::ChangedMeanwhile,
        StoreError::Unwritable(trouble, _) => StorageProblem::Unwritable { trouble: *trouble },
        StoreError::Broken(_) => StorageProblem::Broken,
    }
}

/// The log gets what the person isn't told.
fn log_store(error: &StoreError) {
    match error {
        StoreError::Missing | StoreError::Exists | StoreError::Changed => {}
        StoreError::Unwritable(trouble, error) => tracing::error!(error, trouble = trouble.slug(), "the database takes no write"),
        StoreError::Broken(_) => tracing::error!(%error, "the store failed"),
    }
}
