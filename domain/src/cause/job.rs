//! Jobs and cron jobs.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// What is wrong with a job or a cron job as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobTrouble {
    /// A job does not make a pod.
    NoPodMade {
        /// Since when it is wanted.
        since: UnixMs,
    },
    /// A job runs, and attempts before this one failed.
    AttemptsFailed {
        /// Since when it runs.
        since: UnixMs,
        /// Runs that are done.
        done: u32,
        /// Runs that are wanted.
        of: u32,
        /// Attempts that failed.
        failed: u32,
        /// Attempts that it has.
        allowed: u32,
    },
    /// Too many pods of a job failed.
    BackoffLimit {
        /// How many failed.
        failed: u32,
        /// How many failures are tolerated (`spec.backoffLimit`).
        limit: u32,
        /// When the job failed.
        at: Option<UnixMs>,
    },
    /// A job reached its deadline.
    Deadline {
        /// The deadline in seconds.
        limit_s: Option<i64>,
        /// When the job failed.
        at: Option<UnixMs>,
        /// It failed until then, and this is how.
        failing: bool,
    },
    /// Indexes of a job failed for good.
    FailedIndexes {
        /// Which, such as `1,4-6`.
        indexes: String,
        /// How many that are.
        failed: u32,
        /// How many succeeded.
        succeeded: u32,
        /// How many there are.
        of: u32,
        /// When the job failed.
        at: Option<UnixMs>,
    },
    /// A job's own rule made it fail.
    PodFailurePolicy {
        /// The controller's words.
        said: String,
        /// When the job failed.
        at: Option<UnixMs>,
    },
    /// A job failed for another reason.
    Failed {
        /// The controller's reason.
        reason: String,
        /// The controller's words.
        said: String,
        /// When it failed.
        at: Option<UnixMs>,
    },
    /// The last run of a cron job failed, and no pod tells how.
    RunFailed {
        /// When it started.
        started: Option<UnixMs>,
        /// The controller's reason.
        reason: String,
    },
    /// A run of a cron job takes so long that others are skipped.
    RunBlocksSchedule {
        /// The run.
        run: String,
        /// Since when it is active.
        since: Option<UnixMs>,
        /// Starts that were skipped.
        skipped: u32,
        /// When runs are due, in the words of cron: `*/5 * * * *`.
        schedule: String,
    },
    /// The schedule or its time zone cannot be read.
    ScheduleUnreadable {
        /// The text that cannot be read, such as `*/5 * *`.
        schedule: String,
        /// The controller's words.
        said: String,
    },
    /// A run of a cron job was due and could not start within its deadline.
    StartMissed {
        /// When runs are due, in the words of cron: `*/5 * * * *`.
        schedule: String,
        /// The deadline in seconds.
        deadline_s: Option<i64>,
        /// How often that was.
        times: u32,
        /// When the last time was.
        last: UnixMs,
    },
}

impl JobTrouble {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoPodMade { .. } => "no_pod_made",
            Self::AttemptsFailed { .. } => "attempts_failed",
            Self::BackoffLimit { .. } => "backoff_limit",
            Self::Deadline { .. } => "job_deadline",
            Self::FailedIndexes { .. } => "failed_indexes",
            Self::PodFailurePolicy { .. } => "pod_failure_policy",
            Self::Failed { .. } => "job_failed",
            Self::RunFailed { .. } => "run_failed",
            Self::RunBlocksSchedule { .. } => "run_blocks_schedule",
            Self::ScheduleUnreadable { .. } => "schedule_unreadable",
            Self::StartMissed { .. } => "start_missed",
        }
    }

    /// Whether it says no more than that pods failed.
    #[must_use]
    pub const fn only_counts_pods(&self) -> bool {
        matches!(self, Self::BackoffLimit { .. } | Self::Failed { .. })
    }
}
