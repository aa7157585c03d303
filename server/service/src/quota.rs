//! Limits over time that use cases share. They use monotonic time ([`Steady`]), so changing the system time doesn't affect them. They
//! hold a bounded number of keys. Once that is reached, further keys share one entry: no key in use is dropped, so a flood of
//! new keys can't reset anyone's limit.

use crate::ports::Steady;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// How much is allowed: some at once, then one more after each pause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// At once, where nothing came for long.
    pub(crate) at_once: i64,
    /// Milliseconds after which there is room for one more.
    pub(crate) one_more_ms: i64,
}

/// A rate for each of many keys.
pub(crate) struct Quota<K> {
    rate: Rate,
    most_keys: usize,
    /// When each key has all its room again. `None` is the place of those for whom there is no other.
    all_free: Mutex<HashMap<Option<K>, Steady>>,
}

impl<K: Eq + Hash> Quota<K> {
    /// With room for so many keys that are in use at the same time.
    pub(crate) fn new(rate: Rate, most_keys: usize) -> Self {
        Self { rate, most_keys, all_free: Mutex::new(HashMap::new()) }
    }

    /// Takes room for one.
    ///
    /// # Errors
    /// There is none, for so many milliseconds.
    pub(crate) fn take(&self, key: K, now: Steady) -> Result<(), i64> {
        let mut all_free = self.all_free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Some(key);
        if all_free.len() >= self.most_keys && !all_free.contains_key(&key) {
            all_free.retain(|_, free| *free > now);
            if all_free.len() >= self.most_keys {
                key = None;
            }
        }
        let whole = self.rate.at_once * self.rate.one_more_ms;
        // Nothing is ever further ahead than the whole; what is, was noted by a clock that has been wrong.
        let free = all_free.entry(key).or_insert(now);
        let before = free.since(now).min(whole);
        let taken = before + self.rate.one_more_ms;
        *free = now.plus(if taken > whole { before } else { taken });
        if taken > whole { Err(taken - whole) } else { Ok(()) }
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> usize {
        self.all_free.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// How long somebody waits after failures: some are free, then 2 s, 4 s, 8 s … up to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waits {
    /// Failures without a wait.
    pub(crate) free: u32,
    /// The longest wait, in milliseconds.
    pub(crate) longest_ms: i64,
}

impl Waits {
    /// Milliseconds after so many failures.
    pub(crate) fn after(self, failed: u32) -> i64 {
        match failed.checked_sub(self.free) {
            None | Some(0) => 0,
            Some(over) => (1000_i64 << over.min(20)).min(self.longest_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { at_once: 60, one_more_ms: 500 };

    #[test]
    fn one_key_slows_no_other_and_few_are_remembered() {
        let (quota, now) = (Quota::new(RATE, 1024), Steady(1_000_000));
        while quota.take(1, now).is_ok() {}
        assert!(quota.take(2, now).is_ok());
        for key in 0..100_000 {
            let _ = quota.take(key, now.plus(key * RATE.one_more_ms));
        }
        assert!(quota.keys() <= 1025);
    }

    #[test]
    fn a_flood_of_keys_frees_nobody_and_is_slowed_itself() {
        let (quota, now) = (Quota::new(RATE, 8), Steady(0));
        while quota.take(0, now).is_ok() {}
        let passed = (1..10_000).filter(|key| quota.take(*key, now).is_ok()).count();
        assert_eq!(passed, 7 + 60, "one of each key that has a place, and one place for all others");
        assert!(quota.take(0, now).is_err());
    }

    #[test]
    fn what_a_wrong_clock_has_noted_is_over_when_the_whole_is() {
        let (quota, ahead) = (Quota::new(RATE, 8), Steady(20 * 365 * 86_400_000));
        while quota.take(1, ahead).is_ok() {}
        assert_eq!(quota.take(1, Steady(0)), Err(500));
        assert_eq!(quota.take(1, Steady(500)), Ok(()));
        assert_eq!(quota.take(1, Steady(500)), Err(500));
    }

    #[test]
    fn waits_grow_and_end() {
        let waits = Waits { free: 5, longest_ms: 900_000 };
        assert_eq!([1, 5, 6, 7, 8].map(|failed| waits.after(failed)), [0, 0, 2000, 4000, 8000]);
        assert_eq!(waits.after(u32::MAX), 900_000);
    }
}
