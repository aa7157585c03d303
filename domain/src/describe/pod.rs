//! What is wrong with one pod.

use super::text::{ago, capital, clip, count, pod_words, squeeze, who_pod};
use super::trouble::{Tone, Trouble, done, event_link, events_of, events_of_container, not_since};
use super::{config, deletion, evicted, exit, image, place, probe, said};
use crate::UnixMs;
use crate::cause::{Cause, Moment};
use crate::facts::{AppFacts, Container, ContainerState, Ended, Pod};
use crate::status::{Status, Word};
use crate::time::short;

/// Restarts in this time are a warning sign.
pub(crate) const RECENT: i64 = 10 * 60_000;
/// A pull that takes longer than this is a trouble: the largest images take some minutes.
const SLOW_PULL: i64 = 30 * 60_000;

/// What keeps a pod from being ready, and for good; `None` where nothing does, where it ended well, and where it is ending.
pub(crate) fn trouble(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    if pod.deleting.is_some() || pod.phase == "Succeeded" {
        return None;
    }
    if pod.phase == "Failed" {
        return Some(failed(pod, facts, now));
    }
    if let Some(lost) = lost(pod, facts, now) {
        return Some(lost);
    }
    if pod.ready() {
        return looping(pod, now).map(|(c, e)| exit::trouble(c, e, pod, facts, now));
    }
    if let Some(trouble) = place::trouble(pod, facts, now) {
        return Some(trouble);
    }
    let mut heaviest: Option<Trouble> = None;
    for c in &pod.containers {
        let found = container(c, pod, facts, now);
        let waits = found.is_some() && (c.init || (c.sidecar && !c.started));
        if let Some(found) = found
            && heaviest.as_ref().is_none_or(|h| found.tone > h.tone)
        {
            heaviest = Some(found);
        }
        // The others are not started before an init container is through and a sidecar has started.
        if waits {
            break;
        }
    }
    let creating = pod
        .containers
        .iter()
        .any(|c| matches!(&c.state, ContainerState::Waiting { reason, .. } if matches!(reason.as_str(), "ContainerCreating" | "PodInitializing" | "")));
    if creating
        && heaviest.as_ref().is_none_or(|h| h.tone == Tone::Wait)
        && let Some(mount) = config::mount(pod, facts, now)
    {
        return Some(mount);
    }
    heaviest.or_else(|| Some(starting(pod, facts, now)))
}

fn container(c: &Container, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    match &c.state {
        ContainerState::Waiting { reason, message } => match reason.as_str() {
            r if image::is_about_image(r) => Some(image::trouble(r, message, c, pod, facts)),
            "CreateContainerConfigError" | "CreateContainerError" if !message.contains("runtime create failed") => {
                Some(config::trouble(reason, message, c, pod, facts))
            }
            "RunContainerError" | "CreateContainerError" => {
                let event = events_of_container(c, pod, facts).find(|e| e.reason == "Failed").map(|e| event_link(e));
                Some(exit::start_trouble(message, c, pod, facts).since(not_since(pod, "ContainersReady")).see(event))
            }
            "PostStartHookError" => {
                let when = c.last.as_ref().map_or_else(Moment::default, |e| exit::moment_of(e, Some(now)));
                let event = events_of_container(c, pod, facts).find(|e| e.reason == "FailedPostStartHook").map(|e| event_link(e));
                Some(Trouble::of(Tone::Bad, &exit::post_start(c, when, pod, facts)).since(not_since(pod, "ContainersReady")).see(event))
            }
            "ContainerCreating" | "PodInitializing" | "" | "CrashLoopBackOff" => {
                c.last.as_ref().filter(|e| !c.init || e.exit_code != 0).map(|e| exit::trouble(c, e, pod, facts, now))
            }
            other => Some(Trouble::new(
                Tone::Bad,
                other,
                format!("{} is waiting: {}: {}", capital(&super::text::container_name(c, pod, facts)), clip(other, 60), squeeze(message, 300)),
                "",
            )),
        },
        ContainerState::Ended(e)
            if e.exit_code == 0 && (c.init || matches!(facts.workload.id.kind, crate::Kind::Job | crate::Kind::CronJob | crate::Kind::Pod)) =>
        {
            None
        }
        ContainerState::Ended(e) => Some(exit::trouble(c, e, pod, facts, now)),
        ContainerState::Running { since } if c.init => (!c.ready).then(|| init_runs(c, *since, pod, facts, now)),
        ContainerState::Running { .. } if c.ready => None,
        ContainerState::Running { since } => {
            let fell = c.last.as_ref().filter(|e| c.restarts > 0 && e.finished.is_some_and(|f| now.since(f) < RECENT));
            Some(fell.map_or_else(|| probe::not_ready(c, *since, pod, facts, now), |e| exit::trouble(c, e, pod, facts, now)))
        }
    }
}

