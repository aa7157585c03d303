//! One container's log: opened, read, and opened again where it was cut.

use super::cutter::{Cutter, Fed};
use super::lanes::LaneWriter;
use super::moment::Nanos;
use super::tail::{self, Count, Skip};
use super::whole::Whole;
use super::{LogItem, Upstream};
use crate::ports::{ClusterError, ClusterResult, LogTarget};
use crate::projection::AppChanges;
use bytes::{Bytes, BytesMut};
use domain::facts::{Container, ContainerState, Pod};
use domain::kubernetes::words::WaitReason;
use domain::live::{LogNote, LogQuery, RunEnd};
use domain::verdict::Verdict;
use domain::{AppId, UnixMs};
use futures::StreamExt;
use futures::stream::BoxStream;
use std::time::Duration;
use tokio::time::Instant;

/// First pause before a log is opened again.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Quiet time after which new lines that are held back go out.
const QUIET: Duration = Duration::from_millis(1000);
/// A log that is open this long and sends nothing has nothing of what was asked for.
const NONE: Duration = Duration::from_secs(10);
/// How far the clocks of the portal and of a node may be apart, in milliseconds.
const CLOCKS_MS: i64 = 5_000;
/// How often a log that is read once is opened again after a cut.
const MAX_CUTS: u32 = 6;
/// How often a pod may be unknown to the API server while the index has it.
const MAX_MISSING: u32 = 20;
/// How far the index may be behind the node.
const INDEX_LAG: Duration = Duration::from_secs(10);
/// How long the end of a log may be counted.
const COUNTING: Duration = Duration::from_secs(5);

/// What is known of the container now.
enum Seen {
    /// Its pod is gone.
    Gone,
    /// It has not run yet.
    Waits(LogNote),
    /// It runs or ran; `run` counts its restarts, `at` is when the last run ended.
    Has { run: u32, running: bool, over: bool, end: Option<RunEnd>, at: Option<UnixMs> },
}

/// How an upstream ended.
enum End {
    /// The node said that this was all.
    Clean,
    /// Something cut it.
    Cut,
    /// It is not the log that was begun.
    Lost,
    /// It was refused after all.
    Refused(ClusterError),
}

/// What to do next.
enum Next {
    Again,
    Stop,
}

/// Reads one container into its lane.
pub(super) struct Source {
    upstream: Upstream,
    app: AppId,
    /// Only wakes: what the app is now, the index tells.
    changes: AppChanges,
    pod: String,
    uid: String,
    container: String,
    query: LogQuery,
    writer: LaneWriter,
    cutter: Cutter,
    pause: Duration,
    /// The run that is read: restarts of the container before it.
    reading: Option<u32>,
    /// When the place of a cut was not found again.
    lost: Option<Instant>,
    /// Where the wanted end begins, if it had to be found.
    anchor: Option<Nanos>,
    /// Lines before it, which are left out.
    skip: Option<Skip>,
    /// The end was counted.
    counted: bool,
    /// The last remark on why nothing comes, so that it is said once.
    told: Option<LogNote>,
}

impl Source {
    pub(super) fn new(upstream: Upstream, app: AppId, changes: AppChanges, pod: &Pod, container: &Container, query: LogQuery, writer: LaneWriter) -> Self {
        let (pod, uid, container) = (pod.name.clone(), pod.uid.clone(), container.name.clone());
        Self {
            upstream,
            app,
            changes,
            pod,
            uid,
            container,
            query,
            writer,
            cutter: Cutter::default(),
            pause: FIRST_PAUSE,
            reading: None,
            lost: None,
            anchor: None,
            skip: None,
            counted: false,
            told: None,
        }
    }

    /// Reads until there is nothing more to come.
    #[tracing::instrument(level = "debug", name = "log", skip_all, fields(app = %self.app, pod = %self.pod, container = %self.container))]
    pub(super) async fn run(mut self) {
        let source = self.writer.source();
        self.writer.item(LogItem::Source { source, pod: self.pod.clone(), container: self.container.clone() }).await;
        if self.query.follow && !self.query.previous { self.follow().await } else { self.once().await }
    }

