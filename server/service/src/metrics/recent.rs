//! The last hour in memory: what the list shows of CPU and memory.

use crate::ports::Sample;
use domain::facts::Pod;
use domain::view::Usage;
use domain::{AppId, Bytes, MilliCpu, Namespace, UnixMs};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Points of a small chart.
const POINTS: usize = 24;
/// Milliseconds per point: an hour in all.
pub(crate) const BUCKET_MS: i64 = 3_600_000 / POINTS as i64;
/// A small chart's height is at least this much CPU, so that an idle app draws a flat line and not noise.
const LEAST_CPU: u64 = 10;
/// And at least this much memory.
const LEAST_MEMORY: u64 = 16 * 1024 * 1024;

/// CPU (thousandths of a core) and memory (bytes).
type Pair = (u64, u64);

/// What was measured last.
#[derive(Clone, Debug, Default)]
pub(crate) struct UsageNow {
    apps: HashMap<AppId, Usage>,
    pods: HashMap<Namespace, BTreeMap<String, (MilliCpu, Bytes)>>,
    /// metrics-server answered; `None` before the first try.
    pub(crate) answered: Option<bool>,
    /// Why there is nothing.
    pub(crate) missing: Option<String>,
    /// When it was measured.
    at: Option<UnixMs>,
}

/// Kubernetes tells the second in which an object was made.
const SECOND_MS: i64 = 1000;

impl UsageNow {
    /// metrics-server did not answer.
    pub(crate) fn missing(sentence: String) -> Self {
        Self { answered: Some(false), missing: Some(sentence), ..Self::default() }
    }

    /// Measured at this time.
    pub(crate) fn taken(self, at: UnixMs) -> Self {
        Self { at: Some(at), ..self }
    }

    /// Whether something that was `made` then was there to be measured; else it is a namesake that was.
    fn covers(&self, made: UnixMs) -> bool {
        self.at.is_none_or(|at| made.plus(SECOND_MS) <= at)
    }

    /// Use of an app that was made then, and not of one of the same name before it.
    pub(crate) fn app(&self, id: &AppId, made: UnixMs) -> Usage {
        let mut usage = match self.apps.get(id) {
            Some(usage) if self.covers(made) => usage.clone(),
            _ => return Usage::default(),
        };
        let points = self.at.map_or(POINTS, |at| usize::try_from(at.0.div_euclid(BUCKET_MS) - made.0.div_euclid(BUCKET_MS)).unwrap_or(0));
        for spark in [&mut usage.cpu_spark, &mut usage.memory_spark] {
            spark.drain(..spark.len().saturating_sub(points));
        }
        usage
    }

    /// Use of pods of a namespace, by name.
    pub(crate) fn pods<'a>(&self, namespace: &Namespace, pods: impl Iterator<Item = &'a Pod>) -> BTreeMap<String, (MilliCpu, Bytes)> {
        let Some(measured) = self.pods.get(namespace) else { return BTreeMap::new() };
        pods.filter(|pod| self.covers(pod.created)).filter_map(|pod| Some((pod.name.clone(), *measured.get(&pod.name)?))).collect()
    }
}

/// Sums over one point's time.
struct Bucket {
    index: i64,
    rounds: u64,
    sums: HashMap<AppId, Pair>,
}

/// The last hour of all apps.
pub(crate) struct Recent {
    buckets: VecDeque<Bucket>,
}

impl Recent {
    pub(crate) fn new() -> Self {
        Self { buckets: VecDeque::with_capacity(POINTS + 1) }
    }

    /// Where the hour begins.
    pub(crate) fn from(&self, now: UnixMs) -> UnixMs {
        let first = now.0.div_euclid(BUCKET_MS) - POINTS as i64 + 1;
        UnixMs(first * BUCKET_MS)
    }

    /// Takes what the store remembers, so that a restart does not empty the small charts.
    pub(crate) fn load(&mut self, mut rows: Vec<(AppId, UnixMs, u32, u64)>, now: UnixMs) {
        rows.sort_by_key(|r| r.1);
        for (app, at, cpu, memory) in rows {
            let bucket = self.bucket(at);
            bucket.rounds = 1;
            bucket.sums.insert(app, (u64::from(cpu), memory));
        }
        self.forget(now);
    }

    /// Takes one round of samples.
    pub(crate) fn add(&mut self, samples: &[Sample], now: UnixMs) {
        let bucket = self.bucket(now);
        bucket.rounds += 1;
        for sample in samples {
            let sum = bucket.sums.entry(sample.app.clone()).or_default();
            sum.0 += u64::from(sample.cpu_milli);
            sum.1 += sample.memory_bytes;
        }
        self.forget(now);
    }

    fn bucket(&mut self, at: UnixMs) -> &mut Bucket {
        let index = at.0.div_euclid(BUCKET_MS);
        let place = self.buckets.partition_point(|b| b.index < index);
        if self.buckets.get(place).is_none_or(|b| b.index != index) {
            self.buckets.insert(place, Bucket { index, rounds: 0, sums: HashMap::new() });
        }
        &mut self.buckets[place]
    }

    fn forget(&mut self, now: UnixMs) {
        let first = self.from(now).0.div_euclid(BUCKET_MS);
        self.buckets.retain(|b| b.index >= first);
        // The store may hold samples of a clock that was ahead.
        self.buckets.truncate(POINTS + 1);
    }

    /// What the list shows after this round.
    pub(crate) fn now(&self, samples: &[Sample]) -> UsageNow {
        let mut now = UsageNow { answered: Some(true), ..UsageNow::default() };
        let mut sums = HashMap::<&AppId, Pair>::new();
        for sample in samples {
            let sum = sums.entry(&sample.app).or_default();
            sum.0 += u64::from(sample.cpu_milli);
            sum.1 += sample.memory_bytes;
            let pods = now.pods.entry(sample.app.namespace.clone()).or_default();
            pods.insert(sample.pod.clone(), (MilliCpu(u64::from(sample.cpu_milli)), Bytes(sample.memory_bytes)));
        }
        for (app, (cpu, memory)) in sums {
            let usage = Usage {
                cpu: Some(MilliCpu(cpu)),
                memory: Some(Bytes(memory)),
                cpu_spark: self.spark(app, LEAST_CPU, |p| p.0),
                memory_spark: self.spark(app, LEAST_MEMORY, |p| p.1),
            };
            now.apps.insert(app.clone(), usage);
        }
        now
    }

    /// From the first point at which the app was measured; where others were measured and it was not, it used nothing.
    fn spark(&self, app: &AppId, least: u64, value: impl Fn(&Pair) -> u64) -> Vec<u8> {
        let points = self.buckets.iter().filter(|b| b.rounds > 0);
        let means = points.map(|b| b.sums.get(app).map(|sum| value(sum) / b.rounds)).skip_while(Option::is_none).map(Option::unwrap_or_default);
        let means = means.collect::<Vec<_>>();
        let top = means.iter().copied().max().unwrap_or(0).max(least);
        means.into_iter().map(|m| u8::try_from(u128::from(m) * 100 / u128::from(top)).unwrap_or(100)).collect()
    }
}
