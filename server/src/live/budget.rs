//! How often a page may ask for something on its socket.

use domain::live::ClientFrame;
use std::time::Duration;
use tokio::time::Instant;

/// Subscriptions that a page may ask for at once.
const BURST: f64 = 64.0;
/// Subscriptions per second in the long run. A page asks for a few when it opens and for one per click.
const PER_SECOND: f64 = 10.0;

/// A bucket of tokens: each subscription is judged or opens logs at the API server, so a page must not ask without end.
pub(super) struct Budget {
    left: f64,
    at: Instant,
}

impl Budget {
    pub(super) fn full() -> Self {
        Self { left: BURST, at: Instant::now() }
    }

    /// Whether the frame is within the budget. Acknowledgements cost nothing: they only give the relay room.
    pub(super) fn takes(&mut self, frame: &ClientFrame) -> bool {
        if matches!(frame, ClientFrame::Ack { .. }) {
            return true;
        }
        let now = Instant::now();
        let passed: Duration = now.duration_since(self.at);
        self.at = now;
        self.left = (self.left + passed.as_secs_f64() * PER_SECOND).min(BURST);
        self.left >= 1.0 && {
            self.left -= 1.0;
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_page_that_asks_without_end_is_over_its_budget_until_time_has_passed() {
        let (mut budget, ask) = (Budget::full(), ClientFrame::Unsubscribe { id: 1 });
        assert_eq!((0..1000).filter(|_| budget.takes(&ask)).count(), 64);
        assert!(budget.takes(&ClientFrame::Ack { id: 1, bytes: 1 }), "acknowledgements are free");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!((0..1000).filter(|_| budget.takes(&ask)).count(), 10);
    }
}
