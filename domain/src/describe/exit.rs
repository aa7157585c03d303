//! Why a container ended. Exit codes above 128 are 128 + the signal (POSIX shells and the kubelet alike). Both a kill
//! for memory and a kill by a liveness probe are 137: the runtime says OOMKilled, the kubelet says it by events.

use super::pods::RECENT;
use super::probe::{answer, other_port, spec_of};
use super::said;
use super::text::who;
use super::trouble::{Tone, Trouble, event_link, events_of_container, not_since};
use crate::UnixMs;
use crate::cause::{Cause, EndHow, EndLog, EndMore, MemoryUse, Moment, NextRun, ProbeKind, ProbeThen, StartWhy, Who};
use crate::facts::{AppFacts, Container, ContainerState, Ended, Event, Pod};
use crate::kubernetes::container::{self, EndSaid, StartSaid, SubPathMissing};
use crate::kubernetes::probe::killed as killed_for;
use crate::kubernetes::words::{ConditionType, EndReason, EventReason, WaitReason};
use crate::verdict::{Also, Evidence, LogLines};
use std::sync::Arc;

/// What ended a container.
enum Why<'a> {
    Memory,
    Probe(ProbeKind, &'a Arc<Event>),
    PostStart(&'a Arc<Event>),
    CannotStart,
    Lost,
    Code,
}

/// A container that ended and may be started again.
pub(crate) fn trouble(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Trouble {
    let (tone, cause) = explain(c, ended, moment_of(ended), said::memory(c, ended, pod, facts), pod, facts);
    let words = if said::is_quoted(c, ended, pod, facts) { None } else { last_words(ended) };
    let more = [words, said::revision(pod, facts), repeats(c, ended)].into_iter().flatten().map(Also::End);
    let told = Trouble::of(tone, &cause).also(more).since(failing_since(c, ended, pod, facts));
    told.at(ended.finished).see(evidence(c, ended, pod, facts))
}

/// How a container ended, for a story that has the moment beside it.
pub(crate) fn told(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Cause {
    explain(c, ended, Moment { at: None, ..moment_of(ended) }, None, pod, facts).1
}

fn explain(c: &Container, ended: &Ended, when: Moment, usage: Option<MemoryUse>, pod: &Pod, facts: &AppFacts) -> (Tone, Cause) {
    let who = who(c, pod, facts);
    let cause = match why(c, ended, pod, facts) {
        Why::Memory => Cause::Ended { who, how: memory(c, ended, usage, facts), when },
        Why::Probe(kind, _) => killed(kind, c, ended, when, pod, facts),
        Why::PostStart(_) => post_start(c, when, pod, facts),
        Why::Lost => Cause::ContainerLost { who, when },
        Why::CannotStart if said::wrong_format(c, ended, pod, facts) => Cause::CannotStart { who, why: StartWhy::WrongArchitecture },
        Why::CannotStart => cannot_start(&ended.message, c, pod, facts),
        Why::Code => Cause::Ended { who, how: exit(c, ended, said::log(c, ended, pod, facts), facts), when },
    };
    (tone_of(&cause), cause)
}

/// A node that is slow tries again by itself; all other ends are troubles.
const fn tone_of(cause: &Cause) -> Tone {
    if matches!(cause, Cause::CannotStart { why: StartWhy::NodeSlow, .. }) { Tone::Wait } else { Tone::Bad }
}

/// How a container ended whose pod is gone: only its own words are left.
pub(crate) fn of_gone(c: &Container, ended: &Ended, facts: &AppFacts) -> Trouble {
    let when = moment_of(ended);
    let who = Who::Container { kind: super::text::kind_of(c), name: c.name.clone(), pod: None };
    let cause = match &ended.reason {
        EndReason::OutOfMemory => Cause::Ended { who, how: memory(c, ended, None, facts), when },
        EndReason::StartError | EndReason::ContainerCannotRun => Cause::CannotStart { who, why: known(container::not_started(&ended.message), c, facts) },
        EndReason::Completed | EndReason::Error | EndReason::Unknown | EndReason::ContainerStatusUnknown | EndReason::Other(_) => {
            Cause::Ended { who, how: exit(c, ended, EndLog::Untold(None), facts), when }
        }
    };
    let again = (c.restarts > 0).then_some(EndMore::Restarted { times: c.restarts, next: None });
    let more = [last_words(ended), again].into_iter().flatten().map(Also::End);
    Trouble::of(tone_of(&cause), &cause).also(more).since(ended.finished)
}

/// Since when a container falls: since its pod was last ready. A pod without a readiness probe is ready for a moment with
/// each start, so one that falls again and again does so since the kubelet first held back a start; one that had run for
/// long before fell only just now.
fn failing_since(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Option<UnixMs> {
    let finished = ended.finished?;
    let again = c.restarts >= 2 && ended.started.is_none_or(|s| finished.since(s) < RECENT);
    let held_back = |e: &&Arc<Event>| again && e.reason == EventReason::BackOff && container::is_restart_held_back(&e.message);
    let first = events_of_container(c, pod, facts).filter(held_back).map(|e| e.first).min();
    [first, not_since(pod, &ConditionType::Ready)].into_iter().flatten().filter(|at| at.0 > 0).chain([finished]).min()
}

fn why<'a>(c: &Container, ended: &Ended, pod: &'a Pod, facts: &'a AppFacts) -> Why<'a> {
    match container::end(&ended.reason, &ended.message, ended.exit_code) {
        EndSaid::OutOfMemory => return Why::Memory,
        EndSaid::Lost => return Why::Lost,
        EndSaid::NotStarted => return Why::CannotStart,
        EndSaid::Code if said::wrong_format(c, ended, pod, facts) => return Why::CannotStart,
        EndSaid::Code => {}
    }
    if let Some(event) = hook_failure(c, ended, pod, facts) {
        return Why::PostStart(event);
    }
    for kind in [ProbeKind::Liveness, ProbeKind::Startup] {
        if let Some(event) = kill_by(kind, c, ended, pod, facts) {
            return Why::Probe(kind, event);
        }
    }
    Why::Code
}

/// The kubelet's `Killing` event that explains this end. Its last report may be older than the end, because the
/// kubelet holds back events that repeat (client-go's spam filter); then the exit code has to fit a kill.
fn kill_by<'a>(kind: ProbeKind, c: &Container, ended: &Ended, pod: &'a Pod, facts: &'a AppFacts) -> Option<&'a Arc<Event>> {
    let mut killing = events_of_container(c, pod, facts).filter(|e| e.reason == EventReason::Killing);
    let event = killing.find(|e| killed_for(&e.message) == Some((kind, c.name.as_str())))?;
    (in_time(event, ended) || matches!(ended.exit_code, 0 | 130 | 137 | 143)).then_some(event)
}

/// The kubelet's report that the postStart hook failed, which makes it kill the container.
fn hook_failure<'a>(c: &Container, ended: &Ended, pod: &'a Pod, facts: &'a AppFacts) -> Option<&'a Arc<Event>> {
    let event = events_of_container(c, pod, facts).find(|e| e.reason == EventReason::FailedPostStartHook)?;
    (in_time(event, ended) || matches!(ended.exit_code, 0 | 130 | 137 | 143)).then_some(event)
}

fn in_time(event: &Event, ended: &Ended) -> bool {
    match (ended.started, ended.finished) {
        (Some(started), Some(finished)) => event.last >= started && event.last.0 <= finished.0 + 10_000,
        _ => false,
    }
}

/// A postStart hook that failed. What its command ended with stands only in the container's state, and not for long.
pub(crate) fn post_start(c: &Container, when: Moment, pod: &Pod, facts: &AppFacts) -> Cause {
    let exit = match &c.state {
        ContainerState::Waiting { reason, message } if *reason == WaitReason::PostStartHookError => container::hook_exit(message),
        ContainerState::Waiting { .. } | ContainerState::Running { .. } | ContainerState::Ended(_) => None,
    };
    Cause::PostStartHookFailed { who: who(c, pod, facts), hook: spec_of(c, facts).and_then(|s| s.post_start.clone()), exit, when }
}

fn memory(c: &Container, ended: &Ended, usage: Option<MemoryUse>, facts: &AppFacts) -> EndHow {
    EndHow::Memory { limit: spec_of(c, facts).and_then(|s| s.memory_limit), exit: ended.exit_code, usage }
}

fn exit(c: &Container, ended: &Ended, log: EndLog, facts: &AppFacts) -> EndHow {
    EndHow::Exit { code: ended.exit_code, restarts: c.restarts, app: facts.workload.id.kind, log }
}

fn killed(kind: ProbeKind, c: &Container, ended: &Ended, when: Moment, pod: &Pod, facts: &AppFacts) -> Cause {
    let probe = spec_of(c, facts).and_then(|s| super::probe::of(kind, s));
    let found = answer(kind, probe, c, pod, facts);
    if let Some(cause) = found.as_ref().and_then(|a| other_port(kind, a, ProbeThen::Killed(when), c, pod, facts)) {
        return cause;
    }
    let what = probe.map_or_else(String::new, |p| p.what.clone());
    Cause::Ended { who: who(c, pod, facts), how: EndHow::Probe { probe: kind, what, said: found.map(|a| a.said), exit: ended.exit_code }, when }
}

/// A container whose process cannot be made.
pub(crate) fn start_trouble(message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Trouble {
    let cause = cannot_start(message, c, pod, facts);
    Trouble::of(tone_of(&cause), &cause)
}

fn cannot_start(message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Cause {
    let who = who(c, pod, facts);
    if let Some(SubPathMissing { path, volume }) = container::sub_path_missing(message) {
        let mount = spec_of(c, facts).and_then(|s| s.sub_paths.iter().find(|p| p.path == path && p.volume == volume));
        return Cause::SubPathMissing { who, sub_path: mount.map(|p| p.part.clone()), path, volume };
    }
    Cause::CannotStart { who, why: known(container::not_started(message), c, facts) }
}

/// A container that cannot be made.
pub(super) fn not_created(reason: &WaitReason, message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Trouble {
    let cause = Cause::CannotStart { who: who(c, pod, facts), why: known(container::not_created(reason, message), c, facts) };
    Trouble::of(tone_of(&cause), &cause)
}

/// With what the container and its template tell of it.
fn known(said: StartSaid, c: &Container, facts: &AppFacts) -> StartWhy {
    match said {
        StartSaid::ImageIsRoot => StartWhy::ImageIsRoot { image: c.image.clone() },
        StartSaid::MemoryTooSmall => StartWhy::MemoryTooSmall { limit: spec_of(c, facts).and_then(|s| s.memory_limit) },
        StartSaid::Why(why) => why,
    }
}

/// When a container ended, as far as it is known.
pub(crate) fn moment_of(ended: &Ended) -> Moment {
    let lasted = match (ended.started, ended.finished) {
        (Some(s), Some(f)) if s.0 > 0 && f >= s => Some(f.since(s)),
        _ => None,
    };
    Moment { lasted, at: ended.finished.filter(|f| f.0 > 0) }
}

/// How often a container was started again, and when it is next.
fn repeats(c: &Container, ended: &Ended) -> Option<EndMore> {
    let next = match &c.state {
        ContainerState::Running { since: Some(since) } => Some(NextRun::Runs(*since)),
        ContainerState::Waiting { message, .. } => ended.finished.and_then(|f| next_start(message, f)),
        ContainerState::Running { since: None } | ContainerState::Ended(_) => None,
    };
    (c.restarts > 0).then_some(EndMore::Restarted { times: c.restarts, next })
}

fn next_start(message: &str, finished: UnixMs) -> Option<NextRun> {
    Some(NextRun::At(finished.plus(container::back_off_s(message)? * 1000)))
}

fn last_words(ended: &Ended) -> Option<EndMore> {
    said::last_line(ended).map(|line| EndMore::LastOutput(line.to_owned()))
}

fn evidence(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Vec<Evidence> {
    let lines = if matches!(&c.state, ContainerState::Ended(e) if e == ended) { LogLines::Last } else { LogLines::BeforeRestart };
    let log = Evidence::Log { lines, pod: pod.name.clone(), container: c.name.clone(), at: ended.finished };
    match why(c, ended, pod, facts) {
        Why::Memory => ended.finished.map(|at| Evidence::MemoryBeforeKill { at }).into_iter().chain([log]).collect(),
        Why::Probe(kind, killing) => {
            let unhealthy = answer(kind, None, c, pod, facts).map(|a| event_link(a.event));
            [Some(log), unhealthy.or_else(|| Some(event_link(killing)))].into_iter().flatten().collect()
        }
        Why::PostStart(event) => vec![event_link(event), log],
        Why::CannotStart => events_of_container(c, pod, facts).find(|e| e.reason == EventReason::Failed).map(|e| event_link(e)).into_iter().collect(),
        Why::Lost => vec![log],
        Why::Code => [log].into_iter().chain(said::role(c, ended, pod, facts)).collect(),
    }
}
