//! What the cluster said no to, or didn't answer.

use crate::Code;
use crate::kubernetes::{Missing, NotAllowed, Object, Refused};

/// Why the cluster didn't do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterProblem {
    /// It isn't there.
    NotFound(Missing),
    /// There is an object of that name already.
    Exists(Object),
    /// The object changed between reading and writing.
    Changed(Object),
    /// The API server refused it, or the portal did before it asked.
    Refused(Refused),
    /// The API server doesn't let the portal do it.
    NotAllowed(NotAllowed),
    /// The API server doesn't answer; nothing was changed.
    Away,
    /// A change was sent and no answer came, so that nobody knows whether it was made.
    Unanswered {
        /// What shows whether it was made.
        look_at: LookAt,
    },
}

/// What a person looks at to see whether a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LookAt {
    /// The app that was to be changed.
    App,
    /// The secret that was to be changed.
    Secret,
    /// The list in which a new secret would stand.
    SecretList,
}

impl ClusterProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::NotFound(_) => Code::NotFound,
            Self::Exists(_) | Self::Changed(_) => Code::Conflict,
            Self::Refused(_) | Self::NotAllowed(_) => Code::ClusterRefused,
            Self::Away | Self::Unanswered { .. } => Code::ClusterAway,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "object_not_found",
            Self::Exists(_) => "object_exists",
            Self::Changed(_) => "object_changed",
            Self::Refused(_) => "cluster_refused",
            Self::NotAllowed(_) => "right_missing",
            Self::Away => "cluster_away",
            Self::Unanswered { .. } => "change_unanswered",
        }
    }
}
