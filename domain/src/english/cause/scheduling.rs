//! Pods that no node takes.

use super::{node, object, subject};
use crate::cause::{Obstacle, Who};
use crate::english::Words;
use crate::english::text::{and, clip, squeeze};
use crate::facts::Wish;
use crate::kubernetes::words::LabelOperator;
use crate::time::short;

/// A pod that none of the nodes takes.
pub(super) fn no_node(who: &Who, nodes: Option<u32>, obstacles: &[(u32, Obstacle)], preempted: Option<i64>) -> Words {
    let pod = object(who);
    let Some((_, first)) = obstacles.first() else {
        return Words::new("no node fits", format!("No node can fit {pod}"), "Ask a cluster administrator.");
    };
    let none = nodes.filter(|n| *n > 1).map_or_else(|| "No node".to_owned(), |n| format!("None of {} nodes", n));
    let tell = |(n, o): &(u32, Obstacle)| match n {
        0 => obstacle(o, true),
        1 if nodes == Some(1) => format!("the only node {}", obstacle(o, true)),
        1 => format!("1 {}", obstacle(o, true)),
        n => format!("{n} {}", obstacle(o, false)),
    };
    let detail: Vec<_> = obstacles.iter().take(4).map(tell).collect();
    let detail = detail.join(", ");
    match preempted {
        Some(ago) => Words::new(
            "preempted",
            format!("A pod with higher priority preempted one of this app {} ago. {none} can fit its replacement, {pod}: {detail}", short(ago)),
            "Give the app a higher priority class, or ask for another node.",
        ),
        None => Words::new(obstacle_reason(first), format!("{none} can fit {pod}: {detail}"), obstacle_advice(first)),
    }
}

/// What a resource is called.
fn resource_words(resource: &str) -> String {
    match resource {
        "cpu" => "CPU".to_owned(),
        "memory" => "memory".to_owned(),
        "ephemeral-storage" => "disk (ephemeral-storage)".to_owned(),
        r if r.ends_with("/gpu") => format!("GPUs ({})", clip(r, 60)),
        r => clip(r, 60),
    }
}

/// Whether a resource is measured and not counted.
fn is_amount(resource: &str) -> bool {
    matches!(resource, "cpu" | "memory" | "ephemeral-storage") || resource.starts_with("hugepages-")
}

fn obstacle(o: &Obstacle, one: bool) -> String {
    let (has, doesnt, is) = if one { ("has", "doesn't", "is") } else { ("have", "don't", "are") };
    match o {
        Obstacle::TooLittle { resource, asked, never } => {
            let what = resource_words(resource);
            let asked = asked.as_ref().map(|a| clip(a, 40));
            match (asked, never) {
                (Some(asked), true) if is_amount(resource) => format!("{is} too small for the {asked} of {what} it requests"),
                (Some(asked), true) => format!("{has} too few {what} for the {asked} it requests"),
                (None, true) => format!("{has} less {what} than it requests"),
                (Some(asked), false) if is_amount(resource) => format!("{has} too little {what} free for the {asked} it requests"),
                (Some(asked), false) => format!("{has} too few {what} free for the {asked} it requests"),
                (None, false) => format!("{has} too little {what} free"),
            }
        }
        Obstacle::Full => format!("{has} reached the pod limit"),
        Obstacle::Labels(wishes) => match wishes_words(wishes) {
            w if w.is_empty() => format!("{doesnt} match its node selector or affinity"),
            w => format!("{doesnt} match its node selector or affinity ({w})"),
        },
        Obstacle::Taint(None) => format!("{has} a taint it doesn't tolerate"),
        Obstacle::Taint(Some(taint)) => format!("{has} taint {}, which it doesn't tolerate", clip(taint, 80)),
        Obstacle::Unwell(trouble) => node::trouble(*trouble, one),
        Obstacle::NoVolume(None) => format!("{has} no persistent volume for its claim"),
        Obstacle::NoVolume(Some((claim, size, class))) => {
            let class = class.as_ref().map_or_else(|| "no storage class".to_owned(), |c| format!("storage class {}", clip(c, 60)));
            format!("{has} no persistent volume for claim {} ({}, {class})", clip(claim, 80), clip(size, 20))
        }
        Obstacle::NoStorage => format!("{has} too little storage for its claim"),
        Obstacle::VolumeBusy => "can't use its volume: another pod does, and its access mode is ReadWriteOncePod".to_owned(),
        Obstacle::NoNode => "the cluster has no nodes".to_owned(),
        Obstacle::Cordoned => format!("{is} cordoned"),
        Obstacle::VolumeElsewhere => "can't access its volume".to_owned(),
        Obstacle::HostPort => format!("already {} its host port", if one { "uses" } else { "use" }),
        Obstacle::AntiAffinity => format!("{has} a pod its anti-affinity excludes"),
        Obstacle::Affinity => format!("{has} no pod its affinity requires"),
        Obstacle::SpreadLabel => format!("{has} no label with the key that its topology spread uses"),
        Obstacle::NoDevice => format!("{has} no free device for its resource claims"),
        Obstacle::Spread => format!("{has} as many of its pods as its topology spread allows"),
        Obstacle::Volumes => format!("{has} reached the volume limit"),
        Obstacle::Said(said) => format!("{}: {}", if one { "says" } else { "say" }, squeeze(said, 120)),
    }
}

