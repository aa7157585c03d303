//! What only jobs and cron jobs have.

use crate::UnixMs;
use crate::kubernetes::words::ConditionReason;
use serde::{Deserialize, Serialize};

/// What only jobs have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFacts {
    /// Successes that complete the job.
    pub completions: u32,
    /// Pods that have neither succeeded nor failed (`status.active`).
    pub active: u32,
    /// Pods that ended well.
    pub succeeded: u32,
    /// Pods that failed (`status.failed`).
    pub failed: u32,
    /// Failures that are tolerated.
    pub backoff_limit: u32,
    /// Seconds for which it may be active (`spec.activeDeadlineSeconds`).
    pub deadline_s: Option<i64>,
    /// When the controller first saw it (`status.startTime`).
    pub started: Option<UnixMs>,
    /// When it ended well.
    pub completed: Option<UnixMs>,
    /// A person suspended it.
    #[serde(default)]
    pub suspended: bool,
    /// Pods that may run at a time (`spec.parallelism`).
    #[serde(default)]
    pub parallelism: Option<u32>,
    /// Each pod has an index of its own; which of them failed for good, such as `1,4-6`.
    #[serde(default)]
    pub failed_indexes: Option<String>,
    /// What the controller said of the failure.
    #[serde(default)]
    pub failure: String,
}

/// What only cron jobs have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CronFacts {
    /// `spec.schedule`.
    pub schedule: String,
    /// `spec.timeZone`.
    pub time_zone: Option<String>,
    /// No run starts while another is active (`spec.concurrencyPolicy` is `Forbid`).
    #[serde(default)]
    pub one_at_a_time: bool,
    /// How late a run may start, in seconds (`spec.startingDeadlineSeconds`).
    #[serde(default)]
    pub starting_deadline_s: Option<i64>,
    /// When a run was last started.
    pub last_scheduled: Option<UnixMs>,
    /// When a run last ended well.
    pub last_succeeded: Option<UnixMs>,
    /// Names of jobs running now.
    pub active: Vec<String>,
    /// The newest jobs of it, newest first, 10 at most: name and facts, with the failure's reason if it failed.
    pub runs: Vec<(String, JobFacts, Option<ConditionReason>)>,
}
