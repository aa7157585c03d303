//! What deserves a mention of pods that work.

use crate::UnixMs;
use crate::cause::ProbeKind;
use crate::describe::text::{between, pod_name};
use crate::describe::trouble::events_of;
use crate::describe::{evicted, pod, probe};
use crate::facts::{AppFacts, Container, ContainerState, Event, Pod};
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
    let steady = facts.pods.iter().filter(|p| pod::steady(p, now));
    let fails = steady.flat_map(|p| p.containers.iter().filter_map(|c| liveness(c, p, facts, now)));
    let blocked = facts.pods.iter().find_map(|p| eviction_blocked(p, facts, now));
    let resize = facts.pods.iter().find_map(|p| resize_waits(p, facts, now));
    evicted.into_iter().chain(blocked).chain(resize).chain(keys_skipped(facts, now)).chain(fails.take(1)).collect()
}

/// An eviction that was refused. The API server writes no event of that, but some of those who drain nodes do: managed
/// clusters, autoscalers of nodes and of pods. They repeat its answer (`pkg/registry/core/pod/storage/eviction.go`).
fn eviction_blocked(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let refused = |e: &&std::sync::Arc<Event>| {
        let by_reason = matches!(e.reason.as_str(), "EvictionBlocked" | "FailedEviction" | "EvictionFailed" | "DisruptionBlocked");
        (by_reason || e.message.contains("would violate the pod's disruption budget")) && now.since(e.last) < DRAINS
    };
    let event = events_of(pod, facts).filter(refused).max_by_key(|e| e.last).filter(|_| pod.deleting.is_none() && pod.phase == "Running")?;
    Some(Remark::EvictionBlocked { pod: pod_name(pod, facts).to_owned(), times: event.count.max(1), why: blocked(&event.message, facts, now) })
}

/// How long a resize may wait for room before that is worth a word.
const RESIZED: i64 = 5 * 60_000;

/// A resize in place that the kubelet cannot do, or not now (`pkg/kubelet/allocation`).
fn resize_waits(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let pending = pod.conditions.iter().find(|c| c.kind == "PodResizePending" && c.status == Some(true)).filter(|_| pod.deleting.is_none())?;
    let never = pending.reason == "Infeasible";
    let lasts = pending.since.is_none_or(|since| now.since(since) >= RESIZED);
    (never || lasts).then(|| Remark::ResizeWaits { pod: pod_name(pod, facts).to_owned(), never, told: pending.message.clone() })
}

/// Keys that the kubelet left out of the environment (`pkg/kubelet/kubelet_pods.go`). Many config maps have keys that are
/// files, so it is only told where something does not work.
fn keys_skipped(facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let fails = |p: &Pod| p.deleting.is_none() && p.phase != "Succeeded" && !pod::steady(p, now);
    let event = facts.pods.iter().filter(|p| fails(p)).find_map(|p| events_of(p, facts).find(|e| e.reason == "InvalidEnvironmentVariableNames"))?;
    let keys: Vec<_> = between(&event.message, "Keys [", "]")?.split([',', ' ']).filter(|k| !k.is_empty()).take(5).map(str::to_owned).collect();
    let (_, rest) = event.message.split_once("from the EnvFrom ")?;
    let (kind, rest) = rest.split_once(' ')?;
    let object = rest.split_once(' ').map_or(rest, |(object, _)| object);
    let name = object.rsplit('/').next().unwrap_or(object).to_owned();
    (!keys.is_empty()).then_some(Remark::KeysSkipped { secret: kind.eq_ignore_ascii_case("secret"), name, keys })
}

fn blocked(told: &str, facts: &AppFacts, now: UnixMs) -> Blocked {
    let low = told.to_ascii_lowercase();
    if !["disruption budget", "disruptionbudget", "pdb"].iter().any(|w| low.contains(w)) {
        return Blocked::Other { told: told.to_owned() };
    }
    let named = between(told, "disruption budget ", " needs ").or_else(|| between(told, "PodDisruptionBudget=[", "]"));
    let name = named.map(|n| n.rsplit('/').next().unwrap_or(n)).filter(|n| !n.is_empty() && !n.contains(' ')).map(str::to_owned);
    let needed = between(told, " needs ", " healthy pods").and_then(|n| n.parse().ok());
    let has = between(told, " healthy pods and has ", " currently").and_then(|n| n.parse().ok());
    let ready = facts.pods.iter().filter(|p| pod::steady(p, now)).count();
    Blocked::Budget { name, needs: needed.zip(has), all_ready: ready >= facts.workload.replicas.wanted as usize }
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
