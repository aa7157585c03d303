//! A fair queue for one shared resource (start-time fair queueing): a client with many requests can't starve the others.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// Orders clients by the time they have used; the one with the least goes next. Idle time earns no credit and costs none. Only
/// clients that have used more than the current minimum are stored.
#[derive(Clone, Debug)]
pub struct Turns<K> {
    /// Where in the order the newest turn began; it only grows.
    at: Duration,
    /// Where in the order the last turn of each ended: past `at`, or it is forgotten.
    ended: HashMap<K, Duration>,
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self { at: Duration::ZERO, ended: HashMap::new() }
    }
}

impl<K: Eq + Hash> Turns<K> {
    /// The place in the order: of those who ask, who has the smallest goes first.
    #[must_use]
    pub fn place_of(&self, who: &K) -> Duration {
        self.ended.get(who).copied().unwrap_or_default().max(self.at)
    }

    /// Charges a client with the length of its turn, which delays its next one by as much.
    pub fn charge(&mut self, who: K, took: Duration) {
        self.at = self.place_of(&who);
        self.ended.insert(who, self.at.saturating_add(took));
        let at = self.at;
        self.ended.retain(|_, ended| *ended > at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who had how many turns of so many, where all ask all the time and each of theirs takes so many seconds.
    fn share(turns: &mut Turns<&'static str>, who: &[(&'static str, u64)], many: usize) -> Vec<usize> {
        let mut had = vec![0; who.len()];
        for _ in 0..many {
            let (n, (name, takes)) = who.iter().enumerate().min_by_key(|(_, (name, _))| turns.place_of(name)).unwrap();
            turns.charge(*name, Duration::from_secs(*takes));
            had[n] += 1;
        }
        had
    }

    #[test]
    fn all_have_as_much_however_long_a_turn_takes() {
        assert_eq!(share(&mut Turns::default(), &[("a", 1), ("b", 1), ("c", 1)], 30), [10, 10, 10]);
        assert_eq!(share(&mut Turns::default(), &[("long", 5), ("short", 1)], 60), [10, 50]);
    }

    #[test]
    fn who_comes_new_or_comes_back_waits_for_no_more_than_one_turn_and_has_not_saved_up_any() {
        let mut order = Turns::default();
        share(&mut order, &[("a", 1)], 1000);
        assert_eq!(share(&mut order, &[("a", 1), ("b", 1)], 2), [1, 1]);
        share(&mut order, &[("a", 1)], 1000);
        assert_eq!(share(&mut order, &[("a", 1), ("b", 1)], 100), [50, 50]);
    }

    #[test]
    fn only_who_is_ahead_is_remembered() {
        let mut order = Turns::default();
        for n in 0..1000_u64 {
            order.charge(n, Duration::from_secs(1));
            order.charge(0, Duration::from_secs(1));
        }
        assert!(order.ended.len() <= 3, "{}", order.ended.len());
    }
}
