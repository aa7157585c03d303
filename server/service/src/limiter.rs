//! How often somebody may try a password: per account and address together, per address, and per account.
//!
//! Delays grow and end; nobody is locked out for good. A person who comes from an address from which this account
//! has signed in before has a budget of his own, so strangers cannot block him. A name that does not exist is treated
//! like one that does, in every look and every write, so that no wait tells which is which; how many keys made-up names can
//! fill is bounded by the store. Tries from one address, and tries of strangers on one account, are looked at one after the
//! other: many at the same moment would else all pass before the first is counted.
//!
//! What the store does not take is counted in memory until it does. Where there is no room for that either, nobody tries.

mod budgets;
mod queues;

pub(crate) use budgets::Budgets;

use crate::error::{Failure, Outcome};
use crate::own_key::OwnKey;
use crate::ports::{Attempts, Clock, Steady, Tries};
use crate::storage::Storage;
use budgets::{Budget, MAX_WAIT_MS};
use domain::problem::LimitProblem;
use queues::Queues;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Failed tries are forgotten after this time without one.
const WINDOW_MS: i64 = 30 * 60_000;
/// How long an address counts as one from which the account signs in.
const FAMILIAR_MS: i64 = 30 * 86_400_000;
/// That is noted anew after this time, to save writes.
const FAMILIAR_AGAIN_MS: i64 = 86_400_000;
/// Keys that are counted in memory while the store takes no write.
const MAX_UNSAVED: usize = 8192;

/// Forgets what was tried on an account, from wherever.
pub(crate) async fn forget_account(attempts: &dyn Attempts, key: &OwnKey, name: &str) -> Outcome<()> {
    let [account, pairs] = budgets::of_account(key.bytes(), name);
    attempts.clear_tries(&account).await?;
    Ok(attempts.clear_tries_from(&pairs).await?)
}

/// Failures that are counted and that the store has not taken yet.
#[derive(Default)]
struct Unsaved(Mutex<HashMap<String, Tries>>);

impl Unsaved {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any wait.
    fn any(&self) -> bool {
        !self.all().is_empty()
    }

    /// Whether what this try would leave can be counted in any case.
    fn has_room(&self) -> bool {
        self.all().len() + 3 <= MAX_UNSAVED
    }
}

fn slowed(wait_ms: i64) -> Failure {
    Failure::told(LimitProblem::Attempts { wait_ms })
}

/// A try that may be made. While it is held, no other of the same address is looked at.
pub(crate) struct Turn<'a> {
    /// How long a stranger would have to wait, in milliseconds.
    aside_ms: i64,
    _place: tokio::sync::MutexGuard<'a, ()>,
    _account: Option<tokio::sync::MutexGuard<'a, ()>>,
}

/// Counts tries of passwords.
pub(crate) struct Limiter {
    attempts: Arc<dyn Attempts>,
    storage: Arc<Storage>,
    clock: Arc<dyn Clock>,
    key: Arc<OwnKey>,
    queues: Queues,
    unsaved: Unsaved,
}

impl Limiter {
    pub(crate) fn new(attempts: Arc<dyn Attempts>, storage: Arc<Storage>, clock: Arc<dyn Clock>, key: Arc<OwnKey>) -> Self {
        Self { attempts, storage, clock, key, queues: Queues::new(), unsaved: Unsaved::default() }
    }

    /// What a sign-in counts against. `name` is what was typed, whether there is such a user or not; `familiar`: it has
    /// signed in from here before.
    pub(crate) fn budgets(&self, name: &str, address: &str, familiar: bool) -> Budgets {
        Budgets::new(self.key.bytes(), name, address, familiar)
    }

    /// For whoever is signed in and gives the own password once more.
    pub(crate) fn budgets_of_person(&self, name: &str, address: &str) -> Budgets {
        Budgets::of_person(self.key.bytes(), name, address)
    }

