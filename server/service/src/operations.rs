//! Changes of several calls. Each is written down before its first call, so that one that was cut off in the middle, by a kill
//! or because the cluster did not answer, is finished or undone afterwards, is recorded, and is told to who started it.

mod job;
mod settle;
mod state;

pub(crate) use job::SettleOperations;

use crate::access::{Actor, Authorizer};
use crate::audit::{Audit, Entry, ended, not_made, why_failed};
use crate::error::{Failure, Outcome};
use crate::ports::{self, Clock, NewAudit, NewOperation, Recovery, StoreError, StoreResult};
use crate::storage::Storage;
use crate::tasks::to_its_end;
use domain::audit::{Act, AuditOutcome, Target};
use domain::operation::{Notice, Operation, OperationId, Piece, State as Stage, Work};
use domain::problem::AppProblem;
use domain::spec::AppSpec;
use domain::{AppId, UnixMs};
use futures::FutureExt as _;
use state::{Case, State, WAITS_MS, Why};
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::TaskTracker;

/// An API server gives a request up after this long (`--request-timeout`): what was sent before a cut can be done that late.
const LATE_MS: i64 = 60_000;
/// Nothing is looked for as late that began longer ago than this: all calls of a creation, and [`LATE_MS`] after the last one,
/// are over by far.
const RECENT_MS: i64 = 10 * 60_000;
/// Who has started a change waits no longer for its settling.
const SOON: Duration = Duration::from_secs(5);
/// What was not seen by its person for this long is forgotten.
const KEPT_MS: i64 = 14 * 86_400_000;

/// What became of the calls of a change.
pub(crate) enum Calls<T> {
    /// All of them ended, or none of them was made.
    Ended(Outcome<T>),
    /// Some may have been made and others not.
    Cut(Outcome<T>),
}

/// An operation as it is right after it was recorded.
fn accepted(id: OperationId, new: NewOperation, intent: &NewAudit) -> Operation {
    let NewOperation { user_id, app, why, work } = new;
    let (by, state, begun) = (intent.actor.clone(), Stage::Accepted, intent.at);
    Operation { id, app, user_id, by, why, work, state, undo: false, begun, moved: begun, progress: Vec::new(), verdict: None }
}

/// The objects of a new app.
pub(crate) fn pieces(spec: &AppSpec) -> Vec<Piece> {
    let service = spec.service.map(|_| Piece::Service);
    let ingress = spec.ingress.as_ref().map(|_| Piece::Ingress);
    service.into_iter().chain(ingress).chain([Piece::Deployment]).collect()
}

/// Changes of several calls, and those of them that were cut.
pub struct Operations {
    rows: Arc<dyn ports::Operations>,
    recovery: Arc<dyn Recovery>,
    storage: Arc<Storage>,
    audit: Arc<Audit>,
    access: Arc<Authorizer>,
    tasks: TaskTracker,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// The cases that somebody is settling, and their apps. They are not among those of the state meanwhile.
    settling: watch::Sender<BTreeMap<OperationId, AppId>>,
}

/// A case that is being settled, for as long as this lives.
struct Settling<'a> {
    of: &'a Operations,
    id: OperationId,
}

impl Drop for Settling<'_> {
    fn drop(&mut self) {
        self.of.settling.send_modify(|all| drop(all.remove(&self.id)));
    }
}

