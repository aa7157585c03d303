//! Gives the database what has waited for it.

use crate::health::{Health, HealthCheck};
use crate::jobs::Job;
use crate::limiter::Limiter;
use crate::storage::Storage;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

/// While something is wrong or waits, the database is looked at this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Looks again while the database takes no write, and gives it then what has waited.
pub(crate) struct CatchUp {
    storage: Arc<Storage>,
    limiter: Arc<Limiter>,
    health: Arc<HealthCheck>,
}

impl CatchUp {
    pub(crate) fn new(storage: Arc<Storage>, limiter: Arc<Limiter>, health: Arc<HealthCheck>) -> Self {
        Self { storage, limiter, health }
    }

    fn is_behind(&self) -> bool {
        self.storage.is_behind() || self.limiter.is_behind()
    }

    /// Gives the database all that it has not taken but samples, the ended sessions and the failed sign-ins first. One
    /// caller at a time; stops where the database does not take something.
    pub(crate) async fn catch_up(&self) {
        if self.storage.save_session_ends().await && self.limiter.save_tries().await {
            self.storage.save_entries().await;
        }
    }
}

#[async_trait]
impl Job for CatchUp {
    fn name(&self) -> &'static str {
        "catch up"
    }

    fn period(&self) -> Duration {
        LOOK_AGAIN
    }

    async fn run_once(&mut self) {
        if (self.storage.trouble().is_some() || self.is_behind()) && self.health.check().await == Health::Well {
            self.catch_up().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::Fake;
    use crate::ports::NewAudit;
    use domain::UnixMs;
    use domain::audit::{Act, AuditOutcome, Deed, Target};

    #[tokio::test]
    async fn what_has_waited_is_given_to_the_store_once_however_often_the_job_runs() {
        let fake = Fake::new().await;
        let (text, deed) = (String::new, Deed::new(Act::EndSession, Target::SessionNumber(1)));
        let done = NewAudit { at: UnixMs(0), actor: text(), address: text(), deed, outcome: AuditOutcome::Done, detail: text(), intent: None };
        fake.portal.storage.kept.entry(done);
        let mut job = fake.catch_up();
        job.run_once().await;
        job.run_once().await;
        assert_eq!((fake.store.audit.lock().unwrap().len(), fake.portal.storage.kept_numbers().entries), (1, 0));
    }
}
