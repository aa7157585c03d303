//! Settling changes that were cut: what was made in part is finished or undone, and recorded.

use super::state::{Case, Earlier, Late, NOT_SEEN, NotYet, WAITS_MS, Why};
use super::{LATE_MS, Operations, RECENT_MS};
use crate::ports::{ClusterError, Ended, Fate, NewAudit, StoreError, Unsettled};
use domain::audit::AuditOutcome;
use domain::english;
use domain::operation::{EndCode, Ending, Interruption, OperationId, Piece, State, Touched, Work};
use domain::{AppId, UnixMs};

impl Operations {
    /// Settles all that is due.
    pub(crate) async fn settle_all(&self) {
        let earlier = self.state().earlier.filter(|earlier| earlier.next <= self.clock.steady());
        if let Some(earlier) = earlier
            && let Err(error) = self.look_back(earlier).await
        {
            tracing::warn!(%error, "what an earlier run of the portal has left cannot be looked at yet");
            let now = self.clock.steady();
            self.state().put_off_earlier(now);
        }
        let now = self.clock.steady();
        self.settle_those(|case| case.next <= now).await;
        while let Some(late) = { self.state().take_late(now) } {
            let app = late.operation.app.clone();
            if !self.is_recent(late.operation.begun) {
                tracing::info!(%app, "a creation that was undone is too old for anything of it to come late");
                continue;
            }
            if let Err(error) = self.look_again(&late).await {
                tracing::warn!(%error, %app, "it is not known yet whether anything of a creation that was undone came late");
                self.state().late.push(Late { due: now.plus(WAITS_MS.1), ..late });
            }
        }
    }

    /// Reads what earlier runs have left, and ends the intents that nobody will end any more.
    pub(super) async fn look_back(&self, Earlier { start, newest, .. }: Earlier) -> Result<(), StoreError> {
        let all = self.rows.unsettled_operations().await?;
        let open = self.audit.end_intents(newest, NOT_SEEN).await?;
        if open > 0 {
            tracing::warn!(open, "changes were under way when the portal was stopped; the audit table has them as unknown");
        }
        let mut state = self.state();
        if state.earlier.take().is_none() {
            // Somebody else was quicker.
            return Ok(());
        }
        for found in all.into_iter().filter(|found| found.operation.id.0 <= newest) {
            let told = found.told();
            let Unsettled { operation, intent, .. } = found;
            if operation.is_open() {
                let case = Case { operation, intent, why: Why::Killed, since: start, removed: Vec::new(), wait_ms: WAITS_MS.0, next: start };
                state.cases.insert(case.operation.id, case);
            } else if let Some(told) = told {
                state.notice(&operation, told);
                if operation.undo {
                    state.late.push(Late { operation, intent, due: start.plus(LATE_MS) });
                }
            }
        }
        Ok(())
    }

    /// Tries once to settle each of the cases that are wanted.
    pub(super) async fn settle_those(&self, wanted: impl Fn(&Case) -> bool) {
        let ids: Vec<OperationId> = self.state().cases.iter().filter(|(_, case)| wanted(case)).map(|(id, _)| *id).collect();
        for id in ids {
            let Some((mut case, _settling)) = self.take(id) else { continue };
            let app = case.operation.app.clone();
            match self.settle(&mut case).await {
                Ok(()) => continue,
                Err(NotYet::Until(next)) => case.next = next,
                Err(error) => {
                    tracing::warn!(%error, %app, "a change that was cut cannot be settled yet");
                    case.next = self.clock.steady().plus(case.wait_ms);
                    case.wait_ms = (case.wait_ms * 2).min(WAITS_MS.1);
                }
            }
            self.state().cases.insert(id, case);
        }
    }

