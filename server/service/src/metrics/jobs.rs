//! Reading use, and writing it down. Two jobs: everybody who shows use has to read it, and it is written once.

use super::recent::{self, Recent, UsageNow};
use super::{missing_sentence, to_samples};
use crate::jobs::Job;
use crate::observe::Pressures;
use crate::portal::Portal;
use async_trait::async_trait;
use domain::UnixMs;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// After this many failures in a row the pause between two tries grows no more: 15, 30, 60, 120 s.
const MOST_BACKOFF: u32 = 3;

/// Milliseconds between two samples.
fn step(portal: &Portal) -> i64 {
    portal.settings().sample_step_ms.max(1000)
}

/// Asks metrics-server, tells what it says to those who show it, and leaves the samples to be written.
pub(crate) struct ReadUsage {
    portal: Portal,
    pub(super) recent: Option<Recent>,
    pressures: Pressures,
    /// Tries in a row without an answer, [`MOST_BACKOFF`] at most.
    failures: u32,
}

impl ReadUsage {
    pub(crate) fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone(), recent: None, pressures: Pressures::default(), failures: 0 }
    }

    /// The last hour, as far as the store remembers it.
    async fn last_hour(&self) -> Recent {
        let (mut recent, begun) = (Recent::new(), self.portal.steady().date());
        match self.portal.store().usage_history(recent.from(begun), recent::BUCKET_MS).await {
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
        let portal = &self.portal;
        let usage = portal.cluster().usage().await;
        let taken = match usage {
            Ok(usage) => {
                let (now, world) = (portal.now(), portal.index.world());
                portal.observer.set_pressure(self.pressures.add(&world, &usage, now));
                let samples = to_samples(&world, usage, UnixMs(now.0 - now.0.rem_euclid(step(portal))));
                recent.add(&samples, portal.steady().date());
                portal.usage_cell().send_replace(Arc::new(recent.now(&samples).taken(now)));
                portal.kept().samples(samples);
                true
            }
            Err(error) => {
                let sentence = missing_sentence(&error);
                // Once per kind of failure; it would else fill the log of a cluster that never has metrics-server.
                if portal.usage_cell().borrow().missing.as_ref() != Some(&sentence) {
                    tracing::warn!(%error, "CPU and memory could not be read");
                }
                portal.usage_cell().send_replace(Arc::new(UsageNow::missing(sentence)));
                portal.observer.set_pressure(HashMap::new());
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
        let step = step(&self.portal);
        let wait = step * (1 << self.failures) - self.portal.now().0.rem_euclid(step);
        Duration::from_millis(wait.unsigned_abs())
    }

    async fn run_once(&mut self) {
        self.failures = if self.sample().await { 0 } else { (self.failures + 1).min(MOST_BACKOFF) };
    }
}

/// Gives the store the samples that wait for it.
pub(crate) struct WriteSamples {
    portal: Portal,
}

impl WriteSamples {
    pub(crate) fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone() }
    }
}

#[async_trait]
impl Job for WriteSamples {
    fn name(&self) -> &'static str {
        "write samples"
    }

    fn period(&self) -> Duration {
        Duration::from_millis(step(&self.portal).unsigned_abs())
    }

    async fn run_once(&mut self) {
        // Somebody looks whether it takes a write again, and that it does is a signal.
        if self.portal.storage().is_none() {
            self.portal.save_samples().await;
        }
    }
}
