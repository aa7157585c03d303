//! Changes of several calls. Each is written down before its first call, so that one that was cut off in the middle, by a kill
//! or because the cluster did not answer, is finished or undone afterwards, is recorded, and is told to who started it.

mod job;

pub(crate) use job::SettleOperations;

use crate::access::Actor;
use crate::audit::{Entry, ended, not_made, why_failed};
use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use crate::ports::{ClusterError, Fate, NewAudit, Operation, Steady, StoreError};
use crate::tasks::to_its_end;
use domain::audit::{Act, AuditOutcome, Target};
use domain::english;
use domain::operation::{Ending, Interruption, Notice, Piece, Touched, Work};
use domain::problem::AppProblem;
use domain::spec::AppSpec;
use domain::{AppId, UnixMs};
use futures::FutureExt as _;
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

/// An API server gives a request up after this long (`--request-timeout`): what was sent before a cut can be done that late.
const LATE_MS: i64 = 60_000;
/// Nothing is looked for as late that began longer ago than this: all calls of a creation, and [`LATE_MS`] after the last one,
/// are over by far.
const RECENT_MS: i64 = 10 * 60_000;
/// Who has started a change waits no longer for its settling.
const SOON: Duration = Duration::from_secs(5);
/// Waits after a try that failed, from the first one to the longest.
const WAITS_MS: (i64, i64) = (2_000, 300_000);
/// Most notices that one person gets; the oldest go first.
const MAX_NOTICES: usize = 20;
/// What was not seen by its person for this long is forgotten.
const KEPT_MS: i64 = 14 * 86_400_000;
/// What is told where an earlier change of the same app is not settled in time.
/// What is recorded of a change of one call whose end the portal did not live to see.
const NOT_SEEN: &str = "The portal stopped before this finished. It may have been done.";

/// What became of the calls of a change.
pub(crate) enum Calls<T> {
    /// All of them ended, or none of them was made.
    Ended(Outcome<T>),
    /// Some may have been made and others not.
    Cut(Outcome<T>),
}

/// Why a change has to be settled.
enum Why {
    /// It was found at the start.
    Killed,
    /// A call got no answer, so nobody knows whether it was carried out.
    Unanswered,
    /// A call was refused, for this reason. All others had their answers.
    Refused(String),
    /// All was done but for the marks.
    Done,
}

/// A change that has to be settled.
struct Case {
    operation: Operation,
    why: Why,
    /// No call was made from here on.
    since: Steady,
    removed: Vec<Piece>,
    wait_ms: i64,
    next: Steady,
}

/// What is known of changes that were cut.
#[derive(Default)]
pub(crate) struct Operations {
    state: Mutex<State>,
    /// The cases that somebody is settling, and their apps. They are not among those of the state meanwhile.
    settling: watch::Sender<BTreeMap<i64, AppId>>,
}

/// A case that is being settled, for as long as this lives.
struct Settling<'a> {
    of: &'a Operations,
    id: i64,
}

impl Drop for Settling<'_> {
    fn drop(&mut self) {
        self.of.settling.send_modify(|all| drop(all.remove(&self.id)));
    }
}

/// What earlier runs of the portal have left.
#[derive(Clone, Copy)]
struct Earlier {
    /// When this run began.
    start: Steady,
    /// The newest audit entry of an earlier run.
    newest: i64,
    /// It is looked at no sooner.
    next: Steady,
    /// Wait after the next try that fails.
    wait_ms: i64,
}

#[derive(Default)]
struct State {
    /// What earlier runs have left, until that was looked at.
    earlier: Option<Earlier>,
    cases: BTreeMap<i64, Case>,
    /// Creations that were undone and are looked for once more, because a call can have been made late.
    late: Vec<(Operation, Steady)>,
    /// By person, each with when its change began.
    notices: BTreeMap<i64, Vec<(UnixMs, Notice)>>,
}

