//! Changes of apps. Each is written down before its first call, so that one that was cut off in the middle, by a kill or because
//! the cluster did not answer, is finished, undone or found afterwards, and is recorded; of creations and deletions who started them
//! is told. Once its calls have succeeded it is waited for what comes of it.

mod feed;
mod job;
mod read;
mod record;
mod resume;
mod run;
mod settle;
mod snapshot;
mod state;
mod waits;

pub use feed::Feed;
pub(crate) use job::{SettleOperations, WaitForApps};
pub use read::Following;
pub(crate) use snapshot::version;

use crate::access::{Actor, Authorizer};
use crate::audit::Audit;
use crate::error::{Failure, Outcome};
use crate::index::Index;
use crate::ports::{self, Clock, Recovery, StoreError, StoreResult};
use crate::storage::Storage;
use domain::operation::recovery::{LATE_MS, RECENT_MS};
use domain::operation::{Notice, OperationId, Piece, Version};
use domain::spec::AppSpec;
use domain::{AppId, UnixMs};
use record::Record;
use state::{Case, State};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use waits::Waits;

/// Who has started a change waits no longer for its settling.
const SOON: Duration = Duration::from_secs(5);
/// What was not seen by its person for this long is forgotten.
const KEPT_MS: i64 = 14 * 86_400_000;

/// What became of the calls of a change.
pub(crate) enum Calls<T> {
    /// All of them were made, and have left the workload so.
    Made(T, Version),
    /// None was made, or the only one failed or got no answer.
    Failed(Failure),
    /// Some may have been made and others not.
    Cut(Outcome<T>),
}

/// A change whose calls are made. What comes of it is told of its operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<T = ()> {
    /// The operation that it is.
    pub operation: OperationId,
    /// What there is to say of it already.
    pub answer: T,
}

/// The objects of a new app.
pub(crate) fn pieces(spec: &AppSpec) -> Vec<Piece> {
    let service = spec.service.map(|_| Piece::Service);
    let ingress = spec.ingress.as_ref().map(|_| Piece::Ingress);
    service.into_iter().chain(ingress).chain([Piece::Deployment]).collect()
}

/// Changes of apps: those under way, those that were cut and those that are waited for.
pub struct Operations {
    rows: Arc<dyn ports::Operations>,
    feed: Arc<Feed>,
    record: Arc<Record>,
    waits: Arc<Waits>,
    index: Arc<Index>,
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

/// What changes of apps stand on.
pub(crate) struct Needs {
    pub(crate) rows: Arc<dyn ports::Operations>,
    pub(crate) recovery: Arc<dyn Recovery>,
    pub(crate) index: Arc<Index>,
    pub(crate) storage: Arc<Storage>,
    pub(crate) audit: Arc<Audit>,
    pub(crate) access: Arc<Authorizer>,
    pub(crate) tasks: TaskTracker,
    pub(crate) clock: Arc<dyn Clock>,
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
    pub(crate) async fn new(needs: Needs) -> StoreResult<Self> {
        let Needs { rows, recovery, index, storage, audit, access, tasks, clock } = needs;
        let state = Mutex::new(State::new(clock.steady(), audit.newest().await?));
        let feed = Arc::new(Feed::default());
        let record = Arc::new(Record { rows: rows.clone(), storage: storage.clone(), feed: feed.clone(), clock: clock.clone() });
        let waits = Arc::new(Waits::new(record.clone(), index.clone(), clock.clone()));
        let settling = watch::Sender::default();
        Ok(Self { rows, feed, record, waits, index, recovery, storage, audit, access, tasks, clock, state, settling })
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
            all.retain(|(ended, _)| *ended >= oldest);
            !all.is_empty()
        });
    }
}

#[cfg(test)]
mod tests;
