//! Claims of volumes.

use super::words;

words! {
    /// `status.phase` of a claim.
    ClaimPhase {
        /// It has no volume yet.
        Pending = "Pending",
        /// It has one.
        Bound = "Bound",
        /// Its volume does not exist any more.
        Lost = "Lost",
    }
}
