//! What is told beside a cause.

use super::{ActiveRuns, Told};
use crate::cause::{EndMore, Who};
use crate::{Kind, UnixMs};

/// What else is known. Each stands before what there is to do or after it, always in the same of the two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Also {
    /// What else is known of a container that ended.
    End(EndMore),
    /// Pods failed as a whole in the last hour.
    FailedInLastHour {
        /// How many did.
        pods: u32,
    },
    /// A stateful set starts its pods one after the other, and the others wait.
    PodsWaitInOrder {
        /// How many wait.
        pods: u32,
    },
    /// A pod of an older template is not ready, and its stateful set does not replace it.
    OldTemplateStays {
        /// The pod that is not replaced.
        who: Who,
    },
    /// Attempts of a job failed.
    AttemptsFailed {
        /// How many did.
        failed: u32,
        /// How many it has.
        allowed: u32,
    },
    /// How a pod failed, which made its job fail.
    Pod(Box<Told>),
    /// The rollout has taken longer than it may.
    DeadlinePassed {
        /// The deadline in seconds.
        limit_s: Option<u32>,
        /// When it passed.
        since: Option<UnixMs>,
    },
    /// Pods of the revision before fail too.
    RollbackWouldNotHelp {
        /// That revision.
        revision: u64,
    },
    /// A stateful set's partition holds its update.
    PartitionHolds {
        /// Pods with a lower number keep their template.
        partition: u32,
        /// Pods wanted.
        wanted: u32,
        /// Pods of the newest template.
        updated: u32,
        /// Pods of an older one.
        old: u32,
    },
    /// Pods of an older template stay until somebody deletes them.
    OldPodsStay {
        /// The kind of the app.
        kind: Kind,
        /// How many stay.
        pods: u32,
    },
    /// No workload owns the pod.
    NothingReplacesIt,
    /// When a run of the cron job last succeeded; none where none has yet.
    LastSuccess {
        /// When that run ended.
        at: Option<UnixMs>,
    },
    /// A new run has begun.
    RunUnderWay(ActiveRuns),
    /// The schedule goes on once somebody resumes it.
    ResumeToRun,
}

impl Also {
    /// The code that a verdict has by this; none where the cause gives it.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::OldTemplateStays { .. } => Some("old_template_stays"),
            Self::FailedInLastHour { .. }
            | Self::PodsWaitInOrder { .. }
            | Self::AttemptsFailed { .. }
            | Self::Pod(_)
            | Self::DeadlinePassed { .. }
            | Self::RollbackWouldNotHelp { .. }
            | Self::PartitionHolds { .. }
            | Self::OldPodsStay { .. }
            | Self::NothingReplacesIt
            | Self::LastSuccess { .. }
            | Self::RunUnderWay(_)
            | Self::ResumeToRun
            | Self::End(_) => None,
        }
    }

    /// Whether it is told before what there is to do.
    #[must_use]
    pub const fn precedes_advice(&self) -> bool {
        match self {
            Self::FailedInLastHour { .. }
            | Self::PodsWaitInOrder { .. }
            | Self::OldTemplateStays { .. }
            | Self::AttemptsFailed { .. }
            | Self::Pod(_)
            | Self::End(_) => true,
            Self::DeadlinePassed { .. }
            | Self::RollbackWouldNotHelp { .. }
            | Self::PartitionHolds { .. }
            | Self::OldPodsStay { .. }
            | Self::NothingReplacesIt
            | Self::LastSuccess { .. }
            | Self::RunUnderWay(_)
            | Self::ResumeToRun => false,
        }
    }
}
