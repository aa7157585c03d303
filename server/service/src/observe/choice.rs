//! Which log is read next: of the namespace whose turn it is, first ends that nobody has read yet, then what a failing revision
//! changed, then logs of apps that run, the one that was not read for longest. An init container that has not ended is such a log too.

use super::known::{Known, Run};
use crate::ports::{NamespaceApps, World};
use domain::facts::{AppFacts, Container, ContainerState, Ended, Pod};
use domain::kubernetes::words::EndReason;
use domain::turns::Turns;
use domain::{AppId, Kind, Namespace, UnixMs};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// Ends that are older are read only where somebody looks at the app, in milliseconds.
const OLD_MS: i64 = 24 * 3_600_000;
/// An app whose container ended or whose pod came within this time is sampled without anybody looking, in milliseconds.
const LATELY_MS: i64 = 10 * 60_000;
/// A running log is read again after this time, in milliseconds.
const EVERY_MS: i64 = 30_000;
/// An init container that has run for so long is stuck, or may be: its last line is told, in milliseconds.
const STUCK_MS: i64 = 60_000;
/// That line is read again after this time where nobody looks at the app, in milliseconds.
const STUCK_EVERY_MS: i64 = 120_000;
/// Pods of one app whose running logs are read.
const PODS: usize = 3;
/// Running containers of one app whose logs are read.
const CONTAINERS: usize = 6;

/// One read.
#[derive(Debug, PartialEq)]
pub(super) enum NextRead {
    /// The end of a log that goes on no more.
    End {
        app: AppId,
        pod: String,
        run: Run,
        /// It is the log before the one that the container has now.
        previous: bool,
        /// When the run began.
        started: Option<UnixMs>,
        /// It was killed for memory, at this limit.
        memory: Option<u64>,
    },
    /// What the newest revision changed.
    Change { app: AppId, revision: u64 },
    /// The log of a container that runs.
    Running { app: AppId, pod: String, uid: String, container: String, since: Option<UnixMs> },
    /// The end of the log of an init container that keeps the others from starting.
    Stuck { app: AppId, pod: String, uid: String, container: String },
}

impl NextRead {
    pub(super) fn app(&self) -> &AppId {
        match self {
            Self::End { app, .. } | Self::Change { app, .. } | Self::Running { app, .. } | Self::Stuck { app, .. } => app,
        }
    }
}

/// The next read; nothing where all that may be read is known. Namespaces with anything to read go in turns, so that one whose
/// apps end all the time takes nothing from another; where it is nobody's turn before another's, what matters most is first.
pub(super) fn next(world: &World, known: &Known, open: &HashSet<AppId>, turns: &Turns<Namespace>, now: UnixMs) -> Option<NextRead> {
    let mut best: Rated<(Duration, Reverse<Weight>)> = None;
    for (namespace, apps) in &world.namespaces {
        let turn = turns.place_of(namespace);
        if best.as_ref().is_some_and(|((first, _), _)| *first < turn) {
            continue;
        }
        let found = next_of(apps, known, open, now).map(|(weight, read)| ((turn, Reverse(weight)), read));
        best = older(best, found);
    }
    best.map(|(_, read)| read)
}

/// How much a read matters. The order of the variants is the order of weight, from the least, and so is that of the fields: of
/// ends, one of an app that somebody looks at is first, then the newest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// A log that goes on.
    Running,
    /// What a revision changed.
    Change,
    /// The log of a run that ended.
    End { seen: bool, finished: Option<UnixMs> },
}

fn next_of(apps: &NamespaceApps, known: &Known, open: &HashSet<AppId>, now: UnixMs) -> Rated<Weight> {
    let (mut end, mut change, mut running) = (None, None, None);
    for facts in apps.apps.values().filter(|f| !f.workload.log_samples_off) {
        let seen = open.contains(&facts.workload.id);
        end = newer(end, newest_end(facts, known, seen, now));
        // The rest is only looked at where there is no end to read.
        if end.is_none() {
            change = change.or_else(|| change_of(facts, known, now));
            running = older(running, quietest(facts, known, seen, now));
        }
    }
    let end = end.map(|((seen, finished), read)| (Weight::End { seen, finished }, read));
    end.or_else(|| change.map(|read| (Weight::Change, read))).or_else(|| running.map(|(_, read)| (Weight::Running, read)))
}

type Rated<K> = Option<(K, NextRead)>;

fn newer<K: Ord>(one: Rated<K>, other: Rated<K>) -> Rated<K> {
    match (one, other) {
        (Some(a), Some(b)) => Some(if b.0 > a.0 { b } else { a }),
        (a, b) => a.or(b),
    }
}