    /// Everything up to now, then the end.
    async fn once(&mut self) {
        if let Seen::Waits(note) = self.look() {
            return self.note(note).await;
        }
        let mut whole = self.query.is_whole().then(Whole::default);
        for _ in 0..MAX_CUTS {
            match self.open(self.query.previous, false).await {
                Ok(stream) => {
                    let end = match &mut whole {
                        Some(whole) => self.pump_whole(whole, stream).await,
                        None => self.pump(stream).await,
                    };
                    match end {
                        End::Clean => {
                            if whole.is_none() {
                                self.finish().await;
                            }
                            return self.say_if_empty(whole.as_ref().map_or_else(|| self.cutter.began(), Whole::began)).await;
                        }
                        End::Lost => return self.note(LogNote::CutAtLostStart).await,
                        End::Cut | End::Refused(_) => self.rest().await,
                    }
                }
                Err(error @ ClusterError::Away(_)) => {
                    tracing::debug!(%error, "the log could not be opened");
                    self.rest().await;
                }
                Err(error) => return self.note(why_unread(error)).await,
            }
        }
        self.note(LogNote::KeepsBeingCut).await;
    }

    /// An empty log and one that cannot be read look different.
    async fn say_if_empty(&self, began: bool) {
        if began || !self.is_whole_run() {
            return;
        }
        let container = self.container.clone();
        let note = match self.look() {
            Seen::Has { running: true, .. } if !self.query.previous => LogNote::NothingYet { container },
            Seen::Has { run, .. } => LogNote::WroteNothing { container, run, over: false },
            Seen::Gone | Seen::Waits(_) => LogNote::WroteNothing { container, run: 0, over: false },
        };
        self.note(note).await;
    }

