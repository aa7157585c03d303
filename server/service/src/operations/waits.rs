//! Waits for what comes of changes whose calls have succeeded. Nobody's answer waits for it, and neither does the end of the process:
//! the next start goes on from the rows.

use super::record::Record;
use super::snapshot::{Snapshot, newest};
use crate::index::Index;
use crate::ports::{Clock, Steady, StoreError, World};
use domain::facts::AppFacts;
use domain::operation::wait::{Looked, Sight, Wait};
use domain::operation::{Applied, End, Operation, OperationId, ProgressCode};
use domain::{AppId, UnixMs};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Most operations that are waited for; any beyond end as still under way.
const MOST: usize = 1_000;
/// Longest time without a look: the index has no signal for what is due by the clock alone.
const LOOK: Duration = Duration::from_secs(60);
/// A verdict that the store did not take is written again so much later.
const AGAIN: Duration = Duration::from_secs(2);

/// An operation that is waited for.
struct Waiting {
    operation: Operation,
    wait: Wait,
    /// The app as it was looked at last.
    facts: Option<Arc<AppFacts>>,
    /// A newer change of the app has begun.
    newer: Option<OperationId>,
    /// The verdict, until it is written.
    verdict: Option<End>,
}

/// What has come of one look.
struct News {
    operation: Operation,
    progress: Option<ProgressCode>,
    verdict: Option<End>,
}

/// When it is looked.
#[derive(Clone, Copy)]
struct Moment {
    /// The time of day, for dates of the cluster.
    date: UnixMs,
    /// The time that waits go by.
    steady: Steady,
}

impl Moment {
    fn of(clock: &dyn Clock) -> Self {
        Self { date: clock.now(), steady: clock.steady() }
    }
}

impl Waiting {
    fn new(operation: Operation, applied: &Applied, now: Steady) -> Self {
        let wait = Wait::new(&operation, applied, now);
        Self { operation, wait, facts: None, newer: None, verdict: None }
    }

    /// Looks at the app, where anything about it is new.
    fn look(&mut self, world: &World, now: Moment) -> Option<News> {
        if self.verdict.is_none() {
            let Looked { progress, end } = self.look_at(newest(world, &self.operation.app), now)?;
            self.verdict = end;
            if progress.is_none() && self.verdict.is_none() {
                return None;
            }
            return Some(News { operation: self.operation.clone(), progress, verdict: self.verdict.clone() });
        }
        Some(News { operation: self.operation.clone(), progress: None, verdict: self.verdict.clone() })
    }

    fn look_at(&mut self, snapshot: Snapshot, now: Moment) -> Option<Looked> {
        let is_due = self.newer.is_some() || now.steady >= self.wait.due();
        let sight = match snapshot {
            Snapshot::Unread => Sight::NotKnown,
            Snapshot::Gone => Sight::of(None, now.date),
            Snapshot::There(facts) if !is_due && self.facts.as_ref().is_some_and(|last| Arc::ptr_eq(last, &facts)) => return None,
            Snapshot::There(facts) => {
                let sight = Sight::of(Some(&facts), now.date);
                self.facts = Some(facts);
                sight
            }
        };
        Some(self.wait.look(&sight, self.newer, now.steady))
    }
}

/// All operations that are waited for.
pub(super) struct Waits {
    record: Arc<Record>,
    index: Arc<Index>,
    clock: Arc<dyn Clock>,
    all: Mutex<BTreeMap<OperationId, Waiting>>,
    /// There is something new to look at.
    came: Arc<Notify>,
}

impl Waits {
    pub(super) fn new(record: Arc<Record>, index: Arc<Index>, clock: Arc<dyn Clock>) -> Self {
        Self { record, index, clock, all: Mutex::default(), came: Arc::default() }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<OperationId, Waiting>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A signal that something has come to look at.
    pub(super) fn came(&self) -> Arc<Notify> {
        self.came.clone()
    }

    /// Whether one more can be waited for.
    pub(super) fn has_room(&self) -> bool {
        self.all().len() < MOST
    }

    /// Waits for an operation whose calls have left this. It overtakes what is waited for of its app.
    pub(super) async fn begin(&self, operation: Operation, applied: &Applied) {
        let (id, app) = (operation.id, operation.app.clone());
        self.overtake(&app, id);
        let newer = self.record.newer(&operation).await;
        self.all().insert(id, Waiting::new(operation.clone(), applied, self.clock.steady()));
        // A change that begins from now on finds this one waiting; of one that began before, the rows tell.
        match newer {
            Ok(newer) => newer.iter().find(|newer| newer.overtakes(&operation)).into_iter().for_each(|newer| self.overtake(&app, newer.id)),
            Err(error) => tracing::warn!(%error, %app, "it can't be looked whether a newer change has begun"),
        }
        self.came.notify_one();
    }

    /// The calls of a change of an app begin: what is waited for on that app is overtaken.
    pub(super) fn overtake(&self, app: &AppId, by: OperationId) {
        let mut all = self.all();
        let older = all.range_mut(..by).map(|(_, waiting)| waiting).filter(|waiting| waiting.operation.app == *app);
        older.for_each(|waiting| waiting.newer = Some(by));
        self.came.notify_one();
    }

    /// Looks at all apps that are waited for, and writes what has come of it.
    pub(super) async fn look(&self) {
        let (world, now) = (self.index.world(), Moment::of(&*self.clock));
        let news: Vec<News> = self.all().values_mut().filter_map(|waiting| waiting.look(&world, now)).collect();
        for News { mut operation, progress, verdict } in news {
            let id = operation.id;
            if let Some(code) = progress {
                self.record.note(&mut operation, code).await;
            }
            let is_written = match verdict {
                Some(verdict) => self.write(&mut operation, verdict).await,
                None => false,
            };
            let mut all = self.all();
            if is_written {
                all.remove(&id);
            } else if let Some(waiting) = all.get_mut(&id) {
                waiting.operation = operation;
            }
        }
    }

    /// Whether the verdict is written, or can't be any more.
    async fn write(&self, operation: &mut Operation, verdict: End) -> bool {
        match self.record.end(operation, self.record.verdict(verdict)).await {
            Ok(()) | Err(StoreError::Changed | StoreError::Missing) => true,
            Err(error) => {
                tracing::warn!(%error, id = %operation.id, "the verdict on an operation is written later");
                false
            }
        }
    }

    /// How long nothing is due by the clock.
    pub(super) fn rest(&self) -> Duration {
        let (all, now) = (self.all(), self.clock.steady());
        if all.values().any(|waiting| waiting.verdict.is_some()) {
            return AGAIN;
        }
        let next = all.values().map(|waiting| waiting.wait.due().since(now)).min();
        next.map_or(LOOK, |ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)).min(LOOK))
    }
}

#[cfg(test)]
mod tests;