fn obstacle_reason(o: &Obstacle) -> String {
    match o {
        Obstacle::TooLittle { resource, never, .. } => match (resource.as_str(), never) {
            ("cpu", true) => "nodes too small: CPU".into(),
            ("memory", true) => "nodes too small: memory".into(),
            ("cpu", false) => "too little CPU free".into(),
            ("memory", false) => "too little memory free".into(),
            (r, true) if r.ends_with("/gpu") => "no node has these GPUs".into(),
            (r, false) if r.ends_with("/gpu") => "no GPU free".into(),
            (_, true) => "no node has enough".into(),
            (_, false) => "resource exhausted".into(),
        },
        Obstacle::Full => "nodes at pod limit".into(),
        Obstacle::Labels(_) => "no node matches selector".into(),
        Obstacle::Taint(_) => "nodes have taints".into(),
        Obstacle::Unwell(trouble) => node::trouble_reason(*trouble).into(),
        Obstacle::NoVolume(_) => "no volume for claim".into(),
        Obstacle::NoStorage => "storage is full".into(),
        Obstacle::VolumeBusy => "volume is in use".into(),
        Obstacle::NoNode => "cluster has no nodes".into(),
        Obstacle::Cordoned => "nodes are cordoned".into(),
        Obstacle::VolumeElsewhere => "volume on another node".into(),
        Obstacle::HostPort => "host port in use".into(),
        Obstacle::AntiAffinity => "anti-affinity not met".into(),
        Obstacle::Affinity => "affinity not met".into(),
        Obstacle::Spread => "topology spread not met".into(),
        Obstacle::SpreadLabel => "nodes lack spread label".into(),
        Obstacle::NoDevice => "no device free".into(),
        Obstacle::Volumes => "too many volumes".into(),
        Obstacle::Said(_) => "no node fits".into(),
    }
}

fn obstacle_advice(o: &Obstacle) -> String {
    match o {
        Obstacle::TooLittle { resource, never, .. } => {
            let what = if resource == "cpu" { "CPU".to_owned() } else { clip(resource, 60) };
            match (resource.as_str(), never) {
                (r, true) if is_amount(r) => format!("Lower the {what} request, or ask for a larger node."),
                (r, false) if is_amount(r) => format!("Lower the {what} request, or free {what} on a node."),
                (_, true) => format!("Correct the name and amount of {what}, or ask for a node that has it."),
                (_, false) => format!("Lower the request, or free {what} on a node."),
            }
        }
        Obstacle::Full => "Remove pods from a node, or ask for another node.".into(),
        Obstacle::Labels(wishes) => {
            let first = wishes.iter().find(|w| w.operator == LabelOperator::In && !w.values.is_empty());
            first.map_or_else(
                || "Correct the node selector or affinity, or label a node.".into(),
                |w| format!("Correct the node selector or affinity, or label a node {}={}.", clip(&w.key, 60), clip(&w.values[0], 60)),
            )
        }
        Obstacle::Taint(_) => "Add a toleration, or ask for another node.".into(),
        Obstacle::Unwell(_) => "Ask an administrator to check the node.".into(),
        Obstacle::NoVolume(_) => "Create a persistent volume that fits, or use a storage class that provisions volumes.".into(),
        Obstacle::NoStorage => "Request less, or ask an administrator to add storage.".into(),
        Obstacle::VolumeBusy => "Stop the other pod first, or use an access mode that several pods can share.".into(),
        Obstacle::NoNode => "Ask an administrator to add a node.".into(),
        Obstacle::Cordoned => "Wait until an administrator uncordons the node.".into(),
        Obstacle::VolumeElsewhere => "Its volume is tied to another node or zone. Free resources there, or fix what keeps the pod away from it.".into(),
        Obstacle::HostPort => "Remove the host port, or run at most one pod per node.".into(),
        Obstacle::AntiAffinity => "Lower the replicas, or relax the anti-affinity.".into(),
        Obstacle::Affinity => "Correct the pod affinity.".into(),
        Obstacle::Spread => "Relax the topology spread, or ask for more nodes.".into(),
        Obstacle::SpreadLabel => "Correct the topologyKey of the topology spread, or label the nodes.".into(),
        Obstacle::NoDevice => "Request fewer or other devices, or wait until one is free.".into(),
        Obstacle::Volumes => "Ask for another node.".into(),
        Obstacle::Said(_) => "Ask a cluster administrator.".into(),
    }
}

