//! Settles what was cut.

use crate::jobs::Job;
use crate::portal::Portal;
use async_trait::async_trait;
use std::time::Duration;

/// How often it is looked whether anything is to be settled.
const LOOK: Duration = Duration::from_secs(1);

/// Settles changes of several calls that were cut, when they are due.
pub(crate) struct SettleOperations {
    portal: Portal,
}

impl SettleOperations {
    pub(crate) fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone() }
    }
}

#[async_trait]
impl Job for SettleOperations {
    fn name(&self) -> &'static str {
        "settle operations"
    }

    fn period(&self) -> Duration {
        LOOK
    }

    async fn run_once(&mut self) {
        self.portal.settle_all().await;
    }
}
