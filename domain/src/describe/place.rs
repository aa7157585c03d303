//! Why a pod has no node. The texts are those of kube-scheduler's FitError
//! (`pkg/scheduler/framework/types.go`): `0/3 nodes are available: 2 Insufficient cpu, 1 node(s) …. preemption: …`.

use super::text::{between, capital, clip, pod_words, squeeze, who_pod};
use super::trouble::{Tone, Trouble, event_link, events_of};
use crate::cause::{Cause, ClaimWhy, NodeTrouble, Obstacle};
use crate::facts::{AppFacts, ContainerSpec, Pod};
use crate::time::short;
use crate::{Bytes, Kind, MilliCpu, UnixMs};

/// A scheduler that looks at a pod does so in this time.
const PROMPT: i64 = 120_000;
/// A preemption so long ago explains no more why a pod waits.
const PREEMPTED: i64 = 30 * 60_000;

/// Why the scheduler finds no node; `None` for a pod that has one.
pub(crate) fn trouble(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    if pod.node.is_some() {
        return None;
    }
    let condition = pod.conditions.iter().find(|c| c.kind == "PodScheduled" && c.status == Some(false));
    let who = capital(&pod_words(pod, facts));
    let Some(condition) = condition else {
        let (waited, since) = (now.since(pod.created), Some(pod.created));
        if waited > PROMPT {
            let scheduler = pod.asks.as_ref().and_then(|a| a.scheduler.clone());
            return Some(Trouble::of(Tone::Bad, &Cause::NoScheduler { who: who_pod(pod, facts), scheduler, waited }).since(since));
        }
        return Some(Trouble::new(Tone::Wait, "waiting for a node", format!("{who} has waited {} for the scheduler", short(waited)), "").since(since));
    };
    let event = events_of(pod, facts).filter(|e| e.reason == "FailedScheduling").max_by_key(|e| e.last);
    let since = condition.since.or(Some(pod.created));
    if condition.reason == "SchedulingGated" {
        let gates: Vec<_> = pod.scheduling_gates().iter().map(|g| clip(g, 80)).collect();
        let which = match gates.as_slice() {
            [] => "A scheduling gate".to_owned(),
            [one] => format!("Scheduling gate {one}"),
            many => format!("One of the scheduling gates {}", many.join(", ")),
        };
        return Some(
            Trouble::new(Tone::Wait, "scheduling gate", format!("{which} blocks {}", pod_words(pod, facts)), "Whoever added the gate has to remove it.")
                .since(since),
        );
    }
    let told = condition.message.as_str();
    let trouble = claims(told, &who, pod, facts, now).unwrap_or_else(|| Trouble::of(Tone::Bad, &nodes(told, pod, facts, now)));
    Some(trouble.since(since).see(event.map(|e| event_link(e))))
}

