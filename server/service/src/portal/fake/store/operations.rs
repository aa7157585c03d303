//! Changes of apps.

use super::FakeStore;
use crate::ports::*;
use async_trait::async_trait;
use domain::UnixMs;
use domain::operation::{MAX_NOTICES, Operation, OperationId, Progress, State};
use std::cmp::Reverse;

const MOST_UNSETTLED: usize = 1_000;
const MOST_ENDED: usize = 10_000;

#[async_trait]
impl Operations for FakeStore {
    async fn begin_operation(&self, intent: &NewAudit, new: &NewOperation) -> StoreResult<OperationId> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        let id = OperationId(self.add_entry(intent));
        let NewOperation { user_id, app, why, work } = new.clone();
        let (by, begun, state) = (intent.actor.clone(), intent.at, State::Accepted);
        let operation =
            Operation { id, app, user_id, by, why, work, state, undo: false, begun, moved: begun, progress: Vec::new(), applied: None, verdict: None };
        operations.insert(id, Unsettled { operation, intent: intent.clone(), notice: false });
        Ok(id)
    }

    async fn operation(&self, id: OperationId) -> StoreResult<Option<Operation>> {
        Ok(self.operations.lock().unwrap().get(&id).map(|found| found.operation.clone()))
    }

    async fn operations(&self, query: &OperationQuery) -> StoreResult<Vec<Operation>> {
        let wanted = |o: &&Operation| {
            query.namespaces.contains(&o.app.namespace)
                && query.app.as_ref().is_none_or(|app| *app == o.app)
                && (!query.open || o.is_open())
                && query.before.is_none_or(|before| o.id < before)
        };
        let all = self.operations.lock().unwrap();
        Ok(all.values().rev().map(|found| &found.operation).filter(wanted).take(query.limit as usize).cloned().collect())
    }

    async fn unsettled_operations(&self) -> StoreResult<Vec<Unsettled>> {
        let mut all: Vec<_> = self.operations.lock().unwrap().values().filter(|found| found.operation.is_open() || found.notice).cloned().collect();
        // Those that are to be told stay in their order.
        all.sort_by_key(|found| (!found.operation.is_open(), found.operation.is_open().then_some(Reverse(found.operation.id))));
        all.truncate(MOST_UNSETTLED);
        Ok(all)
    }

    async fn advance_operation(&self, id: OperationId, step: &Advance) -> StoreResult<()> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        let operation = &mut operations.get_mut(&id).ok_or(StoreError::Missing)?.operation;
        if !operation.state.may_become(step.to) {
            return Err(StoreError::Changed);
        }
        (operation.state, operation.moved) = (step.to, step.progress.at);
        operation.note(step.progress.clone());
        if step.applied.is_some() {
            operation.applied.clone_from(&step.applied);
        }
        step.end.iter().for_each(|end| _ = self.add_entry(end));
        Ok(())
    }

    async fn note_progress(&self, id: OperationId, progress: &Progress) -> StoreResult<()> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        let found = operations.get_mut(&id).filter(|found| found.operation.is_open());
        found.ok_or(StoreError::Missing)?.operation.note(progress.clone());
        Ok(())
    }

    async fn undo_operation(&self, id: OperationId) -> StoreResult<()> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        let found = operations.get_mut(&id).filter(|found| found.operation.is_open());
        found.ok_or(StoreError::Missing)?.operation.undo = true;
        Ok(())
    }

    async fn end_operation(&self, id: OperationId, ended: &Ended) -> StoreResult<()> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        let found = operations.get_mut(&id).ok_or(StoreError::Missing)?;
        let (operation, state) = (&mut found.operation, ended.verdict.code.state());
        if !operation.state.may_become(state) {
            return Err(StoreError::Changed);
        }
        (operation.state, operation.moved, operation.verdict) = (state, ended.at, Some(ended.verdict.clone()));
        found.notice = ended.notice;
        let user_id = operation.user_id;
        let noticed = operations.values_mut().rev().filter(|found| found.notice && found.operation.user_id == user_id);
        noticed.skip(MAX_NOTICES).for_each(|found| found.notice = false);
        ended.end.iter().for_each(|end| _ = self.add_entry(end));
        Ok(())
    }

    async fn dismiss_operation(&self, user_id: i64, id: OperationId) -> StoreResult<()> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        let found = operations.get_mut(&id).filter(|found| found.notice && found.operation.user_id == user_id);
        found.ok_or(StoreError::Missing)?.notice = false;
        Ok(())
    }

    async fn prune_operations(&self, before: UnixMs) -> StoreResult<u64> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        let ended: Vec<OperationId> = operations.values().rev().filter(|found| !found.operation.is_open()).map(|found| found.operation.id).collect();
        let oldest_kept = ended.get(MOST_ENDED - 1).copied();
        let all = operations.len();
        operations.retain(|id, found| found.operation.is_open() || (found.operation.moved >= before && oldest_kept.is_none_or(|oldest| *id >= oldest)));
        Ok((all - operations.len()) as u64)
    }
}

impl FakeStore {
    /// Ends the operation of the entry's intent by its outcome, where it has not ended yet.
    pub(super) fn end_by_entry(&self, end: &NewAudit) {
        let mut operations = self.operations.lock().unwrap();
        let found = end.intent.and_then(|intent| operations.get_mut(&OperationId(intent))).filter(|found| found.operation.is_open());
        if let Some(found) = found {
            (found.operation.state, found.operation.moved) = (State::of_outcome(end.outcome), end.at);
        }
    }
}