    /// Everything up to now and all that comes, over cuts and restarts.
    async fn follow(&mut self) {
        let mut changes = self.changes.clone();
        // The run of which all has been read.
        let mut whole = None::<u32>;
        let mut missing = 0;
        loop {
            changes.mark_unchanged();
            let (run, running) = match self.look() {
                Seen::Gone => {
                    self.finish().await;
                    return self.note(LogNote::PodGone { pod: self.pod.clone() }).await;
                }
                Seen::Waits(note) => {
                    self.tell(note).await;
                    if changes.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
                Seen::Has { run, running, over, end, at } => {
                    if let Some(before) = self.reading.filter(|before| run > *before) {
                        // Where the place was lost just now, the node was ahead of the index, and the new run is
                        // what has been read since then.
                        let ahead = self.lost.take().is_some_and(|at| at.elapsed() < INDEX_LAG);
                        if !ahead && whole != Some(before) {
                            self.read_rest_of(before, run).await;
                        }
                        self.note(LogNote::Restarted { container: self.container.clone(), run, end }).await;
                        if !ahead {
                            self.begin_anew();
                        }
                    } else if whole == Some(run) {
                        let was_silent = !self.cutter.began() && self.is_whole_run();
                        if over {
                            let container = self.container.clone();
                            let note = if was_silent { LogNote::WroteNothing { container, run, over } } else { LogNote::Ended { container, end } };
                            return self.note_at(at, note).await;
                        }
                        if was_silent {
                            self.tell(LogNote::WroteNothing { container: self.container.clone(), run, over }).await;
                        }
                        if changes.changed().await.is_err() {
                            return;
                        }
                        continue;
                    }
                    (run, running)
                }
            };
            self.reading = Some(run);
            let (asked, begun) = (self.upstream.clock.now(), Instant::now());
            let refused = match self.open(false, true).await {
                Ok(stream) => {
                    missing = 0;
                    if self.told.take().is_some() && self.cutter.began() {
                        self.note(LogNote::Resumed).await;
                    }
                    let end = self.pump(stream).await;
                    self.keep_place(asked, begun.elapsed());
                    match end {
                        // All has been read only if the container had ended before the log was opened: an API server
                        // that goes down may end a log in good order too.
                        End::Clean if !running => {
                            self.finish().await;
                            whole = Some(run);
                            continue;
                        }
                        End::Refused(error) => Some(error),
                        End::Clean | End::Cut | End::Lost => None,
                    }
                }
                Err(error) => Some(error),
            };
            if let Some(error) = refused {
                missing += u32::from(matches!(error, ClusterError::Missing(_)));
                if missing > MAX_MISSING {
                    return self.note(LogNote::LogGone { container: self.container.clone(), pod: self.pod.clone() }).await;
                }
                if let Next::Stop = self.explain(error).await {
                    return;
                }
            }
            self.rest().await;
        }
    }

    async fn explain(&mut self, error: ClusterError) -> Next {
        match error {
            // The index may be ahead of the API server's cache.
            ClusterError::Missing(_) => {}
            ClusterError::Away(_) => {
                tracing::debug!(%error, "the log could not be opened");
                self.tell(LogNote::ClusterAway).await;
            }
            ClusterError::NotAllowed(_) => {
                self.note(why_unread(error)).await;
                return Next::Stop;
            }
            ClusterError::Refused(_) | ClusterError::Exists(_) | ClusterError::Changed(_) => self.tell(why_unread(error)).await,
        }
        Next::Again
    }

    /// What the run before had still to say when its log was cut.
    async fn read_rest_of(&mut self, before: u32, run: u32) {
        if run == before + 1 && self.cutter.began() {
            for _ in 0..MAX_CUTS {
                match self.open(true, false).await {
                    Ok(stream) => {
                        if let End::Clean = self.pump(stream).await {
                            return self.finish().await;
                        }
                    }
                    Err(ClusterError::Away(_)) => {}
                    Err(error) => {
                        tracing::debug!(%error, "the log of the run before is gone");
                        break;
                    }
                }
                self.rest().await;
            }
        }
        self.finish().await;
        self.note(LogNote::RestartedUnread { container: self.container.clone() }).await;
    }

    /// Where nothing has come yet although the log was open, all that is written until it is open again is new: the end of
    /// the log, asked for once more, would leave some of that out.
    fn keep_place(&mut self, asked: UnixMs, open: Duration) {
        let had_none = open >= NONE || self.query.tail_lines == Some(0);
        if !self.cutter.began() && had_none && self.query.since_time.is_none() {
            self.query.since_time = Some(asked.plus(-CLOCKS_MS));
            self.query.tail_lines = None;
            self.query.since_seconds = None;
        }
        if open >= LONGEST_PAUSE {
            self.pause = FIRST_PAUSE;
        }
    }

    fn begin_anew(&mut self) {
        self.cutter = Cutter::default();
        self.pause = FIRST_PAUSE;
        // The end of the log was asked of the first run; of the next ones everything.
        self.query.tail_lines = None;
        self.query.since_seconds = None;
        self.query.since_time = None;
        self.anchor = None;
    }

    async fn open(&mut self, previous: bool, follow: bool) -> ClusterResult<BoxStream<'static, ClusterResult<Bytes>>> {
        if !std::mem::replace(&mut self.counted, true) && !self.cutter.began() {
            self.count_end(previous).await;
        }
        self.skip = self.anchor.filter(|_| !self.cutter.began()).map(Skip::until);
        let mut query = LogQuery { previous, follow, timestamps: !self.query.is_whole(), ..self.query.clone() };
        let again = self.cutter.began();
        let since = self.cutter.resume().or(query.since_time);
        if again {
            query.tail_lines = None;
            query.since_seconds = None;
        }
        let target =
            LogTarget { namespace: self.app.namespace.clone(), pod: self.pod.clone(), container: self.container.clone(), query, since, limit_bytes: None };
        self.upstream.logs.logs(&target).await
    }