    async fn settle(&self, case: &mut Case) -> Result<(), NotYet> {
        let app = case.operation.app.clone();
        if case.operation.state == State::Waiting {
            return self.resume(case).await;
        }
        let ending = match case.operation.work.clone() {
            Work::Create { mark, pieces } => {
                if !case.operation.undo {
                    if self.recovery.finish_creation(&app, &mark, &pieces).await?.is_some() {
                        return self.end(case, Ending::Created).await;
                    }
                    // Before anything goes: whatever is found from now on, it is not whole any more.
                    self.record.undo(&mut case.operation).await?;
                }
                let left = self.undo(&app, &mark, &pieces, &mut case.removed).await?;
                Ending::Undone { removed: case.removed.clone(), left }
            }
            Work::Delete { uid, pieces } => {
                let late = case.since.plus(LATE_MS);
                if self.recovery.finish_deletion(&app, &uid, &pieces).await? {
                    Ending::Deleted
                } else if self.clock.steady() < late {
                    return Err(NotYet::Until(late));
                } else {
                    Ending::NotDeleted
                }
            }
            Work::Restart { .. } | Work::Scale { .. } | Work::Pause { .. } | Work::RollBack { .. } => return self.resume(case).await,
        };
        self.end(case, ending).await
    }

    pub(super) async fn undo(&self, app: &AppId, mark: &str, pieces: &[Piece], removed: &mut Vec<Piece>) -> Result<Vec<Touched>, ClusterError> {
        let mut left = Vec::new();
        // The last one first, so that no pod loses its service.
        for piece in pieces.iter().rev() {
            let fate = self.recovery.undo_creation(app, mark, *piece, removed).await?;
            match fate {
                Fate::NotThere => {}
                // An earlier try may have removed one of that name as well.
                Fate::Removed if removed.contains(piece) => {}
                Fate::Removed => removed.push(*piece),
                Fate::Left(touched) => left.push(touched),
            }
        }
        Ok(left)
    }

    /// Records the end of a change that was cut, and has it told.
    async fn end(&self, case: &mut Case, ending: Ending) -> Result<(), NotYet> {
        let Case { operation, intent, .. } = case;
        let outcome = if ending.done() { AuditOutcome::Done } else { AuditOutcome::Failed };
        let detail = match &case.why {
            Why::Refused(reason) if !ending.done() => reason.clone(),
            Why::Done if ending.done() => String::new(),
            Why::Killed | Why::Unanswered | Why::Refused(_) | Why::Done => english::operation::detail(&ending),
        };
        let end = NewAudit { at: self.clock.now(), outcome, detail, intent: Some(operation.id.0), ..intent.clone() };
        // Otherwise all calls had their answers, and the person as well.
        let notice = matches!(case.why, Why::Killed | Why::Unanswered);
        let ended = Ended { end: Some(end), notice, ..self.record.verdict(EndCode::from(ending.clone())) };
        let written = self.record.end(operation, ended).await;
        self.record.written(operation, written).await?;
        tracing::info!(app = %operation.app, ?ending, "a change that was cut is settled");
        if notice {
            let mut state = self.state();
            state.notice(operation, Interruption { app: operation.app.clone(), ending });
            if operation.undo {
                state.late.push(Late { operation: operation.clone(), intent: intent.clone(), due: case.since.plus(LATE_MS) });
            }
        }
        Ok(())
    }

    /// Whether something may still come late of what was begun then. By both clocks: where one of them was set meanwhile
    /// nobody knows, and nothing is removed.
    fn is_recent(&self, begun: UnixMs) -> bool {
        [self.clock.now(), self.clock.steady().date()].iter().all(|now| now.since(begun).abs() < RECENT_MS)
    }

    /// Whether a call of a creation that was undone has been made late. What it made goes as well.
    async fn look_again(&self, late: &Late) -> Result<(), ClusterError> {
        let Work::Create { mark, pieces } = &late.operation.work else { return Ok(()) };
        let (app, mut removed) = (&late.operation.app, Vec::new());
        let undone = self.undo(app, mark, pieces, &mut removed).await;
        if !removed.is_empty() {
            tracing::warn!(%app, ?removed, "what was created late is removed");
            let detail = english::operation::detail(&Ending::Undone { removed, left: Vec::new() });
            self.audit.record_end_as(NewAudit { at: self.clock.now(), outcome: AuditOutcome::Failed, detail, intent: None, ..late.intent.clone() }).await;
        }
        undone.map(drop)
    }
}
