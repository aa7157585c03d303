//! Limits of how many and how often, and when a new try makes sense.

/// Seconds after which a try makes sense again, where attempts wait for each other.
const ATTEMPTS_RETRY_S: u32 = 2;
/// The same, where pages of one person wait for each other.
const PAGES_RETRY_S: u32 = 1;
/// The same, where all live connections are taken.
const CONNECTIONS_RETRY_S: u32 = 15;

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitProblem {
    /// Passwords or tokens were tried too often.
    Attempts {
        /// Milliseconds until the next one is allowed.
        wait_ms: i64,
    },
    /// Too many attempts wait for each other.
    AttemptsAtOnce,
    /// The person makes changes too fast.
    Changes {
        /// Milliseconds until the next one is allowed.
        wait_ms: i64,
    },
    /// Too many pages of the person are being read.
    PagesAtOnce,
    /// Too many people wait for their passwords to be checked.
    SignInsAtOnce,
    /// Too many logs are open in the whole portal.
    LogsOfPortal,
    /// The person has too many logs open.
    LogsOfPerson,
    /// Too many live connections are open in the whole portal.
    ConnectionsOfPortal,
    /// The person has too many live connections open.
    ConnectionsOfPerson,
    /// A page watches too much.
    Topics {
        /// Most topics of one page.
        most: usize,
    },
}

impl LimitProblem {
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Attempts { .. } => "too_many_attempts",
            Self::AttemptsAtOnce => "too_many_attempts_at_once",
            Self::Changes { .. } => "too_many_changes",
            Self::PagesAtOnce => "too_many_pages_at_once",
            Self::SignInsAtOnce => "too_many_sign_ins_at_once",
            Self::LogsOfPortal => "too_many_logs_in_portal",
            Self::LogsOfPerson => "too_many_logs_of_person",
            Self::ConnectionsOfPortal => "too_many_connections_in_portal",
            Self::ConnectionsOfPerson => "too_many_connections_of_person",
            Self::Topics { .. } => "too_many_topics",
        }
    }

    pub(super) fn retry_after_s(self) -> Option<u32> {
        match self {
            Self::Attempts { wait_ms } | Self::Changes { wait_ms } => Some(seconds(wait_ms)),
            Self::AttemptsAtOnce => Some(ATTEMPTS_RETRY_S),
            Self::PagesAtOnce => Some(PAGES_RETRY_S),
            Self::ConnectionsOfPortal | Self::ConnectionsOfPerson => Some(CONNECTIONS_RETRY_S),
            Self::SignInsAtOnce | Self::LogsOfPortal | Self::LogsOfPerson | Self::Topics { .. } => None,
        }
    }
}

/// Whole seconds of a wait: never less than there are.
fn seconds(wait_ms: i64) -> u32 {
    u32::try_from((wait_ms.max(0) + 999) / 1000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_seconds_that_are_never_too_few() {
        assert_eq!([0, 1, 1000, 1001].map(|wait_ms| LimitProblem::Changes { wait_ms }.retry_after_s()), [0, 1, 1, 2].map(Some));
    }
}
