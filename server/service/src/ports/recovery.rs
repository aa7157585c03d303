//! The end of a change that was interrupted.

use super::ClusterResult;
use async_trait::async_trait;
use domain::AppId;
use domain::facts::PortalChange;
use domain::operation::recovery::Found;
use domain::operation::{Piece, Touched, Version, Work};

/// What became of an object of a creation that is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// There is no such object, or another one has the name.
    NotThere,
    /// It was there and has been removed.
    Removed,
    /// It stays, because somebody has changed it or uses it.
    Left(Touched),
}

/// A change of one call that is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Again {
    /// As [`Workloads::restart`](super::Workloads::restart).
    Restart(PortalChange),
    /// As [`Workloads::scale`](super::Workloads::scale), to so many replicas.
    Scale(u32),
    /// As [`Workloads::set_paused`](super::Workloads::set_paused).
    SetPaused(bool),
    /// As [`Workloads::rollback`](super::Workloads::rollback).
    Rollback {
        /// Number of the revision.
        to: u64,
        /// What is left with the app.
        change: PortalChange,
    },
}

/// Ends a change that was interrupted. What a creation made is known by its mark, what a deletion was to delete by its uid, and what
/// any other change has left by the workload's generation and by the number of the operation on it.
#[async_trait]
pub trait Recovery: Send + Sync + 'static {
    /// What there is of an app that a change has to do with.
    async fn look(&self, app: &AppId, work: &Work) -> ClusterResult<Found>;
    /// Sends a change again, if the workload is still as it was `before` the change; `Changed` where it is not, also at this very
    /// moment. The answer is which version of it the change has made.
    async fn send_again(&self, app: &AppId, before: &Version, again: &Again) -> ClusterResult<Version>;
    /// The deployment that the creation with this mark has made, where it has created all of its objects; the mark is taken off the
    /// others then.
    async fn finish_creation(&self, app: &AppId, mark: &str, pieces: &[Piece]) -> ClusterResult<Option<Version>>;
    /// Removes an object that the creation with this mark has created, unless somebody has changed it since or uses it.
    /// `removed` is what of this creation was removed before.
    async fn undo_creation(&self, app: &AppId, mark: &str, piece: Piece, removed: &[Piece]) -> ClusterResult<Fate>;
    /// What [`Workloads::delete`](super::Workloads::delete) would delete beside the workload, with the uids; what the portal
    /// may not read is left out.
    async fn created_with(&self, app: &AppId) -> ClusterResult<Vec<(Piece, String)>>;
    /// Whether the workload with this uid is gone or being deleted; where it is, the objects with these uids are deleted too.
    async fn finish_deletion(&self, app: &AppId, uid: &str, pieces: &[(Piece, String)]) -> ClusterResult<bool>;
}
