//! Why a pod has no node.

use super::text::who_pod;
use super::trouble::{Tone, Trouble, event_link, events_of};
use crate::cause::{Cause, ClaimWhy, Obstacle, StartStage, UnboundWhy};
use crate::facts::{AppFacts, ContainerSpec, Event, Pod};
use crate::kubernetes::scheduler::{self, Fit, ObstacleSaid, Unscheduled};
use crate::kubernetes::volume;
use crate::kubernetes::words::{ClaimPhase, ConditionReason, ConditionType, EventReason, ObjectKind};
use crate::{Bytes, Kind, MilliCpu, UnixMs};

/// A scheduler that looks at a pod does so in this time.
const PROMPT: i64 = 120_000;
/// A claim gets its volume in this time.
const BINDS: i64 = 60_000;
/// A preemption so long ago explains no more why a pod waits.
const PREEMPTED: i64 = 30 * 60_000;

/// Why the scheduler finds no node; `None` for a pod that has one.
pub(crate) fn trouble(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    if pod.node.is_some() {
        return None;
    }
    let starts = |stage| Trouble::of(Tone::Wait, &Cause::PodStarts { who: who_pod(pod, facts), stage });
    let condition = pod.conditions.iter().find(|c| c.kind == ConditionType::PodScheduled && c.status == Some(false));
    let Some(condition) = condition else {
        let since = pod.created;
        let told = if now.since(since) > PROMPT {
            let scheduler = pod.asks.as_ref().and_then(|a| a.scheduler.clone());
            Trouble::of(Tone::Bad, &Cause::NoScheduler { who: who_pod(pod, facts), scheduler, since })
        } else {
            starts(StartStage::Scheduling { since })
        };
        return Some(told.since(Some(since)));
    };
    let event = events_of(pod, facts).filter(|e| e.reason == EventReason::FailedScheduling).max_by_key(|e| e.last);
    let since = condition.since.or(Some(pod.created));
    if condition.reason == ConditionReason::SchedulingGated {
        return Some(starts(StartStage::Gated { gates: pod.scheduling_gates().to_vec() }).since(since));
    }
    let unusable = |claim: String, why| Trouble::of(Tone::Bad, &Cause::ClaimUnusable { who: who_pod(pod, facts), claim, why });
    let trouble = match scheduler::unscheduled(&condition.message) {
        Unscheduled::ClaimMissing(name) => unusable(name, ClaimWhy::Missing),
        Unscheduled::ClaimDeleted(name) => unusable(name, ClaimWhy::Deleted),
        Unscheduled::VolumeGone(name) => unusable(name.unwrap_or_else(|| lost_claim(facts)), ClaimWhy::VolumeGone),
        Unscheduled::ClaimUnbound => unbound(pod, facts, now),
        Unscheduled::NoNodeFits(fit) => Trouble::of(Tone::Bad, &no_node_fits(fit, pod, facts, now)),
    };
    Some(trouble.since(since).see(event.map(|e| event_link(e))))
}

/// The claim whose volume is gone, where the scheduler does not name it; empty where nothing tells.
fn lost_claim(facts: &AppFacts) -> String {
    let lost = facts.claims.iter().find(|c| c.phase == ClaimPhase::Lost).map(|c| &c.name);
    lost.or(facts.workload.claims.first()).cloned().unwrap_or_default()
}

/// A pod whose claim has no volume yet.
fn unbound(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    let (who, since) = (who_pod(pod, facts), pod.created);
    let patient = if now.since(since) < BINDS { Tone::Wait } else { Tone::Bad };
    let Some(claim) = facts.claims.iter().find(|c| c.phase != ClaimPhase::Bound) else {
        return Trouble::of(patient, &Cause::ClaimAwaited { who, since });
    };
    let is_provisioning = |e: &Event| e.reason == EventReason::ExternalProvisioning;
    let refused = facts.events.iter().find(|e| e.kind == ObjectKind::PersistentVolumeClaim && e.name == claim.name && e.warning && !is_provisioning(e));
    let waits = facts.events.iter().find(|e| is_provisioning(e) && e.name == claim.name).filter(|_| refused.is_none());
    if let Some(event) = waits
        && let Some(provisioner) = volume::provisioner(&event.message)
    {
        let why = ClaimWhy::Unprovisioned { provisioner: provisioner.to_owned(), since };
        return Trouble::of(patient, &Cause::ClaimUnusable { who, claim: claim.name.clone(), why }).see([event_link(event)]);
    }
    let why = refused.map(|e| match volume::missing_class(&e.message) {
        Some(class) => UnboundWhy::ClassMissing(class.to_owned()),
        None => UnboundWhy::Said(e.message.clone()),
    });
    let tone = if why.is_none() { patient } else { Tone::Bad };
    let why = ClaimWhy::Unbound { since, size: claim.size.clone(), class: claim.class.clone(), phase: claim.phase.word().to_owned(), why };
    Trouble::of(tone, &Cause::ClaimUnusable { who, claim: claim.name.clone(), why }).see(refused.map(|e| event_link(e)))
}

