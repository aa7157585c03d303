//! When a pod ended, fell and runs steadily, for the rules of all that looks at pods.

use super::trouble::not_since;
use crate::UnixMs;
use crate::facts::{Container, ContainerState, Ended, Pod};
use crate::kubernetes::words::{ConditionType, PodPhase, PodReason};

/// Restarts in this time are a warning sign.
pub(crate) const RECENT: i64 = 10 * 60_000;

/// The kubelet or a controller ended the pod as a whole, whatever its containers' exit codes say.
pub(crate) fn ended_as_a_whole(pod: &Pod) -> bool {
    pod.phase == PodPhase::Failed && pod.reason != PodReason::None
}

/// When a pod in phase Failed or Succeeded ended.
pub(crate) fn ended_at(pod: &Pod) -> Option<UnixMs> {
    let containers = pod.containers.iter().filter_map(|c| match &c.state {
        ContainerState::Ended(e) => e.finished,
        ContainerState::Waiting { .. } | ContainerState::Running { .. } => None,
    });
    containers.max().or_else(|| not_since(pod, &ConditionType::Ready)).filter(|at| at.0 > 0)
}

/// Ready, and not only for the moments between two crashes.
pub(crate) fn steady(pod: &Pod, now: UnixMs) -> bool {
    pod.ready() && looping(pod, now).is_none()
}

/// The container that runs just now between two crashes, and how it ended before: it fell more than once, and has run
/// neither for as long as it had to wait for this start nor for twice as long as the time before.
pub(crate) fn looping(pod: &Pod, now: UnixMs) -> Option<(&Container, &Ended)> {
    let (c, e) = fell(pod, now).filter(|(c, _)| c.restarts > 1)?;
    let (ContainerState::Running { since: Some(since) }, Some(finished)) = (&c.state, e.finished) else { return None };
    let before = e.started.map_or(0, |started| finished.since(started));
    // The kubelet starts to count anew when a container has run for that long.
    let proven = since.since(finished).max(before.saturating_mul(2)).min(RECENT);
    (before < RECENT && now.since(*since) < proven).then_some((c, e))
}

/// The newest restart of a pod within [`RECENT`]: the container and how it ended.
pub(crate) fn fell(pod: &Pod, now: UnixMs) -> Option<(&Container, &Ended)> {
    let fallen = pod.containers.iter().filter(|c| !c.init && c.restarts > 0).filter_map(|c| Some((c, c.last.as_ref()?)));
    fallen.filter(|(_, e)| e.finished.is_some_and(|f| now.since(f) < RECENT)).max_by_key(|(_, e)| e.finished)
}