fn init_runs(c: &Container, since: Option<UnixMs>, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    if let Some(e) = c.last.as_ref().filter(|e| e.exit_code != 0 && e.finished.is_some_and(|f| now.since(f) < RECENT)) {
        return exit::trouble(c, e, pod, facts, now);
    }
    let running = since.map_or(0, |s| now.since(s));
    // As long as a deployment's own patience, progressDeadlineSeconds, by default.
    let tone = if running > RECENT { Tone::Bad } else { Tone::Wait };
    let log = crate::status::Evidence::Log { label: "Current log".into(), pod: pod.name.clone(), container: c.name.clone(), previous: false, at: None };
    let line = said::running_line(c, pod, facts).map(str::to_owned);
    Trouble::of(tone, &Cause::InitRuns { who: super::text::who(c, pod, facts), running, line }).since(since).see([log])
}

fn starting(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    let who = capital(&pod_words(pod, facts));
    let pulling = events_of(pod, facts).find(|e| matches!(e.reason.as_str(), "Pulling" | "Pulled" | "Created" | "Started"));
    if let Some(event) = pulling.filter(|e| e.reason == "Pulling") {
        let pulls = now.since(event.last);
        let (tone, advice) =
            if pulls > SLOW_PULL { (Tone::Bad, "Check that the node can reach the registry, and the size of the image.") } else { (Tone::Wait, "") };
        return Trouble::new(tone, "pulling image", format!("{who} has been pulling its image for {}", short(pulls)), advice).since(Some(pod.created));
    }
    let age = now.since(pod.created);
    let (tone, advice) = if age > RECENT { (Tone::Bad, "Check its events.") } else { (Tone::Wait, "") };
    if pod.containers.iter().all(|c| c.ready) && !pod.containers.is_empty() {
        let gated = pod.conditions.iter().find(|c| c.kind == "Ready").is_some_and(|c| c.reason == "ReadinessGatesNotReady");
        let set = |gate: &String| pod.conditions.iter().any(|c| c.kind == *gate && c.status == Some(true));
        let open: Vec<_> = pod.readiness_gates().iter().filter(|g| !set(g)).map(|g| clip(g, 80)).collect();
        let (why, advice) = match (gated, open.as_slice()) {
            (true, []) => ("its readiness gates aren't set".to_owned(), advice),
            (true, [one]) => (format!("its readiness gate {one} isn't set"), "Check that the controller that sets it is running."),
            (true, many) => (format!("its readiness gates {} aren't set", many.join(", ")), "Check that the controllers that set them are running."),
            (false, _) => ("the pod isn't marked ready yet".to_owned(), advice),
        };
        return Trouble::new(tone, "not ready yet", format!("All containers of {} are ready, but {why}", pod_words(pod, facts)), advice)
            .since(not_since(pod, "Ready"));
    }
    Trouble::new(tone, "starting", format!("{who} has been starting for {}", short(age)), advice).since(Some(pod.created))
}

