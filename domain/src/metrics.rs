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

/// A part of the past between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its first moment.
    from: UnixMs,
    /// Where it ends; after `from`.
    to: UnixMs,
}

impl Window {
    /// The shortest, in milliseconds: four samples.
    pub const SHORTEST_MS: i64 = 60_000;
    /// The longest, in milliseconds: a day.
    pub const LONGEST_MS: i64 = 86_400_000;
    /// Most points of a series.
    const POINTS: i64 = 360;
    /// The end of the year 9999.
    const LATEST: i64 = 253_402_300_799_999;

    /// From one moment to another; `None` where that is shorter than a minute or longer than a day, or not between 1970 and
    /// 9999.
    #[must_use]
    pub fn new(from: UnixMs, to: UnixMs) -> Option<Self> {
        let length = to.0.checked_sub(from.0)?;
        (from.0 >= 0 && to.0 <= Self::LATEST && (Self::SHORTEST_MS..=Self::LONGEST_MS).contains(&length)).then_some(Self { from, to })
    }

    /// The half hour before a moment, and some minutes after it.
    #[must_use]
    pub const fn before(at: UnixMs) -> Self {
        Self { from: at.plus(-30 * 60_000), to: at.plus(5 * 60_000) }
    }

    /// Its first moment.
    #[must_use]
    pub const fn from(self) -> UnixMs {
        self.from
    }

    /// The moment at which it ends.
    #[must_use]
    pub const fn to(self) -> UnixMs {
        self.to
    }

    /// Seconds between two points of a series: whole samples, so many that a series has 360 points at most.
    #[must_use]
    pub const fn step_s(self) -> i64 {
        let sample = STEP_S as i64 * 1000;
        let samples = (self.to.since(self.from) + sample * Self::POINTS - 1) / (sample * Self::POINTS);
        let step = if samples < 1 { sample } else { samples * sample };
        // A window that begins and ends within a step touches one more.
        let step = if self.steps(step) > Self::POINTS { step + sample } else { step };
        step / 1000
    }

    /// Whole steps of so many milliseconds that hold it, as the charts draw them.
    const fn steps(self, step: i64) -> i64 {
        let first = self.from.0.div_euclid(step) * step;
        (self.to.0 - first + step - 1).div_euclid(step)
    }

    /// As long, and so many of its lengths later; a negative number is earlier.
    #[must_use]
    pub const fn moved(self, by: i64) -> Self {
        let length = self.to.since(self.from) * by;
        Self { from: self.from.plus(length), to: self.to.plus(length) }
    }

    /// Its middle half; `None` where that would be too short.
    #[must_use]
    pub fn closer(self) -> Option<Self> {
        let quarter = self.to.since(self.from) / 4;
        Self::new(self.from.plus(quarter), self.to.plus(-quarter))
    }

    /// Twice as long around the same middle, but not into the future; `None` where that would be too long.
    #[must_use]
    pub fn wider(self, now: UnixMs) -> Option<Self> {
        let length = self.to.since(self.from);
        let to = self.to.plus(length / 2).min(now).max(self.to);
        Self::new(to.plus(-length * 2), to)
    }
}

/// What part of the past is asked for: a range that ends now, or a window of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The range that ends now; with a window the one to go back to.
    pub range: Range,
    /// The window that stands in the place of the range.
    pub window: Option<Window>,
}

impl From<Range> for Span {
    fn from(range: Range) -> Self {
        Self { range, window: None }
    }
}

impl Span {
    /// Seconds between two points of a series.
    #[must_use]
    pub fn step_s(self) -> i64 {
        self.window.map_or_else(|| self.range.step_s(), Window::step_s)
    }

