//! CPU and memory: jobs that ask metrics-server and keep the answers, and the series for charts.
//!
//! A gap stays a gap: a step in which nothing was measured has no value, not a zero and not the value before.

mod jobs;
mod marks;
mod recent;

pub(crate) use jobs::{ReadUsage, WriteSamples};
pub(crate) use recent::UsageNow;

use crate::access::Viewer;
use crate::error::Outcome;
use crate::index::Index;
use crate::ports::{Clock, ClusterError, PodMetrics, PodSeries, PodUsage, Sample, Samples, World};
use crate::readings::Readings;
use domain::metrics::{AppMetrics, Series, Span};
use domain::{AppId, Namespace, UnixMs, english};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::watch;

/// Samples are taken no more often, in milliseconds.
const LEAST_STEP_MS: i64 = 1000;
/// Most pods with a line of their own in a chart.
const MAX_PODS: usize = 50;
/// How an administrator gets metrics-server (<https://github.com/kubernetes-sigs/metrics-server#installation>).
const HOW_TO_GET: &str = "A cluster administrator can install it with: \
    kubectl apply -f https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml";

/// What a person reads where nothing was measured.
fn missing_sentence(error: &ClusterError) -> String {
    match error {
        ClusterError::Missing(_) => format!("CPU and memory need metrics-server, which this cluster doesn't have. {HOW_TO_GET}"),
        ClusterError::NotAllowed(why) => format!("The portal isn't allowed to read CPU and memory. {}", english::cluster::not_allowed(why)),
        ClusterError::Away(_) | ClusterError::Exists(_) | ClusterError::Changed(_) | ClusterError::Refused(_) => {
            format!("metrics-server isn't responding, so CPU and memory aren't updated. The portal keeps trying. If it isn't installed: {HOW_TO_GET}")
        }
    }
}

/// The app of each pod, and when the pod was made.
fn pods_of(world: &World) -> HashMap<(&Namespace, &str), (&AppId, UnixMs)> {
    let apps = world.namespaces.iter().flat_map(|(namespace, apps)| apps.apps.iter().map(move |(id, facts)| (namespace, id, facts)));
    apps.flat_map(|(namespace, id, facts)| facts.pods.iter().map(move |pod| ((namespace, pod.name.as_str()), (id, pod.created)))).collect()
}

/// Samples of the pods that belong to an app; the others are nobody's to see. What was measured before the pod was made is of
/// another pod of that name.
fn to_samples(world: &World, usage: Vec<PodUsage>, at: UnixMs) -> Vec<Sample> {
    let pods = pods_of(world);
    usage
        .into_iter()
        .filter_map(|use_| {
            let (app, made) = *pods.get(&(&use_.namespace, use_.pod.as_str()))?;
            if use_.at.is_some_and(|measured| measured < made) {
                return None;
            }
            let app = app.clone();
            Some(Sample { at, app, pod: use_.pod, cpu_milli: u32::try_from(use_.cpu.0).unwrap_or(u32::MAX), memory_bytes: use_.memory.0 })
        })
        .collect()
}

/// What apps use of CPU and memory: now, and over time.
pub struct Metrics {
    index: Arc<Index>,
    readings: Arc<Readings>,
    source: Arc<dyn PodMetrics>,
    samples: Arc<dyn Samples>,
    clock: Arc<dyn Clock>,
    /// Milliseconds between two samples.
    step_ms: i64,
    usage: watch::Sender<Arc<UsageNow>>,
}

impl Metrics {
    pub(crate) fn new(
        index: Arc<Index>,
        readings: Arc<Readings>,
        source: Arc<dyn PodMetrics>,
        samples: Arc<dyn Samples>,
        clock: Arc<dyn Clock>,
        step_ms: i64,
    ) -> Self {
        Self { index, readings, source, samples, clock, step_ms: step_ms.max(LEAST_STEP_MS), usage: watch::Sender::default() }
    }

    /// What was measured last, and a signal whenever something was measured or could not be.
    pub(crate) fn usage(&self) -> watch::Receiver<Arc<UsageNow>> {
        self.usage.subscribe()
    }

