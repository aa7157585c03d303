//! Reason, sentence and advice for each cause. Every argument that comes from the cluster is clipped by itself, so that
//! a long one takes no room from the others.

mod admission;
mod claim;
mod end;
mod image;
mod job;
mod mount;
mod node;
mod probe;
mod reference;
mod scheduling;
mod start;
mod workload;

use super::Words;
use super::text::{and, capital, clip};
use crate::UnixMs;
use crate::cause::{Cause, ContainerKind, Moment, Who};
use crate::time::short;
pub(crate) use end::end_more;
pub(crate) use probe::{probe_kind, probe_said, probe_words};
pub(crate) use workload::mismatched;

/// Says a cause, as it is read at this moment.
#[must_use]
pub fn cause(cause: &Cause, now: UnixMs) -> Words {
    let ago = |at: &UnixMs| now.since(*at);
    let since = |at: &Option<UnixMs>| at.map(|at| now.since(at));
    match cause {
        Cause::Workload(trouble) => workload::words(trouble, now),
        Cause::Job(trouble) => job::words(trouble, now),
        Cause::Refused { namespace, why } => admission::refused(why, namespace),
        Cause::DeletionHeld { at, finalizers, pods } => deletion_held(ago(at), finalizers, *pods),
        Cause::DeletionStuck { at, pods, pod } => deletion_stuck(*at, *pods, pod.as_deref(), now),
        Cause::PodStays { who, asked, finalizers, node } => pod_stays(who, ago(asked), finalizers, node.as_deref()),
        Cause::KillFails { who, asked, said } => node::kill_fails(who, ago(asked), said),
        Cause::PostStartHookFailed { who, hook, exit, when } => hook_failed(who, hook.as_deref(), *exit, &moment(*when, now)),
        Cause::ProbeFails { who, probe, what, stage, said, times, within, last } => {
            probe::fails(who, (*probe, what), *stage, said, &probe::Often { times: *times, within: *within, ago: ago(last) })
        }
        Cause::ProbeAsksOtherPort { who, probe, what, asked, declared, other, then } => {
            let ports = probe::other_ports(declared, other.as_ref());
            probe::other_port(who, *probe, what, asked, &ports, then, now)
        }
        Cause::Ended { who, how, when } => end::ended(who, how, &moment(*when, now)),
        Cause::PodEnded { who, how, at } => end::pod_ended(who, how, since(at)),
        Cause::PodStarts { who, stage } => start::stage(who, stage, now),
        Cause::NotReady { who, since: at, probe, patient } => probe::not_ready(who, since(at).unwrap_or(0), probe.as_ref(), *patient),
        Cause::ContainerWaits { who, reason, said } => start::waits(who, reason, said),
        Cause::NodeSilent { who, node, since: at } => node::silent(who, node.as_deref(), since(at)),
        Cause::ReferenceMissing { who, missing, needs } => reference::one(who, missing, needs.as_deref()),
        Cause::VolumeKeyMissing { who, volume, key } => reference::of_volume(who, volume.as_deref(), key),
        Cause::ClaimAwaited { who, since: at } => claim::awaited(who, ago(at)),
        Cause::Evicted { who, by, times, within, last } => end::evicted(who, by, *times, *within, since(last)),
        Cause::NoNodeFits { who, nodes, obstacles, preempted } => scheduling::no_node(who, *nodes, obstacles, since(preempted)),
        Cause::NoScheduler { who, scheduler, since: at } => scheduling::no_scheduler(who, scheduler.as_deref(), ago(at)),
        Cause::RegistryUnknown { who, image, host, node } => registry_unknown(who, image, host.as_deref(), node.as_deref()),
        Cause::ImageNotPulled { who, image, host, node, kind, why } => {
            image::not_pulled(who, &image::Asked { image, host: host.as_deref(), node: node.as_deref() }, *kind, why)
        }
        Cause::InitRuns { who, since: at, line } => init_runs(who, since(at).unwrap_or(0), line.as_deref()),
        Cause::SubPathMissing { who, path, volume, sub_path } => {
            let (path, volume) = (clip(path, 120), clip(volume, 80));
            let what = sub_path.as_ref().map_or_else(|| "the requested key".to_owned(), |s| clip(s, 120));
            Words::new(
                "mounted key is missing",
                format!(
                    "{} can't start: volume {volume} doesn't have {what}, so an empty directory is mounted at {path}, where the image has a file",
                    subject(who)
                ),
                format!("Add {what} to the source of volume {volume}, or correct the subPath."),
            )
        }
        Cause::CannotStart { who, why } => start::cannot(who, why),
        Cause::ReferencesMissing { who, missing } => reference::several(who, missing),
        Cause::ImageHidden { who, image, host, secret, kind } => image::hidden(who, image, host.as_deref(), secret, *kind),
        Cause::NodeRefused { who, why, said, at } => node::refused(who, *why, said, since(at)),
        Cause::NodeGone { who, node, at } => node::gone(who, node.as_deref(), since(at)),
        Cause::ContainerLost { who, when } => node::lost(who, &moment(*when, now)),
        Cause::SandboxFails { who, why } => node::sandbox(who, why),
        Cause::ClaimUnusable { who, claim, why } => claim::unusable(who, claim, why, now),
        Cause::MountFails { who, volume, why } => mount::fails(who, volume.as_deref(), why, now),
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
pub(crate) fn moment(when: Moment, now: UnixMs) -> String {
    let lasted = when.lasted.map_or_else(String::new, |ms| if ms < 1000 { " within a second".into() } else { format!(" after {}", short(ms)) });
    match when.at.map(|at| now.since(at)) {
        Some(ms) if lasted.is_empty() => format!(" {} ago", short(ms)),
        Some(ms) => format!("{lasted}, {} ago", short(ms)),
        None => lasted,
    }
}

/// ` 4 min ago`, where it is known.
fn since(ago: Option<i64>) -> String {
    ago.map_or_else(String::new, |ms| format!(" {} ago", short(ms)))
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
    let (verb, that, them) = if held.len() == 1 { ("blocks", "it", "it") } else { ("block", "them", "them") };
    (!held.is_empty()).then(|| format!("It still exists: {} {verb} its deletion until the controller behind {that} removes {them}.", finalizer_words(&held)))
}

fn still(pods: u32) -> String {
    match pods {
        0 => String::new(),
        1 => " Its pod still exists.".into(),
        n => format!(" Its {n} pods still exist."),
    }
}

fn deletion_held(ago: i64, finalizers: &[String], pods: u32) -> Words {
    let (verb, behind) = if finalizers.len() == 1 { ("blocks", ("that finalizer", "it")) } else { ("block", ("these finalizers", "them")) };
    Words::new(
        "deletion is blocked",
        format!("Deleted {} ago, but {} {verb} the deletion.{}", short(ago), finalizer_words(finalizers), still(pods)),
        format!("The controller behind {} has to remove {}.", behind.0, behind.1),
    )
}

fn deletion_stuck(at: UnixMs, pods: u32, pod: Option<&Cause>, now: UnixMs) -> Words {
    let said = pod.map(|pod| cause(pod, now));
    let why = said.as_ref().map_or_else(String::new, |w| format!(" {}", w.sentence));
    let there = match pods {
        0 => "it still exists".to_owned(),
        1 => "1 pod still exists".to_owned(),
        n => format!("{n} pods still exist"),
    };
    let advice = said.map_or_else(|| "Check the events of what is left.".to_owned(), |w| w.advice);
    Words::new("deletion is stuck", format!("Deleted {} ago, but {there}.{why}", short(now.since(at))), advice)
}

fn pod_stays(who: &Who, ago: i64, finalizers: &[String], node: Option<&str>) -> Words {
    if finalizers.is_empty() {
        let node = node.map_or_else(|| "its node".to_owned(), |n| format!("node {}", clip(n, 80)));
        return Words::new(
            "pod won't terminate",
            format!("{} was told to terminate {} ago but still exists", subject(who), short(ago)),
            format!("Check whether {node} is responding."),
        );
    }
    let (verb, them) = if finalizers.len() == 1 { ("blocks", "it") } else { ("block", "them") };
    Words::new(
        "finalizer blocks pod",
        format!("{} was told to terminate {} ago, but {} {verb} its deletion", subject(who), short(ago), finalizer_words(finalizers)),
        format!("The controller behind {them} has to remove {them}."),
    )
}

fn hook_failed(who: &Who, hook: Option<&str>, exit: Option<i32>, when: &str) -> Words {
    let hook = hook.map_or_else(String::new, |h| format!(" ({})", clip(h, 80)));
    let how = exit.map_or_else(|| "failed".to_owned(), |code| format!("exited with code {code}"));
    Words::new(
        "postStart hook fails",
        format!("{} was killed{when} because its postStart hook{hook} {how}", subject(who)),
        "Fix or remove the hook: Kubernetes kills and restarts a container whose postStart hook fails.",
    )
}

fn init_runs(who: &Who, running: i64, line: Option<&str>) -> Words {
    let said = line.map_or_else(String::new, |line| format!(". Its log ends with \u{201c}{}\u{201d}", clip(line, 240)));
    let remedy = line.map(super::hint::remedy).filter(|r| !r.is_empty());
    Words::new(
        "init container running",
        format!("{} has been running for {}; the other containers start after it finishes{said}", subject(who), short(running)),
        remedy.unwrap_or_else(|| "Check its log to see what it's waiting for.".to_owned()),
    )
}

fn registry_unknown(who: &Who, image: &str, host: Option<&str>, node: Option<&str>) -> Words {
    let (image, of) = (crate::told_image(image), object(who));
    let (image, on) = (clip(&image, 200), node.map_or_else(|| "its node".to_owned(), |n| format!("node {}", clip(n, 80))));
    match host {
        Some(host) => {
            let host = clip(host, 100);
            Words::new(
                "registry host unknown",
                format!("Can't pull the image of {of}: {on} can't resolve registry host {host} of {image}"),
                "Correct the host in the image name, or the node's DNS.",
            )
        }
        None => Words::new(
            "Docker Hub unreachable",
            format!("Can't pull the image of {of}: {image} names no registry, which means Docker Hub (docker.io), and {on} can't resolve that host"),
            "Put your registry's host in front of the image name, or ask an administrator to let the nodes reach Docker Hub.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::{Refusal, WebhookWhy};

    #[test]
    fn a_long_argument_takes_no_room_from_the_others() {
        let why = WebhookWhy::NoService;
        let why = Refusal::WebhookDown { webhook: "w".repeat(500), service: Some("policy.security".into()), why };
        let words = cause(&Cause::Refused { namespace: "web".into(), why }, UnixMs(0));
        assert!(words.sentence.ends_with("and its service policy.security doesn't exist."), "{}", words.sentence);
        assert!(words.reason.chars().count() <= 24);
    }

    #[test]
    fn one_finalizer_and_several_read_well() {
        let say = |f: &[&str]| cause(&Cause::DeletionHeld { at: UnixMs(0), finalizers: f.iter().map(|f| (*f).to_owned()).collect(), pods: 2 }, UnixMs(60_000));
        let one = say(&["example.org/keep"]);
        assert_eq!(one.sentence, "Deleted 60 s ago, but finalizer example.org/keep blocks the deletion. Its 2 pods still exist.");
        assert_eq!(one.advice, "The controller behind that finalizer has to remove it.");
        assert!(say(&["a", "b"]).sentence.contains("but finalizers a and b block the deletion"));
    }
}
