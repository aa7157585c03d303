//! What is wrong with one pod.

use super::pods::{RECENT, ended_at, fell, looping};
use super::text::{who, who_pod};
use super::trouble::{Tone, Trouble, current_log, event_link, events_of, events_of_container, not_since};
use super::{config, deletion, evicted, exit, image, place, probe, said};
use crate::UnixMs;
use crate::cause::{Cause, Moment, PodEnd, StartStage};
use crate::facts::{AppFacts, Container, ContainerState, Pod};
use crate::kubernetes::container::is_of_runtime;
use crate::kubernetes::pod::{PodEnding, ending};
use crate::kubernetes::words::{ConditionReason, ConditionType, EventReason, PodPhase, PodReason, WaitReason};
use crate::status::Word;
use crate::verdict::{Calm, Reason, Verdict};

/// A pull that takes longer than this is a trouble: the largest images take some minutes.
const SLOW_PULL: i64 = 30 * 60_000;

/// What keeps a pod from being ready, and for good; `None` where nothing does, where it ended well, and where it is ending.
pub(crate) fn trouble(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let phase = &pod.phase;
    if pod.deleting.is_some() || *phase == PodPhase::Succeeded {
        return None;
    }
    if *phase == PodPhase::Failed {
        return Some(failed(pod, facts));
    }
    if let Some(lost) = lost(pod, facts) {
        return Some(lost);
    }
    if pod.ready() {
        return looping(pod, now).map(|(c, e)| exit::trouble(c, e, pod, facts));
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
    let before_start = |c: &Container| matches!(&c.state, ContainerState::Waiting { reason, .. } if reason.is_before_start());
    let creating = pod.containers.iter().any(before_start);
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
        ContainerState::Waiting { reason, message } => waits(reason, message, c, pod, facts),
        ContainerState::Ended(e)
            if e.exit_code == 0 && (c.init || matches!(facts.workload.id.kind, crate::Kind::Job | crate::Kind::CronJob | crate::Kind::Pod)) =>
        {
            None
        }
        ContainerState::Ended(e) => Some(exit::trouble(c, e, pod, facts)),
        ContainerState::Running { since } if c.init => (!c.ready).then(|| init_runs(c, *since, pod, facts, now)),
        ContainerState::Running { .. } if c.ready => None,
        ContainerState::Running { since } => {
            let fell = c.last.as_ref().filter(|e| c.restarts > 0 && e.finished.is_some_and(|f| now.since(f) < RECENT));
            Some(fell.map_or_else(|| probe::not_ready(c, *since, pod, facts, now), |e| exit::trouble(c, e, pod, facts)))
        }
    }
}