/// The scheduler's obstacles with what the app's own objects tell of them, those first that keep most nodes away.
fn no_node_fits(fit: Fit, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Cause {
    let mut obstacles: Vec<_> = fit.obstacles.into_iter().map(|(n, o)| (n, known(o, pod, facts))).collect();
    // A pod of a daemon set is for one node; the others do not fit it by intent.
    if facts.workload.id.kind == Kind::DaemonSet && obstacles.iter().any(|(_, o)| !matches!(o, Obstacle::Labels(_))) {
        obstacles.retain(|(_, o)| !matches!(o, Obstacle::Labels(_)));
    }
    // Nodes with a taint are closed to most pods, so that the others tell more.
    obstacles.sort_by_key(|(n, o)| (matches!(o, Obstacle::Taint(_)), std::cmp::Reverse(*n)));
    let preemptions = facts.events.iter().filter(|e| e.reason == EventReason::Preempted && e.kind == ObjectKind::Pod);
    let preempted = preemptions.map(|e| e.last).filter(|last| now.since(*last) < PREEMPTED).max();
    Cause::NoNodeFits { who: who_pod(pod, facts), nodes: fit.nodes, obstacles, preempted }
}

/// An obstacle with what the pod and the app tell of it.
fn known(obstacle: ObstacleSaid, pod: &Pod, facts: &AppFacts) -> Obstacle {
    match obstacle {
        ObstacleSaid::TooLittle { resource, never } => Obstacle::TooLittle { asked: asked(&resource, pod, facts), resource, never },
        ObstacleSaid::Labels => Obstacle::Labels(pod.asks.as_ref().map(|a| a.labels.clone()).unwrap_or_default()),
        ObstacleSaid::NoVolume => {
            let claim = facts.claims.iter().find(|c| c.phase == ClaimPhase::Pending);
            Obstacle::NoVolume(claim.map(|c| (c.name.clone(), c.size.clone(), c.class.clone())))
        }
        ObstacleSaid::Is(obstacle) => obstacle,
    }
}

/// What the pod requests of a resource, in words: as the pod itself says, else as its template does.
fn asked(resource: &str, pod: &Pod, facts: &AppFacts) -> Option<String> {
    let own = pod.asks.as_ref().map(|a| a.requests.iter().find(|(r, _)| r == resource).map(|(_, q)| q.as_str()));
    let of_template = |value: &dyn Fn(&ContainerSpec) -> Option<u64>| Some(of_whole_pod(&facts.workload.containers, value)).filter(|n| *n > 0);
    let amount = match (resource, own) {
        ("cpu", Some(q)) => MilliCpu::parse(q?).ok()?.0,
        ("cpu", None) => of_template(&|c| c.cpu_request.or(c.cpu_limit).map(|q| q.0))?,
        ("memory", Some(q)) => return Some(Bytes::parse(q?).ok()?.to_string()),
        ("memory", None) => return Some(Bytes(of_template(&|c| c.memory_request.or(c.memory_limit).map(|q| q.0))?).to_string()),
        (r, Some(q)) if r == "ephemeral-storage" || r.starts_with("hugepages-") => return Some(Bytes::parse(q?).ok()?.to_string()),
        (_, q) => return Some(q??.to_owned()),
    };
    let unit = if amount < 1000 {
        ""
    } else if amount == 1000 {
        " core"
    } else {
        " cores"
    };
    Some(format!("{}{unit}", MilliCpu(amount)))
}

/// What a pod needs at its highest: what runs beside each other, or an init container with the sidecars before it.
fn of_whole_pod(containers: &[ContainerSpec], value: &dyn Fn(&ContainerSpec) -> Option<u64>) -> u64 {
    let (mut sidecars, mut highest) = (0_u64, 0_u64);
    let amount = |c: &ContainerSpec| value(c).unwrap_or(0);
    for c in containers.iter().filter(|c| c.init || c.sidecar) {
        highest = highest.max(sidecars.saturating_add(amount(c)));
        sidecars = sidecars.saturating_add(if c.sidecar { amount(c) } else { 0 });
    }
    containers.iter().filter(|c| !c.init && !c.sidecar).map(amount).fold(sidecars, u64::saturating_add).max(highest)
}
