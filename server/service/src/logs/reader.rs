//! One container's log: open, pass on, open again while the container lives.

use super::cutter::Cutter;
use super::resume::Mark;
use super::{LogItem, find};
use crate::portal::Portal;
use crate::ports::{ClusterError, LogTarget};
use bytes::Bytes;
use domain::AppId;
use domain::facts::{Container, ContainerState, Pod};
use domain::live::LogQuery;
use futures::StreamExt;
use std::time::Duration;
use tokio::sync::mpsc;

/// First pause after a log ended or could not be opened; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

pub(super) struct Reader {
    portal: Portal,
    app: AppId,
    source: u16,
    pod_uid: String,
    target: LogTarget,
    sender: mpsc::Sender<LogItem>,
    cutter: Cutter,
    mark: Mark,
}

/// What the container does, as far as its log is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Life {
    Gone,
    Ended,
    Runs { restarts: u32 },
    Waits { restarts: u32, why: String },
}

fn life(pod: &Pod, container: &Container) -> Life {
    match &container.state {
        ContainerState::Running { .. } => Life::Runs { restarts: container.restarts },
        ContainerState::Waiting { reason, .. } => Life::Waits { restarts: container.restarts, why: reason.clone() },
        // Ended for now: it may start again, unless the pod is done.
        ContainerState::Ended(_) if matches!(pod.phase.as_str(), "Succeeded" | "Failed") || container.init => Life::Ended,
        ContainerState::Ended(end) => Life::Waits { restarts: container.restarts, why: end.reason.clone() },
    }
}

impl Reader {
    pub(super) fn new(portal: Portal, app: AppId, source: u16, pod: &Pod, container: String, query: LogQuery, sender: mpsc::Sender<LogItem>) -> Self {
        let query = LogQuery { timestamps: true, ..query };
        let target = LogTarget { namespace: app.namespace.clone(), pod: pod.name.clone(), container, query, since: None };
        Self { portal, app, source, pod_uid: pod.uid.clone(), target, sender, cutter: Cutter::default(), mark: Mark::default() }
    }

