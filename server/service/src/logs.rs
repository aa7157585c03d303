//! Logs of a whole app as one feed: every container of every pod, new pods as they come.
//!
//! One task per container reads ahead into its lane (see `lanes`), one task follows the index for new pods. Lines
//! of one container stay in order; between containers they come as they arrive, and the page sorts them by time.

mod cutter;
mod lanes;
mod moment;
mod source;
mod tail;
mod whole;

use crate::access::Viewer;
use crate::board::AppList;
use crate::error::{Failure, Outcome};
use crate::index::Index;
use crate::ports::{Clock, PodLogs};
use crate::projection::AppChanges;
use bytes::Bytes;
use domain::facts::{AppFacts, Container, Pod};
use domain::live::{LogNote, LogQuery, ReadLimit};
use domain::problem::{LimitProblem, LogProblem};
use domain::{AppId, UnixMs};
use lanes::{LaneWriter, Lanes, Pool};
use source::Source;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

/// Containers of one feed that are read at the same time.
pub const MAX_SOURCES: usize = 64;
/// Logs that one person may have open.
const PER_PERSON: u32 = 48;
/// Containers that are read at the same time for one person.
const SOURCES_PER_PERSON: u32 = 256;
/// How often a log looks whether there is room for a container that waits for those of other logs.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// Most lines from the end of one container.
const MAX_TAIL: u32 = 100_000;

/// What a feed gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogItem {
    /// A container whose lines will come, under a number.
    Source {
        /// The number.
        source: u16,
        /// Name of the pod that writes.
        pod: String,
        /// Name of the container that writes.
        container: String,
    },
    /// Whole lines, each with its RFC 3339 time in front, unless [`LogQuery::is_whole`], and a line feed behind. A line
    /// over 256 KiB comes in pieces that follow each other, of which only the last ends in a line feed.
    Lines {
        /// The container's number.
        source: u16,
        /// The lines.
        bytes: Bytes,
    },
    /// A remark of the portal.
    Note {
        /// The container's number, or [`FEED`].
        source: u16,
        /// The moment that the remark is about.
        at: UnixMs,
        /// What it says.
        note: LogNote,
    },
}

/// The number under which the feed itself speaks, not one of its containers.
pub const FEED: u16 = u16::MAX;

/// An open log. Dropping it stops the reading.
pub struct LogFeed {
    lanes: Arc<Lanes>,
    _reading: AbortOnDropHandle<()>,
    _place: Place,
}

impl LogFeed {
    /// What comes next; `None` at the end. Nothing is lost where the future is dropped before it is ready.
    pub async fn next(&mut self) -> Option<LogItem> {
        self.lanes.next().await
    }
}

/// The most of logs that may be open and be read at once, over all people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Open logs.
    pub(crate) logs: usize,
    /// Containers that are read.
    pub(crate) sources: usize,
    /// Bytes read ahead per container of an open log.
    pub(crate) read_ahead: usize,
    /// Bytes read ahead over all open logs, beyond what each container may always have.
    pub(crate) pool: usize,
}

/// Places for open logs and for the containers that they read.
struct Places {
    logs: Kind,
    sources: Kind,
    pool: Arc<Pool>,
}

/// Places of one kind, for all and per person.
#[derive(Clone)]
struct Kind {
    all: Arc<Semaphore>,
    by_person: Arc<Mutex<HashMap<i64, u32>>>,
    per_person: u32,
}

/// One of them, taken until it is dropped.
struct Place {
    person: i64,
    by_person: Arc<Mutex<HashMap<i64, u32>>>,
    _permit: OwnedSemaphorePermit,
}

/// Why there is no place.
enum Full {
    Portal,
    Person,
}

impl Full {
    /// The bound that a container runs into.
    const fn limit(&self) -> ReadLimit {
        match self {
            Self::Portal => ReadLimit::Portal,
            Self::Person => ReadLimit::Person { most: SOURCES_PER_PERSON },
        }
    }
}

impl Kind {
    fn new(places: usize, per_person: u32) -> Self {
        Self { all: Arc::new(Semaphore::new(places.max(1))), by_person: Arc::default(), per_person }
    }

    fn take(&self, person: i64) -> Result<Place, Full> {
        let permit = self.all.clone().try_acquire_owned().map_err(|_| Full::Portal)?;
        let mut by_person = self.by_person.lock().unwrap_or_else(PoisonError::into_inner);
        let open = by_person.entry(person).or_default();
        if *open >= self.per_person {
            return Err(Full::Person);
        }
        *open += 1;
        drop(by_person);
        Ok(Place { person, by_person: self.by_person.clone(), _permit: permit })
    }