impl Operations {
    /// Of a portal that starts now, with this newest entry of the audit table.
    pub(crate) fn new(start: Steady, newest: i64) -> Self {
        let earlier = Some(Earlier { start, newest, next: start, wait_ms: WAITS_MS.0 });
        Self { state: Mutex::new(State { earlier, ..State::default() }), settling: watch::Sender::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a case to settle it; whoever has it, has it alone.
    fn take(&self, id: i64) -> Option<(Case, Settling<'_>)> {
        let mut state = self.state();
        let case = state.cases.remove(&id)?;
        // While the state is locked, so that whoever looks for the case finds it in one of both.
        self.settling.send_modify(|all| drop(all.insert(id, case.operation.work.app().clone())));
        Some((case, Settling { of: self, id }))
    }
}

impl State {
    fn notice(&mut self, of: &Operation, told: Interruption) {
        let all = self.notices.entry(of.user_id).or_default();
        all.push((of.intent.at, Notice { id: of.id, told }));
        let over = all.len().saturating_sub(MAX_NOTICES);
        all.drain(..over);
    }

    /// Puts off what earlier runs have left, unless somebody else has looked at it meanwhile.
    fn put_off_earlier(&mut self, now: Steady) {
        if let Some(earlier) = &mut self.earlier {
            earlier.next = now.plus(earlier.wait_ms);
            earlier.wait_ms = (earlier.wait_ms * 2).min(WAITS_MS.1);
        }
    }

    fn take_late(&mut self, now: Steady) -> Option<Operation> {
        let at = self.late.iter().position(|(_, due)| *due <= now)?;
        Some(self.late.swap_remove(at).0)
    }
}

/// Why an operation could not be settled yet; it is tried again.
#[derive(Debug, thiserror::Error)]
enum NotYet {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is too early to tell.
    #[error("not known before {0:?}")]
    Until(Steady),
}

/// The objects of a new app.
pub(crate) fn pieces(spec: &AppSpec) -> Vec<Piece> {
    let service = spec.service.map(|_| Piece::Service);
    let ingress = spec.ingress.as_ref().map(|_| Piece::Ingress);
    service.into_iter().chain(ingress).chain([Piece::Deployment]).collect()
}

impl Portal {
    /// A mark that no other creation has: the time, by which other portals see how old it is, and two parts, of which the
    /// second is on the deployment alone.
    pub(crate) fn new_mark(&self) -> String {
        let mut bytes = [0; 32];
        self.rng().fill(&mut bytes);
        let (all, own) = bytes.split_at(16);
        format!("{}-{}-{}", self.now().0, hex::encode(all), hex::encode(own))
    }

    /// As [`Audit::audited`](crate::audit::Audit::audited), for a change of several calls. The caller has taken the person's pace ([`Pace::count`](crate::pace::Pace::count))
    /// before its own first call.
    ///
    /// # Errors
    /// Those of the change, or of the store.
    pub(crate) async fn operated<T, F>(&self, actor: &Actor, act: Act, target: Target, work: Work, change: impl FnOnce(Self) -> F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Future<Output = Calls<T>> + Send + 'static,
    {
        let user_id = actor.user.id;
        let intent = Entry::new(actor.user.name.as_str(), &actor.origin, act, target, AuditOutcome::Intent);
        let (portal, change) = (self.clone(), change(self.clone()));
        to_its_end(&self.tasks, async move {
            let entry = intent.clone().at(portal.now());
            let begun = portal.storage.noted(portal.store().begin_operation(&entry, user_id, &work).await);
            let id = begun.map_err(|error| not_made(error.into()))?;
            let operation = Operation { id, user_id, work, undo: false, told: None, intent: entry };
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
                portal.settle_soon(operation, why).await;
            } else {
                portal.audit.record_end(ended(&result, intent.ending(Some(id)))).await;
            }
            result.unwrap_or_else(|fault| resume_unwind(fault))
        })
        .await
    }

    /// Settles a change that was just cut; what takes longer goes on by itself.
    async fn settle_soon(&self, operation: Operation, why: Why) {
        let (id, now) = (operation.id, self.steady());
        self.operations().state().cases.insert(id, Case { operation, why, since: now, removed: Vec::new(), wait_ms: WAITS_MS.0, next: now });
        self.settle_within(SOON, move |case| case.operation.id == id).await;
    }

    /// Settles what an earlier creation of this app may have left, so that it can be created again, or waits for whoever
    /// is settling it.
    ///
    /// # Errors
    /// `Conflict` where that takes too long.
    pub(crate) async fn settle_earlier(&self, app: &AppId) -> Outcome<()> {
        let earlier = self.operations().state().earlier;
        if let Some(earlier) = earlier
            && let Err(error) = self.look_back(earlier).await
        {
            tracing::warn!(%error, "what an earlier run of the portal has left cannot be looked at yet");
        }
        let (until, of) = (Instant::now() + SOON, app.clone());
        self.settle_within(SOON, move |case| *case.operation.work.app() == of).await;
        let mut settling = self.operations().settling.subscribe();
        let none = settling.wait_for(|all| all.values().all(|other| other != app));
        let is_settled = timeout_at(until, none).await.is_ok();
        if is_settled { Ok(()) } else { Err(Failure::told(AppProblem::EarlierChangeUnfinished)) }
    }

    async fn settle_within(&self, time: Duration, wanted: impl Fn(&Case) -> bool + Send + 'static) {
        let portal = self.clone();
        // It goes on where nobody waits for it any more.
        let settling = self.tasks.spawn(async move { portal.settle_those(wanted).await });
        let _in_the_background = timeout(time, settling).await;
    }

    /// Settles all that is due.
    pub(crate) async fn settle_all(&self) {
        let earlier = self.operations().state().earlier.filter(|earlier| earlier.next <= self.steady());
        if let Some(earlier) = earlier
            && let Err(error) = self.look_back(earlier).await
        {
            tracing::warn!(%error, "what an earlier run of the portal has left cannot be looked at yet");
            let now = self.steady();
            self.operations().state().put_off_earlier(now);
        }
        let now = self.steady();
        self.settle_those(|case| case.next <= now).await;
        while let Some(operation) = { self.operations().state().take_late(now) } {
            if !self.is_recent(operation.intent.at) {
                tracing::info!(app = %operation.work.app(), "a creation that was undone is too old for anything of it to come late");
                continue;
            }
            if let Err(error) = self.look_again(&operation).await {
                tracing::warn!(%error, app = %operation.work.app(), "it is not known yet whether anything of a creation that was undone came late");
                self.operations().state().late.push((operation, now.plus(WAITS_MS.1)));
            }
        }
    }

    /// Reads what earlier runs have left, and ends the intents that nobody will end any more.
    async fn look_back(&self, Earlier { start, newest, .. }: Earlier) -> Result<(), StoreError> {
        let all = self.store().operations().await?;
        let open = self.storage.noted(self.store().end_intents(newest, self.now(), NOT_SEEN).await)?;
        if open > 0 {
            tracing::warn!(open, "changes were under way when the portal was stopped; the audit table has them as unknown");
        }
        let mut state = self.operations().state();
        if state.earlier.take().is_none() {
            // Somebody else was quicker.
            return Ok(());
        }
        for operation in all.into_iter().filter(|operation| operation.id <= newest) {
            if operation.undo && operation.told.is_some() {
                state.late.push((operation.clone(), start.plus(LATE_MS)));
            }
            match operation.told.clone() {
                Some(told) => state.notice(&operation, told),
                None => {
                    let case = Case { why: Why::Killed, since: start, removed: Vec::new(), wait_ms: WAITS_MS.0, next: start, operation };
                    state.cases.insert(case.operation.id, case);
                }
            }
        }
        Ok(())
    }

    /// Tries once to settle each of the cases that are wanted.
    async fn settle_those(&self, wanted: impl Fn(&Case) -> bool) {
        let ids: Vec<i64> = self.operations().state().cases.iter().filter(|(_, case)| wanted(case)).map(|(id, _)| *id).collect();
        for id in ids {
            let Some((mut case, _settling)) = self.operations().take(id) else { continue };
            let app = case.operation.work.app().clone();
            match self.settle(&mut case).await {
                Ok(ending) => {
                    tracing::info!(%app, ?ending, "a change that was cut is settled");
                    continue;
                }
                Err(NotYet::Until(next)) => case.next = next,
                Err(error) => {
                    tracing::warn!(%error, %app, "a change that was cut cannot be settled yet");
                    case.next = self.steady().plus(case.wait_ms);
                    case.wait_ms = (case.wait_ms * 2).min(WAITS_MS.1);
                }
            }
            self.operations().state().cases.insert(id, case);
        }
    }

    async fn settle(&self, case: &mut Case) -> Result<Ending, NotYet> {
        let ending = match case.operation.work.clone() {
            Work::Create { app, mark, pieces } => {
                if !case.operation.undo {
                    if self.cluster().finish_creation(&app, &mark, &pieces).await? {
                        return self.end(case, Ending::Created).await;
                    }
                    // Before anything goes: whatever is found from now on, it is not whole any more.
                    self.storage.noted(self.store().undo_operation(case.operation.id).await)?;
                    case.operation.undo = true;
                }
                let left = self.undo(&app, &mark, &pieces, &mut case.removed).await?;
                Ending::Undone { removed: case.removed.clone(), left }
            }
            Work::Delete { app, uid, pieces } => {
                let late = case.since.plus(LATE_MS);
                if self.cluster().finish_deletion(&app, &uid, &pieces).await? {
                    Ending::Deleted
                } else if self.steady() < late {
                    return Err(NotYet::Until(late));
                } else {
                    Ending::NotDeleted
                }
            }
        };
        self.end(case, ending).await
    }

    async fn undo(&self, app: &AppId, mark: &str, pieces: &[Piece], removed: &mut Vec<Piece>) -> Result<Vec<Touched>, ClusterError> {
        let mut left = Vec::new();
        // The last one first, so that no pod loses its service.
        for piece in pieces.iter().rev() {
            let fate = self.cluster().undo_creation(app, mark, *piece, removed).await?;
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
    async fn end(&self, case: &Case, ending: Ending) -> Result<Ending, NotYet> {
        let Operation { id, work, intent, .. } = &case.operation;
        let outcome = if ending.done() { AuditOutcome::Done } else { AuditOutcome::Failed };
        let detail = match &case.why {
            Why::Refused(reason) if !ending.done() => reason.clone(),
            Why::Done if ending.done() => String::new(),
            Why::Killed | Why::Unanswered | Why::Refused(_) | Why::Done => english::operation::detail(&ending),
        };
        let end = NewAudit { at: self.now(), outcome, detail, intent: Some(*id), ..intent.clone() };
        if let Why::Refused(_) | Why::Done = case.why {
            // All calls had their answers, and the person as well.
            self.storage.noted(self.store().audit(&end).await)?;
            return Ok(ending);
        }
        let told = Interruption { app: work.app().clone(), ending: ending.clone() };
        self.storage.noted(self.store().settle_operation(&end, &told).await)?;
        let mut state = self.operations().state();
        state.notice(&case.operation, told);
        if case.operation.undo {
            state.late.push((case.operation.clone(), case.since.plus(LATE_MS)));
        }
        Ok(ending)
    }

    /// Whether something may still come late of what was begun then. By both clocks: where one of them was set meanwhile
    /// nobody knows, and nothing is removed.
    fn is_recent(&self, begun: UnixMs) -> bool {
        [self.now(), self.steady().date()].iter().all(|now| now.since(begun).abs() < RECENT_MS)
    }

    /// Whether a call of a creation that was undone has been made late. What it made goes as well.
    async fn look_again(&self, operation: &Operation) -> Result<(), ClusterError> {
        let Work::Create { app, mark, pieces } = &operation.work else { return Ok(()) };
        let mut removed = Vec::new();
        let undone = self.undo(app, mark, pieces, &mut removed).await;
        if !removed.is_empty() {
            tracing::warn!(%app, ?removed, "what was created late is removed");
            let detail = english::operation::detail(&Ending::Undone { removed, left: Vec::new() });
            self.audit.record_end_as(NewAudit { at: self.now(), outcome: AuditOutcome::Failed, detail, intent: None, ..operation.intent.clone() }).await;
        }
        undone.map(drop)
    }

    /// What is to be told to this person of changes that were interrupted.
    #[must_use]
    pub fn notices(&self, actor: Option<&Actor>) -> Vec<Notice> {
        let Some(actor) = actor else { return Vec::new() };
        let all: Vec<Notice> = self.operations().state().notices.get(&actor.user.id).into_iter().flatten().map(|(_, notice)| notice.clone()).collect();
        // Who was taken off a team hears of its apps no more.
        all.into_iter().filter(|notice| self.access.role_now(actor, &notice.told.app.namespace).is_some()).collect()
    }

    /// The person has seen a notice; one that is not there any more is no failure.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn dismiss_notice(&self, actor: &Actor, id: i64) -> Outcome<()> {
        match self.storage.noted(self.store().dismiss_operation(actor.user.id, id).await) {
            Ok(()) | Err(StoreError::Missing) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(all) = self.operations().state().notices.get_mut(&actor.user.id) {
            all.retain(|(_, notice)| notice.id != id);
        }
        Ok(())
    }

    /// Forgets what its person has not seen for long.
    pub(crate) async fn prune_notices(&self, now: UnixMs) {
        let oldest = now.plus(-KEPT_MS);
        if let Err(error) = self.store().prune_operations(oldest).await {
            tracing::warn!(%error, "old notices of interrupted changes could not be pruned");
            return;
        }
        self.operations().state().notices.retain(|_, all| {
            all.retain(|(begun, _)| *begun >= oldest);
            !all.is_empty()
        });
    }
}

#[cfg(test)]
mod tests;
