//! Work in the background. A job takes no input: it looks at what there is and does what is left to do, so that a run that comes
//! too early, or a second one, changes nothing. It runs by a period, and before that on signals.

use async_trait::async_trait;
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// A job. Running it twice has the effect of running it once.
#[async_trait]
pub(crate) trait Job: Send {
    /// Its name in the log.
    fn name(&self) -> &'static str;
    /// How long it rests where no signal comes. Asked after each run; the first run comes at once.
    fn period(&self) -> Duration;
    /// Does all that is to be done now. What fails is logged, and tried again by a later run. It is dropped in the middle where
    /// the portal stops.
    async fn run_once(&mut self);
}

/// There will be no signal any more: whoever gave them has ended.
pub(crate) struct Gone;

/// Makes a job run before its period is over.
#[async_trait]
pub(crate) trait Signal: Send {
    /// Waits for the next signal. One that came since the last call counts, and none is lost where this is dropped.
    ///
    /// # Errors
    /// Where none will come any more.
    async fn wait(&mut self) -> Result<(), Gone>;
}

/// A value that the job depends on.
#[async_trait]
impl<T: Send + Sync> Signal for watch::Receiver<T> {
    async fn wait(&mut self) -> Result<(), Gone> {
        self.changed().await.map_err(|_| Gone)
    }
}

/// Something has come that the job has to take.
#[async_trait]
impl Signal for Arc<Notify> {
    async fn wait(&mut self) -> Result<(), Gone> {
        self.notified().await;
        Ok(())
    }
}

/// A job and what makes it run.
pub(crate) struct Driven {
    job: Box<dyn Job>,
    signals: Vec<Box<dyn Signal>>,
}

/// Why a job runs no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The portal stops.
    Stopped,
    /// It has a fault, or can learn no more of what it depends on.
    Lost,
}

impl Driven {
    /// Runs by its period alone.
    pub(crate) fn new(job: impl Job + 'static) -> Self {
        Self { job: Box::new(job), signals: Vec::new() }
    }

    /// Runs on this signal as well.
    pub(crate) fn on(mut self, signal: impl Signal + 'static) -> Self {
        self.signals.push(Box::new(signal));
        self
    }

    /// Runs the job until a signal is gone.
    async fn drive(&mut self) -> Gone {
        loop {
            self.job.run_once().await;
            let period = self.job.period();
            if let Ok(Err(gone)) = tokio::time::timeout(period, any(&mut self.signals)).await {
                return gone;
            }
        }
    }

    async fn drive_until(mut self, stop: CancellationToken) -> End {
        let name = self.job.name();
        match stop.run_until_cancelled(AssertUnwindSafe(self.drive()).catch_unwind()).await {
            None => End::Stopped,
            Some(Ok(Gone)) => {
                tracing::error!(job = name, "what this job in the background depends on has ended; the portal has to be started anew");
                End::Lost
            }
            Some(Err(_)) => {
                tracing::error!(job = name, "this job in the background has ended by a fault; the portal has to be started anew");
                End::Lost
            }
        }
    }
}

/// The next signal of any of them.
async fn any(signals: &mut [Box<dyn Signal>]) -> Result<(), Gone> {
    if signals.is_empty() {
        return std::future::pending().await;
    }
    futures::future::select_all(signals.iter_mut().map(|signal| signal.wait())).await.0
}

/// Drives all of them, each as a task of its own, until `stop` is cancelled. One that ends before is told to `lost`; the others
/// go on. Dropping this ends them.
pub(crate) async fn drive(jobs: Vec<Driven>, stop: CancellationToken, lost: impl Fn()) {
    let mut tasks = JoinSet::new();
    for driven in jobs {
        tasks.spawn(driven.drive_until(stop.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(End::Stopped) => {}
            Ok(End::Lost) | Err(_) => lost(),
        }
    }
}

#[cfg(test)]
mod tests;
