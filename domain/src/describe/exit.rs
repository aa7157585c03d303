//! Why a container ended. Exit codes above 128 are 128 + the signal (POSIX shells and the kubelet alike). Both a kill
//! for memory and a kill by a liveness probe are 137: the runtime says OOMKilled, the kubelet says it by events.

use super::probe::{answer, probe_words, spec_of};
use super::text::{ago, between, capital, clip, container_name, full_stop, times};
use super::trouble::{Tone, Trouble, event_link, events_of_container};
use crate::facts::{AppFacts, Container, ContainerState, Ended, Event, Pod};
use crate::status::Evidence;
use crate::time::short;
use crate::{Kind, UnixMs};
use std::sync::Arc;

/// What ended a container.
enum Why<'a> {
    Memory,
    Probe(&'static str, &'a Arc<Event>),
    CannotStart,
    Code,
}

/// A container that ended and may be started again.
pub(crate) fn trouble(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    let who = capital(&container_name(c, pod, facts));
    let (reason, how, advice) = explain(c, ended, &moment(ended, now), pod, facts);
    let cause = [format!("{who} {how}"), last_words(ended), repeats(c, ended, now)];
    let cause = cause.iter().filter(|s| !s.is_empty()).map(|s| full_stop(s)).collect::<Vec<_>>().join(" ");
    let evidence = evidence(c, ended, pod, facts);
    Trouble::new(Tone::Bad, reason, cause, advice).since(ended.finished).see(evidence)
}

