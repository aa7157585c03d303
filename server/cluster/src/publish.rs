//! What the watches share, and how a change gets out: coalesced for a few milliseconds, then one new world.

use crate::clock;
use crate::index::Index;
use futures::FutureExt as _;
use service::ports::World;
use std::panic::AssertUnwindSafe;
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
    /// Gone after a fault: no world follows any more.
    sender: Mutex<Option<watch::Sender<Arc<World>>>>,
    world: watch::Receiver<Arc<World>>,
    /// The API server answers.
    pub(crate) alive: watch::Sender<bool>,
    /// Somebody got no answer: ask at once.
    pub(crate) doubt: Notify,
}

impl Shared {
    /// Nothing is known yet. So many bytes are kept of each namespace.
    pub(crate) fn new(most: usize) -> Self {
        let mut index = Index::new(most);
        let first = index.publish(clock::now()).unwrap_or_default();
        let (sender, world) = watch::channel(first);
        let (alive, doubt) = (watch::Sender::new(true), Notify::new());
        Self { index: Mutex::new(index), changed: Notify::new(), sender: Mutex::new(Some(sender)), world, alive, doubt }
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

    // After a panic while the index was locked nothing is published any more.
    fn lock(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest world and all that follow.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Arc<World>> {
        let mut world = self.world.clone();
        world.mark_unchanged();
        world
    }

    /// Runs a task that has to go on for as long as the portal. After a fault in it the index ends, which whoever
    /// subscribed is told: a list that stays as it is would deceive everybody.
    pub(crate) fn keep(self: &Arc<Self>, what: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let shared = self.clone();
        tokio::spawn(async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                tracing::error!(what, "a task of the index has ended by a fault of the portal's own");
                shared.sender().take();
            }
        });
    }

    fn sender(&self) -> MutexGuard<'_, Option<watch::Sender<Arc<World>>>> {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner)
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
            if let (Some(world), Some(sender)) = (next, self.sender().as_ref()) {
                sender.send_replace(world);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fault_in_one_task_ends_the_worlds_for_whoever_waits_for_them() {
        let shared = Arc::new(Shared::new(1 << 24));
        let mut world = shared.subscribe();
        shared.keep("a task that ends as it should", async {});
        tokio::task::yield_now().await;
        assert!(world.has_changed().is_ok());
        shared.keep("a task with a fault", async { panic!("on purpose") });
        assert!(world.changed().await.is_err());
        assert_eq!(world.borrow().version, shared.subscribe().borrow().version, "what was known stays");
    }
}
