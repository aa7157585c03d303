//! What the portal itself says in a log, between the lines.

use crate::Tone;
use crate::facts::Ended;
use crate::kubernetes::words::{EndReason, WaitReason};
use crate::kubernetes::{Missing, NotAllowed, Object, Refused};
use crate::verdict::Verdict;

/// A remark of the portal in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogNote {
    /// The container has not run yet.
    WaitsForContainer {
        /// Its name.
        container: String,
        /// Why it waits, by its own state.
        reason: WaitReason,
        /// The verdict on its pod, which says more.
        verdict: Box<Verdict>,
    },
    /// A container that somebody added for debugging has not run yet. What ails its pod is why somebody looks into that, and not why
    /// this container does not start.
    WaitsForDebugContainer {
        /// Its name.
        container: String,
        /// Why.
        why: WaitReason,
    },
    /// The container runs and has written nothing.
    NothingYet {
        /// Its name.
        container: String,
    },
    /// A run of the container ended and has written nothing.
    WroteNothing {
        /// Its name.
        container: String,
        /// The container's restarts before that run.
        run: u32,
        /// No other run follows.
        over: bool,
    },
    /// The container was started again.
    Restarted {
        /// Its name.
        container: String,
        /// How often it has been restarted.
        run: u32,
        /// How the run before ended.
        end: Option<RunEnd>,
    },
    /// The run before the restart may have said more than was read.
    RestartedUnread {
        /// Name of the container.
        container: String,
    },
    /// The container ended for good.
    Ended {
        /// Its name.
        container: String,
        /// How its last run ended.
        end: Option<RunEnd>,
    },
    /// The pod was removed.
    PodGone {
        /// Its name.
        pod: String,
    },
    /// The container's log was removed.
    LogGone {
        /// Name of the container.
        container: String,
        /// Name of its pod.
        pod: String,
    },
    /// The log goes on after it was told why it does not.
    Resumed,
    /// The log was cut and the place is not there any more, so lines may be missing.
    Gap,
    /// A log that was to be read once was cut and its start is not there any more, so the rest of its lines is missing.
    CutAtLostStart,
    /// The log is cut again and again, so the rest of its lines is missing.
    KeepsBeingCut,
    /// The cluster does not answer.
    ClusterAway,
    /// The portal may not read the log.
    NotAllowed(NotAllowed),
    /// The cluster refuses the log.
    Refused(Refused),
    /// The cluster does not have the log, or not its pod.
    Missing(Missing),
    /// The cluster gives the answer of a creation: the object is there already.
    Exists(Object),
    /// The cluster gives the answer of a change: the object was changed meanwhile.
    Changed(Object),
    /// Not all containers are read at the same time.
    ContainersWait {
        /// How many are not read yet.
        waiting: usize,
        /// What they wait for.
        limit: ReadLimit,
    },
    /// The log has had as many containers as it has numbers for.
    TooManyContainers,
    /// No container has a run before the current one.
    NoPreviousRun,
    /// The app has no pods.
    NoPods,
    /// The app has no pods now, and the log waits for some.
    NoPodsYet,
    /// The app was deleted.
    AppDeleted,
}

/// How a run of a container ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// The node killed it for its memory.
    OutOfMemory,
    /// A signal killed it.
    Signal(i32),
    /// It exited by itself, with this code.
    Exit(i32),
}

impl RunEnd {
    /// Reads the end of a run.
    #[must_use]
    pub fn of(ended: &Ended) -> Self {
        match (&ended.reason, ended.signal) {
            (EndReason::OutOfMemory, _) => Self::OutOfMemory,
            (_, Some(signal)) if signal != 0 => Self::Signal(signal),
            _ => Self::Exit(ended.exit_code),
        }
    }
}

/// A bound on containers that are read at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadLimit {
    /// Of one log.
    Log {
        /// The bound.
        most: usize,
    },
    /// Of all logs of one person.
    Person {
        /// The bound.
        most: u32,
    },
    /// Of the whole portal.
    Portal,
}

