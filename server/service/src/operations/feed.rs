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
