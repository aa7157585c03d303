//! Reason, sentence and advice for each cause. Every argument that comes from the cluster is clipped by itself, so that
//! a long one takes no room from the others.

use super::Words;
use super::text::{and, capital, clip, count, is, squeeze, times};
use crate::cause::{Cause, ContainerKind, Eviction, Moment, Obstacle, ProbeKind, ProbeThen, WebhookWhy, Who};
use crate::facts::{MissingReference, Wish};
use crate::time::short;

/// Says a cause.
#[must_use]
pub fn cause(cause: &Cause) -> Words {
    match cause {
        Cause::DeletionHeld { ago, finalizers, pods } => deletion_held(*ago, finalizers, *pods),
        Cause::DeletionStuck { ago, pods, pod } => deletion_stuck(*ago, *pods, pod.as_deref()),
        Cause::PodStays { who, ago, finalizers, node } => pod_stays(who, *ago, finalizers, node.as_deref()),
        Cause::PostStartHookFailed { who, hook, exit, when } => hook_failed(who, hook.as_deref(), *exit, *when),
        Cause::ProbeAsksOtherPort { who, probe, what, asked, declared, other, then } => {
            let ports = other_ports(declared, other.as_ref());
            other_port(who, *probe, what, asked, &ports, then)
        }
        Cause::Evicted { who, by, times, within, ago } => evicted(who, by, *times, *within, *ago),
        Cause::NoNodeFits { who, nodes, obstacles, preempted } => no_node(who, *nodes, obstacles, *preempted),
        Cause::NoScheduler { who, scheduler, waited } => no_scheduler(who, scheduler.as_deref(), *waited),
        Cause::RegistryUnknown { who, image, host, node } => registry_unknown(who, image, host.as_deref(), node.as_deref()),
        Cause::OldTemplateStays { who } => Words::new(
            "old template stays",
            format!("{} is still of an older template, and a stateful set does not replace a pod that is not ready", subject(who)),
            format!("Delete {} to bring the newest template to it.", object(who)),
        ),
        Cause::RollbackWouldNotHelp { revision } => {
            Words::new("two revisions fail", format!("Pods of revision {revision} fail as well, so rolling back to it would not help"), "")
        }
        Cause::SubPathMissing { who, path, volume, sub_path } => {
            let (path, volume) = (clip(path, 120), clip(volume, 80));
            let what = sub_path.as_ref().map_or_else(|| "what is asked for".to_owned(), |s| clip(s, 120));
            Words::new(
                "mounted key is missing",
                format!("{} cannot start: volume {volume} has no {what}, so an empty directory is mounted at {path}, where the image has a file", subject(who)),
                format!("Add {what} to what volume {volume} names, or correct the subPath."),
            )
        }
        Cause::WebhookDown { webhook, service, why } => webhook_down(webhook, service.as_deref(), why),
        Cause::NoPodMade { waited } => {
            Words::new("no pod was made", format!("A pod has been wanted for {}, and none was made", short(*waited)), "Look at its events.")
        }
        Cause::JobDeadline { limit_s, ago, failing } => job_deadline(*limit_s, *ago, *failing),
        Cause::FailedIndexes { indexes, failed, succeeded, of, ago } => failed_indexes(indexes, *failed, *succeeded, *of, *ago),
        Cause::PodFailurePolicy { said, ago } => {
            Words::new("pod failure policy", format!("Its pod failure policy ended it{}: {}", since(*ago), squeeze(said, 240)), "")
        }
        Cause::RunBlocksSchedule { run, active, skipped, schedule } => Words::new(
            "run blocks schedule",
            format!(
                "Run {} has been active for {} and holds back the schedule {} (concurrencyPolicy Forbid): {} skipped so far",
                clip(run, 80),
                short(*active),
                clip(schedule, 60),
                if *skipped == 1 { "1 run was".to_owned() } else { format!("{skipped} runs were") }
            ),
            "Read its log for what it waits for; activeDeadlineSeconds in its job would end a run that hangs.",
        ),
        Cause::ScheduleUnreadable { schedule, said } => Words::new(
            "schedule not readable",
            format!("The cluster cannot read its schedule {}, so no run starts: {}", clip(schedule, 60), squeeze(said, 200)),
            "Correct the schedule or its time zone.",
        ),
        Cause::ReferencesMissing { who, missing } => references_missing(who, missing),
    }
}

