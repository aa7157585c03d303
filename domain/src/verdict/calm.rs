//! What needs nobody, or not yet.

use super::ActiveRuns;
use crate::UnixMs;
use crate::cause::{Counts, Who};
use crate::facts::ChangedPart;

/// How an app or a pod stands where nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calm {
    /// A controller has not looked at a change yet.
    ChangeNotSeenYet {
        /// When the change was made.
        at: UnixMs,
    },
    /// Pods are on their way, and none is ready.
    Starting {
        /// How many are wanted.
        wanted: u32,
        /// Since when.
        since: UnixMs,
    },
    /// A job has begun, which its lead tells.
    JobStarting,
    /// Old pods end, and those that replace them are not ready.
    ReplacingPods {
        /// Pods that end.
        ending: u32,
        /// Seconds that they may take, where that is long.
        grace_s: Option<u32>,
    },
    /// A rollout goes on, which its lead tells.
    RollingOut {
        /// Pods that have the new revision.
        updated: u32,
        /// Pods wanted.
        wanted: u32,
    },
    /// Some pods are ready, which the lead tells.
    SomeReady(Counts),
    /// All pods are ready, which the lead tells.
    AllReady {
        /// How many are wanted.
        wanted: u32,
    },
    /// All pods are ready, and not for long enough to count as available.
    MustStayReady {
        /// Pods.
        counts: Counts,
        /// Seconds for which each must be ready.
        must_s: u32,
        /// Since when the youngest is.
        since: UnixMs,
    },
    /// A rollout is held before it has made a pod.
    PausedBeforeFirstPod {
        /// When it was paused.
        since: Option<UnixMs>,
        /// Pods wanted.
        wanted: u32,
    },
    /// A rollout is held halfway.
    PausedHalfway {
        /// When it was paused.
        since: Option<UnixMs>,
        /// Pods that have the new revision.
        updated: u32,
        /// Pods wanted.
        wanted: u32,
        /// Pods that are ready.
        ready: u32,
    },
    /// Rollouts are held, and none is under way.
    Paused {
        /// When they were.
        since: Option<UnixMs>,
        /// Pods.
        counts: Counts,
        /// The template has an image that no pod runs.
        image_waits: bool,
        /// What else of the template no pod has.
        parts: Vec<ChangedPart>,
    },
    /// No node matches a daemon set.
    NoNodeMatches,
    /// No pod is wanted, and some have not ended yet.
    Stopping {
        /// How many have not.
        pods: u32,
    },
    /// No pod is wanted.
    ScaledToZero,
    /// An app was deleted, and what is left of it ends.
    Deleting {
        /// When it was deleted.
        at: UnixMs,
        /// Pods that are still there.
        pods: u32,
    },
    /// A job ended well.
    JobSucceeded {
        /// When.
        at: Option<UnixMs>,
        /// How long it took, in milliseconds.
        took: Option<i64>,
        /// Its runs: those that succeeded, and those that are wanted.
        done: Counts,
    },
    /// A job is held.
    JobSuspended {
        /// When it was suspended.
        since: Option<UnixMs>,
        /// Its runs: those that succeeded, and those that are wanted.
        done: Counts,
        /// Pods that were ended for it.
        stopped: u32,
        /// Attempts that had failed.
        failed: u32,
    },
    /// A job may not run any pod.
    NoParallelism {
        /// Its runs: those that succeeded, and those that are wanted.
        done: Counts,
    },
    /// A job runs, and no attempt has failed.
    JobRunning {
        /// When it began.
        since: UnixMs,
        /// Its runs: those that succeeded, and those that are wanted.
        done: Counts,
    },
    /// A schedule is held.
    ScheduleSuspended {
        /// The schedule in the words of cron, with its time zone.
        schedule: String,
        /// How the last run ended or when it began; nothing where a run is active and tells more.
        last: Option<LastRun>,
        /// Runs that are active in spite of it.
        active: Option<ActiveRuns>,
    },
    /// Runs of a cron job are active.
    RunsActive {
        /// The runs.
        active: ActiveRuns,
        /// How the last one ended.
        last: Option<LastRun>,
    },
    /// A cron job has never run.
    NotRunYet {
        /// The schedule in the words of cron, with its time zone.
        schedule: String,
    },
    /// The last run of a cron job ended well.
    LastRunSucceeded {
        /// When.
        at: UnixMs,
        /// How long it took, in milliseconds.
        took: Option<i64>,
        /// The schedule in the words of cron, with its time zone.
        schedule: String,
    },
    /// Nothing runs, and how the last run ended is not known.
    WaitsForSchedule {
        /// When the last run began.
        last: Option<UnixMs>,
        /// The schedule in the words of cron, with its time zone.
        schedule: String,
    },
    /// A pod was asked to end, and has time for it.
    PodTerminating {
        /// The pod.
        who: Who,
    },
    /// A pod ended well.
    PodSucceeded {
        /// The pod.
        who: Who,
        /// When it ended.
        at: Option<UnixMs>,
    },
    /// A pod is ready.
    PodReady {
        /// The pod.
        who: Who,
        /// How many of its containers are ready.
        containers: u32,
    },
}

/// What is known of the last run of a cron job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastRun {
    /// It ended well.
    Succeeded {
        /// When.
        at: UnixMs,
        /// How long it took, in milliseconds.
        took: Option<i64>,
    },
    /// Only when it began.
    Started {
        /// When.
        at: UnixMs,
    },
    /// There was none.
    Never,
}

impl Calm {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ChangeNotSeenYet { .. } => "change_not_seen_yet",
            Self::Starting { .. } => "starting",
            Self::JobStarting => "job_starting",
            Self::ReplacingPods { .. } => "replacing_pods",
            Self::RollingOut { .. } => "rolling_out",
            Self::SomeReady(_) => "some_ready",
            Self::AllReady { .. } => "ready",
            Self::MustStayReady { .. } => "must_stay_ready",
            Self::PausedBeforeFirstPod { .. } => "paused_before_first_pod",
            Self::PausedHalfway { .. } => "paused_halfway",
            Self::Paused { .. } => "paused",
            Self::NoNodeMatches => "no_node_matches",
            Self::Stopping { .. } => "stopping",
            Self::ScaledToZero => "scaled_to_zero",
            Self::Deleting { .. } => "deleting",
            Self::JobSucceeded { .. } => "job_succeeded",
            Self::JobSuspended { .. } => "job_suspended",
            Self::NoParallelism { .. } => "no_parallelism",
            Self::JobRunning { .. } => "job_running",
            Self::ScheduleSuspended { .. } => "schedule_suspended",
            Self::RunsActive { .. } => "runs_active",
            Self::NotRunYet { .. } => "not_run_yet",
            Self::LastRunSucceeded { .. } => "last_run_succeeded",
            Self::WaitsForSchedule { .. } => "waits_for_schedule",
            Self::PodTerminating { .. } => "terminating",
            Self::PodSucceeded { .. } => "pod_succeeded",
            Self::PodReady { .. } => "pod_ready",
        }
    }
}
