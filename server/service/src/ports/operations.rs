//! Changes that take several calls.

use super::{NewAudit, StoreResult};
use async_trait::async_trait;
use domain::UnixMs;
use domain::operation::{Interruption, Work};

/// A change of several calls, as it is kept from before the first of them until its end is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The number of its intent in the audit table.
    pub id: i64,
    /// Number of the person who started it.
    pub user_id: i64,
    /// What it makes or deletes.
    pub work: Work,
    /// It is to be undone, whatever else is found of it from now on.
    pub undo: bool,
    /// Its end, where the portal had to find that out by itself. It is told to the person who started the change.
    pub told: Option<Interruption>,
    /// The audit entry that was written before its first call.
    pub intent: NewAudit,
}

/// Changes that take several calls. Each call is atomic.
#[async_trait]
pub trait Operations: Send + Sync + 'static {
    /// Adds the intent of an operation and the operation itself: both or neither. Gives back their number.
    async fn begin_operation(&self, intent: &NewAudit, user_id: i64, work: &Work) -> StoreResult<i64>;
    /// The operations, oldest first, 1,000 at most.
    async fn operations(&self) -> StoreResult<Vec<Operation>>;
    /// Notes that an operation is to be undone; durable when it returns.
    async fn undo_operation(&self, id: i64) -> StoreResult<()>;
    /// Adds the end of an operation, and keeps what is to be told of it: both or neither.
    async fn settle_operation(&self, end: &NewAudit, told: &Interruption) -> StoreResult<()>;
    /// Forgets what was to be told of an operation to this user. `Missing` where there is no such thing.
    async fn dismiss_operation(&self, user_id: i64, id: i64) -> StoreResult<()>;
    /// Forgets what was to be told of operations that began before `before`.
    async fn prune_operations(&self, before: UnixMs) -> StoreResult<u64>;
}
