//! What to know before an action.

/// Something to know before an action that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionNote {
    /// An autoscaler sets the count of replicas, so that another one doesn't last.
    AutoscalerOverrides {
        /// Name of the autoscaler.
        autoscaler: String,
        /// The fewest replicas that it keeps.
        least: u32,
        /// The most.
        most: u32,
    },
}
