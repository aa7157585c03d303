//! What was read so far, within bounds.

use domain::facts::{AppFacts, ContainerState, Ended, EndedRun, Observed, Pod, RevisionChange, Rise, RunningLog, UnreadyLog};
use domain::log::{LogErrors, Said};
use domain::{AppId, Namespace, UnixMs};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Runs that have ended and are remembered; of the namespace that has most, the one read first is forgotten first.
const MAX_ENDS: usize = 2_000;
/// Containers that run and are remembered.
const MAX_RUNNING: usize = 1_000;
/// Apps whose last change is remembered.
const MAX_CHANGES: usize = 1_000;
/// Runs of one app that are told.
const ENDS_OF_APP: usize = 64;
/// Running containers of one app that are told.
const LOGS_OF_APP: usize = 16;
/// What was read of a running log is told for so long after, in milliseconds.
const FRESH_MS: i64 = 5 * 60_000;
/// A log that could not be read is tried again after this time, in milliseconds.
const AGAIN_MS: i64 = 20_000;
/// How often a log is tried.
const TRIES: u8 = 3;

/// A run of a container: of its pod's uid, by its name, ended then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Run {
    pub(super) pod: String,
    pub(super) container: String,
    pub(super) finished: Option<UnixMs>,
}

impl Run {
    pub(super) fn of(pod: &Pod, container: &str, ended: &Ended) -> Self {
        Self { pod: pod.uid.clone(), container: container.to_owned(), finished: ended.finished }
    }
}

/// What the end of a log says.
#[derive(Debug)]
struct LastWords {
    said: Said,
    lines: Vec<String>,
    rise: Option<Rise>,
}

#[derive(Debug)]
enum End {
    Read(Box<LastWords>),
    Tried { times: u8, next: UnixMs },
}

/// A container that runs.
#[derive(Debug)]
struct Running {
    read: UnixMs,
    errors: Option<LogErrors>,
    lines: Vec<String>,
    /// Samples in a row with many errors.
    many: u32,
    told: bool,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Known {
    ends: HashMap<Run, End>,
    order: BTreeMap<Namespace, VecDeque<Run>>,
    running: HashMap<(String, String), Running>,
    changes: HashMap<AppId, (u64, Option<RevisionChange>)>,
}

impl Known {
    /// Whether the end of this run's log is still to be read.
    pub(super) fn lacks(&self, run: &Run, now: UnixMs) -> bool {
        match self.ends.get(run) {
            None => true,
            Some(End::Read(_)) => false,
            Some(End::Tried { times, next }) => *times < TRIES && *next <= now,
        }
    }

    /// When the log of a running container was read last.
    pub(super) fn read_at(&self, pod_uid: &str, container: &str) -> Option<UnixMs> {
        self.running.get(&(pod_uid.to_owned(), container.to_owned())).map(|r| r.read)
    }

    /// Whether it is known what this revision changed.
    pub(super) fn knows_change(&self, app: &AppId, revision: u64) -> bool {
        self.changes.get(app).is_some_and(|(known, _)| *known == revision)
    }

    fn put(&mut self, namespace: &Namespace, run: Run, end: End) {
        if self.ends.insert(run.clone(), end).is_none() {
            self.order.entry(namespace.clone()).or_default().push_back(run);
            if self.ends.len() > MAX_ENDS {
                self.forget_one();
            }
        }
    }

    /// Makes room at the cost of the namespace that takes most of it.
    fn forget_one(&mut self) {
        let Some((namespace, most)) = self.order.iter_mut().max_by_key(|(_, runs)| runs.len()) else { return };
        let (namespace, oldest) = (namespace.clone(), most.pop_front());
        if most.is_empty() {
            self.order.remove(&namespace);
        }
        if let Some(oldest) = oldest {
            self.ends.remove(&oldest);
        }
    }

    pub(super) fn said(&mut self, namespace: &Namespace, run: Run, said: Said, lines: Vec<String>, rise: Option<Rise>) {
        self.put(namespace, run, End::Read(Box::new(LastWords { said, lines, rise })));
    }

    /// The log could not be read now.
    pub(super) fn failed(&mut self, namespace: &Namespace, run: Run, now: UnixMs) {
        let times = match self.ends.get(&run) {
            Some(End::Tried { times, .. }) => times.saturating_add(1),
            _ => 1,
        };
        self.put(namespace, run, End::Tried { times, next: now.plus(AGAIN_MS) });
    }

    pub(super) fn change(&mut self, app: AppId, revision: u64, change: Option<RevisionChange>) {
        if self.changes.len() >= MAX_CHANGES {
            self.changes.clear();
        }
        self.changes.insert(app, (revision, change));
    }