    /// For what belongs to no account, such as the set-up token: no stranger may use up the budget of another.
    pub(crate) fn budgets_of_address(&self, address: &str) -> Budgets {
        Budgets::of_address(self.key.bytes(), address)
    }

    /// Waits for the turn of this try, which has to be held until its failure is counted.
    ///
    /// # Errors
    /// `TooMany`, with how long to wait.
    pub(crate) async fn may_try(&self, budgets: &Budgets) -> Outcome<Turn<'_>> {
        // Whoever has to wait anyway is told so without a turn.
        self.not_blocked(budgets).await?;
        // Always the address first, so that two tries never wait for each other.
        let queues = &self.queues;
        let familiar = budgets.account.is_none() && budgets.own.is_some();
        let lanes = if familiar { &queues.at_home } else { &queues.by_address };
        let mut turn = Turn {
            aside_ms: 0,
            _place: queues.lane(lanes, &budgets.place).turn().await?,
            _account: match &budgets.account {
                Some(key) => Some(queues.lane(&queues.by_account, key).turn().await?),
                None => None,
            },
        };
        self.not_blocked(budgets).await?;
        turn.aside_ms = self.wait_of(&budgets.aside).await?;
        Ok(turn)
    }

    async fn not_blocked(&self, budgets: &Budgets) -> Outcome<()> {
        let mut wait = self.wait_of(&budgets.all).await?;
        if !self.unsaved.has_room() {
            wait = wait.max(MAX_WAIT_MS);
        }
        if wait > 0 { Err(slowed(wait)) } else { Ok(()) }
    }

    async fn wait_of(&self, budgets: &[Budget]) -> Outcome<i64> {
        let now = self.clock.steady();
        let mut wait = 0;
        for budget in budgets {
            let until = Steady::from(self.tried(&budget.key).await?.blocked_until);
            // What is further ahead was noted by a clock that has been wrong.
            wait = wait.max(until.since(now).min(budget.waits.longest_ms));
        }
        Ok(wait)
    }

    async fn tried(&self, key: &str) -> Outcome<Tries> {
        let unsaved = self.unsaved.all().get(key).copied();
        match unsaved {
            Some(tries) => Ok(tries),
            None => Ok(self.attempts.tries(key).await?),
        }
    }

    /// Counts a failure against every budget. Takes the turn, because the count has to be there before the next try.
    ///
    /// # Errors
    /// `TooMany`, where a stranger would not have been let to try; those of the store.
    pub(crate) async fn count_failure(&self, budgets: &Budgets, turn: Turn<'_>) -> Outcome<()> {
        let now = self.clock.steady();
        let aside = if turn.aside_ms > 0 { &[][..] } else { &budgets.aside };
        for budget in budgets.all.iter().chain(aside) {
            let before = self.tried(&budget.key).await?;
            let quiet = now.since(Steady::from(before.since.max(before.blocked_until)));
            let failed = if quiet > WINDOW_MS { 1 } else { before.failed.saturating_add(1) };
            let tries = Tries { failed, since: now.date(), blocked_until: now.plus(budget.waits.after(failed)).date() };
            // First where it cannot fail. A request that is given up in between leaves it there, to be saved later.
            self.unsaved.all().insert(budget.key.clone(), tries);
            self.save(&budget.key, tries).await;
        }
        if turn.aside_ms > 0 { Err(slowed(turn.aside_ms)) } else { Ok(()) }
    }

    async fn save(&self, key: &str, tries: Tries) -> bool {
        let saved = self.storage.noted(self.attempts.set_tries(key, tries).await);
        match &saved {
            Ok(()) => {
                let mut unsaved = self.unsaved.all();
                // Another may have been counted meanwhile.
                if unsaved.get(key) == Some(&tries) {
                    unsaved.remove(key);
                }
            }
            Err(error) => tracing::warn!(%error, "a failed sign-in is counted in memory, because the database did not take it"),
        }
        saved.is_ok()
    }

    /// Whether failures wait for the store.
    pub(crate) fn is_behind(&self) -> bool {
        self.unsaved.any()
    }

    /// Gives the store what it has not taken; whether it took all.
    pub(crate) async fn save_tries(&self) -> bool {
        let waiting: Vec<_> = self.unsaved.all().iter().map(|(key, tries)| (key.clone(), *tries)).collect();
        for (key, tries) in waiting {
            if !self.save(&key, tries).await {
                return false;
            }
        }
        true
    }

    /// After a success only the person's own budget starts anew: knowing one password frees no guessing of others. Where
    /// the store does not take it the failures stay counted, and end by themselves.
    pub(crate) async fn forget_failures(&self, budgets: &Budgets) {
        let Some(own) = &budgets.own else { return };
        self.unsaved.all().remove(own);
        if let Err(error) = self.storage.noted(self.attempts.clear_tries(own).await) {
            tracing::warn!(%error, "failed sign-ins could not be forgotten");
        }
    }

    /// Whether this account has signed in from here before.
    pub(crate) async fn is_familiar(&self, name: &str, address: &str) -> Outcome<bool> {
        let seen = self.attempts.tries(&budgets::familiar(self.key.bytes(), name, address)).await?;
        Ok(seen != Tries::default() && self.clock.steady().since(Steady::from(seen.since)) < FAMILIAR_MS)
    }

    /// Remembers that this account signs in from here. Kept in the table of tries, where a key stays until its last moment.
    /// Where the store does not take it the person is a stranger here at the next sign-in.
    pub(crate) async fn make_familiar(&self, name: &str, address: &str) {
        let (key, now) = (budgets::familiar(self.key.bytes(), name, address), self.clock.steady());
        let made = async {
            let seen = self.attempts.tries(&key).await?;
            if seen != Tries::default() && now.since(Steady::from(seen.since)) < FAMILIAR_AGAIN_MS {
                return Ok(());
            }
            self.attempts.set_tries(&key, Tries { failed: 0, since: now.date(), blocked_until: now.plus(FAMILIAR_MS).date() }).await
        };
        if let Err(error) = self.storage.noted(made.await) {
            tracing::warn!(%error, "it could not be noted from where somebody signs in");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::origin::Origin;
    use crate::portal::fake::*;
    use domain::account::{Role, User};
    use domain::secret::SecretText;
    use domain::storage::StorageTrouble;
    use domain::{Code, Username};

    #[tokio::test]
    async fn a_full_disk_frees_nobody_and_what_was_counted_meanwhile_is_saved_afterwards() {
        let fake = Fake::new().await;
        let budgets = || fake.portal.limiter.budgets("ann", "10.0.0.9", false);
        fake.store.set_trouble(Some(StorageTrouble::Full));
        for _ in 0..6 {
            let turn = fake.portal.limiter.may_try(&budgets()).await.unwrap();
            fake.portal.limiter.count_failure(&budgets(), turn).await.unwrap();
        }
        assert!(fake.portal.limiter.may_try(&budgets()).await.is_err(), "the seventh has to wait");
        assert!(fake.store.tries.lock().unwrap().is_empty());
        fake.store.set_trouble(None);
        assert!(fake.portal.limiter.save_tries().await && !fake.portal.limiter.is_behind());
        assert!(fake.portal.limiter.may_try(&budgets()).await.is_err(), "and now the store says so");
        assert_eq!(fake.store.tries.lock().unwrap().values().map(|t| t.failed).collect::<Vec<_>>(), [6, 6, 6]);
        fake.clock.advance(2000);
        assert!(fake.portal.limiter.may_try(&budgets()).await.is_ok());
    }

    #[tokio::test]
    async fn more_keys_than_memory_has_room_for_are_tried_by_nobody() {
        let fake = Fake::new().await;
        let budgets = |name: &str| fake.portal.limiter.budgets_of_person(name, "10.0.0.9");
        fake.store.set_trouble(Some(StorageTrouble::Full));
        let mut tried = 0;
        while let Ok(turn) = fake.portal.limiter.may_try(&budgets(&format!("name-{tried}"))).await {
            fake.portal.limiter.count_failure(&budgets(&format!("name-{tried}")), turn).await.unwrap();
            tried += 1;
        }
        assert_eq!(tried, MAX_UNSAVED - 2);
        fake.store.set_trouble(None);
        assert!(fake.portal.limiter.save_tries().await);
        assert!(fake.portal.limiter.may_try(&budgets("ann")).await.is_ok());
    }

    #[tokio::test]
    async fn a_clock_that_is_set_changes_no_wait() {
        const YEAR: i64 = 365 * 86_400_000;
        let fake = Fake::new().await;
        let budgets = || fake.portal.limiter.budgets("ann", "10.0.0.9", false);
        for _ in 0..6 {
            let turn = fake.portal.limiter.may_try(&budgets()).await.unwrap();
            fake.portal.limiter.count_failure(&budgets(), turn).await.unwrap();
        }
        let wait = async || fake.portal.limiter.may_try(&budgets()).await.err().and_then(|e| e.problem().retry_after_s);
        for set_by in [-100_000, 20 * YEAR, -20 * YEAR] {
            fake.clock.set_by(set_by);
            assert_eq!(wait().await, Some(2), "{set_by}");
        }
        fake.clock.advance(2000);
        assert_eq!(wait().await, None);
        // Left by a process whose clock was ahead: not longer than the longest wait, whatever is written there.
        let ahead = Tries { failed: 50, since: fake.clock.steady().plus(20 * YEAR).date(), blocked_until: fake.clock.steady().plus(20 * YEAR).date() };
        fake.store.tries.lock().unwrap().values_mut().for_each(|tries| *tries = ahead);
        assert_eq!(wait().await, Some(900));
    }

    #[tokio::test]
    async fn the_same_burst_on_a_name_that_exists_and_on_one_that_does_not_has_the_same_answers() {
        let fake = Fake::with(Settings { argon2_memory_kib: 8, argon2_passes: 1, ..Settings::default() }).await;
        let phc = fake.portal.passwords.hash(SecretText::new("the right one of ann".to_owned())).await.unwrap();
        for name in ["ann", "ben"] {
            let user = User { name: Username::parse(name).unwrap(), ..actor(Role::Viewer).user };
            fake.store.people.lock().unwrap().push((user, phc.clone()));
        }
        // From one address each, as from many.
        let tries = |from: fn(usize) -> String, count: usize| {
            let portal = fake.portal.clone();
            async move |name: &str| {
                let mut answers = Vec::new();
                for n in 0..count {
                    let origin = Origin { address: from(n), ..Origin::default() };
                    let problem = portal.sessions.sign_in(name, SecretText::new("a guess".to_owned()), &origin).await.err().unwrap().problem();
                    answers.push((problem.code, problem.retry_after_s, problem.detail));
                }
                answers
            }
        };
        let one = tries(|_| "10.1.0.1".to_owned(), 12);
        assert_eq!(one("ben").await, one("bob").await);
        let many = tries(|n| format!("10.2.{n}.1"), 60);
        let ann = many("ann").await;
        for other in ["carl", "carla", "not a name at all", "ünknöwn"] {
            assert_eq!(many(other).await, ann, "{other}");
        }
        assert!(ann.iter().any(|answer| answer.0 == Code::TooMany), "the burst is long enough to be slowed");
        // Also where ann is at home: only her password opens what is shut for strangers.
        fake.portal.limiter.make_familiar("ann", "10.3.0.1").await;
        let burst = tries(|_| "10.3.0.1".to_owned(), 1);
        for n in 0..40 {
            burst(&format!("made-up-{n}")).await;
        }
        assert_eq!(burst("ann").await, burst("dora").await);
        assert_eq!(burst("ann").await[0].0, Code::TooMany);
        assert!(fake.portal.limiter.may_try(&fake.portal.limiter.budgets("ann", "10.3.0.1", true)).await.is_ok());
    }
}
