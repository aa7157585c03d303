//! What to do at a start with an operation that is only to be waited for, or whose one call may not have been made.

use super::Operations;
use super::state::{Case, NOT_SEEN, NotYet};
use crate::audit::why_failed;
use crate::error::Failure;
use crate::ports::{Again, ClusterError, Ended, NewAudit};
use domain::UnixMs;
use domain::audit::AuditOutcome;
use domain::english;
use domain::facts::{PortalAction, PortalChange};
use domain::operation::recovery::{Found, LookedAt, Step, decide};
use domain::operation::{Applied, End, EndCode, Operation, ProgressCode, Resumed, State, Version, Work};

impl Operations {
    /// Looks at the cluster, and goes on from what is there.
    pub(super) async fn resume(&self, case: &mut Case) -> Result<(), NotYet> {
        let found = self.recovery.look(&case.operation.app, &case.operation.work).await?;
        let steady = self.clock.steady();
        let looked = LookedAt { now: self.clock.now(), steady, quiet_ms: steady.since(case.since) };
        let newer = self.record.newer(&case.operation).await?.first().map(|newer| newer.id);
        match decide(&case.operation, &found, newer, looked) {
            Step::Wait => self.go_on(case, found).await,
            Step::SendAgain => self.send_again(case).await,
            Step::LookAgain { in_ms } => Err(NotYet::Until(steady.plus(in_ms))),
            Step::End { code, there } => self.end_resumed(case, End { there, ..code.into() }, None).await,
            // Of creations and deletions that are not waited for, which are settled by what they have made.
            Step::Finish | Step::DeleteRest { .. } | Step::TakeBack => self.end_resumed(case, EndCode::NoAnswer.into(), None).await,
        }
    }

    /// It is as asked, and is waited for.
    async fn go_on(&self, case: &mut Case, found: Found) -> Result<(), NotYet> {
        let uid = match (&case.operation.applied, &case.operation.work) {
            (Some(applied), _) => Some(&applied.version.uid),
            (None, Work::Create { .. }) => None,
            (None, Work::Delete { uid, .. }) => Some(uid),
            (None, Work::Restart { before, .. } | Work::Scale { before, .. } | Work::Pause { before, .. } | Work::RollBack { before, .. }) => Some(&before.uid),
        };
        let workload = found.workload.filter(|workload| uid.map_or(workload.has_mark, |uid| workload.version.uid == *uid));
        let Some(workload) = workload else {
            let code = if matches!(case.operation.work, Work::Delete { .. }) { EndCode::Gone } else { EndCode::AppDeleted };
            return self.end_resumed(case, code.into(), None).await;
        };
        self.note_once(case, ProgressCode::Interrupted).await;
        if case.operation.state != State::Waiting {
            let end = self.end_entry(case, AuditOutcome::Done, english::operation::resumed(Resumed::AsAsked));
            let written = self.made(&mut case.operation, workload.version, end).await;
            return Ok(self.record.written(&mut case.operation, written).await?);
        }
        if self.waits.has_room() {
            // A row that tells nothing of it is waited for from what was found.
            let applied = case.operation.applied.clone().unwrap_or_else(|| Applied { version: workload.version, at: self.clock.steady() });
            self.waits.begin(case.operation.clone(), &applied).await;
            return Ok(());
        }
        let written = self.record.end(&mut case.operation, self.record.verdict(EndCode::StillWaiting)).await;
        Ok(self.record.written(&mut case.operation, written).await?)
    }

    async fn send_again(&self, case: &mut Case) -> Result<(), NotYet> {
        let Some((before, again)) = self.again(&case.operation) else { return self.end_resumed(case, EndCode::NoAnswer.into(), None).await };
        let sent = self.recovery.send_again(&case.operation.app, &before, &again).await;
        match sent {
            Ok(version) => {
                tracing::info!(app = %case.operation.app, "a change that was cut off is sent again");
                self.note_once(case, ProgressCode::Interrupted).await;
                self.record.note(&mut case.operation, ProgressCode::SentAgain).await;
                let end = self.end_entry(case, AuditOutcome::Done, english::operation::resumed(Resumed::SentAgain));
                let written = self.made(&mut case.operation, version, end).await;
                Ok(self.record.written(&mut case.operation, written).await?)
            }
            Err(error @ (ClusterError::Refused(_) | ClusterError::NotAllowed(_) | ClusterError::Exists(_))) => {
                let failure = Failure::from(error);
                self.end_resumed(case, failure.end_code().into(), Some(why_failed(&failure))).await
            }
            // It was not carried out, or nobody knows: the next look tells.
            Err(error @ (ClusterError::Missing(_) | ClusterError::Changed(_) | ClusterError::Away(_))) => Err(error.into()),
        }
    }

