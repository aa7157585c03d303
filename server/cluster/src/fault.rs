//! What one object of the cluster may do to the portal: nothing.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does something with one object. A fault of the portal's own in it is logged and the object left out, so that whoever
/// may write an object cannot take the list away from everybody. The work must leave nothing half done.
pub(crate) fn contained<T>(object: impl Display, work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    if done.is_err() {
        tracing::error!(%object, "the portal has a fault with this object, and leaves it as it was");
    }
    done.ok()
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
