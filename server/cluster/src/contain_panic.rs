//! Limits the damage of one bad object: a panic while reading it drops that object alone, and long work on it doesn't block
//! the runtime.

use domain::kubernetes::Refused;
use service::ports::{ClusterError, ClusterResult};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::Semaphore;

/// Does something with one object. A fault of the portal's own in it is logged and the object left out, so that whoever
/// may write an object cannot take the list away from everybody. The work must leave nothing half done.
pub(crate) fn contained<T>(object: impl Display, work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    if done.is_err() {
        tracing::error!(%object, "the portal has a fault with this object, and leaves it as it was");
    }
    done.ok()
}

/// Renderings of large objects at once, over all people: each can take a core for a third of a second.
static RENDERINGS: Semaphore = Semaphore::const_new(2);

/// Does work on a large object on a thread where nothing else waits.
///
/// # Errors
/// Where the portal has a fault with this object.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> ClusterResult<T> {
    let _turn = RENDERINGS.acquire().await;
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| ClusterError::Refused(Refused::Fault))
}

#[cfg(test)]
mod tests {
    use super::contained;

    #[test]
    fn a_fault_with_one_object_is_left_behind() {
        let read = |name: &str| contained(name, || if name == "evil" { panic!("on purpose") } else { name.len() });
        assert_eq!(["shop", "evil", "api"].map(read), [Some(4), None, Some(3)]);
    }
}
