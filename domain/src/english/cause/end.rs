//! How containers and pods end.

use super::{object, since, subject};
use crate::cause::{ContainerKind, EndHow, EndLog, EndMore, Eviction, MemoryUse, NextRun, PodEnd, ProbeKind, ProbeSaid, Who};
use crate::english::text::{clip, count, squeeze, times};
use crate::english::{Words, hint, parts, probe_kind, probe_said, probe_words};
use crate::time::short;
use crate::{Kind, UnixMs};

/// What to do where nothing more is known.
const CHECK_LOG: &str = "Check the last log lines.";

/// A container that ended.
pub(super) fn ended(who: &Who, how: &EndHow, when: &str) -> Words {
    match how {
        EndHow::Memory { limit, exit, usage } => {
            let told = match limit {
                Some(limit) => Told {
                    reason: format!("killed at {limit} limit"),
                    how: format!("was killed at its {limit} memory limit{when} (OOMKilled, exit {exit})"),
                    advice: "Raise the memory limit, or find what uses the memory.".into(),
                },
                None => Told {
                    reason: "node out of memory".into(),
                    how: format!("has no memory limit and was killed because its node ran out of memory{when} (OOMKilled, exit {exit})"),
                    advice: "Set a memory request and limit.".into(),
                },
            };
            with_usage(told, usage.as_ref()).words(who)
        }
        EndHow::Probe { probe, what, said, exit } => by_probe(*probe, what, said.as_ref(), *exit, when).words(who),
        EndHow::Exit { code, restarts, app, log } => {
            let kind = match who {
                Who::Container { kind, .. } => *kind,
                Who::Pod(_) => ContainerKind::Main,
            };
            let reason = if *restarts > 0 { format!("exit {code}, {}", count(*restarts, "restart")) } else { format!("exit code {code}") };
            let (how, advice) = exit(*code, kind, *app, when);
            let (how, advice) = with_log(how, advice, *code, log);
            Told { reason, how, advice }.words(who)
        }
    }
}

/// Reason, what the container did, and what to do.
struct Told {
    reason: String,
    how: String,
    advice: String,
}

impl Told {
    fn words(self, who: &Who) -> Words {
        Words::new(self.reason, format!("{} {}", subject(who), self.how), self.advice)
    }
}

fn with_usage(told: Told, usage: Option<&MemoryUse>) -> Told {
    let Some(usage) = usage else { return told };
    let (more, advice) = match usage {
        MemoryUse::Rose(rise) => (
            format!("Its memory rose steadily from {} to {} in {}.", rise.from, rise.to, short(rise.over_ms)),
            "Look for a memory leak; a higher limit only delays the next kill.",
        ),
        MemoryUse::TooLittleToStart => ("It needs more than that to start.".to_owned(), "Raise the memory limit."),
    };
    Told { how: format!("{}. {more}", told.how), advice: advice.into(), ..told }
}

fn by_probe(kind: ProbeKind, what: &str, answer: Option<&ProbeSaid>, exit: i32, when: &str) -> Told {
    let said = answer.map(probe_said);
    let words = said.as_ref().map_or_else(|| "failed".to_owned(), |s| format!("{}{}", s.words, s.why));
    let bracket = if exit == 137 { ". It ignored SIGTERM: exit 137 is that kill, not memory" } else { "" };
    let advice = match (kind, answer) {
        (ProbeKind::Startup, Some(ProbeSaid::Refused(Some(port)))) => {
            format!("Check that it listens on port {port}, or correct the probe's port. If it just starts slowly, raise the failure threshold.")
        }
        (ProbeKind::Startup, _) => "Raise the failure threshold of the startup probe, or make the app start faster.".to_owned(),
        (ProbeKind::Liveness | ProbeKind::Readiness, _) => {
            "Check the last log lines for why it stopped responding. If it just starts slowly, add a startup probe.".to_owned()
        }
    };
    Told {
        reason: format!("{} {}", probe_kind(kind), said.map_or_else(|| "probe fails".to_owned(), |s| s.short)),
        how: format!("was killed{when} because its {} {words}{bracket}", probe_words(kind, what)),
        advice,
    }
}

/// What the exit code tells, and what to do.
fn exit(code: i32, kind: ContainerKind, app: Kind, after: &str) -> (String, String) {
    match code {
        0 => (format!("exited with code 0{after}"), keeps_on(kind, app)),
        126 => {
            (format!("exited with code 126{after}: its command can't be executed"), "Make the file executable in the image, and check its first line.".into())
        }
        127 => {
            (format!("exited with code 127{after}: its shell couldn't find a command"), "Check the command and arguments against what's in the image.".into())
        }
        129..=192 => signal(code, after),
        code => (format!("exited with code {code}{after}"), CHECK_LOG.into()),
    }
}

/// What to do about a container that ended well and should not have.
fn keeps_on(kind: ContainerKind, app: Kind) -> String {
    match (kind, app) {
        (ContainerKind::Init, _) | (ContainerKind::Main, Kind::Job | Kind::CronJob) => String::new(),
        (ContainerKind::Sidecar, _) => "Kubernetes restarts a sidecar each time: keep its process in the foreground.".into(),
        (ContainerKind::Main, Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Pod) => {
            format!("A {} restarts it each time: keep its process in the foreground, or make it a job.", app.words())
        }
    }
}

