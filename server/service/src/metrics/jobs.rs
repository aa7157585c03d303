//! Reading use, and writing it down. Two jobs: everybody who shows use has to read it, and it is written once.

use super::recent::{self, Recent, UsageNow};
use super::{Metrics, missing_sentence, to_samples};
use crate::jobs::Job;
use crate::observe::{Observer, Pressures};
use crate::storage::Storage;
use async_trait::async_trait;
use domain::UnixMs;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// After this many failures in a row the pause between two tries grows no more: 15, 30, 60, 120 s.
const MOST_BACKOFF: u32 = 3;

/// Asks metrics-server, tells what it says to those who show it, and leaves the samples to be written.
pub(crate) struct ReadUsage {
    metrics: Arc<Metrics>,
    observer: Arc<Observer>,
    storage: Arc<Storage>,
    pub(super) recent: Option<Recent>,
    pressures: Pressures,
    /// Tries in a row without an answer, [`MOST_BACKOFF`] at most.
    failures: u32,
}

impl ReadUsage {
    pub(crate) fn new(metrics: Arc<Metrics>, observer: Arc<Observer>, storage: Arc<Storage>) -> Self {
        Self { metrics, observer, storage, recent: None, pressures: Pressures::default(), failures: 0 }
    }

    /// The last hour, as far as the store remembers it.
    async fn last_hour(&self) -> Recent {
        let (mut recent, begun) = (Recent::new(), self.metrics.clock.steady().date());
        match self.metrics.samples.usage_history(recent.from(begun), recent::BUCKET_MS).await {
            Ok(rows) => recent.load(rows, begun),
            Err(error) => tracing::warn!(%error, "the last hour's use could not be read; the small charts begin anew"),
        }
        recent
    }

    /// One sample of all pods; false where there was none.
    #[tracing::instrument(level = "debug", skip_all)]
    async fn sample(&mut self) -> bool {
        let mut recent = match self.recent.take() {
            Some(recent) => recent,
            None => self.last_hour().await,
        };
        let (metrics, observer) = (&self.metrics, &self.observer);
        let usage = metrics.source.usage().await;
        let taken = match usage {
            Ok(usage) => {
                let (now, world) = (metrics.clock.now(), metrics.index.world());
                observer.set_pressure(self.pressures.add(&world, &usage, now));
                let samples = to_samples(&world, usage, UnixMs(now.0 - now.0.rem_euclid(metrics.step_ms)));
                recent.add(&samples, metrics.clock.steady().date());
                metrics.usage.send_replace(Arc::new(recent.now(&samples).taken(now)));
                self.storage.kept.samples(samples);
                true
            }
            Err(error) => {
                let sentence = missing_sentence(&error);
                // Once per kind of failure; it would else fill the log of a cluster that never has metrics-server.
                if metrics.usage.borrow().missing.as_ref() != Some(&sentence) {
                    tracing::warn!(%error, "CPU and memory could not be read");
                }
                metrics.usage.send_replace(Arc::new(UsageNow::missing(sentence)));
                observer.set_pressure(HashMap::new());
                false
            }
        };
        self.recent = Some(recent);
        taken
    }
}

#[async_trait]
impl Job for ReadUsage {
    fn name(&self) -> &'static str {
        "read usage"
    }

    /// Aligned to the clock's steps, so that the samples of all pods and of all restarts lie on one grid.
    fn period(&self) -> Duration {
        let step = self.metrics.step_ms;
        let wait = step * (1 << self.failures) - self.metrics.clock.now().0.rem_euclid(step);
        Duration::from_millis(wait.unsigned_abs())
    }

    async fn run_once(&mut self) {
        self.failures = if self.sample().await { 0 } else { (self.failures + 1).min(MOST_BACKOFF) };
    }
}

/// Gives the store the samples that wait for it.
pub(crate) struct WriteSamples {
    storage: Arc<Storage>,
    /// Milliseconds between two samples.
    step_ms: i64,
}

impl WriteSamples {
    pub(crate) fn new(metrics: &Metrics, storage: Arc<Storage>) -> Self {
        Self { storage, step_ms: metrics.step_ms }
    }
}

#[async_trait]
impl Job for WriteSamples {
    fn name(&self) -> &'static str {
        "write samples"
    }

    fn period(&self) -> Duration {
        Duration::from_millis(self.step_ms.unsigned_abs())
    }

    async fn run_once(&mut self) {
        // Somebody looks whether it takes a write again, and that it does is a signal.
        if self.storage.trouble().is_none() {
            self.storage.save_samples().await;
        }
    }
}
