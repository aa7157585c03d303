//! Which log is read when.

use super::known::Known;
use super::{Observer, choice, lock};
use crate::jobs::Job;
use async_trait::async_trait;
use domain::Namespace;
use domain::turns::Turns;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// One read of a log in this time.
const PACE: Duration = Duration::from_secs(1);
/// Reads after which what is known is held against what is there.
const TIDY_EVERY: u32 = 30;

/// Keeps reads apart. One that took long is not made up for.
pub(super) struct Pace {
    next: Instant,
}

impl Pace {
    /// Waits until the next read may begin.
    pub(super) async fn turn(&mut self) {
        sleep_until(self.next).await;
        self.next = Instant::now() + PACE;
    }
}

/// Reads one sample of a log.
pub(crate) struct ReadLogs {
    observer: Arc<Observer>,
    pace: Pace,
    known: Known,
    turns: Turns<Namespace>,
    reads: u32,
}

impl ReadLogs {
    pub(crate) fn new(observer: Arc<Observer>) -> Self {
        Self { observer, pace: Pace { next: Instant::now() }, known: Known::default(), turns: Turns::default(), reads: 0 }
    }
}

#[async_trait]
impl Job for ReadLogs {
    fn name(&self) -> &'static str {
        "read logs"
    }

    fn period(&self) -> Duration {
        self.pace.next.saturating_duration_since(Instant::now())
    }

    async fn run_once(&mut self) {
        let observer = &self.observer;
        self.pace.turn().await;
        let (world, now) = (observer.index.world(), observer.clock.now());
        if !world.health.ready {
            return;
        }
        self.reads = self.reads.wrapping_add(1);
        if self.reads.is_multiple_of(TIDY_EVERY) {
            self.known.tidy(now);
            let apps: Vec<_> = lock(&observer.parts).read.keys().cloned().collect();
            for app in apps {
                observer.publish_read(&self.known, &app);
            }
        }
        let open = observer.open_apps(now);
        let Some(read) = choice::next(&world, &self.known, &open, &self.turns, now) else { return };
        let (app, begun) = (read.app().clone(), observer.clock.steady());
        observer.do_read(read, &mut self.known, &mut self.pace).await;
        // A read that comes at once takes as much of the pace as one that comes late.
        let took = Duration::from_millis(observer.clock.steady().since(begun).unsigned_abs());
        self.turns.charge(app.namespace.clone(), took.max(PACE));
        observer.publish_read(&self.known, &app);
    }
}
