//! Pods that were evicted.

use super::pods::{RECENT, ended_at, steady};
use super::text::who_pod;
use super::trouble::{Tone, Trouble};
use crate::UnixMs;
use crate::cause::{Cause, Eviction};
use crate::facts::{AppFacts, Pod};
use crate::kubernetes::pod::eviction;
use crate::kubernetes::words::{ConditionReason, ConditionType, PodPhase, PodReason};

/// Evictions longer ago than this are history.
const HOUR: i64 = 60 * 60_000;

fn was_evicted(pod: &Pod) -> bool {
    pod.phase == PodPhase::Failed && pod.reason == PodReason::Evicted
}

/// One pod and why it was evicted.
pub(crate) fn one(pod: &Pod, facts: &AppFacts) -> Cause {
    Cause::Evicted { who: who_pod(pod, facts), by: read(pod), times: 1, within: 0, last: ended_at(pod) }
}

/// An app whose pods are evicted again and again, as its replacements are too: more of them in the last hour than it
/// wants pods, and the last one just now.
pub(crate) fn repeated(facts: &AppFacts, now: UnixMs) -> Option<(u32, Trouble)> {
    let at = |p: &Pod| ended_at(p).unwrap_or(p.created);
    let evicted: Vec<_> = facts.pods.iter().filter(|p| was_evicted(p) && p.deleting.is_none() && now.since(at(p)) < HOUR).collect();
    let newest = evicted.iter().max_by_key(|p| at(p))?;
    let first = evicted.iter().map(|p| at(p)).min()?;
    let times = u32::try_from(evicted.len()).unwrap_or(u32::MAX);
    if times < 2 || times <= facts.workload.replicas.wanted || now.since(at(newest)) >= RECENT {
        return None;
    }
    let (within, last) = (at(newest).since(first), Some(at(newest)));
    let cause = Cause::Evicted { who: who_pod(newest, facts), by: read(newest), times, within, last };
    Some((times, Trouble::of(Tone::Bad, &cause).since(Some(first)).at(Some(at(newest)))))
}

/// An eviction of the last hour that nothing came of: the app has as many pods as it wants.
pub(crate) fn once(facts: &AppFacts, now: UnixMs) -> Option<Cause> {
    let at = |p: &Pod| ended_at(p).unwrap_or(p.created);
    let newest = facts.pods.iter().filter(|p| was_evicted(p) && now.since(at(p)) < HOUR).max_by_key(|p| at(p))?;
    let well = facts.pods.iter().filter(|p| steady(p, now)).count() >= facts.workload.replicas.wanted as usize;
    (well && repeated(facts, now).is_none()).then(|| one(newest, facts))
}

fn read(pod: &Pod) -> Eviction {
    let asked = || pod.conditions.iter().any(|c| c.kind == ConditionType::DisruptionTarget && c.reason == ConditionReason::EvictionByApi);
    let told = eviction(&pod.message);
    if matches!(told, Eviction::Other { .. }) && asked() { Eviction::Asked } else { told }
}
