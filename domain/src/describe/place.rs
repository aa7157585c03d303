//! Why a pod has no node. The texts are those of kube-scheduler's FitError
//! (`pkg/scheduler/framework/types.go`): `0/3 nodes are available: 2 Insufficient cpu, 1 node(s) …. preemption: …`.

use super::text::{between, capital, clip, count, pod_words};
use super::trouble::{Tone, Trouble, event_link, events_of};
use crate::facts::{AppFacts, Pod};
use crate::time::short;
use crate::{Bytes, MilliCpu, UnixMs};

/// Why the scheduler finds no node; `None` for a pod that has one.
pub(crate) fn trouble(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    if pod.node.is_some() {
        return None;
    }
    let condition = pod.conditions.iter().find(|c| c.kind == "PodScheduled" && c.status == Some(false));
    let who = capital(&pod_words(pod, facts));
    let Some(condition) = condition else {
        return Some(
            Trouble::new(Tone::Wait, "waits for a node", format!("{who} has waited for the scheduler for {}", short(now.since(pod.created))), "")
                .since(Some(pod.created)),
        );
    };
    let event = events_of(pod, facts).filter(|e| e.reason == "FailedScheduling").max_by_key(|e| e.last);
    let since = condition.since.or(Some(pod.created));
    if condition.reason == "SchedulingGated" {
        let gates: Vec<_> = pod.scheduling_gates().iter().map(|g| clip(g, 80)).collect();
        let which = match gates.as_slice() {
            [] => "a scheduling gate".to_owned(),
            [one] => format!("scheduling gate {one}"),
            many => format!("scheduling gates {}", many.join(", ")),
        };
        return Some(
            Trouble::new(Tone::Wait, "held by a gate", format!("{who} is held by {which}"), "Whoever put the gate there has to lift it.").since(since),
        );
    }
    let told = condition.message.as_str();
    let trouble = claims(told, &who, pod, facts, now).unwrap_or_else(|| nodes(told, &who, facts));
    Some(trouble.since(since).see(event.map(|e| event_link(e))))
}

fn claims(told: &str, who: &str, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    if let Some(name) = between(told, "persistentvolumeclaim \"", "\" not found") {
        let name = clip(name, 80);
        return Some(Trouble::new(
            Tone::Bad,
            "claim does not exist",
            format!("{who} waits: claim {name} does not exist"),
            format!("Create claim {name}, or correct its name in the app."),
        ));
    }
    if !told.contains("unbound immediate PersistentVolumeClaims") {
        return None;
    }
    let waited = now.since(pod.created);
    let Some(claim) = facts.claims.iter().find(|c| c.phase != "Bound") else {
        let tone = if waited < 60_000 { Tone::Wait } else { Tone::Bad };
        return Some(Trouble::new(
            tone,
            "waits for a claim",
            format!("{who} has waited {} for a volume of its claim", short(waited)),
            "Look at the claim's events.",
        ));
    };
    let name = clip(&claim.name, 80);
    let class = claim.class.as_deref().map_or_else(|| "no storage class".to_owned(), |c| format!("storage class {}", clip(c, 60)));
    let event = facts.events.iter().find(|e| e.kind == "PersistentVolumeClaim" && e.name == claim.name && e.warning);
    let why = event.map(|e| match between(&e.message, "storageclass.storage.k8s.io \"", "\" not found") {
        Some(class) => format!("storage class {} does not exist", clip(class, 60)),
        None => clip(&e.message, 160),
    });
    let tone = if why.is_none() && waited < 60_000 { Tone::Wait } else { Tone::Bad };
    let cause = match &why {
        Some(why) => format!("{who} has waited {} for a volume: claim {name} ({}) gets none, because {why}", short(waited), clip(&claim.size, 20)),
        None => format!("{who} has waited {} for a volume: claim {name} ({}, {class}) is {}", short(waited), clip(&claim.size, 20), claim.phase.to_lowercase()),
    };
    let advice = if claim.class.is_none() {
        "Name a storage class in the claim, or ask for a default one."
    } else {
        "Name a storage class that exists, or ask an administrator for the volume."
    };
    let mut trouble = Trouble::new(tone, "waits for a claim", cause, advice);
    trouble = trouble.see(event.map(|e| event_link(e)));
    Some(trouble)
}

