//! One read of a log, and what is made of it.

use super::choice::NextRead;
use super::job::Pace;
use super::known::{Known, Run};
use super::{Observer, pressure};
use crate::ports::{ClusterError, ClusterResult, LogTarget};
use domain::facts::Rise;
use domain::kubernetes::Away;
use domain::live::LogQuery;
use domain::log::{Said, Sample, errors, last_lines, last_words};
use domain::{AppId, UnixMs};
use futures::StreamExt as _;
use std::time::Duration;

/// Most bytes of one read.
pub(super) const MOST: usize = 64 * 1024;
/// How long one read may take.
const LONGEST: Duration = Duration::from_secs(5);
/// Lines from the end of a log that has ended; where they are more bytes than one read has, fewer are asked for. The node
/// counts pieces of 16 KiB, so the last three always fit.
const TAILS: [u32; 4] = [200, 50, 12, 3];
/// Lines from the end of a log that goes on.
const RUNNING_LINES: u32 = 500;
/// Lines from the end of the log of an init container, however old they are.
const STUCK_LINES: u32 = 12;
/// Seconds back in a log that goes on.
const WINDOW_S: u32 = 120;
/// A line may be taken so long after its container ended, in milliseconds.
const LATE_MS: i64 = 1_000;
/// How far back the memory before a kill is looked at, in milliseconds, and in which steps.
const BEFORE_KILL: (i64, i64) = (6 * 3_600_000, 15_000);

impl Observer {
    /// Does it within its bounds. Where it takes more than one read, it waits for the pace between them.
    pub(super) async fn do_read(&self, read: NextRead, known: &mut Known, pace: &mut Pace) {
        let now = self.clock.now();
        match read {
            NextRead::End { app, pod, run, previous, started, memory } => {
                let (said, lines) = match self.read_end(&app, &pod, &run, previous, pace).await {
                    Ok(Some(read)) => read,
                    // The container has gone on meanwhile; its run is read as the one before, if it still counts.
                    Ok(None) => return known.failed(&app.namespace, run, now),
                    Err(ClusterError::Missing(_)) => (Said::Gone, Vec::new()),
                    Err(error) => {
                        tracing::debug!(%app, pod, %error, "the end of a log could not be read");
                        return known.failed(&app.namespace, run, now);
                    }
                };
                let rise = match memory {
                    Some(limit) => self.rise_before(&app, &pod, started, run.finished, limit).await,
                    None => None,
                };
                known.said(&app.namespace, run, said, lines, rise);
            }
            NextRead::Change { app, revision } => {
                let change = self.revisions.last_change(&app).await.unwrap_or_else(|error| {
                    tracing::debug!(%app, %error, "what a revision changed could not be read");
                    None
                });
                known.change(app, revision, change.filter(|c| c.revision == revision && !c.parts.is_empty()));
            }
            NextRead::Running { app, pod, uid, container, since } => {
                let query = LogQuery { timestamps: true, tail_lines: Some(RUNNING_LINES), since_seconds: Some(WINDOW_S), ..LogQuery::default() };
                match self.read_bytes(&app, &pod, &container, query).await {
                    Ok(lines) => {
                        let cut = lines.len() >= MOST || memchr::memchr_iter(b'\n', &lines).count() >= RUNNING_LINES as usize;
                        let running_ms = since.map_or(i64::MAX, |at| now.since(at).max(0));
                        let found = errors(&lines, Sample { window_s: i64::from(WINDOW_S), cut, running_ms }, shown);
                        known.sampled(&uid, &container, found, ends_of(&lines, None), now);
                    }
                    Err(error) => {
                        tracing::debug!(%app, pod, %error, "a log could not be sampled");
                        known.passed_over(&uid, &container, now);
                    }
                }
            }
            NextRead::Stuck { app, pod, uid, container } => {
                let query = LogQuery { timestamps: true, tail_lines: Some(STUCK_LINES), ..LogQuery::default() };
                match self.read_bytes(&app, &pod, &container, query).await {
                    // It waits; whether it logs errors is told by the line itself.
                    Ok(lines) => known.sampled(&uid, &container, None, ends_of(&lines, None), now),
                    Err(error) => {
                        tracing::debug!(%app, pod, %error, "the log of an init container could not be read");
                        known.passed_over(&uid, &container, now);
                    }
                }
            }
        }
    }

    /// The last words and lines of a run; nothing where the log is that of another run.
    async fn read_end(&self, app: &AppId, pod: &str, run: &Run, previous: bool, pace: &mut Pace) -> ClusterResult<Option<(Said, Vec<String>)>> {
        let until = run.finished.map(|at| at.plus(LATE_MS));
        for (n, tail) in TAILS.into_iter().enumerate() {
            if n > 0 {
                pace.turn().await;
            }
            let query = LogQuery { previous, timestamps: true, tail_lines: Some(tail), ..LogQuery::default() };
            let lines = self.read_bytes(app, pod, &run.container, query).await?;
            if lines.len() >= MOST && n + 1 < TAILS.len() {
                continue;
            }
            let said = last_words(&lines, until, shown);
            let other = said == Said::Nothing && !lines.is_empty() && last_words(&lines, None, shown) != Said::Nothing;
            return Ok((!other).then(|| (said, ends_of(&lines, until))));
        }
        Ok(None)
    }

    async fn read_bytes(&self, app: &AppId, pod: &str, container: &str, query: LogQuery) -> ClusterResult<Vec<u8>> {
        let target = LogTarget {
            namespace: app.namespace.clone(),
            pod: pod.to_owned(),
            container: container.to_owned(),
            query,
            since: None,
            limit_bytes: Some(u32::try_from(MOST).unwrap_or(u32::MAX)),
        };
        let read = async {
            let mut stream = self.logs.logs(&target).await?;
            let mut all = Vec::new();
            while let Some(chunk) = stream.next().await {
                all.extend_from_slice(&chunk?);
                if all.len() >= MOST {
                    break;
                }
            }
            all.truncate(MOST);
            Ok(all)
        };
        tokio::time::timeout(LONGEST, read).await.unwrap_or_else(|_| Err(ClusterError::Away(Away::Silent(LONGEST.as_secs(), None))))
    }

    /// How memory rose before a kill, from the samples that the store has.
    async fn rise_before(&self, app: &AppId, pod: &str, started: Option<UnixMs>, finished: Option<UnixMs>, limit: u64) -> Option<Rise> {
        let (back, step) = BEFORE_KILL;
        let end = finished?;
        let from = started.map_or(end.plus(-back), |at| at.max(end.plus(-back)));
        let series = self.samples.series(app, from, end.plus(1), step).await.ok()?;
        let points = series.into_iter().find(|s| s.pod == pod)?.points;
        let mut points: Vec<_> = points.into_iter().filter(|p| p.at >= from && p.at <= end).map(|p| (p.at, p.memory_bytes)).collect();
        points.sort_by_key(|p| p.0);
        pressure::rise(&points, limit, pressure::BEFORE_KILL)
    }
}

/// The last lines as they may be shown; none of a log that was cut off at its end, where half a secret may stand.
fn ends_of(log: &[u8], until: Option<UnixMs>) -> Vec<String> {
    if log.len() < MOST { last_lines(log, until, shown) } else { Vec::new() }
}

/// A line as anybody may read it who sees the app: without secrets.
fn shown(text: &str) -> String {
    domain::redact::text(text).into_owned()
}
