//! When what changed is painted: at once where it has been quiet, and no more often than a person can read.

use std::collections::{BTreeMap, BTreeSet};

/// Least time between two paintings of the same piece, in milliseconds.
pub const PIECE_PAUSE_MS: i64 = 250;

/// Pieces of a page that changed and are not painted yet. Holds each piece once, however often it changed, so it is
/// never larger than the page.
#[derive(Clone, Debug)]
pub struct Gather<K> {
    waiting: BTreeSet<K>,
    /// When the pieces were painted that may not be painted again yet.
    painted: BTreeMap<K, i64>,
}

impl<K> Default for Gather<K> {
    fn default() -> Self {
        Self { waiting: BTreeSet::new(), painted: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Gather<K> {
    /// A piece changed.
    pub fn note(&mut self, piece: K) {
        self.waiting.insert(piece);
    }

    /// The pieces to paint at `now`, in milliseconds of a clock that never goes back. The rest waits.
    pub fn take(&mut self, now: i64) -> Vec<K> {
        self.painted.retain(|_, at| pause(*at, now) > 0);
        let due: Vec<K> = self.waiting.iter().filter(|piece| !self.painted.contains_key(piece)).cloned().collect();
        for piece in &due {
            self.waiting.remove(piece);
            self.painted.insert(piece.clone(), now);
        }
        due
    }

    /// Milliseconds until something is to be painted, 0 for at once; `None` where nothing waits.
    #[must_use]
    pub fn next(&self, now: i64) -> Option<i64> {
        self.waiting.iter().map(|piece| self.painted.get(piece).map_or(0, |at| pause(*at, now))).min()
    }
}

fn pause(painted: i64, now: i64) -> i64 {
    (painted + PIECE_PAUSE_MS - now).clamp(0, PIECE_PAUSE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_change_is_painted_at_once_and_the_next_ones_together_after_the_pause() {
        let mut gather = Gather::default();
        assert_eq!(gather.next(0), None);
        gather.note("a");
        assert_eq!((gather.next(0), gather.take(0)), (Some(0), vec!["a"]));
        gather.note("a");
        gather.note("a");
        assert_eq!((gather.next(10), gather.take(10)), (Some(240), vec![]));
        gather.note("b");
        assert_eq!((gather.next(20), gather.take(20)), (Some(0), vec!["b"]), "another piece does not wait for it");
        assert_eq!((gather.next(100), gather.take(249)), (Some(150), vec![]));
        assert_eq!((gather.next(250), gather.take(250)), (Some(0), vec!["a"]));
        assert_eq!(gather.next(250), None);
    }

    proptest! {
        #[test]
        fn no_change_stays_unpainted_and_no_piece_is_painted_more_than_four_times_a_second(changes in proptest::collection::vec((0_u8..4, 0_i64..120), 1..200)) {
            let (mut gather, mut now) = (Gather::default(), 0);
            let mut painted: BTreeMap<u8, Vec<i64>> = BTreeMap::new();
            let mut changed: BTreeMap<u8, i64> = BTreeMap::new();
            for (piece, wait) in changes.into_iter().chain([(0, 10_000)]) {
                gather.note(piece);
                changed.insert(piece, now);
                let end = now + wait;
                while let Some(due) = gather.next(now).filter(|due| now + due <= end) {
                    now += due;
                    for piece in gather.take(now) {
                        painted.entry(piece).or_default().push(now);
                    }
                }
                now = end;
            }
            for (piece, at) in changed {
                let times = &painted[&piece];
                prop_assert!(times.last().is_some_and(|t| (at..=at + PIECE_PAUSE_MS).contains(t)), "{piece} changed at {at}, painted at {times:?}");
                prop_assert!(times.windows(2).all(|w| w[1] - w[0] >= PIECE_PAUSE_MS), "{times:?}");
            }
        }
    }
}