    /// Finds where the wanted end begins, where lines are so long that the node counts them several times.
    async fn count_end(&mut self, previous: bool) {
        let Some(wanted) = self.query.tail_lines.filter(|n| (1..=tail::MOST).contains(n)) else { return };
        if self.query.since_time.is_some() {
            return;
        }
        // One more, so that a line whose begin would be missing is seen with it.
        if !self.counted(wanted, wanted + 1, previous).await.is_some_and(|count| count.long) {
            return;
        }
        if let Some(anchor) = self.counted(wanted, wanted.saturating_mul(tail::PIECES), previous).await.and_then(Count::anchor) {
            self.anchor = Some(anchor);
            // The node begins at the whole second.
            self.query.since_time = Some(anchor.floor_ms());
            self.query.tail_lines = None;
            self.query.since_seconds = None;
        } else {
            // There are not as many lines.
            self.query.tail_lines = Some(wanted.saturating_mul(tail::PIECES));
        }
    }

    async fn counted(&self, wanted: u32, asked: u32, previous: bool) -> Option<Count> {
        let query = LogQuery { previous, follow: false, timestamps: true, tail_lines: Some(asked), ..self.query.clone() };
        let target = LogTarget {
            namespace: self.app.namespace.clone(),
            pod: self.pod.clone(),
            container: self.container.clone(),
            query,
            since: None,
            limit_bytes: None,
        };
        let read = async {
            let mut stream = self.upstream.logs.logs(&target).await.ok()?;
            let mut count = Count::new(wanted);
            while let Some(chunk) = stream.next().await {
                count.feed(&chunk.ok()?);
                if count.bytes > tail::MOST_BYTES {
                    return None;
                }
            }
            Some(count)
        };
        tokio::time::timeout(COUNTING, read).await.ok().flatten()
    }

    async fn pump(&mut self, mut stream: BoxStream<'static, ClusterResult<Bytes>>) -> End {
        let mut out = BytesMut::new();
        loop {
            let chunk = if self.cutter.seeking() {
                match tokio::time::timeout(QUIET, stream.next()).await {
                    Ok(chunk) => chunk,
                    Err(_) => {
                        let fed = self.cutter.settle(&mut out);
                        self.pass(fed, &mut out).await;
                        continue;
                    }
                }
            } else {
                stream.next().await
            };
            match chunk {
                None => {
                    if let Some(rest) = self.skip.take().and_then(Skip::finish) {
                        let fed = self.cutter.feed(&rest, &mut out);
                        self.pass(fed, &mut out).await;
                    }
                    return End::Clean;
                }
                Some(Err(error @ ClusterError::Away(_))) => {
                    tracing::debug!(%error, "a log was cut");
                    return End::Cut;
                }
                Some(Err(error)) => return End::Refused(error),
                Some(Ok(chunk)) => {
                    let begin = match &mut self.skip {
                        Some(skip) => match skip.feed(&chunk) {
                            Some(begin) => Some(begin),
                            None => continue,
                        },
                        None => None,
                    };
                    self.skip = None;
                    let fed = self.cutter.feed(begin.as_deref().unwrap_or(&chunk), &mut out);
                    if !out.is_empty() {
                        self.pause = FIRST_PAUSE;
                    }
                    self.pass(fed, &mut out).await;
                }
            }
        }
    }

    async fn pump_whole(&mut self, whole: &mut Whole, mut stream: BoxStream<'static, ClusterResult<Bytes>>) -> End {
        let mut out = BytesMut::new();
        whole.resume();
        loop {
            let (fed, end) = match stream.next().await {
                Some(Ok(chunk)) => (whole.feed(&chunk, &mut out), None),
                Some(Err(error)) => {
                    tracing::debug!(%error, "a log was cut");
                    return End::Cut;
                }
                None => (whole.finish(&mut out), Some(End::Clean)),
            };
            if fed == Fed::Gap {
                return End::Lost;
            }
            if !out.is_empty() {
                self.pause = FIRST_PAUSE;
                self.writer.lines(out.split()).await;
            }
            if let Some(end) = end {
                return end;
            }
        }
    }

    async fn finish(&mut self) {
        let mut out = BytesMut::new();
        let fed = self.cutter.finish(&mut out);
        self.pass(fed, &mut out).await;
    }