    pub(super) async fn run(mut self) {
        let name = LogItem::Source { source: self.source, pod: self.target.pod.clone(), container: self.target.container.clone() };
        if self.sender.send(name).await.is_err() {
            return;
        }
        let mut pause = FIRST_PAUSE;
        let mut told = String::new();
        loop {
            let before = self.life();
            match self.read_once().await {
                Ok(true) => pause = FIRST_PAUSE,
                Ok(false) => {}
                Err(Closed) => return,
            }
            if !self.target.query.follow || self.target.query.previous {
                return;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            let now = self.life();
            let note = match (&before, &now) {
                (_, Life::Gone) => Some(("end", format!("The pod {} is gone.", self.target.pod))),
                (_, Life::Ended) => Some(("end", format!("The container {} has ended.", self.target.container))),
                (Life::Runs { restarts: a } | Life::Waits { restarts: a, .. }, Life::Runs { restarts: b }) if b > a => Some(("warn", self.restart_note(*b))),
                (_, Life::Waits { why, .. }) if *why != told => {
                    told.clone_from(why);
                    Some(("warn", format!("The container {} waits ({why}).", self.target.container)))
                }
                _ => None,
            };
            if let Some((tone, text)) = note
                && self.note(tone, text).await.is_err()
            {
                return;
            }
            match now {
                Life::Gone | Life::Ended => return,
                Life::Runs { .. } => {}
                Life::Waits { .. } => {
                    if self.until_it_runs().await.is_err() {
                        return;
                    }
                    pause = FIRST_PAUSE;
                }
            }
        }
    }

    fn restart_note(&self, restarts: u32) -> String {
        let last = self.container().and_then(|(_, c)| c.last).map(|e| format!(", after it ended with exit code {}", e.exit_code)).unwrap_or_default();
        format!("The container {} was started again{last}. That was restart {restarts}.", self.target.container)
    }

    fn container(&self) -> Option<(std::sync::Arc<Pod>, Container)> {
        let facts = find(&self.portal.cluster().world().borrow(), &self.app)?;
        let pod = facts.pods.iter().find(|p| p.uid == self.pod_uid)?;
        let container = pod.containers.iter().find(|c| c.name == self.target.container)?;
        Some((std::sync::Arc::clone(pod), container.clone()))
    }

    fn life(&self) -> Life {
        self.container().map_or(Life::Gone, |(pod, container)| life(&pod, &container))
    }

    /// Waits until there may be something to read again.
    async fn until_it_runs(&self) -> Result<(), Closed> {
        let mut world = self.portal.cluster().world();
        loop {
            if !matches!(self.life(), Life::Waits { .. }) {
                return Ok(());
            }
            tokio::select! {
                changed = world.changed() => changed.map_err(|_| Closed)?,
                () = self.sender.closed() => return Err(Closed),
            }
        }
    }

    /// Reads until the stream ends; says whether anything came.
    async fn read_once(&mut self) -> Result<bool, Closed> {
        self.target.since = self.mark.since();
        if self.target.since.is_some() {
            self.target.query.tail_lines = None;
            self.target.query.since_seconds = None;
        }
        let mut stream = match self.portal.cluster().logs(&self.target).await {
            Ok(stream) => stream,
            Err(error) => {
                self.explain(error).await?;
                return Ok(false);
            }
        };
        let mut catching_up = self.target.since.is_some();
        let mut any = false;
        let mut batches: Vec<Bytes> = Vec::with_capacity(2);
        while let Some(chunk) = stream.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    // Read again from the last whole line on.
                    tracing::debug!(%error, pod = self.target.pod, "a log stream was cut");
                    self.cutter.clear();
                    return Ok(any);
                }
            };
            self.cutter.take(chunk, |batch| batches.push(batch));
            for batch in batches.drain(..) {
                any = true;
                pass(&self.sender, self.source, &mut self.mark, &mut catching_up, batch).await?;
            }
        }
        if let Some(batch) = self.cutter.finish() {
            pass(&self.sender, self.source, &mut self.mark, &mut catching_up, batch).await?;
        }
        Ok(any)
    }

    /// Only what a person can act on is told; a container that has not started is told of by its life.
    async fn explain(&self, error: ClusterError) -> Result<(), Closed> {
        match error {
            ClusterError::Away(details) => {
                tracing::debug!(details, pod = self.target.pod, "a log could not be opened");
                if self.target.query.follow { Ok(()) } else { self.note("bad", "The cluster does not answer, so this log cannot be read now.".to_owned()).await }
            }
            ClusterError::Missing(text) | ClusterError::Refused(text, _) if self.target.query.follow => {
                tracing::debug!(text, pod = self.target.pod, "a log is not there yet");
                Ok(())
            }
            other => self.note("warn", other.to_string()).await,
        }
    }

    async fn note(&self, tone: &str, text: String) -> Result<(), Closed> {
        let note = LogItem::Note { source: self.source, at: self.portal.now(), tone: tone.to_owned(), text };
        self.sender.send(note).await.map_err(|_| Closed)
    }
}

/// Nobody reads any more.
struct Closed;

async fn pass(sender: &mpsc::Sender<LogItem>, source: u16, mark: &mut Mark, catching_up: &mut bool, batch: Bytes) -> Result<(), Closed> {
    let batch = if *catching_up {
        let (fresh, done) = mark.fresh(&batch);
        *catching_up = !done;
        fresh
    } else {
        batch
    };
    if batch.is_empty() {
        return Ok(());
    }
    // Marked before it is sent: once handed over it will be read.
    mark.note(&batch);
    sender.send(LogItem::Lines { source, bytes: batch }).await.map_err(|_| Closed)
}
