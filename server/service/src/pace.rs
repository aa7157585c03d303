//! How many changes a person may make: as many as work takes, and not as many as a program can send. Each change leaves
//! entries in the audit table and work for the API server.

use crate::error::{Failure, Outcome};
use crate::ports::Clock;
use crate::quota::{Quota, Rate};
use domain::problem::LimitProblem;
use std::sync::Arc;

/// 60 at once, then two a second.
const CHANGES: Rate = Rate { at_once: 60, one_more_ms: 500 };
/// People who make changes at the same time and have a pace of their own.
const MAX_PEOPLE: usize = 1024;

/// The pace of each person.
pub(crate) struct Pace {
    /// By the user's number.
    changes: Quota<i64>,
    clock: Arc<dyn Clock>,
}

impl Pace {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { changes: Quota::new(CHANGES, MAX_PEOPLE), clock }
    }

    /// Counts one change of this person.
    ///
    /// # Errors
    /// `TooMany`, with how long to wait.
    pub(crate) fn count(&self, user_id: i64) -> Outcome<()> {
        self.changes.take(user_id, self.clock.steady()).map_err(|wait_ms| Failure::told(LimitProblem::Changes { wait_ms }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use domain::Code;
    use domain::account::Role;
    use domain::audit::{Act, Target};

    #[tokio::test]
    async fn a_program_that_changes_without_end_is_slowed_and_leaves_no_more_entries_than_that() {
        let fake = Fake::new().await;
        let ann = actor(Role::Operator);
        let change = || fake.portal.audit.audited(&ann, Act::RestartApp, Target::App(id("web", "shop")), async { Ok(()) });
        for _ in 0..60 {
            change().await.unwrap();
        }
        for _ in 0..200 {
            let problem = change().await.unwrap_err().problem();
            assert_eq!((problem.code, problem.retry_after_s), (Code::TooMany, Some(1)));
        }
        assert_eq!(fake.audited().len(), 120, "an intent and an end of each, and nothing of the rest");
        fake.clock.advance(2 * CHANGES.one_more_ms);
        assert_eq!([change().await.is_ok(), change().await.is_ok(), change().await.is_ok()], [true, true, false]);
    }

    #[tokio::test]
    async fn a_clock_that_is_set_neither_frees_anybody_nor_makes_anybody_wait() {
        const YEAR: i64 = 365 * 86_400_000;
        let fake = Fake::new().await;
        let ann = actor(Role::Operator);
        let change = || fake.portal.audit.audited(&ann, Act::RestartApp, Target::App(id("web", "shop")), async { Ok(()) });
        for set_by in [-100_000, 20 * YEAR, -20 * YEAR] {
            while change().await.is_ok() {}
            fake.clock.set_by(set_by);
            assert_eq!(change().await.unwrap_err().problem().retry_after_s, Some(1), "{set_by}");
            fake.clock.advance(60 * CHANGES.one_more_ms);
            assert!(change().await.is_ok(), "{set_by}");
        }
    }
}