/// `Container main of pod p8w6d`, `Pod p8w6d`.
pub(crate) fn subject(who: &Who) -> String {
    capital(&object(who))
}

/// `container main of pod p8w6d`, `pod p8w6d`.
pub(crate) fn object(who: &Who) -> String {
    match who {
        Who::Pod(name) => format!("pod {}", clip(name, 80)),
        Who::Container { kind, name, pod } => {
            let pod = pod.as_ref().map_or_else(String::new, |p| format!(" of pod {}", clip(p, 80)));
            format!("{} {}{pod}", container(*kind), clip(name, 80))
        }
    }
}

/// What a container of that kind is called.
pub(crate) const fn container(kind: ContainerKind) -> &'static str {
    match kind {
        ContainerKind::Main => "container",
        ContainerKind::Init => "init container",
        ContainerKind::Sidecar => "sidecar",
    }
}

/// ` after 12 min, 4 min ago`, as far as it is known.
pub(crate) fn moment(when: Moment) -> String {
    let lasted = when.lasted.map_or_else(String::new, |ms| if ms < 1000 { " within a second".into() } else { format!(" after {}", short(ms)) });
    match when.ago {
        Some(ms) if lasted.is_empty() => format!(" {} ago", short(ms)),
        Some(ms) => format!("{lasted}, {} ago", short(ms)),
        None => lasted,
    }
}

/// ` 4 min ago`, where it is known.
fn since(ago: Option<i64>) -> String {
    ago.map_or_else(String::new, |ms| format!(" {} ago", short(ms)))
}

const fn probe_kind(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Liveness => "liveness",
        ProbeKind::Readiness => "readiness",
        ProbeKind::Startup => "startup",
    }
}

/// `finalizer example.org/keep`, `finalizers a and b`.
pub(crate) fn finalizer_words(all: &[String]) -> String {
    let names: Vec<_> = all.iter().map(|f| clip(f, 80)).collect();
    format!("{} {}", if names.len() == 1 { "finalizer" } else { "finalizers" }, and(&names, 4))
}

/// What is said of something that was deleted and that somebody else's finalizers hold; `None` where none does.
#[must_use]
pub fn still_held(finalizers: &[String]) -> Option<String> {
    let held = crate::cause::foreign(finalizers);
    let (verb, that, them) = if held.len() == 1 { ("holds", "that", "it") } else { ("hold", "them", "them") };
    (!held.is_empty())
        .then(|| format!("It is still there, because {} {verb} it; it goes once the controller behind {that} takes {them} off.", finalizer_words(&held)))
}

fn still(pods: u32) -> String {
    match pods {
        0 => String::new(),
        1 => " Its pod is still there.".into(),
        n => format!(" Its {n} pods are still there."),
    }
}

fn deletion_held(ago: i64, finalizers: &[String], pods: u32) -> Words {
    let (verb, them) = if finalizers.len() == 1 { ("holds", "takes it off") } else { ("hold", "takes them off") };
    Words::new(
        "deletion is held",
        format!("It was deleted {} ago, but {} {verb} it, so it is still there.{}", short(ago), finalizer_words(finalizers), still(pods)),
        format!("It goes once the controller behind {} {them}.", if finalizers.len() == 1 { "that finalizer" } else { "these finalizers" }),
    )
}

fn deletion_stuck(ago: i64, pods: u32, pod: Option<&Cause>) -> Words {
    let said = pod.map(cause);
    let why = said.as_ref().map_or_else(String::new, |w| format!(" {}", w.sentence));
    let there = match pods {
        0 => "it is still there".to_owned(),
        n => format!("{} {} still there", count(n, "pod"), is(n)),
    };
    let advice = said.map_or_else(|| "Look at the events of what is left.".to_owned(), |w| w.advice);
    Words::new("deletion takes long", format!("It was deleted {} ago, and {there}.{why}", short(ago)), advice)
}

fn pod_stays(who: &Who, ago: i64, finalizers: &[String], node: Option<&str>) -> Words {
    if finalizers.is_empty() {
        let node = node.map_or_else(|| "its node".to_owned(), |n| format!("node {}", clip(n, 80)));
        return Words::new(
            "pod does not end",
            format!("{} was asked to end {} ago and is still there", subject(who), short(ago)),
            format!("Look whether {node} answers."),
        );
    }
    let (verb, them) = if finalizers.len() == 1 { ("holds", "it") } else { ("hold", "them") };
    Words::new(
        "finalizer holds pod",
        format!("{} was asked to end {} ago, but {} {verb} it", subject(who), short(ago), finalizer_words(finalizers)),
        format!("It goes once the controller behind {them} takes {them} off."),
    )
}