    /// CPU and memory of an app for charts.
    ///
    /// # Errors
    /// Where there is no such app, or the store cannot be read.
    pub async fn chart(&self, viewer: &Viewer<'_>, app: &AppId, span: impl Into<Span>) -> Outcome<AppMetrics> {
        let span = span.into();
        let _reading = self.readings.turn(viewer.actor()).await?;
        let facts = self.index.facts(viewer.namespace(), app)?;
        let now = self.clock.now();
        let grid = Grid::of(span, now);
        let read = self.samples.series(app, grid.from, grid.end(), grid.step_ms).await?;
        // That nothing is measured now says nothing about the past.
        let is_past = span.window.is_some_and(|w| w.to() < now);
        let mut metrics = AppMetrics {
            range: span.range,
            window: span.window,
            from: grid.from,
            step_s: span.step_s(),
            steps: grid.steps,
            marks: marks::merged(marks::moments(&facts, grid), grid),
            missing: if is_past { None } else { self.usage.borrow().missing.clone() },
            ..AppMetrics::default()
        };
        let bounds = facts.workload.bounds();
        metrics.cpu_request = bounds.cpu_request.map(|v| v.0);
        metrics.memory_request = bounds.memory_request.map(|v| v.0);
        metrics.cpu_limit = bounds.cpu_limit.map(|v| v.0);
        metrics.memory_limit = bounds.memory_limit.map(|v| v.0);
        let alive = facts.pods.iter().map(|p| p.name.as_str()).collect::<HashSet<_>>();
        draw(read, grid, &alive, facts.workload.created, &mut metrics);
        Ok(metrics)
    }
}

/// The steps of a chart.
#[derive(Clone, Copy, Debug)]
struct Grid {
    from: UnixMs,
    step_ms: i64,
    steps: u32,
}

impl Grid {
    /// Whole steps; the last one holds `now`, or the end of a window before it.
    fn of(span: Span, now: UnixMs) -> Self {
        let step_ms = span.step_s() * 1000;
        let end = now.0 - now.0.rem_euclid(step_ms) + step_ms;
        let (from, steps) = match span.window {
            None => {
                let steps = span.range.seconds() / span.range.step_s();
                (end - steps * step_ms, steps)
            }
            Some(window) => {
                let from = window.from().0 - window.from().0.rem_euclid(step_ms);
                (from, (window.to().0.min(end) - from + step_ms - 1).div_euclid(step_ms))
            }
        };
        Self { from: UnixMs(from), step_ms, steps: u32::try_from(steps).unwrap_or(0) }
    }

    fn length(&self) -> i64 {
        i64::from(self.steps) * self.step_ms
    }

    fn end(&self) -> UnixMs {
        self.from.plus(self.length())
    }

    fn step(&self, at: UnixMs) -> Option<usize> {
        let step = usize::try_from(at.since(self.from).div_euclid(self.step_ms)).ok()?;
        (step < self.steps as usize).then_some(step)
    }

    fn holds(&self, at: UnixMs) -> bool {
        self.step(at).is_some()
    }
}

/// The lines of a chart, and all of them together. What was measured before the app was `born` is of another app that had
/// its name.
fn draw(read: Vec<PodSeries>, grid: Grid, alive: &HashSet<&str>, born: UnixMs, metrics: &mut AppMetrics) {
    let steps = grid.steps as usize;
    let empty = |pod| Series { pod, cpu_milli: vec![None; steps], memory_bytes: vec![None; steps] };
    let mut total = empty(String::new());
    let mut pods = Vec::with_capacity(read.len());
    for PodSeries { pod, points } in read {
        let mut series = empty(pod);
        let mut last = None;
        for point in points.into_iter().filter(|p| p.at.plus(grid.step_ms) > born) {
            let Some(step) = grid.step(point.at) else { continue };
            last = last.max(Some(step));
            series.cpu_milli[step] = Some(point.cpu_milli);
            series.memory_bytes[step] = Some(point.memory_bytes);
            total.cpu_milli[step] = Some(total.cpu_milli[step].unwrap_or(0).saturating_add(point.cpu_milli));
            total.memory_bytes[step] = Some(total.memory_bytes[step].unwrap_or(0).saturating_add(point.memory_bytes));
        }
        if last.is_some() {
            pods.push((last, series));
        }
    }
    // Pods that are there now before those that are gone, then those measured last.
    pods.sort_by_key(|(last, series)| (!alive.contains(series.pod.as_str()), std::cmp::Reverse(*last)));
    pods.truncate(MAX_PODS);
    metrics.pods = pods.into_iter().map(|(_, series)| series).collect();
    metrics.pods.sort_by(|a, b| a.pod.cmp(&b.pod));
    metrics.total = total;
}

#[cfg(test)]
mod tests;
