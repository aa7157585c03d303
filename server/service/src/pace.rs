//! How many changes a person may make: as many as work takes, and not as many as a program can send. Each change leaves
//! entries in the audit table and work for the API server.

use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use domain::time::short;
use domain::{Code, Problem, UnixMs};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Changes that may come at once.
const AT_ONCE: i64 = 60;
/// Milliseconds after which there is room for one more.
const ONE_MORE_MS: i64 = 500;
/// People remembered before those who have all their room again are forgotten.
const MAX_PEOPLE: usize = 1024;

/// When each person has room for all of [`AT_ONCE`] again, by the user's number.
#[derive(Default)]
pub(crate) struct Paces(Mutex<HashMap<i64, UnixMs>>);

impl Paces {
    /// Takes room for one change, or tells how many milliseconds there is none.
    fn take(&self, user_id: i64, now: UnixMs) -> Result<(), i64> {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= MAX_PEOPLE {
            people.retain(|_, all_free| *all_free > now);
        }
        let all = AT_ONCE * ONE_MORE_MS;
        // A clock that was set back must not keep anybody waiting for longer than the whole takes.
        let taken = people.get(&user_id).map_or(0, |all_free| all_free.since(now).clamp(0, all)) + ONE_MORE_MS;
        if taken > all {
            return Err(taken - all);
        }
        people.insert(user_id, now.plus(taken));
        Ok(())
    }
}

impl Portal {
    /// Counts one change of this person.
    ///
    /// # Errors
    /// `TooMany`, with how long to wait.
    pub(crate) fn keeps_pace(&self, user_id: i64) -> Outcome<()> {
        self.paces().take(user_id, self.now()).map_err(|wait_ms| {
            let seconds = u32::try_from((wait_ms + 999) / 1000).unwrap_or(u32::MAX);
            let sentence = format!("You have made many changes in a short time, and this one was not made. Go on in {}.", short(wait_ms + 999));
            Failure::Told(Problem { retry_after_s: Some(seconds), ..Problem::new(Code::TooMany, sentence) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use domain::account::Role;

    #[tokio::test]
    async fn a_program_that_changes_without_end_is_slowed_and_leaves_no_more_entries_than_that() {
        let fake = Fake::new().await;
        let ann = actor(Role::Operator);
        let change = || fake.portal.audited(&ann, "app.restart", "web/deployment/shop", "", |_| async { Ok(()) });
        for _ in 0..60 {
            change().await.unwrap();
        }
        for _ in 0..200 {
            let problem = change().await.unwrap_err().problem();
            assert_eq!((problem.code, problem.retry_after_s), (Code::TooMany, Some(1)));
        }
        assert_eq!(fake.audited().len(), 120, "an intent and an end of each, and nothing of the rest");
        fake.clock.advance(2 * ONE_MORE_MS);
        assert_eq!([change().await.is_ok(), change().await.is_ok(), change().await.is_ok()], [true, true, false]);
    }

    #[test]
    fn the_pace_of_one_person_slows_no_other_and_few_are_remembered() {
        let (paces, now) = (Paces::default(), UnixMs(1_000_000));
        while paces.take(1, now).is_ok() {}
        assert!(paces.take(2, now).is_ok());
        for user in 0..100_000 {
            let _ = paces.take(user, now.plus(user * ONE_MORE_MS));
        }
        assert!(paces.0.lock().unwrap().len() <= MAX_PEOPLE + 1);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting_for_long() {
        let (paces, now) = (Paces::default(), UnixMs(10_000_000));
        while paces.take(1, now).is_ok() {}
        assert_eq!(paces.take(1, UnixMs(0)), Err(ONE_MORE_MS));
    }
}
