//! Evictions that were refused. The API server writes no event of that, but some of those who drain nodes do: managed
//! clusters, autoscalers of nodes and of pods. They repeat its answer (`pkg/registry/core/pod/storage/eviction.go`).

use super::words::EventReason;
use crate::facts::Event;
use crate::text::between;

/// What is in the way of an eviction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvictionRefused<'a> {
    /// A pod disruption budget allows none now.
    ByBudget {
        /// Its name, where it is told.
        name: Option<&'a str>,
        /// Healthy pods that it needs, and those that there are, where that is told.
        needs: Option<(u32, u32)>,
    },
    /// Something else, which the event's text says.
    Otherwise,
}

impl<'a> EvictionRefused<'a> {
    /// Reads an event about a pod; `None` where it tells of no refused eviction.
    #[must_use]
    pub fn of(event: &'a Event) -> Option<Self> {
        let by_reason =
            matches!(event.reason, EventReason::EvictionBlocked | EventReason::FailedEviction | EventReason::EvictionFailed | EventReason::DisruptionBlocked);
        (by_reason || event.message.contains("would violate the pod's disruption budget")).then(|| Self::read(&event.message))
    }

    fn read(told: &'a str) -> Self {
        let low = told.to_ascii_lowercase();
        if !["disruption budget", "disruptionbudget", "pdb"].iter().any(|w| low.contains(w)) {
            return Self::Otherwise;
        }
        let named = between(told, "disruption budget ", " needs ").or_else(|| between(told, "PodDisruptionBudget=[", "]"));
        let name = named.map(|n| n.rsplit('/').next().unwrap_or(n)).filter(|n| !n.is_empty() && !n.contains(' '));
        let needed = between(told, " needs ", " healthy pods").and_then(|n| n.parse().ok());
        let has = between(told, " healthy pods and has ", " currently").and_then(|n| n.parse().ok());
        Self::ByBudget { name, needs: needed.zip(has) }
    }
}
