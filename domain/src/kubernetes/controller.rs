//! What the controllers of workloads write in events and conditions (`pkg/controller/deployment`, `job`, `cronjob`).

use super::words::{ConditionReason, ConditionType, EventReason, ObjectKind};
use crate::facts::{Condition, Event};

/// What an event of a controller says, as far as a rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllerSaid<'a> {
    /// The deployment controller gave a replica set another count of pods.
    Scaled(Scaled<'a>),
    /// The same, in words that are not known.
    ScaledSomehow,
    /// A pod, or a run of a cron job, was refused.
    FailedCreate,
    /// The job controller ended a pod.
    PodEnded,
    /// The cron job controller skipped a run, because another is active.
    RunSkipped,
    /// It came too late for a run.
    StartMissed,
    /// It cannot read the schedule or its time zone.
    ScheduleUnreadable,
    /// Anything else.
    Other,
}

/// A change of a replica set's count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaled<'a> {
    /// Name of the replica set.
    pub set: &'a str,
    /// More pods than before.
    pub up: bool,
    /// The count before, which Kubernetes tells from 1.26 on.
    pub from: Option<u32>,
    /// The count since.
    pub to: u32,
}

impl<'a> ControllerSaid<'a> {
    /// Reads an event.
    #[must_use]
    pub fn of(event: &'a Event) -> Self {
        match (&event.reason, &event.kind) {
            (EventReason::ScalingReplicaSet, _) => Scaled::read(&event.message).map_or(Self::ScaledSomehow, Self::Scaled),
            (EventReason::FailedCreate, _) => Self::FailedCreate,
            (EventReason::SuccessfulDelete, ObjectKind::Job) => Self::PodEnded,
            (EventReason::JobAlreadyActive, ObjectKind::CronJob) => Self::RunSkipped,
            (EventReason::MissSchedule, ObjectKind::CronJob) => Self::StartMissed,
            (
                EventReason::UnparseableSchedule | EventReason::UnParseableCronJobSchedule | EventReason::InvalidSchedule | EventReason::UnknownTimeZone,
                ObjectKind::CronJob,
            ) => Self::ScheduleUnreadable,
            _ => Self::Other,
        }
    }
}

impl<'a> Scaled<'a> {
    /// What an event says of a replica set's count; `None` where it is about something else.
    #[must_use]
    pub fn of(event: &'a Event) -> Option<Self> {
        let ControllerSaid::Scaled(scaled) = ControllerSaid::of(event) else { return None };
        Some(scaled)
    }

    /// `Scaled up replica set shop-7d9c from 1 to 3`, `Scaled down replica set shop-7d9c to 0`.
    fn read(text: &'a str) -> Option<Self> {
        let (way, rest) = text.strip_prefix("Scaled ")?.split_once(" replica set ")?;
        let up = match way {
            "up" => true,
            "down" => false,
            _ => return None,
        };
        let (set, counts) = rest.split_once(' ')?;
        let (from, to) = match counts.strip_prefix("from ") {
            Some(counts) => counts.split_once(" to ").map(|(from, to)| (Some(from), to))?,
            None => (None, counts.strip_prefix("to ")?),
        };
        let from = from.map(str::parse).transpose().ok()?;
        Some(Self { set, up, from, to: to.parse().ok()? })
    }
}

/// Why a job failed for good, by the reason of its condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobReason {
    /// It ran longer than its `activeDeadlineSeconds`.
    DeadlineExceeded,
    /// Indexes failed for good.
    FailedIndexes,
    /// Its own rule made it fail.
    PodFailurePolicy,
    /// Too many pods failed.
    BackoffLimitExceeded,
    /// Anything else.
    Other,
}