/// A node that does not answer: the node controller sets Ready to false and says so in an event; after 5 min it asks the
/// pod to end with reason NodeLost.
fn lost(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let ready = pod.conditions.iter().find(|c| c.kind == "Ready");
    let unknown = ready.is_some_and(|c| c.status.is_none());
    let gone = ready.is_none_or(|c| c.status != Some(true));
    let event = events_of(pod, facts).find(|e| e.reason == "NodeNotReady");
    let told = event.is_some_and(|e| ready.and_then(|c| c.since).is_none_or(|s| e.last.0 + 30_000 >= s.0));
    let all_ready = pod.containers.iter().all(|c| c.ready || c.init);
    if !(pod.reason == "NodeLost" || pod.phase == "Unknown" || (gone && all_ready && (unknown || told))) {
        return None;
    }
    let since = ready.and_then(|c| c.since).or_else(|| event.map(|e| e.first));
    let node = pod.node.as_deref().unwrap_or("its node");
    let quiet = since.map_or_else(String::new, |s| format!(" for {}", short(now.since(s))));
    let reason = since.map_or_else(|| "node is silent".to_owned(), |s| format!("node silent for {}", short(now.since(s))));
    let cause = format!("Node {} hasn't reported{quiet}, so the state of {} is unknown", clip(node, 80), pod_words(pod, facts));
    Some(Trouble::new(Tone::Lost, reason, cause, "Ask an administrator to check the node.").since(since).see(event.map(|e| event_link(e))))
}

/// The kubelet or a controller ended the pod as a whole, whatever its containers' exit codes say: the reasons of
/// `pkg/kubelet/eviction`, `pkg/kubelet/lifecycle` and `pkg/kubelet/nodeshutdown`.
pub(crate) fn ended_as_a_whole(pod: &Pod) -> bool {
    pod.phase == "Failed" && !pod.reason.is_empty()
}

/// A pod in phase Failed.
fn failed(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    let who = capital(&pod_words(pod, facts));
    let at = ended_at(pod);
    let when = at.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
    let message = squeeze(&pod.message, 300);
    let trouble = match pod.reason.as_str() {
        "Evicted" => Trouble::of(Tone::Bad, &evicted::one(pod, facts, now)),
        "Preempted" | "Preempting" => Trouble::new(
            Tone::Bad,
            "pod preempted",
            format!("A pod with higher priority preempted {}{when}", pod_words(pod, facts)),
            "Give it a higher priority class, or ask for more nodes.",
        ),
        "Shutdown" | "Terminated" | "NodeShutdown" => Trouble::new(Tone::Bad, "node shut down", format!("{who} stopped{when} because its node shut down"), ""),
        "DeadlineExceeded" => {
            Trouble::new(Tone::Bad, "deadline exceeded", format!("{who} was stopped{when}: it exceeded its deadline"), "Raise the deadline, or make it faster.")
        }
        // The kubelet's word before what it rejects a pod for (`pkg/kubelet/kubelet.go`, rejectPod).
        reason
            if pod.message.starts_with("Pod was rejected: ")
                || matches!(reason, "UnexpectedAdmissionError" | "NodeAffinity" | "NodePorts")
                || reason.starts_with("OutOf") =>
        {
            let said = pod.message.trim_start_matches("Pod was rejected: ").to_owned();
            Trouble::of(Tone::Bad, &Cause::NodeRefused { who: who_pod(pod, facts), reason: reason.to_owned(), said, ago: at.map(|at| now.since(at)) })
        }
        _ => {
            let ended = pod.containers.iter().filter_map(|c| match &c.state {
                ContainerState::Ended(e) if e.exit_code != 0 => Some((c, e)),
                _ => None,
            });
            // Sidecars are ended after the others, whose end is the one that counts.
            if let Some((c, e)) = ended.max_by_key(|(c, e)| (!c.sidecar, e.finished)) {
                return exit::trouble(c, e, pod, facts, now);
            }
            // The collector of pods whose nodes were deleted (`pkg/controller/podgc`).
            if pod.conditions.iter().any(|c| c.kind == "DisruptionTarget" && c.reason == "DeletionByPodGC") {
                let cause = Cause::NodeGone { who: who_pod(pod, facts), node: pod.node.clone(), ago: at.map(|at| now.since(at)) };
                return Trouble::of(Tone::Bad, &cause).since(at);
            }
            let why = if pod.message.is_empty() { String::new() } else { format!(": {message}") };
            Trouble::new(Tone::Bad, "pod failed", format!("{who} failed{when}{why}"), "")
        }
    };
    trouble.since(at)
}

