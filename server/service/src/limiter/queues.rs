//! Tries that might be of one guesser wait for each other.

use crate::error::{Failure, Outcome};
use domain::problem::LimitProblem;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, MutexGuard};

/// Tries that may wait for their turn in one lane.
const MAX_WAITING: usize = 32;
/// Lanes per kind. Two addresses that share one only wait for each other.
const LANES: usize = 256;

/// Where tries wait for each other.
#[derive(Default)]
pub(super) struct Lane {
    turn: Mutex<()>,
    waiting: AtomicUsize,
}

impl Lane {
    pub(super) async fn turn(&self) -> Outcome<MutexGuard<'_, ()>> {
        let _place = Place::take(&self.waiting)?;
        Ok(self.turn.lock().await)
    }
}

/// A place in the queue of a lane; given back also where the request is given up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Outcome<Self> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= MAX_WAITING {
            return Err(Failure::told(LimitProblem::AttemptsAtOnce));
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The queues of a portal.
pub(super) struct Queues {
    pub(super) by_address: Vec<Lane>,
    pub(super) by_account: Vec<Lane>,
    pub(super) at_home: Vec<Lane>,
    /// Other lanes in each process, so that nobody can choose whom he shares one with.
    hasher: RandomState,
}

impl Queues {
    pub(super) fn new() -> Self {
        let lanes = || std::iter::repeat_with(Lane::default).take(LANES).collect();
        Self { by_address: lanes(), by_account: lanes(), at_home: lanes(), hasher: RandomState::new() }
    }

    pub(super) fn lane<'a>(&self, lanes: &'a [Lane], key: &str) -> &'a Lane {
        let place = self.hasher.hash_one(key) % lanes.len() as u64;
        &lanes[usize::try_from(place).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_in_a_queue_without_end() {
        let waiting = AtomicUsize::new(0);
        let places: Vec<_> = (0..MAX_WAITING).map(|_| Place::take(&waiting).unwrap()).collect();
        assert!(Place::take(&waiting).is_err());
        drop(places);
        assert!(Place::take(&waiting).is_ok());
    }
}
