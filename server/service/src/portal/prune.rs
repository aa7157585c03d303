//! Forgets what is kept no longer.

use crate::jobs::Job;
use crate::portal::Portal;
use async_trait::async_trait;
use std::time::Duration;

/// Between two rounds.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Prunes sessions, samples, drafts and notices.
pub(crate) struct Prune {
    portal: Portal,
}

impl Prune {
    pub(crate) fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone() }
    }
}

#[async_trait]
impl Job for Prune {
    fn name(&self) -> &'static str {
        "prune"
    }

    fn period(&self) -> Duration {
        EVERY
    }

    async fn run_once(&mut self) {
        self.portal.prune().await;
    }
}

impl Portal {
    /// Samples are dated by the time of day. Where that was set they are kept by either clock, because nobody knows which
    /// of them is right.
    async fn prune(&self) {
        let (now, steady, settings) = (self.now(), self.steady().date(), self.settings());
        if let Err(error) = self.store().date_back(steady).await {
            tracing::warn!(%error, "what a clock that was set ahead has left could not be dated anew");
        }
        let sessions = self.store().prune_sessions(steady.plus(-settings.session_idle_ms), steady.plus(-settings.session_absolute_ms));
        if let Err(error) = sessions.await {
            tracing::warn!(%error, "ended sessions could not be pruned");
        }
        let (first, last) = (now.min(steady), now.max(steady));
        let samples = self.store().prune_samples(first.plus(-settings.sample_retention_ms), last.plus(settings.sample_retention_ms));
        if let Err(error) = samples.await {
            tracing::warn!(%error, "old samples could not be pruned");
        }
        if let Err(error) = self.store().prune_drafts(crate::drafts::oldest(first)).await {
            tracing::warn!(%error, "old drafts could not be pruned");
        }
        self.prune_notices(first).await;
    }
}