/// When a pod in phase Failed or Succeeded ended.
pub(crate) fn ended_at(pod: &Pod) -> Option<UnixMs> {
    let containers = pod.containers.iter().filter_map(|c| match &c.state {
        ContainerState::Ended(e) => e.finished,
        _ => None,
    });
    containers.max().or_else(|| not_since(pod, "Ready")).filter(|at| at.0 > 0)
}

/// Ready, and not only for the moments between two crashes.
pub(crate) fn steady(pod: &Pod, now: UnixMs) -> bool {
    pod.ready() && looping(pod, now).is_none()
}

/// The container that runs just now between two crashes, and how it ended before: it fell more than once, and has run
/// neither for as long as it had to wait for this start nor for twice as long as the time before.
fn looping(pod: &Pod, now: UnixMs) -> Option<(&Container, &Ended)> {
    let (c, e) = fell(pod, now).filter(|(c, _)| c.restarts > 1)?;
    let (ContainerState::Running { since: Some(since) }, Some(finished)) = (&c.state, e.finished) else { return None };
    let before = e.started.map_or(0, |started| finished.since(started));
    // The kubelet starts to count anew when a container has run for that long.
    let proven = since.since(finished).max(before.saturating_mul(2)).min(RECENT);
    (before < RECENT && now.since(*since) < proven).then_some((c, e))
}

/// The newest restart of a pod within [`RECENT`]: the container and how it ended.
pub(crate) fn fell(pod: &Pod, now: UnixMs) -> Option<(&Container, &Ended)> {
    let fallen = pod.containers.iter().filter(|c| !c.init && c.restarts > 0).filter_map(|c| Some((c, c.last.as_ref()?)));
    fallen.filter(|(_, e)| e.finished.is_some_and(|f| now.since(f) < RECENT)).max_by_key(|(_, e)| e.finished)
}

/// Judges one pod.
pub(crate) fn status(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Status {
    let who = capital(&pod_words(pod, facts));
    if let Some(asked) = pod.deleting {
        return match deletion::stays(pod, facts, now) {
            Some(t) => t.status(Word::Degraded, ""),
            None => done(Word::Progressing, "terminating", format!("{who} is terminating."), Some(asked)),
        };
    }
    if pod.phase == "Succeeded" {
        let at = ended_at(pod);
        let when = at.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
        return done(Word::Completed, "exit code 0", format!("{who} succeeded{when}."), at);
    }
    if let Some(t) = trouble(pod, facts, now) {
        let word = match t.tone {
            Tone::Wait => Word::Progressing,
            Tone::Lost => Word::Unknown,
            Tone::Bad => Word::Failing,
        };
        return t.status(word, "");
    }
    let since = pod.conditions.iter().find(|c| c.kind == "Ready" && c.status == Some(true)).and_then(|c| c.since);
    if let Some((c, e)) = fell(pod, now) {
        let t = exit::trouble(c, e, pod, facts, now);
        let reason = format!("restarted {}", super::text::times(pod.restarts()));
        return Status { reason: clip(&reason, super::text::REASON), since: e.finished, ..t.status(Word::Degraded, "") };
    }
    let n = u32::try_from(pod.containers.iter().filter(|c| !c.init && c.ready).count()).unwrap_or(u32::MAX);
    done(Word::Running, "ready", format!("{who} is ready with {}.", count(n, "container")), since)
}
