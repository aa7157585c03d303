//! Tells those who follow an operation what becomes of it.

use domain::operation::{Operation, OperationId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

type Newest = watch::Sender<Option<Arc<Operation>>>;

/// The newest of each operation that is under way or followed, as it was last published.
#[derive(Default)]
pub struct Feed(Mutex<BTreeMap<OperationId, Newest>>);

impl Feed {
    /// Tells what an operation is like now.
    pub fn publish(&self, operation: Arc<Operation>) {
        let (id, is_open) = (operation.id, operation.is_open());
        let mut all = self.lock();
        if is_open {
            all.entry(id).or_default().send_replace(Some(operation));
        } else if let Some(newest) = all.remove(&id) {
            // Those who follow it read the end before they see that nothing more comes.
            newest.send_replace(Some(operation));
        }
    }

    /// Follows an operation from now on; nothing where none was published yet.
    pub fn subscribe(&self, id: OperationId) -> watch::Receiver<Option<Arc<Operation>>> {
        let mut all = self.lock();
        // What was followed only after its end.
        all.retain(|_, newest| newest.receiver_count() > 0 || newest.borrow().is_some());
        all.entry(id).or_default().subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<OperationId, Newest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::operation;
    use domain::operation::State;

    #[test]
    fn whoever_follows_gets_the_newest_and_the_end_and_then_nothing_is_kept() {
        let feed = Feed::default();
        feed.publish(Arc::new(operation(1, State::Accepted)));
        feed.publish(Arc::new(operation(1, State::Waiting)));
        let mut follows = feed.subscribe(OperationId(1));
        assert_eq!(follows.borrow_and_update().as_ref().unwrap().state, State::Waiting);
        feed.publish(Arc::new(operation(1, State::Succeeded)));
        assert_eq!(follows.borrow_and_update().as_ref().unwrap().state, State::Succeeded);
        assert!(feed.lock().is_empty());
    }

    #[test]
    fn nothing_is_kept_of_what_was_followed_after_its_end() {
        let feed = Feed::default();
        feed.publish(Arc::new(operation(1, State::Waiting)));
        drop(feed.subscribe(OperationId(2)));
        let _follows = feed.subscribe(OperationId(3));
        assert_eq!(feed.lock().keys().map(|id| id.0).collect::<Vec<_>>(), [1, 3]);
    }
}
