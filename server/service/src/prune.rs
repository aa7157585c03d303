//! Forgets what is kept no longer.

use crate::drafts;
use crate::jobs::Job;
use crate::operations::Operations;
use crate::ports::{Clock, Database, Drafts, Samples, Sessions};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

/// Between two rounds.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Prunes sessions, samples, drafts and notices.
#[derive(Clone)]
pub(crate) struct Prune {
    pub(crate) database: Arc<dyn Database>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) samples: Arc<dyn Samples>,
    pub(crate) drafts: Arc<dyn Drafts>,
    pub(crate) operations: Arc<Operations>,
    pub(crate) clock: Arc<dyn Clock>,
    /// A session ends when it was not used for this long, in milliseconds.
    pub(crate) session_idle_ms: i64,
    /// And this long after sign-in, used or not.
    pub(crate) session_absolute_ms: i64,
    /// Samples are kept for this long, in milliseconds.
    pub(crate) sample_retention_ms: i64,
}

#[async_trait]
impl Job for Prune {
    fn name(&self) -> &'static str {
        "prune"
    }

    fn period(&self) -> Duration {
        EVERY
    }

    /// Samples are dated by the time of day. Where that was set they are kept by either clock, because nobody knows which
    /// of them is right.
    async fn run_once(&mut self) {
        let (now, steady) = (self.clock.now(), self.clock.steady().date());
        if let Err(error) = self.database.date_back(steady).await {
            tracing::warn!(%error, "what a clock that was set ahead has left could not be dated anew");
        }
        let sessions = self.sessions.prune_sessions(steady.plus(-self.session_idle_ms), steady.plus(-self.session_absolute_ms));
        if let Err(error) = sessions.await {
            tracing::warn!(%error, "ended sessions could not be pruned");
        }
        let (first, last) = (now.min(steady), now.max(steady));
        let samples = self.samples.prune_samples(first.plus(-self.sample_retention_ms), last.plus(self.sample_retention_ms));
        if let Err(error) = samples.await {
            tracing::warn!(%error, "old samples could not be pruned");
        }
        if let Err(error) = self.drafts.prune_drafts(drafts::oldest(first)).await {
            tracing::warn!(%error, "old drafts could not be pruned");
        }
        self.operations.prune_notices(first).await;
    }
}