fn hook_failed(who: &Who, hook: Option<&str>, exit: Option<i32>, when: Moment) -> Words {
    let hook = hook.map_or_else(String::new, |h| format!(" ({})", clip(h, 80)));
    let how = exit.map_or_else(|| "failed".to_owned(), |code| format!("ended with exit code {code}"));
    Words::new(
        "postStart hook fails",
        format!("{} was killed{}, because its postStart hook{hook} {how}", subject(who), moment(when)),
        "Correct the hook, or remove it: a container whose postStart hook fails is killed and started again.",
    )
}

/// `the container declares port 80, and its readiness probe asks 9090`.
fn other_ports(declared: &[u16], other: Option<&(ProbeKind, String)>) -> String {
    let ports: Vec<_> = declared.iter().map(u16::to_string).collect();
    let declares = (!ports.is_empty()).then(|| format!("the container declares {} {}", if ports.len() == 1 { "port" } else { "ports" }, and(&ports, 4)));
    let asks = other.map(|(kind, port)| format!("its {} probe asks {}", probe_kind(*kind), clip(port, 40)));
    declares.into_iter().chain(asks).collect::<Vec<_>>().join(", and ")
}

fn other_port(who: &Who, probe: ProbeKind, what: &str, asked: &str, ports: &str, then: &ProbeThen) -> Words {
    let (kind, what, asked) = (probe_kind(probe), clip(what, 80), clip(asked, 40));
    let sentence = match then {
        ProbeThen::Killed(when) => {
            format!("{} was killed{}, because its {kind} probe {what} is refused: nothing listens on port {asked}; {ports}", subject(who), moment(*when))
        }
        ProbeThen::NotReady { times: n, within } => {
            let often = if *n > 1 { format!(", {} in {}", times(*n), short((*within).max(1000))) } else { String::new() };
            format!("{} runs but is not ready: its {kind} probe {what} is refused{often}: nothing listens on port {asked}; {ports}", subject(who))
        }
    };
    Words::new(format!("{kind}: wrong port"), sentence, format!("Let the {kind} probe ask the port on which the app listens."))
}

fn evicted(who: &Who, by: &Eviction, n: u32, within: i64, ago: Option<i64>) -> Words {
    let (why, advice) = match by {
        Eviction::EmptyDir { volume, limit } => (
            format!("its emptyDir volume {} grew above its sizeLimit of {}", clip(volume, 80), clip(limit, 20)),
            format!("Raise the sizeLimit of volume {}, or write less to it.", clip(volume, 80)),
        ),
        Eviction::ContainerDisk { container, limit } => (
            format!("container {} wrote more to disk than its ephemeral-storage limit of {}", clip(container, 80), clip(limit, 20)),
            "Raise that limit, or write less to disk.".to_owned(),
        ),
        Eviction::PodDisk { limit } => (
            format!("its containers wrote more to disk than their ephemeral-storage limits of {} together", clip(limit, 20)),
            "Raise these limits, or write less to disk.".to_owned(),
        ),
        Eviction::Node { resource, most } => {
            let resource = clip(resource, 60);
            let used = most.as_ref().map_or_else(String::new, |(c, used, asked)| {
                format!(", and container {} used {} with {} requested", clip(c, 80), clip(used, 20), clip(asked, 20))
            });
            (
                format!("its node ran low on {resource}{used}"),
                format!("Give its containers {resource} requests that fit what they use, or free {resource} on the node."),
            )
        }
        Eviction::Asked => ("somebody asked for it, such as by draining its node".to_owned(), String::new()),
        Eviction::Other { said } if said.is_empty() => ("the kubelet does not say why".to_owned(), "Look at the events of its node.".to_owned()),
        Eviction::Other { said } => (squeeze(said, 240), "Look at the events of its node.".to_owned()),
    };
    if n < 2 {
        return Words::new("pod evicted", format!("{} was evicted{}: {why}", subject(who), since(ago)), advice);
    }
    let last = ago.map_or_else(String::new, |ms| format!(", the last one {} ago", short(ms)));
    Words::new(count(n, "eviction"), format!("{n} pods were evicted in {}{last}: {why}", short(within.max(1000))), advice)
}

