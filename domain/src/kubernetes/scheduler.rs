//! Why a pod has no node. The texts are those of kube-scheduler's FitError (`pkg/scheduler/framework/types.go`):
//! `0/3 nodes are available: 2 Insufficient cpu, 1 node(s) …. preemption: …`, and of its plug-in for volumes
//! (`pkg/scheduler/framework/plugins/volumebinding`).

use super::pod::{node_trouble, own_taint};
use crate::cause::Obstacle;
use crate::text::between;

/// Why a pod has no node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unscheduled {
    /// The claim of this name does not exist.
    ClaimMissing(String),
    /// The claim of this name is being deleted.
    ClaimDeleted(String),
    /// The volume of a claim does not exist any more; the claim's name, where it is told.
    VolumeGone(Option<String>),
    /// A claim has no volume yet.
    ClaimUnbound,
    /// No node fits.
    NoNodeFits(Fit),
}

/// What the scheduler says of its nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// How many nodes it looked at.
    pub nodes: Option<u32>,
    /// Why nodes do not fit and how many each keeps away, 0 where it is said of none; each once, in the scheduler's order.
    pub obstacles: Vec<(u32, ObstacleSaid)>,
}

/// Why a node does not take a pod, as far as the scheduler tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObstacleSaid {
    /// Too little of a resource is free; the pod tells how much it requests.
    TooLittle {
        /// `cpu`, `memory`, `nvidia.com/gpu`.
        resource: String,
        /// Not even an empty node has it.
        never: bool,
    },
    /// Other labels than the pod asks for; the pod tells which.
    Labels,
    /// No volume fits a claim; the app's claims tell which.
    NoVolume,
    /// Another one, never [`Obstacle::TooLittle`], [`Obstacle::Labels`] or [`Obstacle::NoVolume`].
    Is(Obstacle),
}

/// Reads the message of a pod's condition `PodScheduled` that is false.
#[must_use]
pub fn unscheduled(message: &str) -> Unscheduled {
    if let Some(name) = between(message, "persistentvolumeclaim \"", "\" not found") {
        return Unscheduled::ClaimMissing(name.to_owned());
    }
    if let Some(name) = between(message, "persistentvolumeclaim \"", "\" is being deleted") {
        return Unscheduled::ClaimDeleted(name.to_owned());
    }
    if message.contains("bound to non-existent") {
        return Unscheduled::VolumeGone(between(message, "persistentvolumeclaim \"", "\"").map(str::to_owned));
    }
    // The second is of a class that makes volumes only once the pod has a node (WaitForFirstConsumer).
    if message.contains("unbound immediate PersistentVolumeClaims") || message.contains("binding volumes") {
        return Unscheduled::ClaimUnbound;
    }
    Unscheduled::NoNodeFits(fit(message))
}

fn fit(message: &str) -> Fit {
    let (head, preemption) = message.split_once(" preemption:").unwrap_or((message, ""));
    let nodes = message.split_whitespace().next().and_then(|w| w.split('/').nth(1)).and_then(|n| n.parse::<u32>().ok());
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
    let never = never_fits(&parts, preemption, nodes);
    // Several of the scheduler's reasons are one to a person.
    let mut obstacles: Vec<(u32, ObstacleSaid)> = Vec::new();
    for (n, what) in parts {
        let found = obstacle(what, never);
        match obstacles.iter_mut().find(|(_, known)| *known == found) {
            Some((sum, _)) => *sum = sum.saturating_add(n),
            None => obstacles.push((n, found)),
        }
    }
    Fit { nodes, obstacles }
}

/// Whether an empty node would be too small as well: the scheduler says of each node whether removing pods from it would
/// help (`Preemption is not helpful`), which it says of too little room only where there can never be enough.
fn never_fits(parts: &[(u32, &str)], preemption: &str, all: Option<u32>) -> bool {
    let resources = parts.iter().filter(|(_, what)| what.starts_with("Insufficient ")).count();
    let hopeless = preemption.split("available: ").nth(1).unwrap_or(preemption).split(", ").find(|p| p.contains("Preemption is not helpful"));
    let n = hopeless.and_then(|p| p.trim().split(' ').next()).and_then(|n| n.parse::<u32>().ok());
    resources == 1 && n.is_some() && n == all
}

fn obstacle(what: &str, never: bool) -> ObstacleSaid {
    if let Some(resource) = what.strip_prefix("Insufficient ") {
        return ObstacleSaid::TooLittle { resource: resource.into(), never };
    }
    if what.contains("node affinity/selector") || what.contains("satisfy plugin(s) [NodeAffinity]") {
        return ObstacleSaid::Labels;
    }
    // A taint may have any text in it.
    if what.contains("find available persistent volumes to bind") && !is_taint(what) {
        return ObstacleSaid::NoVolume;
    }
    ObstacleSaid::Is(match what {
        "Too many pods" => Obstacle::Full,
        "no nodes available to schedule pods" => Obstacle::NoNode,
        w if is_taint(w) => taint(between(w, "{", "}").map(|t| t.trim_end_matches([':', ' ']))),
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
    })
}

fn is_taint(what: &str) -> bool {
    what.contains("untolerated taint") || what.contains("had taint")
}

/// A taint, or the trouble of the node for which Kubernetes itself put it there (`pkg/controller/nodelifecycle`).
fn taint(told: Option<&str>) -> Obstacle {
    let key = told.map(|t| t.split(':').next().unwrap_or(t));
    if key.and_then(own_taint) == Some("unschedulable") {
        return Obstacle::Cordoned;
    }
    key.and_then(node_trouble).map_or_else(|| Obstacle::Taint(told.map(|t| t.replace(": ", "="))), Obstacle::Unwell)
}
