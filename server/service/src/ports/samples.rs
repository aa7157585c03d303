//! Measured use of pods.

use super::StoreResult;
use async_trait::async_trait;
use domain::{AppId, UnixMs};

/// One measured use of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When, on a step of 15 s.
    pub at: UnixMs,
    /// App that the pod belongs to.
    pub app: AppId,
    /// Name of the pod that was measured.
    pub pod: String,
    /// CPU in thousandths of a core.
    pub cpu_milli: u32,
    /// Memory in bytes.
    pub memory_bytes: u64,
}

/// What was measured of one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSeries {
    /// Name of the pod that was measured.
    pub pod: String,
    /// The steps in which anything was measured, newest first.
    pub points: Vec<Point>,
}

/// What was measured of a pod in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The step's start: a multiple of the step.
    pub at: UnixMs,
    /// Mean, in thousandths of a core.
    pub cpu_milli: u32,
    /// The highest, in bytes, so that a spike on the way to the limit shows.
    pub memory_bytes: u64,
}

/// Measured use of pods. Each call is atomic.
#[async_trait]
pub trait Samples: Send + Sync + 'static {
    /// Adds samples in one transaction.
    async fn add_samples(&self, samples: &[Sample]) -> StoreResult<()>;
    /// Use of an app's pods since `from` and before `to` in steps of `step_ms`, whatever was measured within a step taken
    /// together; of more than 400,000 points the newest.
    async fn series(&self, app: &AppId, from: UnixMs, to: UnixMs, step_ms: i64) -> StoreResult<Vec<PodSeries>>;
    /// Per app, sums over its pods since `from` in steps of `step_ms`: app, step's start, CPU, memory (means in a step).
    async fn usage_history(&self, from: UnixMs, step_ms: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>>;
    /// Removes samples older than `before`, and those from after `after`, which a clock that was set ahead has left.
    async fn prune_samples(&self, before: UnixMs, after: UnixMs) -> StoreResult<u64>;
}
