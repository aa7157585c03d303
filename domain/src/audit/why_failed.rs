//! Why a change was not made, as its entry keeps it.

use crate::kubernetes::{Missing, NotAllowed, Object, Refused, Said};
use crate::problem::{ClusterProblem, Problem};
use crate::storage::StorageTrouble;
use serde::{Deserialize, Deserializer, Serialize};

/// Why a change was not made, or may not have been. It is stored: a variant or field may be added, but none renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyFailed {
    /// The cluster does not have it.
    Missing(Missing),
    /// The cluster has an object of that name.
    Exists(Object),
    /// The object changed meanwhile.
    Changed(Object),
    /// The cluster refused it.
    Refused(Refused),
    /// The portal may not do it.
    NotAllowed(NotAllowed),
    /// The cluster did not answer, and nothing was changed.
    ClusterAway,
    /// The cluster did not answer, and it may have been done.
    Unanswered,
    /// The database takes no write.
    Unwritable(StorageTrouble),
    /// The database refused it.
    StoreRefused,
    /// The portal has a fault.
    Fault,
    /// Another problem, which has no stored form of its own.
    Problem {
        /// Its stable reason.
        reason: String,
        /// What the person was told.
        said: String,
    },
}

impl WhyFailed {
    /// What is kept of a refusal of the cluster: of its words so many characters, and not those on single fields.
    #[must_use]
    pub fn refused(why: &Refused, most: usize) -> Self {
        match why {
            Refused::Said(said) => Self::Refused(Refused::Said(Said { text: said.text.chars().take(most).collect(), fields: Vec::new() })),
            Refused::Immutable(_)
            | Refused::Log(..)
            | Refused::Kind(..)
            | Refused::Paused(..)
            | Refused::TooLarge { .. }
            | Refused::RevisionTooLarge { .. }
            | Refused::Unrendered(_)
            | Refused::Fault
            | Refused::Kubeconfig(_) => Self::Refused(why.clone()),
        }
    }

    /// What is kept of a problem; `said` is what the person was told, and so many characters of the cluster's words are kept.
    #[must_use]
    pub fn of(problem: &Problem, said: &str, most: usize) -> Self {
        match problem {
            Problem::Cluster(ClusterProblem::NotFound(what)) => Self::Missing(what.clone()),
            Problem::Cluster(ClusterProblem::Exists(object)) => Self::Exists(object.clone()),
            Problem::Cluster(ClusterProblem::Changed(object)) => Self::Changed(object.clone()),
            Problem::Cluster(ClusterProblem::Refused(why)) => Self::refused(why, most),
            Problem::Cluster(ClusterProblem::NotAllowed(why)) => Self::NotAllowed(why.clone()),
            Problem::Cluster(ClusterProblem::Away | ClusterProblem::Unanswered { .. })
            | Problem::Access(_)
            | Problem::Account(_)
            | Problem::App(_)
            | Problem::Body(_)
            | Problem::Fault(_)
            | Problem::Form(_)
            | Problem::Limit(_)
            | Problem::Log(_)
            | Problem::Request(_)
            | Problem::Secret(_)
            | Problem::SignIn(_)
            | Problem::Storage(_)
            | Problem::WebSocket(_) => Self::Problem { reason: problem.reason().to_owned(), said: said.chars().take(most).collect() },
        }
    }
}

/// Reads it; nothing where another version wrote it with a variant that this one does not know: then the entry's text is told.
pub(super) fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<WhyFailed>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}
