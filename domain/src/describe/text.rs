//! Pieces of sentences that name pods and containers.

use crate::cause::{ContainerKind, Who};
use crate::facts::{AppFacts, Container, Pod};

pub(crate) use crate::english::text::*;

/// The last part of a pod's name where the rest is its owner's: `p8w6d`; `shop-0` stays whole.
pub(crate) fn pod_name<'a>(pod: &'a Pod, facts: &AppFacts) -> &'a str {
    let rest = pod.owner.as_deref().and_then(|o| pod.name.strip_prefix(o)).and_then(|r| r.strip_prefix('-'));
    match rest {
        Some(suffix) if facts.workload.id.kind != crate::Kind::StatefulSet && suffix.len() >= 5 => suffix,
        _ => &pod.name,
    }
}

/// A container, with its pod where the app has several.
pub(crate) fn who(c: &Container, pod: &Pod, facts: &AppFacts) -> Who {
    let several = facts.pods.iter().filter(|p| p.deleting.is_none()).count() > 1;
    Who::Container { kind: kind_of(c), name: c.name.clone(), pod: several.then(|| pod_name(pod, facts).to_owned()) }
}

/// How a container runs in its pod.
pub(crate) const fn kind_of(c: &Container) -> ContainerKind {
    match (c.init, c.sidecar) {
        (_, true) => ContainerKind::Sidecar,
        (true, false) => ContainerKind::Init,
        (false, false) => ContainerKind::Main,
    }
}

/// A pod by the name that lists show.
pub(crate) fn who_pod(pod: &Pod, facts: &AppFacts) -> Who {
    Who::Pod(pod_name(pod, facts).to_owned())
}
