//! Writes what becomes of an operation, and tells those who follow it.

use super::feed::Feed;
use crate::ports::{self, Advance, Clock, Ended, NewAudit, StoreResult};
use crate::storage::Storage;
use domain::operation::{End, Operation, Progress, ProgressCode, State};
use std::sync::Arc;

/// Where operations are written. What is given to it is changed along with its row.
pub(super) struct Record {
    pub(super) rows: Arc<dyn ports::Operations>,
    pub(super) storage: Arc<Storage>,
    pub(super) feed: Arc<Feed>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Record {
    /// Tells what it is like.
    pub(super) fn tell(&self, operation: &Operation) {
        self.feed.publish(Arc::new(operation.clone()));
    }

    /// It comes to a state that is only told: a commit would cost the person time, and nothing after a kill depends on it.
    pub(super) fn enter(&self, operation: &mut Operation, state: State) {
        (operation.state, operation.moved) = (state, self.clock.now());
        self.tell(operation);
    }

    /// It comes to a state, with the audit entry by which its calls are over: both or neither.
    ///
    /// # Errors
    /// Those of the store. `Changed` where it has ended already.
    pub(super) async fn advance(&self, operation: &mut Operation, to: State, end: Option<NewAudit>) -> StoreResult<()> {
        let progress = Progress { at: self.clock.now(), code: ProgressCode::Entered { state: to } };
        let step = Advance { to, progress: progress.clone(), end };
        self.storage.noted(self.rows.advance_operation(operation.id, &step).await)?;
        (operation.state, operation.moved) = (to, progress.at);
        operation.note(progress);
        self.tell(operation);
        Ok(())
    }

    /// Something happened to it. A line that the store does not take is told and not kept.
    pub(super) async fn note(&self, operation: &mut Operation, code: ProgressCode) {
        let progress = Progress { at: self.clock.now(), code };
        if let Err(error) = self.rows.note_progress(operation.id, &progress).await {
            tracing::debug!(%error, id = %operation.id, "what happened to an operation is not kept");
        }
        operation.note(progress);
        self.tell(operation);
    }

    /// It is to be taken back; durable when this returns.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn undo(&self, operation: &mut Operation) -> StoreResult<()> {
        self.storage.noted(self.rows.undo_operation(operation.id).await)?;
        operation.undo = true;
        self.tell(operation);
        Ok(())
    }

    /// It ends.
    ///
    /// # Errors
    /// Those of the store. `Changed` where it has ended already.
    pub(super) async fn end(&self, operation: &mut Operation, ended: Ended) -> StoreResult<()> {
        self.storage.noted(self.rows.end_operation(operation.id, &ended).await)?;
        (operation.state, operation.moved, operation.verdict) = (ended.verdict.code.state(), ended.at, Some(ended.verdict));
        self.tell(operation);
        Ok(())
    }

    /// The verdict of now, without an audit entry and without a notice.
    pub(super) fn verdict(&self, verdict: impl Into<End>) -> Ended {
        Ended { at: self.clock.now(), verdict: verdict.into(), end: None, notice: false }
    }
}