    /// The one call of a change, and the workload before it; nothing where a change has several.
    fn again(&self, operation: &Operation) -> Option<(Version, Again)> {
        // A restart has its first time, so that both are one change where the first call comes late.
        Some(match &operation.work {
            Work::Restart { before, at } => (before.clone(), Again::Restart(self.change(operation, *at, PortalAction::Restart))),
            Work::Scale { before, to, .. } => (before.clone(), Again::Scale(*to)),
            Work::Pause { before, paused } => (before.clone(), Again::SetPaused(*paused)),
            Work::RollBack { before, to } => {
                (before.clone(), Again::Rollback { to: *to, change: self.change(operation, operation.begun, PortalAction::Rollback { to: *to }) })
            }
            Work::Create { .. } | Work::Delete { .. } => return None,
        })
    }

    /// What the repeated change leaves on the workload. Of the person the row has the name with which they sign in.
    fn change(&self, operation: &Operation, at: UnixMs, action: PortalAction) -> PortalChange {
        let world = self.index.world();
        let facts = world.namespaces.get(&operation.app.namespace).and_then(|namespace| namespace.apps.get(&operation.app));
        let newest = facts.and_then(|facts| facts.workload.revision);
        PortalChange { at, by: operation.by.clone(), action, revision: newest.map(|n| n + 1), operation: Some(operation.id) }
    }

    /// Ends it, with an audit entry where its calls have none yet.
    async fn end_resumed(&self, case: &mut Case, verdict: End, detail: Option<String>) -> Result<(), NotYet> {
        let (outcome, words) = match &verdict.code {
            EndCode::RolledOut | EndCode::Complete | EndCode::Gone => (AuditOutcome::Done, english::operation::resumed(Resumed::AsAsked)),
            EndCode::NotMade => (AuditOutcome::Failed, english::operation::resumed(Resumed::NotMade)),
            EndCode::Refused { .. } => (AuditOutcome::Failed, NOT_SEEN),
            EndCode::Failing { .. }
            | EndCode::DeadlinePassed { .. }
            | EndCode::TakenBack { .. }
            | EndCode::Overtaken { .. }
            | EndCode::StillWaiting
            | EndCode::Held { .. }
            | EndCode::HeldByFinalizer { .. }
            | EndCode::NoAnswer
            | EndCode::TouchedBy { .. }
            | EndCode::AppDeleted => (AuditOutcome::Unknown, NOT_SEEN),
        };
        self.note_once(case, ProgressCode::Interrupted).await;
        let end = (case.operation.state != State::Waiting).then(|| self.end_entry(case, outcome, &detail.unwrap_or_else(|| words.to_owned())));
        tracing::info!(app = %case.operation.app, verdict = verdict.code.code(), "a change that was cut off has ended");
        let written = self.record.end(&mut case.operation, Ended { end, ..self.record.verdict(verdict) }).await;
        Ok(self.record.written(&mut case.operation, written).await?)
    }

    fn end_entry(&self, case: &Case, outcome: AuditOutcome, detail: &str) -> NewAudit {
        let intent = Some(case.operation.id.0);
        NewAudit { at: self.clock.now(), outcome, detail: detail.to_owned(), intent, ..case.intent.clone() }
    }

    /// A line of progress that is told once, however often the operation is looked at.
    async fn note_once(&self, case: &mut Case, code: ProgressCode) {
        if case.operation.progress.last().is_none_or(|last| last.code != code) {
            self.record.note(&mut case.operation, code).await;
        }
    }
}

#[cfg(test)]
mod tests;
