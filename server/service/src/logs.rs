//! Logs of an app: one reader per container, merged into one feed that follows new pods and survives cuts.
//!
//! The node's log is asked for with timestamps always: they are what makes resuming exact. Nothing here looks at
//! single lines except right after a cut. A reader that does not keep up fills its own queue, after which its own
//! readers wait; nobody else notices.

mod cutter;
mod reader;
mod resume;

use crate::access::Viewer;
use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use crate::ports::World;
use bytes::Bytes;
use domain::facts::{AppFacts, Container, ContainerState, Pod};
use domain::live::LogQuery;
use domain::{AppId, Code, UnixMs};
use reader::Reader;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Most containers whose logs one feed merges.
pub const MAX_SOURCES: usize = 64;
/// Most lines from the end that may be asked for per container.
pub const MAX_TAIL: u32 = 100_000;
/// Batches that wait for a slow reader; each is at most as large as a read from the network, 64 KiB.
const QUEUE: usize = 128;

/// What comes out of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogItem {
    /// A container whose lines will come under this number.
    Source {
        /// The number.
        source: u16,
        /// Pod.
        pod: String,
        /// Container.
        container: String,
    },
    /// Whole lines, each with its RFC 3339 time and a space in front; see [`domain::live::LogBatch`] for very long ones.
    Lines {
        /// The container's number.
        source: u16,
        /// The lines.
        bytes: Bytes,
    },
    /// A remark: restarted, ended, waits.
    Note {
        /// The container's number.
        source: u16,
        /// When.
        at: UnixMs,
        /// `info`, `warn`, `bad` or `end`.
        tone: String,
        /// One sentence.
        text: String,
    },
}

/// An open log. Dropping it stops the reading.
pub struct LogFeed {
    items: mpsc::Receiver<LogItem>,
    _stop: DropGuard,
    _slot: OwnedSemaphorePermit,
}

impl LogFeed {
    /// The next item; `None` once all has been read and nothing more will come.
    pub async fn next(&mut self) -> Option<LogItem> {
        self.items.recv().await
    }
}

impl Portal {
    /// Opens the log of an app, or of one pod or container of it.
    ///
    /// # Errors
    /// There is no such app, pod or container, or too many logs are open.
    pub async fn open_log(&self, viewer: &Viewer<'_>, app: &AppId, mut query: LogQuery) -> Outcome<LogFeed> {
        let facts = self.facts(viewer.namespace(), app)?;
        query.tail_lines = query.tail_lines.map(|n| n.min(MAX_TAIL));
        if let Some(problem) = unknown(&facts, &query) {
            return Err(Failure::told(Code::NotFound, problem));
        }
        let slot = Arc::clone(self.log_slots())
            .try_acquire_owned()
            .map_err(|_| Failure::told(Code::TooMany, "Too many logs are open at once. Close one, or try again in a moment."))?;
        let (sender, items) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let feed = Feed { portal: self.clone(), app: app.clone(), query, sender, stop: stop.clone() };
        tokio::spawn(feed.run());
        Ok(LogFeed { items, _stop: stop.drop_guard(), _slot: slot })
    }
}

/// Says what of the query does not exist.
fn unknown(facts: &AppFacts, query: &LogQuery) -> Option<String> {
    let name = &facts.workload.id.name;
    if let Some(pod) = &query.pod
        && !facts.pods.iter().any(|p| &p.name == pod)
    {
        return Some(format!("{name} has no pod {pod} any more. Choose one of its {} pods.", facts.pods.len()));
    }
    let container = query.container.as_ref()?;
    let known = facts.workload.containers.iter().any(|c| &c.name == container) || facts.pods.iter().any(|p| p.containers.iter().any(|c| &c.name == container));
    (!known).then(|| format!("{name} has no container {container}."))
}

/// The app in the world, if it is still there.
fn find(world: &World, app: &AppId) -> Option<Arc<AppFacts>> {
    world.namespaces.get(&app.namespace)?.apps.get(app).cloned()
}

struct Feed {
    portal: Portal,
    app: AppId,
    query: LogQuery,
    sender: mpsc::Sender<LogItem>,
    stop: CancellationToken,
}

impl Feed {
    async fn run(self) {
        let stop = self.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.sender.closed() => {}
            () = self.follow_pods() => {}
        }
    }

    async fn follow_pods(&self) {
        let mut world: watch::Receiver<Arc<World>> = self.portal.cluster().world();
        let mut opened: HashSet<(String, String)> = HashSet::new();
        let mut first = true;
        loop {
            let facts = find(&world.borrow_and_update(), &self.app);
            let Some(facts) = facts else { return self.say_gone().await };
            for pod in facts.pods.iter().filter(|p| self.query.pod.as_ref().is_none_or(|name| name == &p.name)) {
                for container in pod.containers.iter().filter(|c| self.wants(pod, c)) {
                    let key = (pod.uid.clone(), container.name.clone());
                    if opened.len() < MAX_SOURCES && opened.insert(key) {
                        self.open(u16::try_from(opened.len() - 1).unwrap_or(u16::MAX), pod, container, first);
                    }
                }
            }
            first = false;
            if !self.query.follow || world.changed().await.is_err() {
                return;
            }
        }
    }

    /// Init containers that ended well are left out unless asked for by name.
    fn wants(&self, pod: &Pod, container: &Container) -> bool {
        match &self.query.container {
            Some(name) => name == &container.name,
            None if container.init => !matches!(&container.state, ContainerState::Ended(e) if e.exit_code == 0) && pod.phase != "Succeeded",
            None => true,
        }
    }

    fn open(&self, source: u16, pod: &Pod, container: &Container, from_start: bool) {
        let mut query = self.query.clone();
        if !from_start {
            // A pod that came later is read from its first line.
            query.tail_lines = None;
            query.since_seconds = None;
        }
        let reader = Reader::new(self.portal.clone(), self.app.clone(), source, pod, container.name.clone(), query, self.sender.clone());
        let stop = self.stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = reader.run() => {}
            }
        });
    }

    async fn say_gone(&self) {
        let note = LogItem::Note { source: 0, at: self.portal.now(), tone: "end".to_owned(), text: format!("{} is gone, so nothing more will come.", self.app.name) };
        // Nobody may be there to hear it.
        let _unheard = self.sender.send(note).await;
    }
}