fn waits(reason: &WaitReason, message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Option<Trouble> {
    let event = |wanted| events_of_container(c, pod, facts).find(|e| e.reason == wanted).map(|e| event_link(e));
    Some(match reason {
        WaitReason::Image(wait) => image::trouble(*wait, message, c, pod, facts),
        WaitReason::CreateContainerConfigError => config::trouble(reason, message, c, pod, facts),
        WaitReason::CreateContainerError if !is_of_runtime(message) => config::trouble(reason, message, c, pod, facts),
        WaitReason::CreateContainerError | WaitReason::RunContainerError => {
            exit::start_trouble(message, c, pod, facts).since(not_since(pod, &ConditionType::ContainersReady)).see(event(EventReason::Failed))
        }
        WaitReason::PostStartHookError => {
            let when = c.last.as_ref().map_or_else(Moment::default, exit::moment_of);
            let told = Trouble::of(Tone::Bad, &exit::post_start(c, when, pod, facts));
            told.since(not_since(pod, &ConditionType::ContainersReady)).see(event(EventReason::FailedPostStartHook))
        }
        WaitReason::Unsaid | WaitReason::ContainerCreating | WaitReason::PodInitializing | WaitReason::CrashLoopBackOff => {
            let ended = c.last.as_ref().filter(|e| !c.init || e.exit_code != 0)?;
            exit::trouble(c, ended, pod, facts)
        }
        WaitReason::Other(word) => Trouble::of(Tone::Bad, &Cause::ContainerWaits { who: who(c, pod, facts), reason: word.clone(), said: message.to_owned() }),
    })
}

fn init_runs(c: &Container, since: Option<UnixMs>, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    if let Some(e) = c.last.as_ref().filter(|e| e.exit_code != 0 && e.finished.is_some_and(|f| now.since(f) < RECENT)) {
        return exit::trouble(c, e, pod, facts);
    }
    let running = since.map_or(0, |s| now.since(s));
    // As long as a deployment's own patience, progressDeadlineSeconds, by default.
    let tone = if running > RECENT { Tone::Bad } else { Tone::Wait };
    let log = current_log(c, pod);
    let line = said::running_line(c, pod, facts).map(str::to_owned);
    Trouble::of(tone, &Cause::InitRuns { who: who(c, pod, facts), since, line }).since(since).see([log])
}

fn starting(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    let starts = |late: bool, stage| Trouble::of(if late { Tone::Bad } else { Tone::Wait }, &Cause::PodStarts { who: who_pod(pod, facts), stage });
    let furthest = events_of(pod, facts).find(|e| e.reason.is_progress());
    if let Some(event) = furthest.filter(|e| e.reason == EventReason::Pulling) {
        let slow = now.since(event.last) > SLOW_PULL;
        return starts(slow, StartStage::Pulling { since: event.last, slow }).since(Some(pod.created));
    }
    let late = now.since(pod.created) > RECENT;
    if pod.containers.iter().all(|c| c.ready) && !pod.containers.is_empty() {
        return starts(late, StartStage::Unmarked { gates: open_gates(pod), late }).since(not_since(pod, &ConditionType::Ready));
    }
    starts(late, StartStage::Begun { since: pod.created, late }).since(Some(pod.created))
}

/// Readiness gates that are not set, where they keep the pod from being ready.
fn open_gates(pod: &Pod) -> Option<Vec<String>> {
    let ready = pod.conditions.iter().find(|c| c.kind == ConditionType::Ready);
    let set = |gate: &str| pod.conditions.iter().any(|c| c.kind.word() == gate && c.status == Some(true));
    let gated = ready.is_some_and(|c| c.reason == ConditionReason::ReadinessGatesNotReady);
    gated.then(|| pod.readiness_gates().iter().filter(|g| !set(g)).cloned().collect())
}

/// A node that does not answer: the node controller sets Ready to false and says so in an event; after 5 min it asks the
/// pod to end with reason NodeLost.
fn lost(pod: &Pod, facts: &AppFacts) -> Option<Trouble> {
    let ready = pod.conditions.iter().find(|c| c.kind == ConditionType::Ready);
    let unknown = ready.is_some_and(|c| c.status.is_none());
    let gone = ready.is_none_or(|c| c.status != Some(true));
    let event = events_of(pod, facts).find(|e| e.reason == EventReason::NodeNotReady);
    let told = event.is_some_and(|e| ready.and_then(|c| c.since).is_none_or(|s| e.last.0 + 30_000 >= s.0));
    let all_ready = pod.containers.iter().all(|c| c.ready || c.init);
    let said = pod.reason == PodReason::NodeLost || pod.phase == PodPhase::Unknown;
    if !(said || (gone && all_ready && (unknown || told))) {
        return None;
    }
    let since = ready.and_then(|c| c.since).or_else(|| event.map(|e| e.first));
    let cause = Cause::NodeSilent { who: who_pod(pod, facts), node: pod.node.clone(), since };
    Some(Trouble::of(Tone::Lost, &cause).since(since).see(event.map(|e| event_link(e))))
}

/// A pod in phase Failed.
fn failed(pod: &Pod, facts: &AppFacts) -> Trouble {
    let (who, at) = (who_pod(pod, facts), ended_at(pod));
    let cause = match ending(&pod.reason, &pod.message) {
        PodEnding::Evicted => evicted::one(pod, facts),
        PodEnding::Preempted => Cause::PodEnded { who, how: PodEnd::Preempted, at },
        PodEnding::NodeShutDown => Cause::PodEnded { who, how: PodEnd::NodeShutDown, at },
        PodEnding::DeadlineExceeded => Cause::PodEnded { who, how: PodEnd::DeadlineExceeded, at },
        PodEnding::Refused { why, said } => Cause::NodeRefused { who, why, said, at },
        PodEnding::Other => {
            let ended = pod.containers.iter().filter_map(|c| match &c.state {
                ContainerState::Ended(e) if e.exit_code != 0 => Some((c, e)),
                ContainerState::Ended(_) | ContainerState::Waiting { .. } | ContainerState::Running { .. } => None,
            });
            // Sidecars are ended after the others, whose end is the one that counts.
            if let Some((c, e)) = ended.max_by_key(|(c, e)| (!c.sidecar, e.finished)) {
                return exit::trouble(c, e, pod, facts);
            }
            if pod.conditions.iter().any(|c| c.kind == ConditionType::DisruptionTarget && c.reason == ConditionReason::DeletionByPodGc) {
                Cause::NodeGone { who, node: pod.node.clone(), at }
            } else {
                Cause::PodEnded { who, how: PodEnd::Other(pod.message.clone()), at }
            }
        }
    };
    Trouble::of(Tone::Bad, &cause).since(at)
}

/// Judges one pod.
pub(crate) fn verdict(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Verdict {
    if let Some(asked) = pod.deleting {
        return match deletion::stays(pod, facts, now) {
            Some(t) => t.verdict(Word::Degraded),
            None => Verdict::calm(Word::Progressing, Calm::PodTerminating { who: who_pod(pod, facts) }, Some(asked)),
        };
    }
    if pod.phase == PodPhase::Succeeded {
        let at = ended_at(pod);
        return Verdict::calm(Word::Completed, Calm::PodSucceeded { who: who_pod(pod, facts), at }, at);
    }
    if let Some(t) = trouble(pod, facts, now) {
        let word = match t.tone {
            Tone::Wait => Word::Progressing,
            Tone::Lost => Word::Unknown,
            Tone::Bad => Word::Failing,
        };
        return t.verdict(word);
    }
    let since = pod.conditions.iter().find(|c| c.kind == ConditionType::Ready && c.status == Some(true)).and_then(|c| c.since);
    if let Some((c, e)) = fell(pod, now) {
        let t = exit::trouble(c, e, pod, facts);
        let reason = Some(Reason::Restarted { times: pod.restarts() });
        return Verdict { reason, since: e.finished, ..t.verdict(Word::Degraded) };
    }
    let containers = u32::try_from(pod.containers.iter().filter(|c| !c.init && c.ready).count()).unwrap_or(u32::MAX);
    Verdict::calm(Word::Running, Calm::PodReady { who: who_pod(pod, facts), containers }, since)
}
