//! Runs a change from its first word in the store to the answer: what comes of it afterwards is waited for.

use super::state::{Case, WAITS_MS, Why};
use super::{Calls, Changed, Operations, SOON};
use crate::access::Actor;
use crate::audit::{Entry, ended, not_made, why_failed};
use crate::error::{Failure, Outcome};
use crate::ports::{Ended, NewAudit, NewOperation, StoreResult};
use crate::tasks::to_its_end;
use domain::AppId;
use domain::audit::{Act, AuditOutcome, Target};
use domain::operation::{Applied, EndCode, Operation, OperationId, State, Version, Work};
use domain::problem::AppProblem;
use futures::FutureExt as _;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// An operation as it is right after it was recorded.
fn accepted(id: OperationId, new: NewOperation, intent: &NewAudit) -> Operation {
    let NewOperation { user_id, app, why, work } = new;
    let (by, state, begun) = (intent.actor.clone(), State::Accepted, intent.at);
    Operation { id, app, user_id, by, why, work, state, undo: false, begun, moved: begun, progress: Vec::new(), applied: None, verdict: None }
}

/// Whether a change can have been made in part.
const fn has_several_calls(work: &Work) -> bool {
    match work {
        Work::Create { .. } | Work::Delete { .. } => true,
        Work::Restart { .. } | Work::Scale { .. } | Work::Pause { .. } | Work::RollBack { .. } => false,
    }
}

/// How the calls of a change ended that was not cut.
enum Over {
    Made(Version),
    Not(EndCode),
}

impl Operations {
    /// Writes down an operation, makes its calls, and writes how those ended; the answer comes then. A change that cannot be recorded
    /// is not made, and one that has begun goes on to its end, also where nobody waits for the answer any more.
    ///
    /// The caller has taken the person's pace ([`Pace::count`](crate::pace::Pace::count)) before its own first call.
    ///
    /// # Errors
    /// Those of the change, or of the store.
    pub(crate) async fn run<T, F>(
        self: &Arc<Self>,
        actor: &Actor,
        act: Act,
        app: AppId,
        work: Work,
        change: impl FnOnce(OperationId) -> F + Send + 'static,
    ) -> Outcome<Changed<T>>
    where
        T: Send + 'static,
        F: Future<Output = Calls<T>> + Send + 'static,
    {
        let user_id = actor.user.id;
        let intent = Entry::new(actor.user.name.as_str(), &actor.origin, act, Target::App(app.clone()), AuditOutcome::Intent);
        let this = Arc::clone(self);
        to_its_end(&self.tasks, async move {
            let entry = intent.clone().at(this.clock.now());
            let new = NewOperation { user_id, app, why: None, work };
            let begun = this.storage.noted(this.rows.begin_operation(&entry, &new).await);
            let id = begun.map_err(|error| not_made(error.into()))?;
            let mut operation = accepted(id, new, &entry);
            this.record.tell(&operation);
            // A creation checks all of its objects before it makes the first one.
            let state = if matches!(operation.work, Work::Create { .. }) { State::Checking } else { State::Applying };
            this.record.enter(&mut operation, state);
            if state == State::Applying {
                this.waits.overtake(&operation.app, id);
            }
            let calls = AssertUnwindSafe(async move { change(id).await }).catch_unwind().await;
            let answer = this.over(operation, intent, entry, calls).await?;
            Ok(Changed { operation: id, answer })
        })
        .await
    }