    /// Takes a sample. Errors are told from the second sample on in which they are many, or from the first that shows
    /// that they last; they are told no more when two samples in a row have few.
    pub(super) fn sampled(&mut self, pod_uid: &str, container: &str, errors: Option<LogErrors>, lines: Vec<String>, now: UnixMs) {
        let key = (pod_uid.to_owned(), container.to_owned());
        if self.running.len() >= MAX_RUNNING && !self.running.contains_key(&key) {
            self.running.retain(|_, r| now.since(r.read) < FRESH_MS);
            if self.running.len() >= MAX_RUNNING {
                self.running.clear();
            }
        }
        let before = self.running.remove(&key).unwrap_or(Running { read: now, errors: None, lines: Vec::new(), many: 0, told: false });
        let many = errors.as_ref().is_some_and(LogErrors::is_many);
        let running = if many {
            let told = before.told || before.many > 0 || errors.as_ref().is_some_and(LogErrors::lasts);
            Running { read: now, errors, lines, many: before.many + 1, told }
        } else if before.told && before.many > 0 {
            // One quiet sample is not yet the end; what was told stays.
            Running { read: now, errors: before.errors, lines, many: 0, told: true }
        } else {
            Running { read: now, errors, lines, many: 0, told: false }
        };
        self.running.insert(key, running);
    }

    /// A running log could not be read; others have their turn first.
    pub(super) fn passed_over(&mut self, pod_uid: &str, container: &str, now: UnixMs) {
        self.sampled(pod_uid, container, None, Vec::new(), now);
    }

    /// Forgets what is too old to be told.
    pub(super) fn tidy(&mut self, now: UnixMs) {
        self.running.retain(|_, r| (0..FRESH_MS).contains(&now.since(r.read)));
    }

    /// What is known of an app.
    pub(super) fn of(&self, facts: &AppFacts) -> Observed {
        let mut observed = Observed::default();
        let containers = facts.pods.iter().flat_map(|pod| pod.containers.iter().map(move |c| (pod, c)));
        for (pod, c) in containers {
            let now = match &c.state {
                ContainerState::Ended(ended) => Some(ended),
                ContainerState::Waiting { .. } | ContainerState::Running { .. } => None,
            };
            for ended in now.into_iter().chain(&c.last) {
                let run = Run::of(pod, &c.name, ended);
                let told = observed.ends.iter().any(|e| e.pod == run.pod && e.container == run.container && e.finished == run.finished);
                if let Some(End::Read(read)) = self.ends.get(&run)
                    && observed.ends.len() < ENDS_OF_APP
                    && !told
                {
                    let (said, lines, rise) = (read.said.clone(), read.lines.clone(), read.rise);
                    observed.ends.push(EndedRun { pod: run.pod, container: run.container, finished: run.finished, said, lines, rise });
                }
            }
            let Some(running) = self.running.get(&(pod.uid.clone(), c.name.clone())) else { continue };
            if !matches!(c.state, ContainerState::Running { .. }) {
                continue;
            }
            if let Running { errors: Some(errors), told, .. } = running
                && (*told || errors.forbidden.is_some())
                && observed.logs.len() < LOGS_OF_APP
            {
                observed.logs.push(RunningLog { pod: pod.name.clone(), container: c.name.clone(), errors: errors.clone(), many: *told });
            }
            // Of one that is ready nobody asks what it says.
            if !c.ready && !running.lines.is_empty() && observed.unready.len() < LOGS_OF_APP {
                observed.unready.push(UnreadyLog { pod: pod.name.clone(), container: c.name.clone(), lines: running.lines.clone() });
            }
        }
        let change = self.changes.get(&facts.workload.id).filter(|(revision, _)| Some(*revision) == facts.workload.revision);
        observed.change = change.and_then(|(_, change)| change.clone());
        observed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_whose_apps_end_all_the_time_costs_no_other_what_was_read_of_it() {
        let now = UnixMs(0);
        let namespace = |name: &str| Namespace::parse(name).unwrap();
        let run = |of: &str, n: usize| Run { pod: format!("{of}-{n}"), container: "main".into(), finished: Some(now) };
        let mut known = Known::default();
        let read = |known: &mut Known, of: &str, n: usize| known.said(&namespace(of), run(of, n), Said::Nothing, Vec::new(), None);
        (0..3).for_each(|n| read(&mut known, "quiet", n));
        (0..3 * MAX_ENDS).for_each(|n| read(&mut known, "noisy", n));
        assert!((0..3).all(|n| !known.lacks(&run("quiet", n), now)));
        assert!(known.lacks(&run("noisy", 0), now) && !known.lacks(&run("noisy", 3 * MAX_ENDS - 1), now));
        assert_eq!((known.ends.len(), known.order.values().map(VecDeque::len).sum::<usize>()), (MAX_ENDS, MAX_ENDS));
        // The same again takes no more room.
        read(&mut known, "quiet", 0);
        assert_eq!(known.ends.len(), MAX_ENDS);
    }
}
