//! The end of a creation or deletion that was interrupted.

use super::ClusterResult;
use async_trait::async_trait;
use domain::AppId;
use domain::operation::{Piece, Touched};

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

/// Ends a creation or deletion that was interrupted. What a creation made is known by its mark, what a deletion was to delete
/// by its uid.
#[async_trait]
pub trait Recovery: Send + Sync + 'static {
    /// Whether the creation with this mark has created all of its objects; where it has, the mark is taken off them.
    async fn finish_creation(&self, app: &AppId, mark: &str, pieces: &[Piece]) -> ClusterResult<bool>;
    /// Removes an object that the creation with this mark has created, unless somebody has changed it since or uses it.
    /// `removed` is what of this creation was removed before.
    async fn undo_creation(&self, app: &AppId, mark: &str, piece: Piece, removed: &[Piece]) -> ClusterResult<Fate>;
    /// What [`Workloads::delete`](super::Workloads::delete) would delete beside the workload, with the uids; what the portal
    /// may not read is left out.
    async fn created_with(&self, app: &AppId) -> ClusterResult<Vec<(Piece, String)>>;
    /// Whether the workload with this uid is gone or being deleted; where it is, the objects with these uids are deleted too.
    async fn finish_deletion(&self, app: &AppId, uid: &str, pieces: &[(Piece, String)]) -> ClusterResult<bool>;
}
