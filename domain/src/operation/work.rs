//! What an operation does, with all that is needed to tell after a kill how far it came.

use super::Piece;
use crate::UnixMs;
use crate::slugs::slugs;
use serde::{Deserialize, Serialize};

slugs! {
    /// What kind of change an operation is.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    ChangeAction {
        /// Creates an app.
        Create = "create",
        /// Deletes an app.
        Delete = "delete",
        /// Holds a rollout, a job or a schedule.
        Pause = "pause",
        /// Replaces all pods, one after the other.
        Restart = "restart",
        /// Lets go on what was held.
        Resume = "resume",
        /// Takes the template of an earlier revision again.
        RollBack = "rollback",
        /// Sets the number of replicas.
        Scale = "scale",
    }
}

/// An object as it was when a change of it began. Its resource version would tell less: that changes with each write of its
/// status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// `metadata.uid`: a new object of the same name has another one.
    pub uid: String,
    /// `metadata.generation`: it grows with each change of what is wanted.
    pub generation: i64,
}

/// What an operation does, written down before its first call: names, numbers and marks, and no value from a form. It is stored:
/// a variant or field may be added, but none renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Creates an app with all its objects.
    Create {
        /// Value of an annotation of all objects that it creates, and of no other object.
        mark: String,
        /// The objects that it creates, in their order.
        pieces: Vec<Piece>,
    },
    /// Deletes an app, and then the objects that the portal created for it.
    Delete {
        /// Uid of the workload; one with another uid is not deleted.
        uid: String,
        /// The other objects and their uids.
        pieces: Vec<(Piece, String)>,
    },
    /// Replaces all pods.
    Restart {
        /// The workload before it.
        before: Version,
        /// The moment that is written on the pods' template; the same one if it is sent again.
        at: UnixMs,
    },
    /// Sets the number of replicas.
    Scale {
        /// The workload before it.
        before: Version,
        /// Replicas that were wanted.
        from: u32,
        /// Replicas that are wanted from then on.
        to: u32,
    },
    /// Holds a rollout, a job or a schedule, or lets it go on.
    Pause {
        /// The workload before it.
        before: Version,
        /// Whether it is held from then on.
        paused: bool,
    },
    /// Takes the template of an earlier revision again.
    RollBack {
        /// The workload before it.
        before: Version,
        /// Number of that revision.
        to: u64,
    },
}

impl Work {
    /// What kind of change it is.
    #[must_use]
    pub const fn action(&self) -> ChangeAction {
        match self {
            Self::Create { .. } => ChangeAction::Create,
            Self::Delete { .. } => ChangeAction::Delete,
            Self::Restart { .. } => ChangeAction::Restart,
            Self::Scale { .. } => ChangeAction::Scale,
            Self::Pause { paused: true, .. } => ChangeAction::Pause,
            Self::Pause { paused: false, .. } => ChangeAction::Resume,
            Self::RollBack { .. } => ChangeAction::RollBack,
        }
    }
}
