//! From the first signal to the end of the process.
//!
//! `soft` asks everybody to finish: sockets say "restarting", streams end, idle connections close. `hard` comes
//! after [`GRACE`] and drops what is left.

use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Time between the first signal and the hard end.
pub const GRACE: Duration = Duration::from_secs(10);

/// The two tokens and the tasks that are waited for.
#[derive(Clone, Default)]
pub struct Life {
    /// Finish what you do.
    pub soft: CancellationToken,
    /// Stop where you are.
    pub hard: CancellationToken,
    /// Everything that must have ended before the process does.
    pub tasks: TaskTracker,
}

impl Life {
    /// Waits until all tasks have ended, at most [`GRACE`] after `soft`.
    pub async fn drain(&self) {
        self.soft.cancelled().await;
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("{} tasks did not end in {GRACE:?} and are dropped", self.tasks.len());
        }
        self.hard.cancel();
    }

    /// Cancels `soft` at SIGTERM or SIGINT, and `hard` at the second of them.
    pub async fn listen_for_signals(self) {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
            tracing::error!("signals cannot be received; stop the process with SIGKILL");
            return;
        };
        let mut next = async || {
            tokio::select! {
                _ = term.recv() => "SIGTERM",
                _ = int.recv() => "SIGINT",
            }
        };
        let name = next().await;
        tracing::info!("{name}: finishing; a second signal stops at once");
        self.soft.cancel();
        next().await;
        self.hard.cancel();
    }
}
