//! What the server draws of a series: which lines a chart has, their paths, and the scale.
//! The same rules as in `assets/chart.js`, which takes over in the browser.

use domain::metrics::{AppMetrics, Series};
use domain::{Bytes, MilliCpu};

/// Lines per chart; beyond that the highest and the mean of the others.
const MOST: usize = 6;
/// Points of a path; the browser draws all of them.
const POINTS: usize = 120;
/// Rows of a table.
const ROWS: usize = 24;
/// Steps that a sample may be late before its pod counts as gone.
const LATE: usize = 2;

/// What a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// Thousandths of a core.
    Cpu,
    /// Bytes.
    Memory,
}

impl Quantity {
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
        }
    }

    pub(super) fn of(self, series: &Series) -> Vec<Option<u64>> {
        match self {
            Self::Cpu => series.cpu_milli.iter().map(|v| v.map(u64::from)).collect(),
            Self::Memory => series.memory_bytes.clone(),
        }
    }

    pub(super) const fn request(self, metrics: &AppMetrics) -> Option<u64> {
        match self {
            Self::Cpu => metrics.cpu_request,
            Self::Memory => metrics.memory_request,
        }
    }

    pub(super) const fn limit(self, metrics: &AppMetrics) -> Option<u64> {
        match self {
            Self::Cpu => metrics.cpu_limit,
            Self::Memory => metrics.memory_limit,
        }
    }

    pub(super) fn write(self, value: u64) -> String {
        match self {
            _ if value == 0 => "0".to_owned(),
            Self::Cpu => MilliCpu(value).to_string(),
            Self::Memory => Bytes(value).to_string(),
        }
    }

    // Whole steps that a person reads easily: 1, 2, 5 of a decimal power; a power of two for bytes.
    fn step(self, raw: u64) -> u64 {
        match self {
            Self::Memory => raw.max(1).next_power_of_two(),
            Self::Cpu => {
                let mut power = 1;
                loop {
                    if let Some(step) = [1, 2, 5].into_iter().map(|f| f * power).find(|s| *s >= raw) {
                        return step;
                    }
                    power *= 10;
                }
            }
        }
    }
}

/// A line of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The end of the pod's name, or what the line sums up.
    pub label: String,
    /// The pod's whole name.
    pub title: String,
    /// Colour and marker, 0 to 5; `None` for the mean of the others.
    pub slot: Option<usize>,
    /// Values per step.
    pub values: Vec<Option<u64>>,
    /// It is not measured any more, while the app is.
    pub gone: bool,
}

impl Line {
    /// What the legend says of it: its last value, as long as there are any.
    pub(super) fn now(&self, quantity: Quantity) -> String {
        match now(&self.values) {
            _ if self.gone => "gone".to_owned(),
            Some(value) => quantity.write(value),
            None => "–".to_owned(),
        }
    }
}

/// The end of a pod's name, which tells pods of one app apart.
pub(super) fn tail(pod: &str) -> &str {
    pod.rsplit_once('-').map_or(pod, |(_, tail)| tail)
}

fn ended(values: &[Option<u64>]) -> usize {
    values.iter().rposition(Option::is_some).map_or(0, |last| last + 1)
}

/// The lines of a chart: all pods, or five and the mean of the others. Pods that are there come first, then the highest.
pub(super) fn lines(metrics: &AppMetrics, quantity: Quantity) -> Vec<Line> {
    let all: Vec<(&str, Vec<Option<u64>>)> = metrics.pods.iter().map(|s| (s.pod.as_str(), quantity.of(s))).collect();
    let newest = all.iter().map(|(_, values)| ended(values)).max().unwrap_or(0);
    let gone = |values: &[Option<u64>]| ended(values) + LATE < newest;
    let mut shown: Vec<usize> = (0..all.len()).collect();
    if all.len() > MOST {
        shown.sort_by_key(|i| (gone(&all[*i].1), std::cmp::Reverse(all[*i].1.iter().flatten().max().copied().unwrap_or(0))));
        shown.truncate(MOST - 1);
        shown.sort_unstable();
    }
    let mut lines: Vec<Line> = shown
        .iter()
        .enumerate()
        .map(|(slot, i)| Line {
            label: tail(all[*i].0).to_owned(),
            title: all[*i].0.to_owned(),
            slot: Some(slot),
            values: all[*i].1.clone(),
            gone: gone(&all[*i].1),
        })
        .collect();
    let others: Vec<&Vec<Option<u64>>> = all.iter().enumerate().filter(|(i, _)| !shown.contains(i)).map(|(_, (_, values))| values).collect();
    if !others.is_empty() {
        let values: Vec<Option<u64>> = (0..metrics.steps as usize)
            .map(|step| {
                let there: Vec<u64> = others.iter().filter_map(|v| v.get(step).copied().flatten()).collect();
                (!there.is_empty()).then(|| there.iter().sum::<u64>() / there.len() as u64)
            })
            .collect();
        let gone = gone(&values);
        lines.push(Line { label: format!("Mean of {} others", others.len()), title: String::new(), slot: None, values, gone });
    }
    lines
}

/// The upper end of a chart, its grid lines, and whether the limit lies too far above to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    pub top: u64,
    pub grid: Vec<u64>,
    pub limit_above: bool,
}