    /// Whether one more could be taken now.
    fn has_room(&self, person: i64) -> Result<(), Full> {
        self.take(person).map(drop)
    }
}

impl Places {
    fn new(bounds: Bounds) -> Self {
        let (logs, sources) = (Kind::new(bounds.logs, PER_PERSON), Kind::new(bounds.sources, SOURCES_PER_PERSON));
        Self { logs, sources, pool: Arc::new(Pool::new(bounds.pool)) }
    }

    /// A place for a log, where at least one of its containers can be read.
    fn take(&self, person: i64) -> Outcome<Place> {
        let full = |full| {
            Failure::told(match full {
                Full::Portal => LimitProblem::LogsOfPortal,
                Full::Person => LimitProblem::LogsOfPerson,
            })
        };
        self.sources.has_room(person).map_err(full)?;
        self.logs.take(person).map_err(full)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_person = self.by_person.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = by_person.get_mut(&self.person) {
            *open -= 1;
            if *open == 0 {
                by_person.remove(&self.person);
            }
        }
    }
}

/// What a log is read from.
#[derive(Clone)]
struct Upstream {
    index: Arc<Index>,
    logs: Arc<dyn PodLogs>,
    clock: Arc<dyn Clock>,
}

/// Logs of apps.
pub struct Logs {
    upstream: Upstream,
    list: Arc<AppList>,
    places: Places,
    /// Bytes read ahead per container of an open log.
    read_ahead: usize,
}

impl Logs {
    pub(crate) fn new(index: Arc<Index>, list: Arc<AppList>, logs: Arc<dyn PodLogs>, clock: Arc<dyn Clock>, bounds: Bounds) -> Self {
        Self { upstream: Upstream { index, logs, clock }, list, places: Places::new(bounds), read_ahead: bounds.read_ahead }
    }

    /// Opens the log of an app. Every line has its time in front, which is left to the reader to show or not; only where
    /// the query [is whole](LogQuery::is_whole) lines come as they were written.
    ///
    /// # Errors
    /// Where there is no such app, pod or container, or too many logs are open.
    pub async fn open(&self, viewer: &Viewer<'_>, app: &AppId, query: LogQuery) -> Outcome<LogFeed> {
        let facts = self.upstream.index.facts(viewer.namespace(), app)?;
        refuse_unknown(&facts, &query)?;
        let place = self.places.take(viewer.actor().user().id)?;
        let lanes = Lanes::new(self.places.pool.clone(), self.read_ahead);
        let query = LogQuery { tail_lines: query.tail_lines.map(|n| n.min(MAX_TAIL)), ..query };
        let (sources, person) = (self.places.sources.clone(), place.person);
        let changes = self.list.follow(viewer, app);
        let reading =
            Reading { upstream: self.upstream.clone(), app: app.clone(), changes, query, voice: lanes.lane(FEED), lanes: lanes.clone(), sources, person };
        tracing::debug!(%app, "a log was opened");
        Ok(LogFeed { lanes, _reading: AbortOnDropHandle::new(tokio::spawn(reading.run())), _place: place })
    }
}

fn refuse_unknown(facts: &AppFacts, query: &LogQuery) -> Outcome<()> {
    let mut pods = facts.pods.iter().filter(|p| query.pod.as_ref().is_none_or(|name| *name == p.name)).peekable();
    if let (Some(_), None) = (&query.pod, pods.peek()) {
        return Err(Failure::told(LogProblem::PodGone));
    }
    if let Some(container) = &query.container {
        let in_template = facts.workload.containers.iter().any(|c| c.name == *container);
        if !in_template && !pods.any(|p| p.with_ephemeral().any(|c| c.name == *container)) {
            return Err(Failure::told(LogProblem::ContainerNotFound { container: container.clone(), known: names(facts) }));
        }
    }
    Ok(())
}

