//! Measured use of pods.

use super::FakeStore;
use crate::ports::*;
use async_trait::async_trait;
use domain::{AppId, UnixMs};
use std::collections::BTreeMap;

#[async_trait]
impl Samples for FakeStore {
    async fn add_samples(&self, samples: &[Sample]) -> StoreResult<()> {
        self.takes_writes()?;
        self.samples.lock().unwrap().extend_from_slice(samples);
        Ok(())
    }

    async fn series(&self, app: &AppId, from: UnixMs, to: UnixMs, step_ms: i64) -> StoreResult<Vec<PodSeries>> {
        let mut pods = BTreeMap::<String, BTreeMap<i64, (u32, u32, u64)>>::new();
        for s in self.samples.lock().unwrap().iter().filter(|s| s.app == *app && s.at >= from && s.at < to) {
            let cell = pods.entry(s.pod.clone()).or_default().entry(s.at.0 / step_ms * step_ms).or_default();
            *cell = (cell.0 + 1, cell.1 + s.cpu_milli, cell.2.max(s.memory_bytes));
        }
        let point = |(at, (count, cpu, memory_bytes))| Point { at: UnixMs(at), cpu_milli: cpu / count, memory_bytes };
        Ok(pods.into_iter().map(|(pod, cells)| PodSeries { pod, points: cells.into_iter().rev().map(point).collect() }).collect())
    }

    async fn usage_history(&self, from: UnixMs, step_ms: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>> {
        let mut moments = BTreeMap::<(AppId, i64), (u32, u64)>::new();
        for s in self.samples.lock().unwrap().iter().filter(|s| s.at >= from) {
            let cell = moments.entry((s.app.clone(), s.at.0)).or_default();
            *cell = (cell.0 + s.cpu_milli, cell.1 + s.memory_bytes);
        }
        let mut steps = BTreeMap::<(AppId, i64), (u32, u32, u64)>::new();
        for ((app, at), (cpu, memory)) in moments {
            let cell = steps.entry((app, at / step_ms * step_ms)).or_default();
            *cell = (cell.0 + 1, cell.1 + cpu, cell.2 + memory);
        }
        Ok(steps.into_iter().map(|((app, at), (count, cpu, memory))| (app, UnixMs(at), cpu / count, memory / u64::from(count))).collect())
    }

    async fn prune_samples(&self, before: UnixMs, after: UnixMs) -> StoreResult<u64> {
        self.takes_writes()?;
        let mut samples = self.samples.lock().unwrap();
        let all = samples.len();
        samples.retain(|s| s.at >= before && s.at <= after);
        Ok((all - samples.len()) as u64)
    }
}
