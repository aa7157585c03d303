//! The log on standard error, and what a panic leaves behind.
//!
//! No line holds a token, a cookie, a query or a body: handlers log paths and sentences only.

use crate::config::{Config, LogFormat};
use crate::log_queue::LogQueue;
use crate::numbers::PANICS;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// The log's way out, once there is one.
static QUEUE: OnceLock<LogQueue> = OnceLock::new();
/// Longest wait for the last lines: whoever reads the log may stand still.
const LAST_LINES: Duration = Duration::from_millis(500);

/// Waits until what was logged has been written, half a second at most. Before the process ends.
pub fn flush() {
    if let Some(queue) = QUEUE.get() {
        queue.flush(LAST_LINES);
    }
}

/// Starts the log. A second call in one process does nothing.
pub fn start(config: &Config) {
    // Without a thread to spare there is nothing to serve with either; the portal says so by itself.
    let Ok(queue) = LogQueue::start(std::io::stderr()) else { return };
    if QUEUE.set(queue.clone()).is_err() {
        return;
    }
    // The watches of kube warn of every refused try; which rights are missing is said by the portal, once and in words.
    // Its client writes whole answers that it cannot read, with all that is in them; what it gives back is told as well.
    let quiet = "kube_runtime=error,kube_client=off";
    let filter = EnvFilter::try_new(format!("{quiet},{}", config.logs.level)).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(queue)
        // Told on standard error, which panics where that cannot be written.
        .log_internal_errors(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_target(false);
    let _ = match config.logs.format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}

/// Counts and logs every panic, wherever it happens.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        PANICS.fetch_add(1, Relaxed);
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = panic.payload().downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.payload().downcast_ref::<String>().cloned());
        tracing::error!(place, "panic: {}", text.unwrap_or_default());
    }));
}
