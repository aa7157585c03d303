//! What the watches share, and how a change gets out: coalesced for a few milliseconds, then one new world.

use crate::clock;
use crate::index::Index;
use service::ports::World;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// How long changes are gathered after the first one: short enough that nobody sees it, long enough that a
/// rollout's burst makes a few worlds and not a hundred.
const GATHER: Duration = Duration::from_millis(12);

/// What the watches share.
pub(crate) struct Shared {
    index: Mutex<Index>,
    changed: Notify,
    world: watch::Sender<Arc<World>>,
    /// The API server answers.
    pub(crate) alive: watch::Sender<bool>,
    /// Somebody got no answer: ask at once.
    pub(crate) doubt: Notify,
}

impl Shared {
    /// Nothing is known yet.
    pub(crate) fn new() -> Self {
        let mut index = Index::new();
        let first = index.publish(clock::now()).unwrap_or_default();
        Self { index: Mutex::new(index), changed: Notify::new(), world: watch::Sender::new(first), alive: watch::Sender::new(true), doubt: Notify::new() }
    }

    /// Changes the index; readers hear of it in a moment.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Index) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_one();
        result
    }

    /// Reads the index.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Index) -> T) -> T {
        read(&self.lock())
    }

    // A panic while the index was locked leaves at worst one app stale, which the next change repairs.
    fn lock(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest world and all that follow.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Arc<World>> {
        self.world.subscribe()
    }

    /// Publishes changes until the token ends.
    pub(crate) async fn publish(self: Arc<Self>, token: CancellationToken) {
        loop {
            tokio::select! {
                () = token.cancelled() => return,
                () = self.changed.notified() => {}
            }
            tokio::time::sleep(GATHER).await;
            let next = self.lock().publish(clock::now());
            if let Some(world) = next {
                self.world.send_replace(world);
            }
        }
    }
}
