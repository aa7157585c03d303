//! Settles what was cut.

use super::Operations;
use crate::jobs::Job;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked whether anything is to be settled.
const LOOK: Duration = Duration::from_secs(1);

/// Settles changes of several calls that were cut, when they are due.
pub(crate) struct SettleOperations {
    operations: Arc<Operations>,
}

impl SettleOperations {
    pub(crate) fn new(operations: Arc<Operations>) -> Self {
        Self { operations }
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
        self.operations.settle_all().await;
    }
}
