//! Settles what was cut, and waits for what comes of what was not.

use super::Operations;
use crate::jobs::Job;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How often it is looked whether anything is to be settled.
const LOOK: Duration = Duration::from_secs(1);

/// Settles changes that were cut, when they are due.
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

/// Looks at apps of which a change is waited for, when the index changes or something is due.
pub(crate) struct WaitForApps {
    operations: Arc<Operations>,
}

impl WaitForApps {
    pub(crate) fn new(operations: Arc<Operations>) -> Self {
        Self { operations }
    }

    /// A signal that there is something to look at beside the index.
    pub(crate) fn came(&self) -> Arc<Notify> {
        self.operations.waits.came()
    }
}

#[async_trait]
impl Job for WaitForApps {
    fn name(&self) -> &'static str {
        "wait for apps"
    }

    fn period(&self) -> Duration {
        self.operations.waits.rest()
    }

    async fn run_once(&mut self) {
        self.operations.waits.look().await;
    }
}
