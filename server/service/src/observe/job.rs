//! Which log is read when.

use super::choice;
use super::known::Known;
use super::lock;
use crate::jobs::Job;
use crate::portal::Portal;
use async_trait::async_trait;
use domain::Namespace;
use domain::turns::Turns;
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
    portal: Portal,
    pace: Pace,
    known: Known,
    turns: Turns<Namespace>,
    reads: u32,
}

impl ReadLogs {
    pub(crate) fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone(), pace: Pace { next: Instant::now() }, known: Known::default(), turns: Turns::default(), reads: 0 }
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
        let portal = &self.portal;
        self.pace.turn().await;
        let (world, now) = (portal.world(), portal.now());
        if !world.health.ready {
            return;
        }
        self.reads = self.reads.wrapping_add(1);
        if self.reads.is_multiple_of(TIDY_EVERY) {
            self.known.tidy(now);
            let apps: Vec<_> = lock(&portal.observer().parts).read.keys().cloned().collect();
            for app in apps {
                portal.publish_read(&self.known, &app);
            }
        }
        let open = portal.observer().open(now);
        let Some(read) = choice::next(&world, &self.known, &open, &self.turns, now) else { return };
        let (app, begun) = (read.app().clone(), portal.steady());
        portal.do_read(read, &mut self.known, &mut self.pace).await;
        // A read that comes at once takes as much of the pace as one that comes late.
        let took = Duration::from_millis(portal.steady().since(begun).unsigned_abs());
        self.turns.charge(app.namespace.clone(), took.max(PACE));
        portal.publish_read(&self.known, &app);
    }
}