impl Scale {
    pub(super) fn new(lines: &[Line], quantity: Quantity, request: Option<u64>, limit: Option<u64>) -> Self {
        let highest = lines.iter().flat_map(|l| l.values.iter().flatten()).max().copied().unwrap_or(0);
        let near = highest.max(request.unwrap_or(0));
        let limit_above = near > 0 && limit.is_some_and(|l| l > near.saturating_mul(6));
        let top = near.max(if limit_above { 0 } else { limit.unwrap_or(0) });
        let top = (top + top / 8).max(1);
        let step = quantity.step((top / 4).max(1));
        Self { top, grid: (0..=top / step).map(|i| i * step).collect(), limit_above }
    }

    /// Distance from the top edge, for a drawing of this height.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn y(&self, value: u64, height: f64) -> f64 {
        ((1.0 - value.min(self.top) as f64 / self.top as f64) * height * 10.0).round() / 10.0
    }
}

/// The path of a line in a box 1000 wide; a gap stays a gap.
#[allow(clippy::cast_precision_loss)]
pub(super) fn path(values: &[Option<u64>], scale: &Scale, height: f64) -> String {
    use std::fmt::Write;
    let bucket = values.len().div_ceil(POINTS).max(1);
    let last = values.len().saturating_sub(1).max(1) as f64;
    let mut d = String::new();
    let mut pen_up = true;
    for (i, chunk) in values.chunks(bucket).enumerate() {
        match chunk.iter().flatten().max() {
            None => pen_up = true,
            Some(value) => {
                let x = ((i * bucket) as f64 / last * 10_000.0).round() / 10.0;
                let _ = write!(d, "{}{x} {}", if pen_up { 'M' } else { 'L' }, scale.y(*value, height));
                pen_up = false;
            }
        }
    }
    d
}

/// The last value that was measured.
pub(super) fn now(values: &[Option<u64>]) -> Option<u64> {
    values.iter().rev().flatten().next().copied()
}

/// The steps that a table shows, newest first.
pub(super) fn rows(steps: usize) -> Vec<usize> {
    (0..steps).rev().step_by(steps.div_ceil(ROWS).max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UnixMs;

    fn metrics(pods: usize) -> AppMetrics {
        let series =
            |i: u32| Series { pod: format!("web-6d9f7c-p{i:02}"), cpu_milli: vec![Some(i * 10), None, Some(i * 10 + 5)], memory_bytes: vec![Some(1 << 20); 3] };
        AppMetrics { from: UnixMs(0), step_s: 15, steps: 3, pods: (0..u32::try_from(pods).unwrap()).map(series).collect(), ..AppMetrics::default() }
    }

    #[test]
    fn many_pods_become_the_highest_five_and_the_mean_of_the_others() {
        let lines = lines(&metrics(50), Quantity::Cpu);
        assert_eq!(lines.len(), 6);
        assert_eq!(lines[0].label, "p45");
        assert_eq!(lines[5].label, "Mean of 45 others");
        assert_eq!(lines[5].values, [Some(220), None, Some(225)]);
    }

    #[test]
    fn a_pod_that_is_gone_says_so_and_makes_room_for_those_that_are_there() {
        let series = |pod: &str, at: std::ops::Range<usize>| {
            let cpu_milli = (0..9).map(|step| at.contains(&step).then_some(if at.start == 0 { 90 } else { 10 })).collect();
            Series { pod: pod.into(), cpu_milli, memory_bytes: vec![None; 9] }
        };
        let few = AppMetrics { steps: 9, pods: vec![series("web-old", 0..6), series("web-late", 3..7), series("web-new", 5..9)], ..AppMetrics::default() };
        let says = |metrics: &AppMetrics| lines(metrics, Quantity::Cpu).iter().map(|l| format!("{} {}", l.label, l.now(Quantity::Cpu))).collect::<Vec<_>>();
        assert_eq!(says(&few), ["old gone", "late 10m", "new 10m"]);
        let names = [1, 2, 3, 4].map(|n| (format!("web-old{n}"), 0..3)).into_iter().chain([1, 2, 3, 4].map(|n| (format!("web-new{n}"), 4..9)));
        let many = AppMetrics { steps: 9, pods: names.map(|(pod, at)| series(&pod, at)).collect(), ..AppMetrics::default() };
        assert_eq!(says(&many), ["old1 gone", "new1 10m", "new2 10m", "new3 10m", "new4 10m", "Mean of 3 others gone"]);
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let scale = Scale::new(&[], Quantity::Cpu, Some(100), None);
        assert_eq!(path(&[Some(0), None, Some(0)], &scale, 100.0), "M0 100M1000 100");
    }

    #[test]
    fn a_limit_far_above_does_not_press_the_lines_flat() {
        let lines = lines(&metrics(2), Quantity::Cpu);
        let scale = Scale::new(&lines, Quantity::Cpu, Some(20), Some(4000));
        assert!(scale.limit_above);
        assert_eq!(scale.top, 22);
        assert_eq!(scale.grid, [0, 5, 10, 15, 20]);
        assert!(!Scale::new(&lines, Quantity::Cpu, Some(20), Some(100)).limit_above);
    }

    #[test]
    fn a_table_has_few_rows_and_begins_now() {
        assert_eq!(rows(360).len(), 24);
        assert_eq!(rows(360)[0], 359);
        assert_eq!(rows(0), Vec::<usize>::new());
    }
}