    /// As a window, with `now` as the end of a range.
    #[must_use]
    pub fn window_at(self, now: UnixMs) -> Window {
        self.window.unwrap_or_else(|| Window { from: now.plus(-self.range.seconds() * 1000), to: now })
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

/// What a mark tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// A new revision was rolled out.
    Deploy,
    /// A container was killed for its memory.
    Oom,
    /// A container ended otherwise and was started again.
    Restart,
}

/// What happened at a moment that a chart marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marked {
    /// A revision was rolled out.
    Rollout {
        /// Number of the revision.
        revision: u64,
        /// Its main image.
        image: Option<String>,
    },
    /// A container was killed for its memory.
    OutOfMemory {
        /// Name of the container.
        container: String,
        /// Name of its pod.
        pod: String,
    },
    /// A container ended otherwise and was started again.
    Restarted {
        /// Name of the container.
        container: String,
        /// Name of its pod.
        pod: String,
        /// The exit code of the run before.
        exit_code: i32,
    },
}

impl Marked {
    /// The kind of mark that it gets.
    #[must_use]
    pub const fn kind(&self) -> MarkKind {
        match self {
            Self::Rollout { .. } => MarkKind::Deploy,
            Self::OutOfMemory { .. } => MarkKind::Oom,
            Self::Restarted { .. } => MarkKind::Restart,
        }
    }
}

/// A vertical mark on a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where on the axis of time it stands.
    pub at: UnixMs,
    /// What happened then.
    pub kind: MarkKind,
    /// What it says.
    pub label: String,
}

/// All that the charts of one app show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AppMetrics {
    /// The range that was asked for; with a window the one to go back to.
    pub range: Range,
    /// The window that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The first step.
    pub from: UnixMs,
    /// Seconds between two steps.
    pub step_s: i64,
    /// Steps per series.
    pub steps: u32,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from_s: i64, to_s: i64) -> Option<Window> {
        Window::new(UnixMs(from_s * 1000), UnixMs(to_s * 1000))
    }

    #[test]
    fn a_window_is_a_minute_at_least_and_a_day_at_most() {
        assert!(window(100, 159).is_none() && window(100, 160).is_some());
        assert!(window(0, 86_400).is_some() && window(0, 86_401).is_none());
        assert!(window(200, 100).is_none() && window(-1, 100).is_none());
        assert!(Window::new(UnixMs(i64::MIN), UnixMs(i64::MAX)).is_none());
    }

    #[test]
    fn a_series_of_a_window_has_360_points_at_most_of_whole_samples() {
        for length in [60, 5_400, 5_401, 7_000, 86_400] {
            let step = window(0, length).unwrap().step_s();
            assert!(step % 15 == 0 && length / step <= 360, "{length} s in steps of {step} s");
        }
        assert_eq!(window(0, 5_400).unwrap().step_s(), 15);
        assert_eq!(window(0, 5_401).unwrap().step_s(), 30);
    }

    #[test]
    fn a_window_that_begins_within_a_step_has_no_more_points() {
        for length in [60_000, 5_399_999, 5_400_000, 5_400_999, 43_200_000, 86_399_999, 86_400_000] {
            for from in [0, 1, 7_000, 14_999, 15_000, 100_001, 239_999, 1_795_237_200_001] {
                let window = Window::new(UnixMs(from), UnixMs(from + length)).unwrap();
                let step = window.step_s() * 1000;
                let (first, last) = (from / step, (from + length - 1) / step);
                assert!(step % 15_000 == 0 && last - first < 360, "{length} ms from {from} in steps of {step} ms: {}", last - first + 1);
            }
        }
        assert_eq!(window(7, 86_407).unwrap().step_s(), 255);
    }

    #[test]
    fn a_window_moves_by_its_length_and_grows_and_shrinks_around_its_middle() {
        let w = window(1_000, 2_000).unwrap();
        assert_eq!((Some(w.moved(-1)), Some(w.moved(1))), (window(0, 1_000), window(2_000, 3_000)));
        assert_eq!(w.closer(), window(1_250, 1_750));
        assert_eq!(w.wider(UnixMs(9_000_000)), window(500, 2_500));
        assert_eq!(w.wider(UnixMs(2_100_000)), window(100, 2_100), "not into the future");
        assert_eq!(window(0, 119).unwrap().closer(), None);
        assert_eq!(window(0, 50_000).unwrap().wider(UnixMs(99_000_000)), None);
    }
}