    async fn pass(&mut self, fed: Fed, out: &mut BytesMut) {
        if fed == Fed::Gap {
            match (self.reading, self.look()) {
                (Some(before), Seen::Has { run, end, .. }) if run > before => {
                    self.reading = Some(run);
                    self.note(LogNote::Restarted { container: self.container.clone(), run, end }).await;
                }
                _ => {
                    self.lost = Some(Instant::now());
                    self.note(LogNote::Gap).await;
                }
            }
        }
        self.writer.lines(out.split()).await;
    }

    async fn rest(&mut self) {
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    /// Says why nothing comes, once for each reason.
    async fn tell(&mut self, note: LogNote) {
        if !self.told.as_ref().is_some_and(|earlier| note.repeats(earlier)) {
            self.told = Some(note.clone());
            self.note(note).await;
        }
    }

    async fn note(&self, note: LogNote) {
        self.note_at(None, note).await;
    }

    async fn note_at(&self, at: Option<UnixMs>, note: LogNote) {
        let now = self.upstream.clock.now();
        self.writer.item(LogItem::Note { source: self.writer.source(), at: at.map_or(now, |at| at.min(now)), note }).await;
    }

    /// All of the run was asked for, or its end, so that no line means that there was none.
    fn is_whole_run(&self) -> bool {
        self.query.since_seconds.is_none() && self.query.since_time.is_none() && self.query.tail_lines != Some(0)
    }

    fn look(&self) -> Seen {
        let Some(facts) = self.upstream.index.app(&self.app) else { return Seen::Gone };
        let Some(pod) = facts.pods.iter().find(|p| p.uid == self.uid) else { return Seen::Gone };
        let verdict = || domain::describe::pod_verdict(pod, &facts, self.upstream.clock.now());
        match pod.with_ephemeral().find(|c| c.name == self.container) {
            Some(container) => see(pod, container, verdict),
            None => waits(&self.container, &WaitReason::Unsaid, verdict()),
        }
    }
}

fn see(pod: &Pod, container: &Container, verdict: impl FnOnce() -> Verdict) -> Seen {
    // An ephemeral container is never started again.
    let over = pod.phase.is_over() || super::is_ephemeral(pod, container);
    let run = container.restarts;
    match &container.state {
        ContainerState::Running { .. } => Seen::Has { run, running: true, over: false, end: container.last.as_ref().map(RunEnd::of), at: None },
        ContainerState::Ended(ended) => {
            let over = over || (container.init && ended.exit_code == 0);
            Seen::Has { run, running: false, over, end: Some(RunEnd::of(ended)), at: ended.finished }
        }
        ContainerState::Waiting { .. } if container.last.is_some() => {
            let last = container.last.as_ref();
            Seen::Has { run, running: false, over, end: last.map(RunEnd::of), at: last.and_then(|e| e.finished) }
        }
        ContainerState::Waiting { reason, .. } if super::is_ephemeral(pod, container) => {
            Seen::Waits(LogNote::WaitsForDebugContainer { container: container.name.clone(), why: reason.clone() })
        }
        ContainerState::Waiting { reason, .. } => waits(&container.name, reason, verdict()),
    }
}

/// Why a log cannot be read.
fn why_unread(error: ClusterError) -> LogNote {
    match error {
        ClusterError::Missing(missing) => LogNote::Missing(missing),
        ClusterError::Refused(refused) => LogNote::Refused(refused),
        ClusterError::NotAllowed(lack) => LogNote::NotAllowed(lack),
        ClusterError::Exists(object) => LogNote::Exists(object),
        ClusterError::Changed(object) => LogNote::Changed(object),
        ClusterError::Away(_) => LogNote::ClusterAway,
    }
}

/// A container that has not started, with what the verdict on its pod knows of why.
fn waits(container: &str, reason: &WaitReason, verdict: Verdict) -> Seen {
    Seen::Waits(LogNote::WaitsForContainer { container: container.to_owned(), reason: reason.clone(), verdict: Box::new(verdict) })
}
