//! What deserves a mention of pods that work.

use crate::UnixMs;
use crate::cause::ProbeKind;
use crate::describe::{evicted, pod, probe};
use crate::facts::{AppFacts, Container, ContainerState, Pod};
use crate::remark::Remark;

/// The kubelet reports a failure that repeats only every few minutes (client-go's spam filter).
const REPORTED: i64 = 6 * 60_000;
/// Failures from which on it is no hiccup.
const REPEATS: u32 = 3;

/// Evictions that are history, and probes that fail below their threshold.
pub(super) fn remarks(facts: &AppFacts, now: UnixMs) -> Vec<Remark> {
    let evicted = evicted::once(facts, now).map(|cause| Remark::EvictedOnce { cause: Box::new(cause) });
    let steady = facts.pods.iter().filter(|p| pod::steady(p, now));
    let fails = steady.flat_map(|p| p.containers.iter().filter_map(|c| liveness(c, p, facts, now)));
    evicted.into_iter().chain(fails.take(1)).collect()
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
        answer: answer.words.clone(),
        times,
        threshold: asked.failure_threshold,
    })
}