fn claims(told: &str, who: &str, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    if let Some(name) = between(told, "persistentvolumeclaim \"", "\" not found") {
        let name = clip(name, 80);
        return Some(Trouble::new(
            Tone::Bad,
            "claim doesn't exist",
            format!("{who} is waiting: claim {name} doesn't exist"),
            format!("Create claim {name}, or correct its name in the app."),
        ));
    }
    let unusable = |claim: &str, why| Some(Trouble::of(Tone::Bad, &Cause::ClaimUnusable { who: who_pod(pod, facts), claim: claim.to_owned(), why }));
    if let Some(name) = between(told, "persistentvolumeclaim \"", "\" is being deleted") {
        return unusable(name, ClaimWhy::Deleted);
    }
    if told.contains("bound to non-existent") {
        let named = between(told, "persistentvolumeclaim \"", "\"").or_else(|| facts.claims.iter().find(|c| c.phase == "Lost").map(|c| c.name.as_str()));
        return unusable(named.or(facts.workload.claims.first().map(String::as_str)).unwrap_or("of the pod"), ClaimWhy::VolumeGone);
    }
    // The second is of a class that makes volumes only once the pod has a node (WaitForFirstConsumer).
    if !told.contains("unbound immediate PersistentVolumeClaims") && !told.contains("binding volumes") {
        return None;
    }
    let waited = now.since(pod.created);
    let Some(claim) = facts.claims.iter().find(|c| c.phase != "Bound") else {
        let tone = if waited < 60_000 { Tone::Wait } else { Tone::Bad };
        return Some(Trouble::new(
            tone,
            "waiting for a claim",
            format!("{who} has waited {} for its volume claim", short(waited)),
            "Check the claim's events.",
        ));
    };
    let name = clip(&claim.name, 80);
    let class = claim.class.as_deref().map_or_else(|| "no storage class".to_owned(), |c| format!("storage class {}", clip(c, 60)));
    let event = facts.events.iter().find(|e| e.kind == "PersistentVolumeClaim" && e.name == claim.name && e.warning && e.reason != "ExternalProvisioning");
    let why = event.map(|e| match between(&e.message, "storageclass.storage.k8s.io \"", "\" not found") {
        Some(class) => format!("storage class {} doesn't exist", clip(class, 60)),
        None => squeeze(&e.message, 300),
    });
    let tone = if why.is_none() && waited < 60_000 { Tone::Wait } else { Tone::Bad };
    let provisioning = facts.events.iter().find(|e| e.reason == "ExternalProvisioning" && e.name == claim.name).filter(|_| why.is_none());
    if let Some(e) = provisioning
        && let Some(provisioner) = between(&e.message, "external provisioner '", "'").or_else(|| between(&e.message, "external provisioner \"", "\""))
    {
        let why = ClaimWhy::Unprovisioned { provisioner: provisioner.to_owned(), waited };
        return Some(Trouble::of(tone, &Cause::ClaimUnusable { who: who_pod(pod, facts), claim: claim.name.clone(), why }).see([event_link(e)]));
    }
    let cause = match &why {
        Some(why) => format!("{who} has waited {} for a volume: claim {name} ({}) can't get one because {why}", short(waited), clip(&claim.size, 20)),
        None => format!("{who} has waited {} for a volume: claim {name} ({}, {class}) is {}", short(waited), clip(&claim.size, 20), claim.phase.to_lowercase()),
    };
    let advice = if claim.class.is_none() {
        "Set a storage class in the claim, or ask for a default one."
    } else {
        "Use a storage class that exists, or ask an administrator for the volume."
    };
    let mut trouble = Trouble::new(tone, "waiting for a claim", cause, advice);
    trouble = trouble.see(event.map(|e| event_link(e)));
    Some(trouble)
}