/// `disk=nvme and zone=a or b`; of alternatives each, with `, or` between.
pub(crate) fn wishes_words(wishes: &[Wish]) -> String {
    let (selector, affinity): (Vec<_>, Vec<_>) = wishes.iter().partition(|w| w.alternative == 0);
    let mut alternatives: Vec<u32> = affinity.iter().map(|w| w.alternative).collect();
    alternatives.dedup();
    let words = |all: &[&Wish]| and(&all.iter().map(|w| wish(w)).collect::<Vec<_>>(), 5);
    let each: Vec<_> = alternatives.iter().map(|n| words(&affinity.iter().copied().filter(|w| w.alternative == *n).collect::<Vec<_>>())).collect();
    let more = if each.len() > 3 { format!(" or {} others", each.len() - 3) } else { String::new() };
    let affinity = each.iter().take(3).cloned().collect::<Vec<_>>().join(", or ") + &more;
    let parts = [words(&selector), affinity];
    parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(", and ")
}

fn wish(w: &Wish) -> String {
    let key = clip(&w.key, 60);
    let values: Vec<_> = w.values.iter().take(4).map(|v| clip(v, 60)).collect();
    let more = if w.values.len() > 4 { " or others" } else { "" };
    match &w.operator {
        LabelOperator::In => format!("{key}={}{more}", values.join(" or ")),
        LabelOperator::NotIn => format!("{key} other than {}{more}", values.join(" or ")),
        LabelOperator::Exists => format!("label {key}"),
        LabelOperator::DoesNotExist => format!("no label {key}"),
        LabelOperator::Gt => format!("{key} above {}", values.join("")),
        LabelOperator::Lt => format!("{key} below {}", values.join("")),
        LabelOperator::Other(other) => format!("{key} {} {}", clip(other, 20), values.join(" or ")),
    }
}

/// A pod at which no scheduler looks.
pub(super) fn no_scheduler(who: &Who, scheduler: Option<&str>, waited: i64) -> Words {
    match scheduler {
        Some(name) => Words::new(
            "not scheduled",
            format!("{} has waited {} for scheduler {}, which hasn't picked it up", subject(who), short(waited), clip(name, 80)),
            "Correct schedulerName, or ask an administrator to install that scheduler.",
        ),
        None => Words::new(
            "not scheduled",
            format!("{} has waited {} for the scheduler, which hasn't picked it up", subject(who), short(waited)),
            "Ask an administrator to check the scheduler.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish_of(key: &str, operator: &str, values: &[&str], alternative: u32) -> Wish {
        Wish { key: key.into(), operator: operator.into(), values: values.iter().map(|v| (*v).into()).collect(), alternative }
    }

    #[test]
    fn labels_that_a_node_must_have_are_named() {
        assert_eq!(wishes_words(&[wish_of("disk", "In", &["nvme"], 0)]), "disk=nvme");
        let all =
            [wish_of("disk", "In", &["nvme"], 0), wish_of("zone", "In", &["a", "b"], 1), wish_of("cores", "Gt", &["8"], 1), wish_of("gpu", "Exists", &[], 2)];
        assert_eq!(wishes_words(&all), "disk=nvme, and zone=a or b and cores above 8, or label gpu");
        assert_eq!(wishes_words(&[]), "");
    }
}
