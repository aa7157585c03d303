//! Changes that take several calls: what is kept of one while it is under way, and how one ended that was interrupted.

use crate::AppId;
use serde::{Deserialize, Serialize};

/// An object that the portal creates for an app. They are created in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// What gives the app an address in the cluster.
    Service,
    /// What leads to the service from outside.
    Ingress,
    /// The app itself. It is the last one: where it is, all the others had been created.
    Deployment,
}

/// What a change makes or deletes, written down before its first call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Creates an app with all its objects.
    Create {
        /// The app that is to be there.
        app: AppId,
        /// Value of an annotation of all objects that it creates, and of no other object.
        mark: String,
        /// The objects that it creates, in their order.
        pieces: Vec<Piece>,
    },
    /// Deletes an app, and then the objects that the portal created for it.
    Delete {
        /// The app that is to be gone.
        app: AppId,
        /// Uid of the workload; one with another uid is not deleted.
        uid: String,
        /// The other objects and their uids.
        pieces: Vec<(Piece, String)>,
    },
}

impl Work {
    /// The app that it is about.
    #[must_use]
    pub const fn app(&self) -> &AppId {
        match self {
            Self::Create { app, .. } | Self::Delete { app, .. } => app,
        }
    }
}

/// An object that stays, because somebody has changed it since it was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Which of the app's objects it is.
    pub piece: Piece,
    /// The field manager that changed it, such as `kubectl-edit`.
    pub by: String,
}

/// How an interrupted change ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The app was created in full.
    Created,
    /// The app was not created. What there was of it is removed, but for what somebody has changed since.
    Undone {
        /// Objects that were there and are removed.
        removed: Vec<Piece>,
        /// Objects that stay, and who has changed them.
        left: Vec<Touched>,
    },
    /// The app is deleted, and what belonged to it.
    Deleted,
    /// The app was not deleted.
    NotDeleted,
}

impl Ending {
    /// Whether what was asked for has been done.
    #[must_use]
    pub const fn done(&self) -> bool {
        matches!(self, Self::Created | Self::Deleted)
    }
}

/// An interrupted change and its end, for the person who started it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interruption {
    /// The app that was to be created or deleted.
    pub app: AppId,
    /// What became of the change.
    pub ending: Ending,
}

/// An interruption that its person has not dismissed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The number by which it is dismissed.
    pub id: i64,
    /// Which change it was, and its end.
    pub told: Interruption,
}