/// How a container ended, for a story that has the moment beside it.
pub(crate) fn told(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> String {
    let (_, how, _) = explain(c, ended, lasted(ended).trim_end_matches(','), pod, facts);
    format!("{} {how}", capital(&container_name(c, pod, facts)))
}

// Reason, what happened, what to do.
fn explain(c: &Container, ended: &Ended, when: &str, pod: &Pod, facts: &AppFacts) -> (String, String, String) {
    match why(c, ended, pod, facts) {
        Why::Memory => memory(c, ended, when, facts),
        Why::Probe(kind, _) => killed(kind, c, ended, when, pod, facts),
        Why::CannotStart => cannot_start(&ended.message, c, facts),
        Why::Code => code(c, ended, when, facts),
    }
}

fn why<'a>(c: &Container, ended: &Ended, pod: &'a Pod, facts: &'a AppFacts) -> Why<'a> {
    if ended.reason == "OOMKilled" {
        return Why::Memory;
    }
    // The last case: a program of another processor that the kernel refuses only after the start. It stands in the log,
    // and here if the pod's terminationMessagePolicy is FallbackToLogsOnError.
    if matches!(ended.reason.as_str(), "StartError" | "ContainerCannotRun")
        || (ended.exit_code == 128 && ended.message.contains("runtime create failed"))
        || ended.message.contains("exec format error")
    {
        return Why::CannotStart;
    }
    for kind in ["Liveness", "Startup"] {
        if let Some(event) = kill_by(kind, c, ended, pod, facts) {
            return Why::Probe(kind, event);
        }
    }
    Why::Code
}

/// The kubelet's `Killing` event that explains this end. Its last report may be older than the end, because the
/// kubelet holds back events that repeat (client-go's spam filter); then the exit code has to fit a kill.
fn kill_by<'a>(kind: &str, c: &Container, ended: &Ended, pod: &'a Pod, facts: &'a AppFacts) -> Option<&'a Arc<Event>> {
    let text = format!("Container {} failed {} probe", c.name, kind.to_lowercase());
    let event = events_of_container(c, pod, facts).find(|e| e.reason == "Killing" && e.message.starts_with(&text))?;
    let in_time = match (ended.started, ended.finished) {
        (Some(started), Some(finished)) => event.last >= started && event.last.0 <= finished.0 + 10_000,
        _ => false,
    };
    (in_time || matches!(ended.exit_code, 0 | 130 | 137 | 143)).then_some(event)
}

fn memory(c: &Container, ended: &Ended, after: &str, facts: &AppFacts) -> (String, String, String) {
    match spec_of(c, facts).and_then(|s| s.memory_limit) {
        Some(limit) => (
            format!("killed at {limit} limit"),
            format!("was killed at its {limit} memory limit{after} (OOMKilled, exit {})", ended.exit_code),
            "Raise the memory limit, or find what takes the memory.".into(),
        ),
        None => (
            "killed: node out of mem.".into(),
            format!("has no memory limit and was killed because its node ran out of memory{after} (OOMKilled, exit {})", ended.exit_code),
            "Give it a memory request and a limit.".into(),
        ),
    }
}

fn killed(kind: &str, c: &Container, ended: &Ended, when: &str, pod: &Pod, facts: &AppFacts) -> (String, String, String) {
    let spec = spec_of(c, facts);
    let probe = if kind == "Liveness" { spec.and_then(|s| s.liveness.as_ref()) } else { spec.and_then(|s| s.startup.as_ref()) };
    let found = answer(kind, probe, c, pod, facts);
    let words = found.as_ref().map_or_else(|| "fails".to_owned(), |a| format!("{}{}", a.words, a.why));
    let bracket = match ended.exit_code {
        137 => ". It did not end when asked: exit 137 is that kill, not memory",
        _ => "",
    };
    let reason = format!("{} {}", kind.to_lowercase(), found.map_or_else(|| "probe fails".to_owned(), |a| a.short));
    let how = format!("was killed{when}, because its {} {words}{bracket}", probe_words(kind, probe));
    let advice = if kind == "Liveness" {
        "Read its last log for why it stopped answering; if it only starts slowly, give it a startup probe."
    } else {
        "Raise the failure threshold of the startup probe, or make the start faster."
    };
    (reason, how, advice.into())
}

/// The runtime's own error (runc through containerd) when a container's process cannot be made.
pub(crate) fn cannot_start(message: &str, c: &Container, facts: &AppFacts) -> (String, String, String) {
    let command = between(message, "exec: \"", "\"").map(|x| clip(x, 80));
    let tell = |reason: &str, how: String, advice: String| (reason.to_owned(), how, advice);
    match command {
        Some(x) if message.contains("no such file or directory") || message.contains("executable file not found") => tell(
            "command not found",
            format!("cannot start: its command {x} is not in the image"),
            format!("Correct the command, or use an image that has {x}."),
        ),
        Some(x) if message.contains("permission denied") => tell(
            "command not executable",
            format!("cannot start: its command {x} may not be executed"),
            format!("Make {x} executable in the image (chmod +x)."),
        ),
        _ if message.contains("exec format error") => tell(
            "wrong processor type",
            "cannot start: its program is built for another processor (exec format error)".into(),
            "Build the image for the node's platform, such as linux/amd64.".into(),
        ),
        _ if message.contains("memory.limit") || message.contains("getting the final child's pid") => {
            let limit = spec_of(c, facts).and_then(|s| s.memory_limit).map_or_else(String::new, |l| format!(" of {l}"));
            tell("cannot start", format!("cannot start: its memory limit{limit} may be too small even to begin"), "Raise the memory limit.".into())
        }
        _ => {
            let tail = message.rsplit_once("create failed: ").map_or(message, |(_, t)| t);
            tell(
                "cannot start",
                format!("cannot be started by the runtime: {}", clip(tail.trim_end_matches(": unknown"), 160)),
                "Look at the event for the whole answer.".into(),
            )
        }
    }
}

fn code(c: &Container, ended: &Ended, after: &str, facts: &AppFacts) -> (String, String, String) {
    let code = ended.exit_code;
    let reason = if c.restarts > 0 { format!("exit {code}, {}", super::text::count(c.restarts, "restart")) } else { format!("exit code {code}") };
    let log = "Read its last log lines for why.";
    let (how, advice) = match code {
        0 if c.init => (format!("ended with exit code 0{after}"), "".to_owned()),
        0 => {
            let kind = facts.workload.id.kind.words();
            let advice = if matches!(facts.workload.id.kind, Kind::Job | Kind::CronJob) {
                String::new()
            } else {
                format!("A {kind} starts it again each time: keep its process in the foreground, or make it a job.")
            };
            (format!("ended by itself with exit code 0{after}"), advice)
        }
        126 => (
            format!("ended with exit code 126{after}: its command cannot be executed"),
            "Make the file executable in the image, and check its first line.".into(),
        ),
        127 => {
            (format!("ended with exit code 127{after}: its shell did not find a command"), "Check command and arguments against what is in the image.".into())
        }
        129..=192 => signal(code, after),
        code => (format!("ended with exit code {code}{after}"), log.into()),
    };
    (reason, how, advice)
}

fn signal(code: i32, after: &str) -> (String, String) {
    let log = "Read its last log lines for why.";
    let (how, advice) = match code {
        132 => (format!("crashed on an illegal instruction{after} (SIGILL, exit 132)"), "Build it for the processor of the nodes."),
        134 => (format!("aborted itself{after} (SIGABRT, exit 134)"), log),
        135 => (format!("crashed on a bus error{after} (SIGBUS, exit 135)"), "Check its shared memory and mapped files."),
        137 => (
            format!("was killed from outside{after} (SIGKILL, exit 137), not at its memory limit and not by a probe"),
            "Check the node's events and whether the app ends within its grace period.",
        ),
        139 => (
            format!("crashed with a segmentation fault{after} (SIGSEGV, exit 139)"),
            "Read its last log lines; a native library that does not fit the image is the usual cause.",
        ),
        143 => (format!("was asked to end{after} (SIGTERM, exit 143), and no failed probe explains it"), "Read its last log lines for who ended it."),
        code => (format!("ended on signal {}{after} (exit {code})", code - 128), log),
    };
    (how, advice.to_owned())
}

/// ` after 12 min, 4 min ago`, as far as it is known.
fn moment(ended: &Ended, now: UnixMs) -> String {
    ended.finished.filter(|f| f.0 > 0).map_or_else(String::new, |finished| format!("{} {}", lasted(ended), ago(finished, now)))
}

/// ` after 12 min,`, where start and end are known.
fn lasted(ended: &Ended) -> String {
    match (ended.started, ended.finished) {
        (Some(s), Some(f)) if s.0 > 0 && f >= s => match f.since(s) / 1000 {
            0 => " within a second,".into(),
            _ => format!(" after {},", short(f.since(s))),
        },
        _ => String::new(),
    }
}

/// `It was restarted 8 times; the next start comes in 39 s`.
fn repeats(c: &Container, ended: &Ended, now: UnixMs) -> String {
    if c.restarts == 0 {
        return String::new();
    }
    let next = match &c.state {
        ContainerState::Running { since: Some(since) } => format!("; it has run again for {}", short(now.since(*since))),
        ContainerState::Waiting { message, .. } => ended.finished.and_then(|f| next_start(message, f, now)).unwrap_or_default(),
        _ => String::new(),
    };
    format!("It was restarted {}{next}", times(c.restarts))
}

/// From `back-off 2m40s restarting failed container=…` (kubelet, Go's duration format).
fn next_start(message: &str, finished: UnixMs, now: UnixMs) -> Option<String> {
    let wait = go_seconds(between(message, "back-off ", " restarting")?)?;
    let left = finished.plus(wait * 1000).since(now);
    Some(if left >= 1000 { format!("; the next start comes in {}", short(left)) } else { "; the next start is due".into() })
}

fn go_seconds(text: &str) -> Option<i64> {
    let (mut total, mut number) = (0_i64, 0_i64);
    for c in text.chars() {
        match c {
            '0'..='9' => number = number.checked_mul(10)?.checked_add(i64::from(c as u8 - b'0'))?,
            'h' => (total, number) = (total.checked_add(number.checked_mul(3600)?)?, 0),
            'm' => (total, number) = (total.checked_add(number.checked_mul(60)?)?, 0),
            's' => (total, number) = (total.checked_add(number)?, 0),
            _ => return None,
        }
    }
    (0..=86_400).contains(&total).then_some(total)
}

fn last_words(ended: &Ended) -> String {
    let line = ended.message.lines().rev().map(str::trim).find(|l| !l.is_empty());
    match line {
        Some(line) if ended.reason == "Error" || ended.reason == "OOMKilled" => format!("Its last words: \u{201c}{}\u{201d}", clip(line, 160)),
        _ => String::new(),
    }
}

fn evidence(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Vec<Evidence> {
    let previous = !matches!(&c.state, ContainerState::Ended(e) if e == ended);
    let label = if previous { "Last log before the restart" } else { "Its last log lines" };
    let log = Evidence::Log { label: label.into(), pod: pod.name.clone(), container: c.name.clone(), previous, at: ended.finished };
    match why(c, ended, pod, facts) {
        Why::Memory => ended.finished.map(|at| Evidence::Chart { label: "Memory before the kill".into(), at }).into_iter().chain([log]).collect(),
        Why::Probe(kind, killing) => {
            let unhealthy = answer(kind, None, c, pod, facts).map(|a| event_link(a.event));
            [Some(log), unhealthy.or_else(|| Some(event_link(killing)))].into_iter().flatten().collect()
        }
        Why::CannotStart => events_of_container(c, pod, facts).find(|e| e.reason == "Failed").map(|e| event_link(e)).into_iter().collect(),
        Why::Code => vec![log],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_is_read_as_go_writes_it() {
        assert_eq!(go_seconds("5m0s"), Some(300));
        assert_eq!(go_seconds("2m40s"), Some(160));
        assert_eq!(go_seconds("10s"), Some(10));
        assert_eq!(go_seconds("1h0m0s"), Some(3600));
        assert_eq!(go_seconds("1.5s"), None);
        assert_eq!(go_seconds("99999999999999999999h"), None);
    }
}
