//! When to try a lost connection again, and what the page says meanwhile.

/// How the page stands to the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// The first try is under way.
    #[default]
    Connecting,
    /// Updates arrive as they happen.
    Live,
    /// Lost; the next try is so many seconds away.
    Waiting(u32),
    /// WebSockets do not get through; the page asks every few seconds.
    Polling,
}

impl Link {
    /// For styles, tests and scripts of a page that embeds this one.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Waiting(_) => "reconnecting",
            Self::Polling => "polling",
        }
    }
}

/// A pure record of tries and failures.
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    failures: u32,
    previous: Option<i64>,
    next: Option<i64>,
    polling: bool,
    /// The API has answered since the page asks it.
    answers: bool,
}

/// Two failures within so long mean that WebSockets do not get through, or that the portal is gone.
const TWICE_MS: i64 = 10_000;
/// While polling, the socket is tried again this often.
const RETRY_MS: i64 = 15_000;

impl Backoff {
    /// The server said hello.
    pub fn connected(&mut self) {
        *self = Self::default();
    }

    /// A connection was lost or did not come about. `random` in 0..1 spreads the tries of many pages.
    #[allow(clippy::cast_possible_truncation)]
    pub fn lost(&mut self, now: i64, random: f64) -> Link {
        self.failures += 1;
        self.polling |= self.failures >= 2 && self.previous.is_some_and(|p| now - p <= TWICE_MS);
        self.previous = Some(now);
        let base = if self.polling && self.answers { RETRY_MS } else { (500_i64 << self.failures.min(6)).min(30_000) };
        let spread = (base as f64 * (0.5 + random)) as i64;
        self.next = Some(now + spread);
        self.link(now).unwrap_or_default()
    }

    /// Whether it is time for a try.
    #[must_use]
    pub fn due(&self, now: i64) -> bool {
        self.next.is_some_and(|n| now >= n)
    }

    /// Whether the page asks the API meanwhile.
    #[must_use]
    pub const fn polling(&self) -> bool {
        self.polling
    }

    /// Whether the API has answered. Where it does not, the portal is gone, and not only the socket.
    pub const fn asked(&mut self, answers: bool) {
        self.answers = answers;
    }

    /// What the page says; `None` where nothing was lost.
    #[must_use]
    pub fn link(&self, now: i64) -> Option<Link> {
        let next = self.next?;
        Some(if self.polling && self.answers { Link::Polling } else { Link::Waiting(u32::try_from((next - now + 999) / 1000).unwrap_or(0)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_loss_waits_and_counts_down() {
        let mut b = Backoff::default();
        assert_eq!(b.link(0), None);
        assert_eq!(b.lost(0, 0.5), Link::Waiting(1));
        assert!(!b.due(900) && b.due(1000));
    }

    #[test]
    fn two_losses_within_ten_seconds_mean_polling_until_a_hello() {
        let mut b = Backoff::default();
        b.lost(0, 0.5);
        b.lost(2000, 0.5);
        assert!(b.polling(), "the API is asked");
        b.asked(true);
        assert_eq!(b.link(2000), Some(Link::Polling));
        assert!(b.due(17_000));
        b.connected();
        assert!(!b.polling() && b.link(20_000).is_none());
    }

    #[test]
    fn a_portal_that_answers_nothing_is_gone_and_tried_again_soon() {
        let mut b = Backoff::default();
        b.lost(0, 0.5);
        assert_eq!(b.lost(2000, 0.5), Link::Waiting(2));
        b.asked(false);
        assert_eq!(b.lost(4000, 0.5), Link::Waiting(4));
        b.asked(true);
        assert_eq!(b.link(4000), Some(Link::Polling));
        b.asked(false);
        assert!(matches!(b.link(4000), Some(Link::Waiting(_))), "it has gone since");
    }

    #[test]
    fn losses_far_apart_wait_longer_each_time_but_not_forever() {
        let mut b = Backoff::default();
        let waits: Vec<_> = (0..9).map(|i| b.lost(i * 60_000, 0.5)).collect();
        assert_eq!(waits[..3], [Link::Waiting(1), Link::Waiting(2), Link::Waiting(4)]);
        assert_eq!(waits[8], Link::Waiting(30));
    }
}