fn nodes(told: &str, who: &str, facts: &AppFacts) -> Trouble {
    let head = told.split(" preemption:").next().unwrap_or(told);
    let all = told.split_whitespace().next().and_then(|w| w.split('/').nth(1)).and_then(|n| n.parse::<u32>().ok());
    let list = head.split_once("available: ").map_or(head, |(_, l)| l);
    let list = list.split(". ").next().unwrap_or(list).trim_end_matches('.');
    // Not every obstacle begins with a number of nodes; a taint may have a comma in it, but no digit after it.
    let mut obstacles: Vec<(u32, &str)> = Vec::new();
    for part in list.split(", ") {
        match part.split_once(' ').and_then(|(n, what)| Some((n.parse().ok()?, what))) {
            Some(found) => obstacles.push(found),
            None => obstacles.push((0, part)),
        }
    }
    obstacles.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let worded: Vec<_> = obstacles.iter().map(|(n, what)| (*n, obstacle(what, facts))).collect();
    let Some((_, first)) = worded.first() else {
        return Trouble::new(Tone::Bad, "no node fits", format!("{who} finds no node: {}", clip(told, 200)), "Ask an administrator of the cluster.");
    };
    let of = all.filter(|n| *n > 1).map_or_else(String::new, |n| format!(" among {}", count(n, "node")));
    let tell = |(n, o): &(u32, Obstacle)| match n {
        0 => o.one.clone(),
        1 if all == Some(1) => format!("the only node {}", o.one),
        1 => format!("1 {}", o.one),
        n => format!("{n} {}", o.many),
    };
    let detail: Vec<_> = worded.iter().take(4).map(tell).collect();
    Trouble::new(Tone::Bad, first.reason, format!("{who} finds no place{of}: {}", detail.join(", ")), &first.advice)
}

struct Obstacle {
    reason: &'static str,
    one: String,
    many: String,
    advice: String,
}

fn obstacle(what: &str, facts: &AppFacts) -> Obstacle {
    let same = |reason, text: &str, advice: &str| Obstacle { reason, one: format!("has {text}"), many: format!("have {text}"), advice: advice.into() };
    let main = facts.workload.containers.iter().filter(|c| !c.init);
    match what {
        "Insufficient cpu" => {
            let asked = MilliCpu(main.filter_map(|c| c.cpu_request).map(|c| c.0).sum());
            let unit = if asked.0 < 1000 { "" } else { " cores" };
            same("too little CPU free", &format!("too little CPU free for the {asked}{unit} it requests"), "Lower the CPU request, or free CPU on a node.")
        }
        "Insufficient memory" => {
            let asked = Bytes(main.filter_map(|c| c.memory_request).map(|c| c.0).sum());
            same(
                "too little memory free",
                &format!("too little memory free for the {asked} it requests"),
                "Lower the memory request, or free memory on a node.",
            )
        }
        "Too many pods" => same("nodes are full of pods", "as many pods as allowed", "Free pods on a node, or ask for another node."),
        w if w.contains("node affinity/selector") => Obstacle {
            reason: "no node fits selector",
            one: "does not match its node selector or affinity".into(),
            many: "do not match its node selector or affinity".into(),
            advice: "Correct the node selector, or have a node labelled so.".into(),
        },
        w if w.contains("untolerated taint") || w.contains("had taint") => {
            let taint = between(w, "{", "}").map_or_else(|| "a taint".to_owned(), |t| format!("taint {}", clip(t.trim_end_matches([':', ' ']), 80)));
            same("nodes have taints", &format!("{taint} that it does not tolerate"), "Add a toleration if it belongs there, or ask for another node.")
        }
        w if w.contains("were unschedulable") => {
            same("nodes are closed", "been closed for new pods (cordoned)", "Wait until an administrator opens the node again.")
        }
        w if w.contains("volume node affinity conflict") => {
            same("volume on another node", "no access to its volume", "Free room on the node that has the volume.")
        }
        w if w.contains("free ports") => same("host port is taken", "its host port in use", "Use no host port, or run fewer pods than nodes."),
        w if w.contains("anti-affinity") => {
            same("kept apart by rule", "a pod that its anti-affinity keeps away from", "Lower the replicas, or soften the anti-affinity.")
        }
        w if w.contains("pod affinity") => same("no pod to be near", "no pod that its affinity wants near", "Correct the pod affinity."),
        w if w.contains("topology spread") => {
            same("spread rule not met", "as many of its pods as its spread rule allows", "Soften the topology spread, or ask for more nodes.")
        }
        w if w.contains("max volume count") => same("too many volumes", "as many volumes as allowed", "Ask for another node."),
        w => match w.strip_prefix("Insufficient ") {
            Some(resource) => {
                same("too little resource free", &format!("too little {} free", clip(resource, 60)), "Lower the request, or ask for a node that has it.")
            }
            None => Obstacle {
                reason: "no node fits",
                one: format!("says: {}", clip(w, 100)),
                many: format!("say: {}", clip(w, 100)),
                advice: "Ask an administrator of the cluster.".into(),
            },
        },
    }
}
