//! Logs that don't exist.

/// Why there is no such log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogProblem {
    /// The pod is gone.
    PodGone,
    /// Neither the app's template nor one of its pods has such a container.
    ContainerNotFound {
        /// The name as it was asked for; it may be long or hostile.
        container: String,
        /// The containers of the app, sorted.
        known: Vec<String>,
    },
}

impl LogProblem {
    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::PodGone => "pod_gone",
            Self::ContainerNotFound { .. } => "container_not_found",
        }
    }
}