/// The containers of an app, sorted.
fn names(facts: &AppFacts) -> Vec<String> {
    let of_pods = facts.pods.iter().flat_map(|p| p.with_ephemeral().map(|c| c.name.as_str()));
    let all: BTreeSet<_> = facts.workload.containers.iter().map(|c| c.name.as_str()).chain(of_pods).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// Whether the container is read.
fn wanted(pod: &Pod, container: &Container, query: &LogQuery) -> bool {
    query.pod.as_ref().is_none_or(|name| *name == pod.name)
        && match &query.container {
            Some(name) => *name == container.name,
            // Who looks into a pod says nothing of the app.
            None => !is_ephemeral(pod, container) && (!query.previous || container.last.is_some()),
        }
}

pub(super) fn is_ephemeral(pod: &Pod, container: &Container) -> bool {
    pod.ephemeral().iter().any(|c| c.name == container.name)
}

/// Finds the containers and reads them.
struct Reading {
    upstream: Upstream,
    app: AppId,
    /// Only wakes: what the app is now, the index tells.
    changes: AppChanges,
    query: LogQuery,
    voice: LaneWriter,
    lanes: Arc<Lanes>,
    sources: Kind,
    person: i64,
}

/// Ends the lanes also where the task is aborted or panics.
struct Ending(Arc<Lanes>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Reading {
    async fn run(self) {
        let _ending = Ending(self.lanes.clone());
        let mut changes = self.changes.clone();
        let mut tasks = JoinSet::new();
        let mut known = Known::new();
        let mut first = None::<HashSet<String>>;
        let mut next = 0_u16;
        let (mut told_full, mut told_none) = (false, false);
        loop {
            changes.mark_unchanged();
            let facts = self.upstream.index.app(&self.app);
            let (mut waiting, mut full) = (0_usize, None);
            if let Some(facts) = &facts {
                let first = first.get_or_insert_with(|| facts.pods.iter().map(|p| p.uid.clone()).collect());
                known.retain(|uid, _| facts.pods.iter().any(|p| p.uid == *uid));
                first.retain(|uid| facts.pods.iter().any(|p| p.uid == *uid));
                for (pod, container) in new_containers(facts, &self.query, &known) {
                    if tasks.len() >= MAX_SOURCES || full.is_some() {
                        waiting += 1;
                        continue;
                    }
                    if next == FEED {
                        return self.note(LogNote::TooManyContainers).await;
                    }
                    let place = match self.sources.take(self.person) {
                        Ok(place) => place,
                        Err(why) => {
                            full = Some(why);
                            waiting += 1;
                            continue;
                        }
                    };
                    known.entry(pod.uid.clone()).or_default().insert(container.name.clone());
                    let source = self.source(next, pod, container, first.contains(&pod.uid));
                    tasks.spawn(async move {
                        source.run().await;
                        drop(place);
                    });
                    next += 1;
                }
                if waiting > 0 && !told_full {
                    told_full = true;
                    self.note(LogNote::ContainersWait { waiting, limit: full.as_ref().map_or(ReadLimit::Log { most: MAX_SOURCES }, Full::limit) }).await;
                }
            }
            let follow = self.query.follow && !self.query.previous;
            if tasks.is_empty() && waiting == 0 && (!follow || facts.is_none()) {
                if next == 0 {
                    self.note(if self.query.previous { LogNote::NoPreviousRun } else { LogNote::NoPods }).await;
                } else if follow {
                    self.note(LogNote::AppDeleted).await;
                }
                return;
            }
            if next == 0 && waiting == 0 && !told_none {
                told_none = true;
                self.note(LogNote::NoPodsYet).await;
            }
            tokio::select! {
                changed = changes.changed(), if follow => if changed.is_err() { return },
                Some(_) = tasks.join_next() => {}
                // Those of other logs say nothing when they end.
                () = tokio::time::sleep(LOOK_AGAIN), if full.is_some() => {}
            }
        }
    }

    fn source(&self, number: u16, pod: &Pod, container: &Container, at_first: bool) -> Source {
        let mut query = self.query.clone();
        if !at_first {
            // The end of the log was asked of what was there; of what comes, everything.
            query.tail_lines = None;
            query.since_seconds = None;
            query.since_time = None;
        }
        Source::new(self.upstream.clone(), self.app.clone(), self.changes.clone(), pod, container, query, self.lanes.lane(number))
    }

    async fn note(&self, note: LogNote) {
        self.voice.item(LogItem::Note { source: FEED, at: self.upstream.clock.now(), note }).await;
    }
}

/// Containers that are read or have been, by pod.
type Known = HashMap<String, HashSet<String>>;

/// Containers that are not read yet, those of the newest pods first.
fn new_containers<'a>(facts: &'a AppFacts, query: &LogQuery, known: &Known) -> Vec<(&'a Pod, &'a Container)> {
    let all = facts.pods.iter().flat_map(|pod| pod.with_ephemeral().map(move |container| (&**pod, container)));
    let is_new =
        |(pod, container): &(&Pod, &Container)| wanted(pod, container, query) && !known.get(&pod.uid).is_some_and(|names| names.contains(&container.name));
    let mut new = all.filter(is_new).collect::<Vec<_>>();
    new.sort_by_key(|(pod, _)| std::cmp::Reverse(pod.created));
    new
}

#[cfg(test)]
mod tests;
