//! Time and randomness from the operating system.

use domain::UnixMs;
use service::ports::{Clock, Rng, Steady};
use std::sync::LazyLock;
use std::time::Instant;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRng;

impl Rng for OsRng {
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = getrandom::fill(buffer) {
            // Going on would mean tokens that can be guessed.
            tracing::error!(%error, "the operating system gives no randomness; stopping");
            crate::telemetry::flush();
            std::process::abort();
        }
    }
}

/// The operating system's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// When the process first asked, by both clocks.
static START: LazyLock<(UnixMs, Instant)> = LazyLock::new(|| (SystemClock.now(), Instant::now()));

impl Clock for SystemClock {
    fn steady(&self) -> Steady {
        let (date, start) = *START;
        Steady::from(date).plus(i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
    fn now(&self) -> UnixMs {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UnixMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
