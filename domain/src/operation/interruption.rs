//! How a creation or deletion ended that was interrupted, and how its person is told.

use super::{EndCode, Operation, OperationId, Piece, Touched};
use crate::AppId;

/// Most notices that one person gets; the oldest go first.
pub const MAX_NOTICES: usize = 20;

/// How an interrupted change ended.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl From<Ending> for EndCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Created => Self::Complete,
            Ending::Undone { removed, left } => Self::TakenBack { removed, left },
            Ending::Deleted => Self::Gone,
            Ending::NotDeleted => Self::NotMade,
        }
    }
}

/// What became of a change of one call that was interrupted, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumed {
    /// The app is as it was asked for. Nobody knows whether by this change.
    AsAsked,
    /// The call had not been carried out, and was sent again.
    SentAgain,
    /// The call was not carried out, and it is too late to send it again.
    NotMade,
}

/// An interrupted change and its end, for the person who started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interruption {
    /// The app that was to be created or deleted.
    pub app: AppId,
    /// What became of the change.
    pub ending: Ending,
}

impl Interruption {
    /// What is told of an operation; nothing where it has another end than a settled creation or deletion has.
    #[must_use]
    pub fn of(operation: &Operation) -> Option<Self> {
        let ending = match &operation.verdict.as_ref()?.code {
            EndCode::Complete => Ending::Created,
            EndCode::TakenBack { removed, left } => Ending::Undone { removed: removed.clone(), left: left.clone() },
            EndCode::Gone => Ending::Deleted,
            EndCode::NotMade => Ending::NotDeleted,
            EndCode::RolledOut
            | EndCode::Refused { .. }
            | EndCode::Failing { .. }
            | EndCode::DeadlinePassed { .. }
            | EndCode::Overtaken { .. }
            | EndCode::StillWaiting
            | EndCode::Held { .. }
            | EndCode::HeldByFinalizer { .. }
            | EndCode::NoAnswer
            | EndCode::TouchedBy { .. }
            | EndCode::AppDeleted => return None,
        };
        Some(Self { app: operation.app.clone(), ending })
    }
}

/// An interruption that its person has not dismissed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The operation by whose number it is dismissed.
    pub id: OperationId,
    /// Which change it was, and its end.
    pub told: Interruption,
}
