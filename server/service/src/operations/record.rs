//! Writes what becomes of an operation, and tells those who follow it.

use super::feed::Feed;
use crate::ports::{self, Advance, Clock, Ended, NewAudit, OperationQuery, StoreError, StoreResult};
use crate::storage::Storage;
use domain::operation::{Applied, End, Operation, Progress, ProgressCode, State};
use std::sync::Arc;

/// Most newer operations of an app that are looked at.
const MOST_NEWER: u32 = 20;

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

    /// It begins to wait for what comes of its calls, with the audit entry by which those are over: both or neither.
    ///
    /// # Errors
    /// Those of the store. `Changed` where it has ended or waits already.
    pub(super) async fn wait(&self, operation: &mut Operation, applied: &Applied, end: NewAudit) -> StoreResult<()> {
        let to = State::Waiting;
        let progress = Progress { at: self.clock.now(), code: ProgressCode::Entered { state: to } };
        let step = Advance { to, progress: progress.clone(), applied: Some(applied.clone()), end: Some(end) };
        self.storage.noted(self.rows.advance_operation(operation.id, &step).await)?;
        (operation.state, operation.moved, operation.applied) = (to, progress.at, step.applied);
        operation.note(progress);
        self.tell(operation);
        Ok(())
    }

    /// What an answer of the store says of this operation: `Changed` and `Missing` are no failure where it has ended, which an
    /// earlier try may have done although its own answer was a failure. Where it has not, it is taken over as it is kept.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn written(&self, operation: &mut Operation, answer: StoreResult<()>) -> StoreResult<()> {
        let Err(error @ (StoreError::Changed | StoreError::Missing)) = answer else { return answer };
        match self.rows.operation(operation.id).await? {
            Some(kept) if kept.is_open() => {
                *operation = kept;
                Err(error)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The newest operations of the app of this one that are newer than it, the newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn newer(&self, operation: &Operation) -> StoreResult<Vec<Operation>> {
        let app = operation.app.clone();
        let query = OperationQuery { namespaces: vec![app.namespace.clone()], app: Some(app), limit: MOST_NEWER, ..OperationQuery::default() };
        let mut all = self.rows.operations(&query).await?;
        all.retain(|other| other.id > operation.id);
        Ok(all)
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