fn older<K: Ord>(one: Rated<K>, other: Rated<K>) -> Rated<K> {
    match (one, other) {
        (Some(a), Some(b)) => Some(if b.0 < a.0 { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// The ends of a container that a status may tell: the one now, or the one before.
fn ends(c: &Container) -> impl Iterator<Item = (&Ended, bool)> {
    let now = match &c.state {
        ContainerState::Ended(ended) => Some((ended, false)),
        ContainerState::Waiting { .. } | ContainerState::Running { .. } => None,
    };
    now.into_iter().chain(c.last.as_ref().map(|e| (e, true)))
}

/// Whether a status says why this run ended.
fn counts(facts: &AppFacts, c: &Container, ended: &Ended) -> bool {
    let job = matches!(facts.workload.id.kind, Kind::Job | Kind::CronJob);
    ended.exit_code != 0 || !(c.init || job)
}

/// The newest end of the app that was not read, and how much it matters.
fn newest_end(facts: &Arc<AppFacts>, known: &Known, seen: bool, now: UnixMs) -> Rated<(bool, Option<UnixMs>)> {
    let mut found = None;
    for pod in &facts.pods {
        for c in &pod.containers {
            for (ended, previous) in ends(c) {
                let age = ended.finished.map_or(i64::MAX, |at| now.since(at));
                if !counts(facts, c, ended) || !(seen || age < OLD_MS) {
                    continue;
                }
                let rank = (seen, ended.finished);
                if found.as_ref().is_some_and(|(best, _)| *best >= rank) {
                    continue;
                }
                let run = Run::of(pod, &c.name, ended);
                if known.lacks(&run, now) {
                    let limit = facts.workload.containers.iter().find(|s| s.name == c.name).and_then(|s| s.memory_limit);
                    let memory = limit.map(|l| l.0).filter(|_| ended.reason == EndReason::OutOfMemory);
                    let app = facts.workload.id.clone();
                    found = Some((rank, NextRead::End { app, pod: pod.name.clone(), run, previous, started: ended.started, memory }));
                }
            }
        }
    }
    found
}

/// What the newest revision changed, where one of its pods is not ready after an end.
fn change_of(facts: &AppFacts, known: &Known, now: UnixMs) -> Option<NextRead> {
    let w = &facts.workload;
    let revision = w.revision.filter(|r| *r > 1)?;
    if matches!(w.id.kind, Kind::Job | Kind::CronJob) || known.knows_change(&w.id, revision) {
        return None;
    }
    let newest = facts.replica_sets.first();
    let is_new = |pod: &&Arc<Pod>| newest.and_then(|s| s.hash.as_deref()).is_none_or(|hash| pod.template_hash.as_deref() == Some(hash));
    let young = newest.is_none_or(|s| now.since(facts.made(s).unwrap_or(s.created)) < OLD_MS);
    let fails = |pod: &Arc<Pod>| !pod.ready() && pod.containers.iter().any(|c| ends(c).any(|(e, _)| counts(facts, c, e)));
    (young && facts.pods.iter().filter(is_new).any(fails)).then(|| NextRead::Change { app: w.id.clone(), revision })
}

/// The running log of the app that was not read for longest.
fn quietest(facts: &AppFacts, known: &Known, seen: bool, now: UnixMs) -> Rated<Option<UnixMs>> {
    let lately = |at: UnixMs| (0..LATELY_MS).contains(&now.since(at));
    let restarted =
        || facts.pods.iter().any(|p| lately(p.created) || p.containers.iter().any(|c| c.last.as_ref().and_then(|e| e.finished).is_some_and(lately)));
    let watched = seen || restarted();
    let every = if watched { EVERY_MS } else { STUCK_EVERY_MS };
    let pods = facts.pods.iter().filter(|p| p.deleting.is_none()).filter(|p| p.containers.iter().any(|c| is_read(c, watched, now)));
    let containers = pods.take(PODS).flat_map(|p| p.containers.iter().filter(move |c| is_read(c, watched, now)).map(move |c| (p, c))).take(CONTAINERS);
    let due = containers.filter_map(|(p, c)| {
        let read = known.read_at(&p.uid, &c.name);
        read.is_none_or(|at| now.since(at) >= every).then_some((read, p, c))
    });
    let (read, pod, c) = due.min_by_key(|(read, _, _)| *read)?;
    if c.init {
        let next = NextRead::Stuck { app: facts.workload.id.clone(), pod: pod.name.clone(), uid: pod.uid.clone(), container: c.name.clone() };
        return Some((read, next));
    }
    let since = match &c.state {
        ContainerState::Running { since } => *since,
        ContainerState::Waiting { .. } | ContainerState::Ended(_) => None,
    };
    let next = NextRead::Running { app: facts.workload.id.clone(), pod: pod.name.clone(), uid: pod.uid.clone(), container: c.name.clone(), since };
    Some((read, next))
}

fn runs(c: &Container) -> bool {
    !c.init && matches!(c.state, ContainerState::Running { .. })
}

/// Whether the log of a container is read: one that runs where the app is watched, and one that is stuck anyway.
fn is_read(c: &Container, watched: bool, now: UnixMs) -> bool {
    is_stuck(c, now) || (watched && runs(c))
}

/// An init container that has run for long and has not ended.
fn is_stuck(c: &Container, now: UnixMs) -> bool {
    c.init && matches!(&c.state, ContainerState::Running { since: Some(since) } if now.since(*since) >= STUCK_MS)
}