fn signal(code: i32, after: &str) -> (String, String) {
    let (how, advice) = match code {
        132 => (format!("crashed on an illegal instruction{after} (SIGILL, exit 132)"), "Build it for the nodes' CPU."),
        134 => (format!("aborted{after} (SIGABRT, exit 134)"), CHECK_LOG),
        135 => (format!("crashed on a bus error{after} (SIGBUS, exit 135)"), "Check its shared memory and mapped files."),
        137 => (
            format!("was killed from outside{after} (SIGKILL, exit 137), not by its memory limit or a probe"),
            "Check the node's events, and whether the app shuts down within its grace period.",
        ),
        139 => (
            format!("crashed with a segmentation fault{after} (SIGSEGV, exit 139)"),
            "Check the last log lines; the usual cause is a native library that doesn't match the image.",
        ),
        143 => (format!("was told to stop{after} (SIGTERM, exit 143), and no failed probe explains it"), "Check the last log lines for what stopped it."),
        code => (format!("died from signal {}{after} (exit {code})", code - 128), CHECK_LOG),
    };
    (how, advice.to_owned())
}

/// How a container ended and what to do, with what its log says.
fn with_log(how: String, advice: String, code: i32, log: &EndLog) -> (String, String) {
    // Who was asked to end has not ended by what it logged.
    let remedy = |line: &str| if code == 143 { hint::remedy_while_running(line) } else { hint::remedy(line) };
    match log {
        EndLog::Untold(last) => {
            let hint = last.as_deref().map(remedy).unwrap_or_default();
            (how, if hint.is_empty() { advice } else { hint })
        }
        EndLog::Line { text, call, explains } => {
            let advice = match call {
                Some(call) => format!("Its service account {} isn't allowed to {}. Ask an administrator to allow it.", call.account, call.call()),
                None if code == 0 => "It reports success although it failed. Fix the error.".to_owned(),
                None if *explains => remedy(text),
                None => advice,
            };
            (format!("{how}: \u{201c}{text}\u{201d}"), advice)
        }
        EndLog::Empty if code == 0 => (format!("{how} without logging anything"), advice),
        EndLog::Empty => (format!("{how} without logging anything"), "Check its command and arguments.".into()),
        EndLog::Gone => (how, "The node has deleted its log.".into()),
    }
}

/// What else is known of a container that ended.
pub(crate) fn end_more(more: &EndMore, now: UnixMs) -> String {
    match more {
        EndMore::LastOutput(line) => format!("Last output: \u{201c}{}\u{201d}", clip(line, 240)),
        EndMore::Changed { revision, parts } => format!("Revision {revision} {}", parts::all(parts)),
        EndMore::Restarted { times: n, next } => {
            let next = match next {
                None => String::new(),
                Some(NextRun::Runs(since)) => format!("; running again for {}", short(now.since(*since))),
                Some(NextRun::At(at)) if at.since(now) >= 1000 => format!("; next try in {}", short(at.since(now))),
                Some(NextRun::At(_)) => "; next try due now".to_owned(),
            };
            format!("Restarted {}{next}", times(*n))
        }
    }
}

/// A pod that was ended as a whole.
pub(super) fn pod_ended(who: &Who, how: &PodEnd, ago: Option<i64>) -> Words {
    let when = since(ago);
    match how {
        PodEnd::Preempted => Words::new(
            "pod preempted",
            format!("A pod with higher priority preempted {}{when}", object(who)),
            "Give it a higher priority class, or ask for more nodes.",
        ),
        PodEnd::NodeShutDown => Words::new("node shut down", format!("{} stopped{when} because its node shut down", subject(who)), ""),
        PodEnd::DeadlineExceeded => {
            Words::new("deadline exceeded", format!("{} was stopped{when}: it exceeded its deadline", subject(who)), "Raise the deadline, or make it faster.")
        }
        PodEnd::Other(said) => {
            let why = if said.is_empty() { String::new() } else { format!(": {}", squeeze(said, 300)) };
            Words::new("pod failed", format!("{} failed{when}{why}", subject(who)), "")
        }
    }
}

/// Pods that were evicted.
pub(super) fn evicted(who: &Who, by: &Eviction, n: u32, within: i64, ago: Option<i64>) -> Words {
    let (why, advice) = match by {
        Eviction::EmptyDir { volume, limit } => (
            format!("its emptyDir volume {} exceeded its sizeLimit of {}", clip(volume, 80), clip(limit, 20)),
            format!("Raise the sizeLimit of volume {}, or write less to it.", clip(volume, 80)),
        ),
        Eviction::ContainerDisk { container, limit } => (
            format!("container {} exceeded its ephemeral-storage limit of {}", clip(container, 80), clip(limit, 20)),
            "Raise the limit, or write less to disk.".to_owned(),
        ),
        Eviction::PodDisk { limit } => (
            format!("its containers exceeded their combined ephemeral-storage limit of {}", clip(limit, 20)),
            "Raise the limits, or write less to disk.".to_owned(),
        ),
        Eviction::Node { resource, most } => {
            let resource = clip(resource, 60);
            let used = most.as_ref().map_or_else(String::new, |(c, used, asked)| {
                format!(", and container {} used {} while requesting {}", clip(c, 80), clip(used, 20), clip(asked, 20))
            });
            (format!("its node ran low on {resource}{used}"), format!("Set {resource} requests that match actual usage, or free {resource} on the node."))
        }
        Eviction::Asked => ("someone requested it, for example by draining the node".to_owned(), String::new()),
        Eviction::Other { said } if said.is_empty() => ("the kubelet doesn't say why".to_owned(), "Check the events of its node.".to_owned()),
        Eviction::Other { said } => (squeeze(said, 240), "Check the events of its node.".to_owned()),
    };
    if n < 2 {
        return Words::new("pod evicted", format!("{} was evicted{}: {why}", subject(who), since(ago)), advice);
    }
    let last = ago.map_or_else(String::new, |ms| format!(", most recently {} ago", short(ms)));
    Words::new(count(n, "eviction"), format!("{n} pods were evicted in {}{last}: {why}", short(within.max(1000))), advice)
}
