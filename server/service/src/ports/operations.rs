//! Changes of apps, from before their first call until they are forgotten.

use super::{NewAudit, StoreResult};
use async_trait::async_trait;
use domain::operation::{Applied, End, Interruption, Operation, OperationId, Progress, Reason, State, Work};
use domain::{AppId, Namespace, UnixMs};

/// An operation that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOperation {
    /// Number of the person who asks for it.
    pub user_id: i64,
    /// The app that it changes.
    pub app: AppId,
    /// Why it is made, where that was said.
    pub why: Option<Reason>,
    /// What it does.
    pub work: Work,
}

/// An operation that a start has to look at: it is open, or its person was not told of its end yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    /// The operation itself.
    pub operation: Operation,
    /// The audit entry that was written before its first call.
    pub intent: NewAudit,
    /// Its end has to be told to the person who started it.
    pub notice: bool,
}

impl Unsettled {
    /// What has to be told of it.
    #[must_use]
    pub fn told(&self) -> Option<Interruption> {
        if self.notice { Interruption::of(&self.operation) } else { None }
    }
}

/// A step of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The state that it comes to.
    pub to: State,
    /// What happened, for those who look on.
    pub progress: Progress,
    /// What its calls have left, where it begins to wait; without, what is kept of that stays.
    pub applied: Option<Applied>,
    /// The audit entry with which its calls are over.
    pub end: Option<NewAudit>,
}

/// The end of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When it ended.
    pub at: UnixMs,
    /// How it ended. Its state follows from that.
    pub verdict: End,
    /// The audit entry of its end, where there is none yet.
    pub end: Option<NewAudit>,
    /// The person who started it has to be told, because nobody could be when it was cut off.
    pub notice: bool,
}

/// Which operations are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationQuery {
    /// Those on apps of these namespaces.
    pub namespaces: Vec<Namespace>,
    /// Only those on this app.
    pub app: Option<AppId>,
    /// Only those whose end is still to come.
    pub open: bool,
    /// Only those that began before this one.
    pub before: Option<OperationId>,
    /// So many at most.
    pub limit: u32,
}

/// Changes of apps. Each call is atomic. An operation whose row can't be read, because another version wrote it, is left out
/// wherever several are read.
#[async_trait]
pub trait Operations: Send + Sync + 'static {
    /// Adds the intent of an operation and the operation itself, as accepted: both or neither. Gives back their number.
    async fn begin_operation(&self, intent: &NewAudit, new: &NewOperation) -> StoreResult<OperationId>;
    /// An operation, where there is one of this number and it isn't forgotten.
    async fn operation(&self, id: OperationId) -> StoreResult<Option<Operation>>;
    /// Operations, the newest first.
    async fn operations(&self, query: &OperationQuery) -> StoreResult<Vec<Operation>>;
    /// What a start has to look at: the open ones first, of those the newest first, and then those that
    /// are to be told, the oldest first; 1,000 at most.
    async fn unsettled_operations(&self) -> StoreResult<Vec<Unsettled>>;
    /// Brings an operation to its next state, adds the line of progress, and the audit entry where there is one: all or nothing.
    /// `Missing` where there is no such operation, `Changed` where its state doesn't lead there.
    async fn advance_operation(&self, id: OperationId, step: &Advance) -> StoreResult<()>;
    /// Adds a line of progress to an open operation, of which the first and the newest are kept, 32 in all. It may be lost in a
    /// power cut. `Missing` where there is no such open operation.
    async fn note_progress(&self, id: OperationId, progress: &Progress) -> StoreResult<()>;
    /// Notes that an open operation is to be undone; durable when it returns. `Missing` where there is no such open operation.
    async fn undo_operation(&self, id: OperationId) -> StoreResult<()>;
    /// Ends an operation, and adds the audit entry where there is one: both or neither. Of what has to be told to a person the
    /// newest 20 are kept. `Missing` where there is no such operation, `Changed` where it has ended already.
    async fn end_operation(&self, id: OperationId, ended: &Ended) -> StoreResult<()>;
    /// Forgets that an operation is to be told to this user. `Missing` where it is not.
    async fn dismiss_operation(&self, user_id: i64, id: OperationId) -> StoreResult<()>;
    /// Forgets operations that have ended: those that ended before `before`, and the oldest of more than 10,000.
    async fn prune_operations(&self, before: UnixMs) -> StoreResult<u64>;
}
