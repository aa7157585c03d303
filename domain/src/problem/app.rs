//! What doesn't fit an app as it is.

use crate::check::Check;
use crate::operation::OperationId;
use crate::{Action, ActionRefusal, Code, Kind, Namespace, WorkloadName};

/// Why nothing was done to an app, or nothing can be shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppProblem {
    /// There is no such app in the namespace.
    NotFound {
        /// Its kind.
        kind: Kind,
        /// Its name.
        name: WorkloadName,
        /// The namespace in which it was looked for.
        namespace: Namespace,
        /// Who deleted it through this portal, if anybody did lately.
        deleted: Option<Deletion>,
    },
    /// The portal hasn't read the cluster yet since its start, so it can't tell whether there is such an app.
    StillLoading,
    /// The action can't be done now, although apps of this kind know it.
    ActionRefused {
        /// Why not, as the app's page says it beside the action.
        why: ActionRefusal,
    },
    /// Apps of this kind don't know the action.
    ActionUnsupported {
        /// The app's kind.
        kind: Kind,
        /// The action that was asked for.
        action: Action,
    },
    /// No revision is in force, so that there is nothing to compare with.
    NoCurrentRevision,
    /// The revision is in force already.
    RevisionCurrent {
        /// Number of the current revision.
        revision: u64,
    },
    /// The revision isn't kept any more.
    RevisionNotFound {
        /// The number that was asked for.
        revision: u64,
    },
    /// There is no such operation, it is forgotten, or it may not be seen.
    OperationNotFound {
        /// Its number.
        id: OperationId,
    },
    /// Checks of a new app stand in the way, so nothing was created.
    ChecksFailed(
        /// Those that do, at least one.
        Vec<Check>,
    ),
    /// An earlier change to the app, which was cut off, isn't settled yet.
    EarlierChangeUnfinished,
}

/// Who deleted an app, and how long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// The name that people read.
    pub by: String,
    /// Milliseconds since then.
    pub ago_ms: i64,
}

impl AppProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::NotFound { .. } | Self::RevisionNotFound { .. } | Self::OperationNotFound { .. } => Code::NotFound,
            Self::StillLoading => Code::ClusterAway,
            Self::ChecksFailed(_) => Code::ClusterRefused,
            Self::ActionRefused { .. }
            | Self::ActionUnsupported { .. }
            | Self::NoCurrentRevision
            | Self::RevisionCurrent { .. }
            | Self::EarlierChangeUnfinished => Code::Conflict,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "app_not_found",
            Self::StillLoading => "still_loading",
            Self::ActionRefused { .. } => "action_refused",
            Self::ActionUnsupported { .. } => "action_unsupported",
            Self::NoCurrentRevision => "no_current_revision",
            Self::RevisionCurrent { .. } => "revision_current",
            Self::RevisionNotFound { .. } => "revision_not_found",
            Self::OperationNotFound { .. } => "operation_not_found",
            Self::ChecksFailed(_) => "checks_failed",
            Self::EarlierChangeUnfinished => "earlier_change_unfinished",
        }
    }
}