fn no_node(who: &Who, nodes: Option<u32>, obstacles: &[(u32, Obstacle)], preempted: Option<i64>) -> Words {
    let subject = subject(who);
    let Some((_, first)) = obstacles.first() else {
        return Words::new("no node fits", format!("{subject} finds no node"), "Ask an administrator of the cluster.");
    };
    let of = nodes.filter(|n| *n > 1).map_or_else(String::new, |n| format!(" among {}", count(n, "node")));
    let tell = |(n, o): &(u32, Obstacle)| match n {
        0 => obstacle(o, true),
        1 if nodes == Some(1) => format!("the only node {}", obstacle(o, true)),
        1 => format!("1 {}", obstacle(o, true)),
        n => format!("{n} {}", obstacle(o, false)),
    };
    let detail: Vec<_> = obstacles.iter().take(4).map(tell).collect();
    let place = format!("finds no place{of}: {}", detail.join(", "));
    match preempted {
        Some(ago) => Words::new(
            "preempted",
            format!("A pod of the app had to make room {} ago for one of higher priority (Preempted). {subject} in its place {place}", short(ago)),
            "Give the app a priority class as high, or ask for another node.",
        ),
        None => Words::new(obstacle_reason(first), format!("{subject} {place}"), obstacle_advice(first)),
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

fn obstacle(o: &Obstacle, one: bool) -> String {
    let (has, does, is) = if one { ("has", "does", "is") } else { ("have", "do", "are") };
    match o {
        Obstacle::TooLittle { resource, asked, never } => {
            let what = resource_words(resource);
            let asked = asked.as_ref().map(|a| clip(a, 40));
            match (asked, never) {
                (Some(asked), true) if matches!(resource.as_str(), "cpu" | "memory") => format!("{is} too small for the {asked} of {what} that it requests"),
                (Some(asked), true) => format!("{has} no or too few {what} for the {asked} that it requests"),
                (None, true) => format!("{has} less {what} than it requests"),
                (Some(asked), false) if matches!(resource.as_str(), "cpu" | "memory") => format!("{has} too little {what} free for the {asked} it requests"),
                (Some(asked), false) => format!("{has} too few {what} free for the {asked} it requests"),
                (None, false) => format!("{has} too little {what} free"),
            }
        }
        Obstacle::Full => format!("{has} as many pods as allowed"),
        Obstacle::Labels(wishes) => match wishes_words(wishes) {
            w if w.is_empty() => format!("{does} not match its node selector or affinity"),
            w => format!("{does} not fit its node selector or affinity, which asks for {w}"),
        },
        Obstacle::Taint(None) => format!("{has} a taint that it does not tolerate"),
        Obstacle::Taint(Some(taint)) => format!("{has} taint {} that it does not tolerate", clip(taint, 80)),
        Obstacle::Cordoned => format!("{} closed for new pods (cordoned)", if one { "is" } else { "are" }),
        Obstacle::VolumeElsewhere => format!("{has} no access to its volume"),
        Obstacle::HostPort => format!("{has} its host port in use"),
        Obstacle::AntiAffinity => format!("{has} a pod that its anti-affinity keeps away from"),
        Obstacle::Affinity => format!("{has} no pod that its affinity wants near"),
        Obstacle::Spread => format!("{has} as many of its pods as its spread rule allows"),
        Obstacle::Volumes => format!("{has} as many volumes as allowed"),
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
            (r, true) if r.ends_with("/gpu") => "no node has such GPUs".into(),
            (r, false) if r.ends_with("/gpu") => "no GPU free".into(),
            (_, true) => "no node has enough".into(),
            (_, false) => "too little resource free".into(),
        },
        Obstacle::Full => "nodes are full of pods".into(),
        Obstacle::Labels(_) => "no node fits selector".into(),
        Obstacle::Taint(_) => "nodes have taints".into(),
        Obstacle::Cordoned => "nodes are closed".into(),
        Obstacle::VolumeElsewhere => "volume on another node".into(),
        Obstacle::HostPort => "host port is taken".into(),
        Obstacle::AntiAffinity => "kept apart by rule".into(),
        Obstacle::Affinity => "no pod to be near".into(),
        Obstacle::Spread => "spread rule not met".into(),
        Obstacle::Volumes => "too many volumes".into(),
        Obstacle::Said(_) => "no node fits".into(),
    }
}

fn obstacle_advice(o: &Obstacle) -> String {
    match o {
        Obstacle::TooLittle { resource, never, .. } => {
            let what = if resource == "cpu" { "CPU".to_owned() } else { clip(resource, 60) };
            match (resource.as_str(), never) {
                ("cpu" | "memory", true) => format!("Lower the {what} request, or ask for a larger node."),
                ("cpu" | "memory", false) => format!("Lower the {what} request, or free {what} on a node."),
                (_, true) => format!("Correct the name and number of {what}, or ask for a node that has it."),
                (_, false) => format!("Lower the request, or free {what} on a node."),
            }
        }
        Obstacle::Full => "Free pods on a node, or ask for another node.".into(),
        Obstacle::Labels(wishes) => {
            let first = wishes.iter().find(|w| w.operator == "In" && !w.values.is_empty());
            first.map_or_else(
                || "Correct the node selector or affinity, or have a node labelled so.".into(),
                |w| format!("Correct the node selector or affinity, or have a node labelled {}={}.", clip(&w.key, 60), clip(&w.values[0], 60)),
            )
        }
        Obstacle::Taint(_) => "Add a toleration if it belongs there, or ask for another node.".into(),
        Obstacle::Cordoned => "Wait until an administrator opens the node again.".into(),
        Obstacle::VolumeElsewhere => "Free room on the node that has the volume.".into(),
        Obstacle::HostPort => "Use no host port, or run fewer pods than nodes.".into(),
        Obstacle::AntiAffinity => "Lower the replicas, or soften the anti-affinity.".into(),
        Obstacle::Affinity => "Correct the pod affinity.".into(),
        Obstacle::Spread => "Soften the topology spread, or ask for more nodes.".into(),
        Obstacle::Volumes => "Ask for another node.".into(),
        Obstacle::Said(_) => "Ask an administrator of the cluster.".into(),
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
    match w.operator.as_str() {
        "In" => format!("{key}={}{more}", values.join(" or ")),
        "NotIn" => format!("{key} other than {}{more}", values.join(" or ")),
        "Exists" => format!("a label {key}"),
        "DoesNotExist" => format!("no label {key}"),
        "Gt" => format!("{key} above {}", values.join("")),
        "Lt" => format!("{key} below {}", values.join("")),
        other => format!("{key} {} {}", clip(other, 20), values.join(" or ")),
    }
}

fn no_scheduler(who: &Who, scheduler: Option<&str>, waited: i64) -> Words {
    match scheduler {
        Some(name) => Words::new(
            "no scheduler took it",
            format!("{} has waited {} for a scheduler of the name {}, which has not looked at it", subject(who), short(waited), clip(name, 80)),
            "Correct schedulerName, or ask an administrator for that scheduler.",
        ),
        None => Words::new(
            "no scheduler took it",
            format!("{} has waited {} for the scheduler, which has not looked at it", subject(who), short(waited)),
            "Have an administrator look at the scheduler.",
        ),
    }
}

fn registry_unknown(who: &Who, image: &str, host: Option<&str>, node: Option<&str>) -> Words {
    let (image, subject) = (crate::told_image(image), subject(who));
    let (image, on) = (clip(&image, 200), node.map_or_else(|| "its node".to_owned(), |n| format!("node {}", clip(n, 80))));
    match host {
        Some(host) => {
            let host = clip(host, 100);
            Words::new(
                "registry host unknown",
                format!("{subject} has no image: the registry's host name {host} of {image} cannot be resolved on {on}"),
                "Correct the host in the image name, or the node's DNS.",
            )
        }
        None => Words::new(
            "Docker Hub unreachable",
            format!("{subject} has no image: {image} names no registry, which means Docker Hub (docker.io), and its host name cannot be resolved on {on}"),
            "Write your registry's host in front of the image name, or have an administrator let the nodes reach Docker Hub.",
        ),
    }
}

fn webhook_down(webhook: &str, service: Option<&str>, why: &WebhookWhy) -> Words {
    let webhook = clip(webhook, 100);
    let at = service.map_or_else(|| "it".to_owned(), |s| format!("its service {}", clip(s, 120)));
    let why = match why {
        WebhookWhy::NoService => format!("{at} does not exist"),
        WebhookWhy::NoEndpoints => format!("{at} has no ready pod"),
        WebhookWhy::Refused => format!("{at} refuses the connection"),
        WebhookWhy::TimedOut => format!("{at} does not answer in time"),
        WebhookWhy::Certificate(said) => format!("the certificate of {at} is not trusted ({})", squeeze(said, 120)),
        WebhookWhy::Other(said) => format!("the call of {at} fails ({})", squeeze(said, 200)),
    };
    Words::new(
        "admission check is down",
        format!("The cluster makes no pods, because it must first ask webhook {webhook}, and {why}"),
        "Ask whoever runs that webhook to bring it back or to remove it.",
    )
}

fn job_deadline(limit_s: Option<i64>, ago: Option<i64>, failing: bool) -> Words {
    let limit = limit_s.map_or_else(String::new, |s| format!(" of {s} s"));
    let when = since(ago);
    if failing {
        return Words::new(
            "failed until deadline",
            format!("It failed until it was stopped{when} at its deadline{limit} (DeadlineExceeded)"),
            "More time would not have helped.",
        );
    }
    Words::new(
        "deadline exceeded",
        format!("It was stopped{when}, because it was active longer than its deadline{limit} (DeadlineExceeded)"),
        "Raise activeDeadlineSeconds, or make it faster.",
    )
}

fn failed_indexes(indexes: &str, failed: u32, succeeded: u32, of: u32, ago: Option<i64>) -> Words {
    let (which, verb) = if failed == 1 { ("index", "fails") } else { ("indexes", "fail") };
    let shown = squeeze(&indexes.replace(',', ", "), 120);
    Words::new(
        if failed == 1 { format!("index {} failed", clip(indexes, 12)) } else { format!("{failed} of {of} indexes failed") },
        format!("It failed{}, because {which} {shown} {verb} for good: {failed} of {of} failed, {succeeded} succeeded", since(ago)),
        "",
    )
}

fn references_missing(who: &Who, missing: &[MissingReference]) -> Words {
    let what = |m: &MissingReference| if m.secret { "secret" } else { "config map" };
    let one = |m: &MissingReference| {
        let (kind, name) = (what(m), clip(&m.name, 80));
        let how = if m.how.is_empty() { String::new() } else { format!(" ({})", clip(&m.how, 80)) };
        match &m.key {
            Some(key) => format!("{kind} {name} has no key {}{how}", clip(key, 80)),
            None => format!("{kind} {name} does not exist{how}"),
        }
    };
    let all: Vec<_> = missing.iter().map(one).collect();
    let n = u32::try_from(missing.len()).unwrap_or(u32::MAX);
    let objects: std::collections::BTreeSet<_> = missing.iter().map(|m| (m.secret, &m.name)).collect();
    let names: Vec<_> = objects.iter().map(|(secret, name)| format!("{} {}", if *secret { "secret" } else { "config map" }, clip(name, 80))).collect();
    Words::new(
        format!("{n} references missing"),
        format!("{} waits for {n} things that are missing: {}", subject(who), and(&all, 6).replace(" and secret ", ", and secret ")),
        format!("Create or complete {}.", and(&names, 4)),
    )
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
        assert_eq!(wishes_words(&all), "disk=nvme, and zone=a or b and cores above 8, or a label gpu");
        assert_eq!(wishes_words(&[]), "");
    }

    #[test]
    fn a_long_argument_takes_no_room_from_the_others() {
        let why = WebhookWhy::NoService;
        let words = cause(&Cause::WebhookDown { webhook: "w".repeat(500), service: Some("policy.security".into()), why });
        assert!(words.sentence.ends_with("and its service policy.security does not exist."), "{}", words.sentence);
        assert!(words.reason.chars().count() <= 24);
    }

    #[test]
    fn one_finalizer_and_several_read_well() {
        let say = |f: &[&str]| cause(&Cause::DeletionHeld { ago: 60_000, finalizers: f.iter().map(|f| (*f).to_owned()).collect(), pods: 2 });
        let one = say(&["example.org/keep"]);
        assert_eq!(one.sentence, "It was deleted 60 s ago, but finalizer example.org/keep holds it, so it is still there. Its 2 pods are still there.");
        assert_eq!(one.advice, "It goes once the controller behind that finalizer takes it off.");
        assert!(say(&["a", "b"]).sentence.contains("but finalizers a and b hold it"));
    }
}