impl Operations {
    /// Of a portal that starts now.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn new(
        rows: Arc<dyn ports::Operations>,
        recovery: Arc<dyn Recovery>,
        storage: Arc<Storage>,
        audit: Arc<Audit>,
        access: Arc<Authorizer>,
        tasks: TaskTracker,
        clock: Arc<dyn Clock>,
    ) -> StoreResult<Self> {
        let state = Mutex::new(State::new(clock.steady(), audit.newest().await?));
        Ok(Self { rows, recovery, storage, audit, access, tasks, clock, state, settling: watch::Sender::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a case to settle it; whoever has it, has it alone.
    fn take(&self, id: OperationId) -> Option<(Case, Settling<'_>)> {
        let mut state = self.state();
        let case = state.cases.remove(&id)?;
        // While the state is locked, so that whoever looks for the case finds it in one of both.
        self.settling.send_modify(|all| drop(all.insert(id, case.operation.app.clone())));
        Some((case, Settling { of: self, id }))
    }

    /// As [`Audit::audited`](crate::audit::Audit::audited), for a change of several calls. The caller has taken the person's pace ([`Pace::count`](crate::pace::Pace::count))
    /// before its own first call.
    ///
    /// # Errors
    /// Those of the change, or of the store.
    pub(crate) async fn operated<T: Send + 'static>(
        self: &Arc<Self>,
        actor: &Actor,
        act: Act,
        app: AppId,
        work: Work,
        change: impl Future<Output = Calls<T>> + Send + 'static,
    ) -> Outcome<T> {
        let user_id = actor.user.id;
        let intent = Entry::new(actor.user.name.as_str(), &actor.origin, act, Target::App(app.clone()), AuditOutcome::Intent);
        let this = Arc::clone(self);
        to_its_end(&self.tasks, async move {
            let entry = intent.clone().at(this.clock.now());
            let new = NewOperation { user_id, app, why: None, work };
            let begun = this.storage.noted(this.rows.begin_operation(&entry, &new).await);
            let id = begun.map_err(|error| not_made(error.into()))?;
            let (result, is_cut) = match AssertUnwindSafe(change).catch_unwind().await {
                Ok(Calls::Ended(outcome)) => (Ok(outcome), false),
                Ok(Calls::Cut(outcome)) => (Ok(outcome), true),
                Err(fault) => (Err(fault), true),
            };
            if is_cut {
                let why = match &result {
                    Ok(Ok(_)) => Why::Done,
                    Ok(Err(Failure::Unanswered(..))) | Err(_) => Why::Unanswered,
                    Ok(Err(error)) => Why::Refused(why_failed(error)),
                };
                this.settle_soon(accepted(id, new, &entry), entry, why).await;
            } else {
                this.audit.record_end(ended(&result, intent.ending(Some(id.0)))).await;
            }
            result.unwrap_or_else(|fault| resume_unwind(fault))
        })
        .await
    }

    /// Settles a change that was just cut; what takes longer goes on by itself.
    async fn settle_soon(self: &Arc<Self>, operation: Operation, intent: NewAudit, why: Why) {
        let (id, now) = (operation.id, self.clock.steady());
        let case = Case { operation, intent, why, since: now, removed: Vec::new(), wait_ms: WAITS_MS.0, next: now };
        self.state().cases.insert(id, case);
        self.settle_within(SOON, move |case| case.operation.id == id).await;
    }

    /// Settles what an earlier creation of this app may have left, so that it can be created again, or waits for whoever
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

    /// What is to be told to this person of changes that were interrupted.
    #[must_use]
    pub fn notices(&self, actor: Option<&Actor>) -> Vec<Notice> {
        let Some(actor) = actor else { return Vec::new() };
        let all: Vec<Notice> = self.state().notices.get(&actor.user.id).into_iter().flatten().map(|(_, notice)| notice.clone()).collect();
        // Who was taken off a team hears of its apps no more.
        all.into_iter().filter(|notice| self.access.role_now(actor, &notice.told.app.namespace).is_some()).collect()
    }

    /// The person has seen a notice; one that is not there any more is no failure.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn dismiss(&self, actor: &Actor, id: OperationId) -> Outcome<()> {
        match self.storage.noted(self.rows.dismiss_operation(actor.user.id, id).await) {
            Ok(()) | Err(StoreError::Missing) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(all) = self.state().notices.get_mut(&actor.user.id) {
            all.retain(|(_, notice)| notice.id != id);
        }
        Ok(())
    }

    /// Forgets what its person has not seen for long.
    pub(crate) async fn prune_notices(&self, now: UnixMs) {
        let oldest = now.plus(-KEPT_MS);
        if let Err(error) = self.rows.prune_operations(oldest).await {
            tracing::warn!(%error, "old notices of interrupted changes could not be pruned");
            return;
        }
        self.state().notices.retain(|_, all| {
            all.retain(|(begun, _)| *begun >= oldest);
            !all.is_empty()
        });
    }
}

#[cfg(test)]
mod tests;
