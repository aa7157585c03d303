//! What the portal reads of apps beside the cluster's objects: the last lines of containers that have ended, errors in
//! the logs of those that run, what the newest revision changed, and use that is at a limit.
//!
//! All of it is a bounded sample ([decision 18](../../../docs/decisions/0018-logs-are-judged-from-bounded-samples.md)): one
//! read of [`read::MOST`] bytes per second for the whole portal. What is read goes through the redactor before it is kept.

mod choice;
mod job;
mod known;
mod pressure;
mod read;

pub(crate) use job::ReadLogs;
pub(crate) use pressure::Pressures;

use crate::access::Viewer;
use crate::index::Index;
use crate::ports::{Clock, PodLogs, Revisions, Samples};
use domain::facts::{AppFacts, Observed, Pressure};
use domain::{AppId, UnixMs};
use known::Known;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// An app whose page was rendered counts as open for this long, in milliseconds; a page that is live says that it is open.
const OPEN_MS: i64 = 60_000;
/// Apps that are remembered as open; more of them are not sampled while they run.
const MAX_OPEN: usize = 500;

/// What was observed, by app. An app that did not change keeps its `Arc`.
pub type Seen = HashMap<AppId, Arc<Observed>>;

/// The observations, and which apps people look at.
pub struct Observer {
    index: Arc<Index>,
    logs: Arc<dyn PodLogs>,
    revisions: Arc<dyn Revisions>,
    samples: Arc<dyn Samples>,
    clock: Arc<dyn Clock>,
    seen: watch::Sender<Arc<Seen>>,
    parts: Mutex<Parts>,
    open: Arc<Mutex<HashMap<AppId, Open>>>,
}

#[derive(Default)]
struct Parts {
    read: HashMap<AppId, Observed>,
    pressure: HashMap<AppId, Vec<Pressure>>,
}

#[derive(Default)]
struct Open {
    pages: u32,
    until: UnixMs,
}

/// A page of an app that is open. Dropping it closes the page.
pub struct OpenApp {
    app: AppId,
    open: Arc<Mutex<HashMap<AppId, Open>>>,
}

impl Drop for OpenApp {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        if let Some(one) = open.get_mut(&self.app) {
            one.pages = one.pages.saturating_sub(1);
            if one.pages == 0 {
                open.remove(&self.app);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Observer {
    pub(crate) fn new(index: Arc<Index>, logs: Arc<dyn PodLogs>, revisions: Arc<dyn Revisions>, samples: Arc<dyn Samples>, clock: Arc<dyn Clock>) -> Self {
        Self { index, logs, revisions, samples, clock, seen: watch::Sender::default(), parts: Mutex::default(), open: Arc::default() }
    }

    /// What was observed, and a signal whenever that changed.
    #[must_use]
    pub fn seen(&self) -> watch::Receiver<Arc<Seen>> {
        self.seen.subscribe()
    }

    fn set_read(&self, app: &AppId, observed: Observed) {
        let mut parts = lock(&self.parts);
        if observed.is_empty() {
            parts.read.remove(app)
        } else {
            parts.read.insert(app.clone(), observed)
        };
        self.publish(&parts, std::iter::once(app));
    }

    /// Takes which containers are at a limit, of all apps.
    pub(crate) fn set_pressure(&self, pressure: HashMap<AppId, Vec<Pressure>>) {
        let mut parts = lock(&self.parts);
        let changed: Vec<_> = parts.pressure.keys().chain(pressure.keys()).filter(|app| parts.pressure.get(*app) != pressure.get(*app)).cloned().collect();
        parts.pressure = pressure;
        self.publish(&parts, changed.iter());
    }

    fn publish<'a>(&self, parts: &Parts, apps: impl Iterator<Item = &'a AppId>) {
        let before = self.seen.borrow().clone();
        let mut seen = None::<Seen>;
        for app in apps {
            let pressure = parts.pressure.get(app).cloned().unwrap_or_default();
            let now = Observed { pressure, ..parts.read.get(app).cloned().unwrap_or_default() };
            let same = before.get(app).map_or_else(|| now.is_empty(), |b| **b == now);
            if !same {
                let seen = seen.get_or_insert_with(|| (*before).clone());
                if now.is_empty() {
                    seen.remove(app)
                } else {
                    seen.insert(app.clone(), Arc::new(now))
                };
            }
        }
        if let Some(seen) = seen {
            self.seen.send_replace(Arc::new(seen));
        }
    }

    /// Apps that are open on a page.
    fn open_apps(&self, now: UnixMs) -> HashSet<AppId> {
        let mut open = lock(&self.open);
        open.retain(|_, one| one.pages > 0 || one.until > now);
        open.keys().cloned().collect()
    }

    /// A page of the app was rendered.
    pub(crate) fn touch(&self, app: &AppId) {
        let until = self.clock.now().plus(OPEN_MS);
        let mut open = lock(&self.open);
        if open.len() < MAX_OPEN || open.contains_key(app) {
            open.entry(app.clone()).or_default().until = until;
        }
    }

    /// Says that a page of an app is open, until what is returned is dropped: its logs are sampled then.
    #[must_use]
    pub fn open(&self, viewer: &Viewer<'_>, app: &AppId) -> Option<OpenApp> {
        if app.namespace != *viewer.namespace() {
            return None;
        }
        let mut open = lock(&self.open);
        if open.len() < MAX_OPEN || open.contains_key(app) {
            open.entry(app.clone()).or_default().pages += 1;
        }
        Some(OpenApp { app: app.clone(), open: Arc::clone(&self.open) })
    }

    fn publish_read(&self, known: &Known, app: &AppId) {
        let world = self.index.world();
        let facts = world.namespaces.get(&app.namespace).and_then(|n| n.apps.get(app));
        let mut observed = facts.filter(|f| !f.workload.log_samples_off).map(|f| known.of(f)).unwrap_or_default();
        // Looked at again with each sample, so that who is asked and its policies are those of now.
        let apps = world.namespaces.get(&app.namespace).into_iter().flat_map(|n| n.apps.values());
        observed.unanswered = domain::way::unanswered(&observed, &app.namespace, apps);
        self.set_read(app, observed);
    }
}

/// The facts with what was observed; the same `Arc` where that is nothing.
pub(crate) fn with_observed(facts: &Arc<AppFacts>, seen: &Seen) -> Arc<AppFacts> {
    match seen.get(&facts.workload.id) {
        Some(observed) => Arc::new(AppFacts { observed: Arc::clone(observed), ..AppFacts::clone(facts) }),
        None => Arc::clone(facts),
    }
}

#[cfg(test)]
mod tests;
