//! What deserves a mention of pods that work.

use crate::UnixMs;
use crate::cause::ProbeKind;
use crate::describe::pods::steady;
use crate::describe::text::pod_name;
use crate::describe::trouble::events_of;
use crate::describe::{evicted, probe};
use crate::facts::{AppFacts, Container, ContainerState, Pod};
use crate::kubernetes::env_from::KeysSkipped;
use crate::kubernetes::eviction::EvictionRefused;
use crate::kubernetes::words::{ConditionReason, ConditionType, PodPhase};
use crate::remark::{Blocked, Remark};

/// The kubelet reports a failure that repeats only every few minutes (client-go's spam filter).
const REPORTED: i64 = 6 * 60_000;
/// Whoever drains a node tries again within seconds or minutes.
const DRAINS: i64 = 10 * 60_000;
/// Failures from which on it is no hiccup.
const REPEATS: u32 = 3;

/// Evictions that are history or refused, and probes that fail below their threshold.
pub(super) fn remarks(facts: &AppFacts, now: UnixMs) -> Vec<Remark> {
    let evicted = evicted::once(facts, now).map(|cause| Remark::EvictedOnce { cause: Box::new(cause) });
    let ready = facts.pods.iter().filter(|p| steady(p, now));
    let fails = ready.flat_map(|p| p.containers.iter().filter_map(|c| liveness(c, p, facts, now)));
    let blocked = facts.pods.iter().find_map(|p| eviction_blocked(p, facts, now));
    let resize = facts.pods.iter().find_map(|p| resize_waits(p, facts, now));
    evicted.into_iter().chain(blocked).chain(resize).chain(keys_skipped(facts, now)).chain(fails.take(1)).collect()
}

/// An eviction that was refused lately.
fn eviction_blocked(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    if pod.deleting.is_some() || pod.phase != PodPhase::Running {
        return None;
    }
    let refused = events_of(pod, facts).filter(|e| now.since(e.last) < DRAINS).filter_map(|e| Some((e, EvictionRefused::of(e)?)));
    let (event, refused) = refused.max_by_key(|(e, _)| e.last)?;
    let ready = || facts.pods.iter().filter(|p| steady(p, now)).count();
    let why = match refused {
        EvictionRefused::ByBudget { name, needs } => {
            Blocked::Budget { name: name.map(str::to_owned), needs, all_ready: ready() >= facts.workload.replicas.wanted as usize }
        }
        EvictionRefused::Otherwise => Blocked::Other { told: event.message.clone() },
    };
    Some(Remark::EvictionBlocked { pod: pod_name(pod, facts).to_owned(), times: event.count.max(1), why })
}

/// How long a resize may wait for room before that is worth a word.
const RESIZED: i64 = 5 * 60_000;

/// A resize in place that the kubelet cannot do, or not now (`pkg/kubelet/allocation`).
fn resize_waits(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let pending = pod.conditions.iter().find(|c| c.kind == ConditionType::PodResizePending && c.status == Some(true)).filter(|_| pod.deleting.is_none())?;
    let never = pending.reason == ConditionReason::Infeasible;
    let lasts = pending.since.is_none_or(|since| now.since(since) >= RESIZED);
    (never || lasts).then(|| Remark::ResizeWaits { pod: pod_name(pod, facts).to_owned(), never, told: pending.message.clone() })
}

/// Keys that the kubelet left out of the environment. Many config maps have keys that are files, so it is only told where
/// something does not work.
fn keys_skipped(facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let fails = |p: &Pod| p.deleting.is_none() && p.phase != PodPhase::Succeeded && !steady(p, now);
    let KeysSkipped { secret, name, keys } = facts.pods.iter().filter(|p| fails(p)).find_map(|p| events_of(p, facts).find_map(|e| KeysSkipped::of(e)))?;
    Some(Remark::KeysSkipped { secret, name: name.to_owned(), keys: keys.into_iter().take(5).map(str::to_owned).collect() })
}

/// A liveness probe that goes on failing in a container that runs.
fn liveness(c: &Container, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let ContainerState::Running { since } = &c.state else { return None };
    let asked = probe::of(ProbeKind::Liveness, probe::spec_of(c, facts)?)?;
    let answer = probe::answer(ProbeKind::Liveness, Some(asked), c, pod, facts)?;
    let times = answer.event.count;
    // Twice the pause between two tries; of what repeats often only every few minutes something is heard.
    let fresh = if times < 25 { i64::from(asked.period_s.max(1)) * 2_000 + 5_000 } else { REPORTED };
    let now_fails = now.since(answer.event.last) <= fresh && since.is_none_or(|s| answer.event.last >= s);
    (times >= REPEATS && times < asked.failure_threshold && now_fails).then(|| Remark::LivenessFails {
        container: c.name.clone(),
        what: asked.what.clone(),
        said: answer.said,
        times,
        threshold: asked.failure_threshold,
    })
}