    /// Writes how the calls of an operation ended.
    async fn over<T>(self: &Arc<Self>, operation: Operation, intent: Entry, entry: NewAudit, calls: std::thread::Result<Calls<T>>) -> Outcome<T> {
        let (result, over) = match calls {
            Ok(Calls::Cut(outcome)) => {
                let why = match &outcome {
                    Ok(_) => Why::Done,
                    Err(Failure::Unanswered(..)) => Why::Unanswered,
                    Err(error) => Why::Refused(why_failed(error)),
                };
                self.settle_soon(operation, entry, why).await;
                return outcome;
            }
            Err(fault) if has_several_calls(&operation.work) => {
                self.settle_soon(operation, entry, Why::Unanswered).await;
                resume_unwind(fault)
            }
            Ok(Calls::Made(answer, version)) => (Ok(Ok(answer)), Over::Made(version)),
            Ok(Calls::Failed(failure)) => {
                let code = failure.end_code();
                (Ok(Err(failure)), Over::Not(code))
            }
            Err(fault) => (Err(fault), Over::Not(EndCode::NoAnswer)),
        };
        let end = ended(&result, intent.ending(Some(operation.id.0))).at(self.clock.now());
        self.write_over(operation, end, over).await;
        result.unwrap_or_else(|fault| resume_unwind(fault))
    }

    async fn write_over(&self, mut operation: Operation, end: NewAudit, over: Over) {
        let written = match over {
            Over::Made(version) => self.made(&mut operation, version, end.clone()).await,
            Over::Not(code) => self.record.end(&mut operation, Ended { end: Some(end.clone()), ..self.record.verdict(code) }).await,
        };
        if written.is_err() {
            // The entry waits in memory until the store takes it, and ends the operation by its outcome.
            operation.state = State::of_outcome(end.outcome);
            self.audit.record_end_as(end).await;
            self.record.tell(&operation);
        }
    }

    /// All calls of an operation are made and have left the workload so: it goes on to waiting, where there is something to wait for.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn made(&self, operation: &mut Operation, version: Version, end: NewAudit) -> StoreResult<()> {
        let at_once = match operation.work {
            Work::Pause { .. } => Some(EndCode::Complete),
            Work::Create { .. } | Work::Delete { .. } | Work::Restart { .. } | Work::Scale { .. } | Work::RollBack { .. } => {
                (!self.waits.has_room()).then_some(EndCode::StillWaiting)
            }
        };
        if let Some(code) = at_once {
            return self.record.end(operation, Ended { end: Some(end), ..self.record.verdict(code) }).await;
        }
        let applied = Applied { version, at: self.clock.steady() };
        self.record.wait(operation, &applied, end).await?;
        self.waits.begin(operation.clone(), &applied).await;
        Ok(())
    }

    /// Settles a change that was just cut; what takes longer goes on by itself.
    async fn settle_soon(self: &Arc<Self>, operation: Operation, intent: NewAudit, why: Why) {
        let (id, now) = (operation.id, self.clock.steady());
        let case = Case { operation, intent, why, since: now, removed: Vec::new(), wait_ms: WAITS_MS.0, next: now };
        self.state().cases.insert(id, case);
        self.settle_within(SOON, move |case| case.operation.id == id).await;
    }

    /// Settles what an earlier change of this app may have left, so that it can be created again, or waits for whoever
    /// is settling it.
    ///
    /// # Errors
    /// `Conflict` where that takes too long.
    pub(crate) async fn settle_earlier(self: &Arc<Self>, app: &AppId) -> Outcome<()> {
        let earlier = self.state().earlier;
        if let Some(earlier) = earlier
            && let Err(error) = self.look_back(earlier).await
        {
            tracing::warn!(%error, "what an earlier run of the portal has left cannot be looked at yet");
        }
        let (until, of) = (Instant::now() + SOON, app.clone());
        self.settle_within(SOON, move |case| case.operation.app == of).await;
        let mut settling = self.settling.subscribe();
        let none = settling.wait_for(|all| all.values().all(|other| other != app));
        let is_settled = timeout_at(until, none).await.is_ok();
        if is_settled { Ok(()) } else { Err(Failure::told(AppProblem::EarlierChangeUnfinished)) }
    }

    async fn settle_within(self: &Arc<Self>, time: Duration, wanted: impl Fn(&Case) -> bool + Send + 'static) {
        let this = Arc::clone(self);
        // It goes on where nobody waits for it any more.
        let settling = self.tasks.spawn(async move { this.settle_those(wanted).await });
        let _in_the_background = timeout(time, settling).await;
    }
}
