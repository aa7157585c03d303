//! What a sentence begins with.

use super::Told;
use crate::UnixMs;
use crate::cause::Counts;

/// The first part of a verdict: how the whole stands, before it is said why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// How many pods are ready.
    Ready(Counts),
    /// How many pods are ready, although some were restarted lately.
    Unstable(Counts),
    /// A rollout goes on.
    RollingOut {
        /// The revision that comes, where it has a number.
        revision: Option<u64>,
        /// Pods that have it.
        updated: u32,
        /// Pods that are ready, of any revision, and wanted.
        counts: Counts,
        /// Seconds for which a new pod has to be ready before it counts; 0 where that is at once.
        min_ready_s: u32,
    },
    /// A rollout does not go on, while pods serve.
    RolloutStuck {
        /// The revision that does not come, where it has a number.
        revision: Option<u64>,
        /// Pods that have it.
        updated: u32,
        /// Pods that serve, of any revision, and wanted.
        counts: Counts,
    },
    /// The rollout has taken longer than it may.
    DeadlinePassed {
        /// The deadline in seconds.
        limit_s: Option<u32>,
        /// When it passed.
        since: Option<UnixMs>,
    },
    /// No pod is wanted.
    ScaledToZero,
    /// No pod is ready, and one that does not go keeps the place of the next.
    OldPodBlocks,
    /// No pod was made for long.
    NoPodCreated {
        /// Since when pods are wanted.
        since: UnixMs,
        /// How many are.
        wanted: u32,
    },
    /// A pod is on its way, and this is what it waits for.
    Pod(Box<Told>),
    /// A job has begun, and none of its pods is ready.
    JobStarting {
        /// When it began.
        since: UnixMs,
    },
    /// A run of a cron job makes no progress.
    RunStuck {
        /// Name of the run.
        run: String,
    },
    /// A schedule is suspended while a run is active.
    SuspendedButActive {
        /// The schedule in the words of cron, with its time zone.
        schedule: String,
        /// Name of the run.
        run: String,
    },
    /// A schedule is suspended.
    Suspended {
        /// The schedule in the words of cron, with its time zone.
        schedule: String,
    },
    /// The last run of a cron job failed.
    LastRunFailed {
        /// When it had started.
        started: Option<UnixMs>,
    },
}