/// The scheduler's words as obstacles, those first that keep most nodes away.
fn nodes(told: &str, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Cause {
    let (head, preemption) = told.split_once(" preemption:").unwrap_or((told, ""));
    let all = told.split_whitespace().next().and_then(|w| w.split('/').nth(1)).and_then(|n| n.parse::<u32>().ok());
    let list = head.split_once("available: ").map_or(head, |(_, l)| l);
    let list = list.split(". ").next().unwrap_or(list).trim_end_matches('.');
    // Not every obstacle begins with a number of nodes; a taint may have a comma in it, but no digit after it.
    let mut parts: Vec<(u32, &str)> = Vec::new();
    for part in list.split(", ").filter(|p| !p.is_empty()) {
        match part.split_once(' ').and_then(|(n, what)| Some((n.parse().ok()?, what))) {
            Some(found) => parts.push(found),
            None => parts.push((0, part)),
        }
    }
    let never = never_fits(&parts, preemption, all);
    // Several of the scheduler's reasons are one to a person.
    let mut obstacles: Vec<(u32, Obstacle)> = Vec::new();
    for (n, what) in parts {
        let found = obstacle(what, never, pod, facts);
        match obstacles.iter_mut().find(|(_, known)| *known == found) {
            Some((sum, _)) => *sum = sum.saturating_add(n),
            None => obstacles.push((n, found)),
        }
    }
    // A pod of a daemon set is for one node; the others do not fit it by intent.
    if facts.workload.id.kind == Kind::DaemonSet && obstacles.iter().any(|(_, o)| !matches!(o, Obstacle::Labels(_))) {
        obstacles.retain(|(_, o)| !matches!(o, Obstacle::Labels(_)));
    }
    // Nodes with a taint are closed to most pods, so that the others tell more.
    obstacles.sort_by_key(|(n, o)| (matches!(o, Obstacle::Taint(_)), std::cmp::Reverse(*n)));
    let preempted = facts.events.iter().filter(|e| e.reason == "Preempted" && e.kind == "Pod").map(|e| now.since(e.last)).filter(|ago| *ago < PREEMPTED).min();
    Cause::NoNodeFits { who: who_pod(pod, facts), nodes: all, obstacles, preempted }
}

/// Whether an empty node would be too small as well: the scheduler says of each node whether removing pods from it would
/// help (`Preemption is not helpful`), which it says of too little room only where there can never be enough.
fn never_fits(parts: &[(u32, &str)], preemption: &str, all: Option<u32>) -> bool {
    let resources = parts.iter().filter(|(_, what)| what.starts_with("Insufficient ")).count();
    let hopeless = preemption.split("available: ").nth(1).unwrap_or(preemption).split(", ").find(|p| p.contains("Preemption is not helpful"));
    let n = hopeless.and_then(|p| p.trim().split(' ').next()).and_then(|n| n.parse::<u32>().ok());
    resources == 1 && n.is_some() && n == all
}

fn obstacle(what: &str, never: bool, pod: &Pod, facts: &AppFacts) -> Obstacle {
    if let Some(resource) = what.strip_prefix("Insufficient ") {
        return Obstacle::TooLittle { resource: resource.into(), asked: asked(resource, pod, facts), never };
    }
    match what {
        "Too many pods" => Obstacle::Full,
        "no nodes available to schedule pods" => Obstacle::NoNode,
        w if w.contains("node affinity/selector") || w.contains("satisfy plugin(s) [NodeAffinity]") => {
            Obstacle::Labels(pod.asks.as_ref().map(|a| a.labels.clone()).unwrap_or_default())
        }
        w if w.contains("untolerated taint") || w.contains("had taint") => taint(between(w, "{", "}").map(|t| t.trim_end_matches([':', ' ']))),
        w if w.contains("find available persistent volumes to bind") => {
            let claim = facts.claims.iter().find(|c| c.phase == "Pending");
            Obstacle::NoVolume(claim.map(|c| (c.name.clone(), c.size.clone(), c.class.clone())))
        }
        w if w.contains("not have enough free storage") => Obstacle::NoStorage,
        w if w.contains("ReadWriteOncePod") => Obstacle::VolumeBusy,
        w if w.contains("were unschedulable") => Obstacle::Cordoned,
        w if ["volume node affinity conflict", "PersistentVolume's node affinity", "no available volume zone"].iter().any(|t| w.contains(t)) => {
            Obstacle::VolumeElsewhere
        }
        w if w.contains("free ports") => Obstacle::HostPort,
        w if w.contains("anti-affinity") => Obstacle::AntiAffinity,
        w if w.contains("pod affinity") => Obstacle::Affinity,
        w if w.contains("topology spread") && w.contains("missing required label") => Obstacle::SpreadLabel,
        w if w.contains("topology spread") => Obstacle::Spread,
        w if w.contains("cannot allocate all claims") => Obstacle::NoDevice,
        w if w.contains("max volume count") => Obstacle::Volumes,
        w => Obstacle::Said(w.to_owned()),
    }
}

/// A taint, or the trouble of the node for which Kubernetes itself put it there (`pkg/controller/nodelifecycle`).
fn taint(told: Option<&str>) -> Obstacle {
    let key = told.map(|t| t.split(':').next().unwrap_or(t));
    let trouble = match key.and_then(|k| k.strip_prefix("node.kubernetes.io/").or_else(|| k.strip_prefix("node.cloudprovider.kubernetes.io/"))) {
        Some("not-ready") => NodeTrouble::NotReady,
        Some("unreachable") => NodeTrouble::Unreachable,
        Some("disk-pressure") => NodeTrouble::Disk,
        Some("memory-pressure") => NodeTrouble::Memory,
        Some("pid-pressure") => NodeTrouble::Pids,
        Some("network-unavailable") => NodeTrouble::Network,
        Some("uninitialized" | "shutdown" | "out-of-service") => NodeTrouble::Away,
        Some("unschedulable") => return Obstacle::Cordoned,
        _ => return Obstacle::Taint(told.map(|t| t.replace(": ", "="))),
    };
    Obstacle::Unwell(trouble)
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