impl JobReason {
    /// Reads the reason of a condition `Failed` or `FailureTarget`.
    #[must_use]
    pub const fn of(reason: &ConditionReason) -> Self {
        match reason {
            ConditionReason::DeadlineExceeded => Self::DeadlineExceeded,
            ConditionReason::FailedIndexes | ConditionReason::MaxFailedIndexesExceeded => Self::FailedIndexes,
            ConditionReason::PodFailurePolicy => Self::PodFailurePolicy,
            ConditionReason::BackoffLimitExceeded => Self::BackoffLimitExceeded,
            ConditionReason::SchedulingGated
            | ConditionReason::ReadinessGatesNotReady
            | ConditionReason::DeletionByPodGc
            | ConditionReason::EvictionByApi
            | ConditionReason::Infeasible
            | ConditionReason::ProgressDeadlineExceeded
            | ConditionReason::DeploymentPaused
            | ConditionReason::ScalingDisabled
            | ConditionReason::TooManyReplicas
            | ConditionReason::AmbiguousSelector
            | ConditionReason::FailedGetExternalMetric
            | ConditionReason::FailedGetPodsMetric
            | ConditionReason::FailedGetObjectMetric
            | ConditionReason::Other(_) => Self::Other,
        }
    }
}

/// How many indexes a list such as `1,4-6` names.
#[must_use]
pub fn indexes_in(text: &str) -> u32 {
    let one = |part: &str| -> u32 {
        match part.trim().split_once('-') {
            Some((a, b)) => match (a.parse::<u32>(), b.parse::<u32>()) {
                (Ok(a), Ok(b)) => b.saturating_sub(a).saturating_add(1),
                _ => 0,
            },
            None => u32::from(part.trim().parse::<u32>().is_ok()),
        }
    };
    text.split(',').map(one).fold(0, u32::saturating_add)
}

/// What a condition of a workload says, as far as a rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionSaid<'a> {
    /// The rollout takes longer than `progressDeadlineSeconds`.
    DeadlineExceeded,
    /// Somebody paused the rollout.
    RolloutPaused,
    /// The API server refuses pods, in the controller's words.
    PodsRefused(&'a str),
    /// A job ended well.
    JobSucceeded,
    /// A job failed.
    JobFailed(JobReason),
    /// A job fails, and its pods end.
    JobWillFail(JobReason),
    /// A job is suspended.
    JobSuspended,
    /// Anything else.
    Other,
}

impl<'a> ConditionSaid<'a> {
    /// Reads a condition.
    #[must_use]
    pub fn of(condition: &'a Condition) -> Self {
        match (&condition.kind, condition.status) {
            (ConditionType::Progressing, Some(false)) if condition.reason == ConditionReason::ProgressDeadlineExceeded => Self::DeadlineExceeded,
            (ConditionType::Progressing, _) if condition.reason == ConditionReason::DeploymentPaused => Self::RolloutPaused,
            (ConditionType::ReplicaFailure, Some(true)) => Self::PodsRefused(&condition.message),
            (ConditionType::Complete, Some(true)) => Self::JobSucceeded,
            (ConditionType::Failed, Some(true)) => Self::JobFailed(JobReason::of(&condition.reason)),
            (ConditionType::FailureTarget, Some(true)) => Self::JobWillFail(JobReason::of(&condition.reason)),
            (ConditionType::Suspended, Some(true)) => Self::JobSuspended,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_counted_as_the_controller_writes_them() {
        assert_eq!([indexes_in("1,4-6"), indexes_in("0"), indexes_in(""), indexes_in("x-y,3")], [4, 1, 0, 1]);
    }

    #[test]
    fn a_scaling_is_read_with_and_without_the_count_before() {
        let up = Scaled { set: "shop-7d9c", up: true, from: Some(1), to: 3 };
        assert_eq!(Scaled::read("Scaled up replica set shop-7d9c from 1 to 3"), Some(up));
        let down = Scaled { set: "shop-7d9c", up: false, from: None, to: 0 };
        assert_eq!(Scaled::read("Scaled down replica set shop-7d9c to 0"), Some(down));
        assert_eq!(Scaled::read("Scaled up replica set shop-7d9c from many to 3"), None);
    }
}