impl LogNote {
    /// The stable code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WaitsForContainer { .. } => "waits_for_container",
            Self::WaitsForDebugContainer { .. } => "waits_for_debug_container",
            Self::NothingYet { .. } => "nothing_yet",
            Self::WroteNothing { .. } => "wrote_nothing",
            Self::Restarted { .. } => "restarted",
            Self::RestartedUnread { .. } => "restarted_unread",
            Self::Ended { .. } => "ended",
            Self::PodGone { .. } => "pod_gone",
            Self::LogGone { .. } => "log_gone",
            Self::Resumed => "resumed",
            Self::Gap => "gap",
            Self::CutAtLostStart => "cut_at_lost_start",
            Self::KeepsBeingCut => "keeps_being_cut",
            Self::ClusterAway => "cluster_away",
            Self::NotAllowed(_) => "not_allowed",
            Self::Refused(_) => "refused",
            Self::Missing(_) => "missing",
            Self::Exists(_) => "exists",
            Self::Changed(_) => "changed",
            Self::ContainersWait { .. } => "containers_wait",
            Self::TooManyContainers => "too_many_containers",
            Self::NoPreviousRun => "no_previous_run",
            Self::NoPods => "no_pods",
            Self::NoPodsYet => "no_pods_yet",
            Self::AppDeleted => "app_deleted",
        }
    }

    /// How it is to be taken.
    #[must_use]
    pub const fn tone(&self) -> Tone {
        match self {
            Self::WaitsForContainer { .. }
            | Self::WaitsForDebugContainer { .. }
            | Self::NothingYet { .. }
            | Self::WroteNothing { over: false, .. }
            | Self::Resumed
            | Self::Refused(_)
            | Self::Missing(_)
            | Self::Exists(_)
            | Self::Changed(_)
            | Self::NoPreviousRun
            | Self::NoPods
            | Self::NoPodsYet => Tone::Info,
            Self::Restarted { .. } | Self::RestartedUnread { .. } | Self::Gap | Self::ClusterAway | Self::ContainersWait { .. } => Tone::Warn,
            Self::CutAtLostStart | Self::KeepsBeingCut | Self::NotAllowed(_) => Tone::Bad,
            Self::WroteNothing { over: true, .. }
            | Self::Ended { .. }
            | Self::PodGone { .. }
            | Self::LogGone { .. }
            | Self::TooManyContainers
            | Self::AppDeleted => Tone::End,
        }
    }

    /// Whether it says nothing new after `earlier`.
    #[must_use]
    pub fn repeats(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (
                Self::WaitsForContainer { container, reason, verdict },
                Self::WaitsForContainer { container: earlier_container, reason: earlier_reason, verdict: earlier_verdict },
            ) => (container, reason) == (earlier_container, earlier_reason) && verdict.repeats(earlier_verdict),
            (note, earlier) => note == earlier,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::{Cause, PullWhy, Who};
    use crate::status::Word;
    use crate::{Kind, UnixMs};

    #[test]
    fn a_wait_is_news_when_its_reason_changes_and_not_when_time_passes() {
        let waits = |cause, at| LogNote::WaitsForContainer {
            container: "web".into(),
            reason: WaitReason::of("ImagePullBackOff"),
            verdict: Box::new(Verdict::trouble(Word::Failing, cause, Some(UnixMs(at)))),
        };
        let who = || Who::Pod("shop-1".into());
        let not_pulled =
            |why| Cause::ImageNotPulled { who: who(), image: "shop:1".into(), host: None, node: Some("node-1".into()), kind: Kind::Deployment, why };
        let first = waits(not_pulled(PullWhy::NotFound), 1_000);
        assert!(waits(not_pulled(PullWhy::NotFound), 2_000).repeats(&first));
        assert!(!waits(not_pulled(PullWhy::RateLimit), 1_000).repeats(&first), "the same code, and another cause");
        let unknown = Cause::RegistryUnknown { who: who(), image: "shop:1".into(), host: None, node: None };
        assert!(!waits(unknown, 1_000).repeats(&first));
        assert!(!LogNote::ClusterAway.repeats(&first) && LogNote::ClusterAway.repeats(&LogNote::ClusterAway));
    }
}
