//! Series for charts.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// Seconds between two samples of metrics-server, and the portal's step in its database.
pub const STEP_S: u32 = 15;

/// How much of the past a chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Range {
    /// 15 minutes.
    #[serde(rename = "15m")]
    M15,
    /// One hour.
    #[default]
    #[serde(rename = "1h")]
    H1,
    /// Six hours.
    #[serde(rename = "6h")]
    H6,
    /// A day.
    #[serde(rename = "24h")]
    H24,
}

impl Range {
    /// All ranges, shortest first.
    pub const ALL: [Self; 4] = [Self::M15, Self::H1, Self::H6, Self::H24];

    /// As it stands in a URL.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::M15 => "15m",
            Self::H1 => "1h",
            Self::H6 => "6h",
            Self::H24 => "24h",
        }
    }

    /// Reads what stands in a URL.
    #[must_use]
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.slug() == text)
    }

    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::M15 => 900,
            Self::H1 => 3600,
            Self::H6 => 21_600,
            Self::H24 => 86_400,
        }
    }

    /// Seconds between two points of a series, so that a series has 360 points at most.
    #[must_use]
    pub const fn step_s(self) -> i64 {
        match self {
            Self::M15 | Self::H1 => 15,
            Self::H6 => 60,
            Self::H24 => 240,
        }
    }
}

/// One line of a chart; a gap stays a gap.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Pod name.
    pub pod: String,
    /// CPU in thousandths of a core per step, `None` where nothing was measured.
    pub cpu_milli: Vec<Option<u32>>,
    /// Memory in bytes per step.
    pub memory_bytes: Vec<Option<u64>>,
}

/// A vertical mark on a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: UnixMs,
    /// `deploy` or `oom`.
    pub kind: String,
    /// What it says.
    pub label: String,
}

/// All that the charts of one app show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AppMetrics {
    /// What was asked.
    pub range: Range,
    /// The first step.
    pub from: UnixMs,
    /// Seconds between two steps.
    pub step_s: i64,
    /// Steps per series.
    pub steps: usize,
    /// One per pod, sorted by name; 50 at most.
    pub pods: Vec<Series>,
    /// Sum over all pods per step.
    pub total: Series,
    /// Requested CPU of one pod, thousandths of a core.
    pub cpu_request: Option<u64>,
    /// CPU limit of one pod.
    pub cpu_limit: Option<u64>,
    /// Requested memory of one pod, bytes.
    pub memory_request: Option<u64>,
    /// Memory limit of one pod.
    pub memory_limit: Option<u64>,
    /// Rollouts and kills in this range.
    pub marks: Vec<Mark>,
    /// Why there is nothing, in one sentence with what to do, where metrics-server does not answer.
    pub missing: Option<String>,
}
