//! Why a container ended. Exit codes above 128 are 128 + the signal (POSIX shells and the kubelet alike). Both a kill
//! for memory and a kill by a liveness probe are 137: the runtime says OOMKilled, the kubelet says it by events.

use super::pod::RECENT;
use super::probe::{Answer, answer, other_port, spec_of};
use super::said;
use super::text::{between, capital, clip, container_name, squeeze, times, who};
use super::trouble::{Tone, Trouble, event_link, events_of_container, not_since};
use crate::cause::{Cause, Moment, ProbeKind, ProbeThen, ProfileKind, StartWhy, Who};
use crate::english::{self, moment};
use crate::facts::{AppFacts, Container, ContainerState, Ended, Event, Pod};
use crate::status::Evidence;
use crate::time::short;
use crate::{Kind, UnixMs};
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
pub(crate) fn trouble(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    let mut told = explain(c, ended, moment_of(ended, Some(now)), pod, facts);
    let rise = match said::memory(c, ended, pod, facts).filter(|_| ended.reason == "OOMKilled") {
        Some((rise, advice)) => {
            told.advice = advice;
            rise
        }
        None => String::new(),
    };
    let words = if said::is_quoted(c, ended, pod, facts) { String::new() } else { last_words(ended) };
    let told = told.and(&[rise, words, said::revision(pod, facts), repeats(c, ended, now)]);
    told.since(failing_since(c, ended, pod, facts)).at(ended.finished).see(evidence(c, ended, pod, facts))
}

/// How a container ended, for a story that has the moment beside it.
pub(crate) fn told(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> String {
    explain(c, ended, moment_of(ended, None), pod, facts).cause
}

fn explain(c: &Container, ended: &Ended, when: Moment, pod: &Pod, facts: &AppFacts) -> Trouble {
    let after = moment(when);
    let (reason, how, advice) = match why(c, ended, pod, facts) {
        Why::Memory => memory(c, ended, &after, facts),
        Why::Probe(kind, _) => return killed(kind, c, ended, when, pod, facts),
        Why::PostStart(_) => return Trouble::of(Tone::Bad, &post_start(c, when, pod, facts)),
        Why::Lost => return Trouble::of(Tone::Bad, &Cause::ContainerLost { who: who(c, pod, facts), when }),
        Why::CannotStart if said::wrong_format(c, ended, pod, facts) => return start_trouble("exec format error", c, pod, facts),
        Why::CannotStart => return start_trouble(&ended.message, c, pod, facts),
        Why::Code => {
            let (reason, how, advice) = code(c, ended, &after, facts);
            let (how, advice) = said::tell(how, advice, c, ended, pod, facts);
            (reason, how, advice)
        }
    };
    Trouble::new(Tone::Bad, reason, format!("{} {how}", capital(&container_name(c, pod, facts))), advice)
}

/// How a container ended whose pod is gone: only its own words are left.
pub(crate) fn of_gone(c: &Container, ended: &Ended, facts: &AppFacts, now: UnixMs) -> Trouble {
    let after = moment(moment_of(ended, Some(now)));
    let who = Who::Container { kind: super::text::kind_of(c), name: c.name.clone(), pod: None };
    let tell =
        |(reason, how, advice): (String, String, String)| Trouble::new(Tone::Bad, reason, format!("{} {how}", capital(&crate::english::object(&who))), advice);
    let told = match ended.reason.as_str() {
        "OOMKilled" => tell(memory(c, ended, &after, facts)),
        "StartError" | "ContainerCannotRun" => match start_why(&ended.message) {
            Some(why) => not_started(why, who.clone()),
            None => tell(cannot_start(&ended.message, c, facts)),
        },
        _ => tell(code(c, ended, &after, facts)),
    };
    let again = if c.restarts > 0 { format!("Restarted {}", times(c.restarts)) } else { String::new() };
    told.and(&[last_words(ended), again]).since(ended.finished)
}

/// Since when a container falls: since its pod was last ready. A pod without a readiness probe is ready for a moment with
/// each start, so one that falls again and again does so since the kubelet first held back a start; one that had run for
/// long before fell only just now.
fn failing_since(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Option<UnixMs> {
    let finished = ended.finished?;
    let again = c.restarts >= 2 && ended.started.is_none_or(|s| finished.since(s) < RECENT);
    let held_back = |e: &&Arc<Event>| again && e.reason == "BackOff" && e.message.starts_with("Back-off restarting");
    let first = events_of_container(c, pod, facts).filter(held_back).map(|e| e.first).min();
    [first, not_since(pod, "Ready")].into_iter().flatten().filter(|at| at.0 > 0).chain([finished]).min()
}

fn why<'a>(c: &Container, ended: &Ended, pod: &'a Pod, facts: &'a AppFacts) -> Why<'a> {
    if ended.reason == "OOMKilled" {
        return Why::Memory;
    }
    // The runtime's word where it does not know, and the kubelet's where the runtime has no such container.
    if matches!(ended.reason.as_str(), "Unknown" | "ContainerStatusUnknown") {
        return Why::Lost;
    }
    // The last case: a program of another processor that the kernel refuses only after the start. It stands in the log,
    // and here if the pod's terminationMessagePolicy is FallbackToLogsOnError.
    if matches!(ended.reason.as_str(), "StartError" | "ContainerCannotRun")
        || (ended.exit_code == 128 && ended.message.contains("runtime create failed"))
        || ended.message.contains("exec format error")
        || said::wrong_format(c, ended, pod, facts)
    {
        return Why::CannotStart;
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
    // Sidecars are init containers to the kubelet.
    let text = format!("ontainer {} failed {} probe", c.name, english::probe_kind(kind));
    let told = |e: &&Arc<Event>| e.reason == "Killing" && ["C", "Init c"].iter().any(|head| e.message.strip_prefix(head).is_some_and(|m| m.starts_with(&text)));
    let event = events_of_container(c, pod, facts).find(told)?;
    (in_time(event, ended) || matches!(ended.exit_code, 0 | 130 | 137 | 143)).then_some(event)
}

/// The kubelet's report that the postStart hook failed, which makes it kill the container.
fn hook_failure<'a>(c: &Container, ended: &Ended, pod: &'a Pod, facts: &'a AppFacts) -> Option<&'a Arc<Event>> {
    let event = events_of_container(c, pod, facts).find(|e| e.reason == "FailedPostStartHook")?;
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
    let said = match &c.state {
        ContainerState::Waiting { reason, message } if reason == "PostStartHookError" => Some(message.as_str()),
        _ => None,
    };
    let exit = said.and_then(|m| m.split("exited with ").nth(1)).and_then(|t| t.split(|c: char| !c.is_ascii_digit()).next()).and_then(|n| n.parse().ok());
    Cause::PostStartHookFailed { who: who(c, pod, facts), hook: spec_of(c, facts).and_then(|s| s.post_start.clone()), exit, when }
}

fn memory(c: &Container, ended: &Ended, after: &str, facts: &AppFacts) -> (String, String, String) {
    match spec_of(c, facts).and_then(|s| s.memory_limit) {
        Some(limit) => (
            format!("killed at {limit} limit"),
            format!("was killed at its {limit} memory limit{after} (OOMKilled, exit {})", ended.exit_code),
            "Raise the memory limit, or find what uses the memory.".into(),
        ),
        None => (
            "node out of memory".into(),
            format!("has no memory limit and was killed because its node ran out of memory{after} (OOMKilled, exit {})", ended.exit_code),
            "Set a memory request and limit.".into(),
        ),
    }
}

fn killed(kind: ProbeKind, c: &Container, ended: &Ended, when: Moment, pod: &Pod, facts: &AppFacts) -> Trouble {
    let spec = spec_of(c, facts);
    let probe = spec.and_then(|s| super::probe::of(kind, s));
    let found = answer(kind, probe, c, pod, facts);
    if let Some(cause) = found.as_ref().and_then(|a| other_port(kind, a, ProbeThen::Killed(when), c, pod, facts)) {
        return Trouble::of(Tone::Bad, &cause);
    }
    let refused = found.as_ref().and_then(Answer::refused);
    let said = found.map(|a| english::probe_said(&a.said));
    let words = said.as_ref().map_or_else(|| "failed".to_owned(), |s| format!("{}{}", s.words, s.why));
    let bracket = match ended.exit_code {
        137 => ". It ignored SIGTERM: exit 137 is that kill, not memory",
        _ => "",
    };
    let reason = format!("{} {}", english::probe_kind(kind), said.map_or_else(|| "probe fails".to_owned(), |s| s.short));
    let how = format!("was killed{} because its {} {words}{bracket}", moment(when), english::probe_words(kind, probe.map_or("", |p| &p.what)));
    let advice = match (kind, refused) {
        (ProbeKind::Startup, Some(port)) => {
            format!("Check that it listens on port {port}, or correct the probe's port. If it just starts slowly, raise the failure threshold.")
        }
        (ProbeKind::Startup, None) => "Raise the failure threshold of the startup probe, or make the app start faster.".to_owned(),
        _ => "Check the last log lines for why it stopped responding. If it just starts slowly, add a startup probe.".to_owned(),
    };
    Trouble::new(Tone::Bad, reason, format!("{} {how}", capital(&container_name(c, pod, facts))), advice)
}

/// A container whose process cannot be made.
pub(crate) fn start_trouble(message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Trouble {
    if let Some(cause) = sub_path(message, c, pod, facts) {
        return Trouble::of(Tone::Bad, &cause);
    }
    if let Some(why) = start_why(message) {
        return not_started(why, who(c, pod, facts));
    }
    let (reason, how, advice) = cannot_start(message, c, facts);
    Trouble::new(Tone::Bad, reason, format!("{} {how}", capital(&container_name(c, pod, facts))), advice)
}

/// A container that cannot be made or started. A node that is slow tries again by itself.
pub(super) fn not_started(why: StartWhy, who: Who) -> Trouble {
    let tone = if matches!(why, StartWhy::NodeSlow) { Tone::Wait } else { Tone::Bad };
    Trouble::of(tone, &Cause::CannotStart { who, why })
}

/// The kubelet makes an empty directory for a part of a volume that is not there, and runc cannot mount that over a file.
fn sub_path(message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Option<Cause> {
    let volume = between(message, "/volume-subpaths/", "/")?;
    let path = between(message, "to rootfs at \"", "\"")?;
    if !message.contains("not a directory") {
        return None;
    }
    let part = spec_of(c, facts).and_then(|s| s.sub_paths.iter().find(|p| p.path == path && p.volume == volume)).map(|p| p.part.clone());
    Some(Cause::SubPathMissing { who: who(c, pod, facts), path: path.to_owned(), volume: volume.to_owned(), sub_path: part })
}

/// What runc, containerd and the kubelet (`pkg/kubelet/kubelet_pods.go`, `kuberuntime/security_context_others.go`) say of a
/// container that they cannot make.
pub(super) fn start_why(message: &str) -> Option<StartWhy> {
    let says = |text: &str| message.contains(text);
    if let Some(path) = between(message, "to rootfs at \"", "\"") {
        let path = path.to_owned();
        // runc says the same of a directory over a file and of a file over a directory. A whole volume is a directory.
        if says("not a directory") {
            let volume = between(message, "/volumes/kubernetes.io~", "\"").and_then(|v| v.split('/').nth(1)).map(str::to_owned);
            return Some(match volume {
                Some(volume) => StartWhy::MountOverFile { path, volume },
                None => StartWhy::MountMixed { path },
            });
        }
        if says("read-only file system") {
            return Some(StartWhy::MountPointReadOnly { path });
        }
    }
    if let Some(volume) =
        ["failed to prepare subPath for volumeMount \"", "failed to create subPath directory for volumeMount \""].iter().find_map(|m| between(message, m, "\""))
    {
        return Some(StartWhy::SubPath { volume: volume.to_owned() });
    }
    if let Some(command) = between(message, "exec: \"", "\"").filter(|_| says("is a directory")) {
        return Some(StartWhy::CommandIsDirectory { command: command.to_owned() });
    }
    if says("runAsUser breaks non-root policy") {
        return Some(StartWhy::UserIsRoot);
    }
    if let Some(user) = between(message, "unable to find user ", ":") {
        return Some(StartWhy::UserUnknown { user: Some(user.to_owned()) });
    }
    if message.ends_with("no users found") {
        return Some(StartWhy::UserUnknown { user: None });
    }
    if let Some(path) = between(message, "chdir to cwd (\"", "\")") {
        return Some(StartWhy::WorkDir { path: path.to_owned(), denied: says("permission denied") });
    }
    // containerd, and CRI-O.
    let seccomp = between(message, "cannot load seccomp profile \"", "\"").or_else(|| between(message, "unable to load local profile \"", "\""));
    if let Some(path) = seccomp {
        let profile = path.split_once("/seccomp/").map_or(path, |(_, name)| name);
        return Some(StartWhy::ProfileMissing { kind: ProfileKind::Seccomp, profile: profile.to_owned() });
    }
    if let Some((_, profile)) = message.split_once("apparmor profile not found ") {
        let profile = profile.split([' ', ':']).next().unwrap_or(profile);
        return Some(StartWhy::ProfileMissing { kind: ProfileKind::AppArmor, profile: profile.to_owned() });
    }
    // The kernel's answer at its limits of cgroups and inotify watches too.
    if says("no space left on device") && !says("cgroup") && !says("inotify") {
        return Some(StartWhy::DiskFull);
    }
    (says("failed to reserve container name") || says("context deadline exceeded")).then_some(StartWhy::NodeSlow)
}

/// The runtime's own error (runc through containerd) when a container's process cannot be made.
fn cannot_start(message: &str, c: &Container, facts: &AppFacts) -> (String, String, String) {
    let command = between(message, "exec: \"", "\"").map(|x| clip(x, 80));
    let tell = |reason: &str, how: String, advice: String| (reason.to_owned(), how, advice);
    match command {
        Some(x) if message.contains("no such file or directory") || message.contains("executable file not found") => {
            tell("command not found", format!("can't start: command {x} isn't in the image"), format!("Correct the command, or use an image that has {x}."))
        }
        Some(x) if message.contains("permission denied") => {
            tell("command not executable", format!("can't start: command {x} isn't executable"), format!("Make {x} executable in the image (chmod +x)."))
        }
        _ if message.contains("exec format error") => tell(
            "wrong architecture",
            "can't start: its program is built for another architecture (exec format error)".into(),
            "Build the image for the node's platform, such as linux/amd64.".into(),
        ),
        _ if ["memory.limit", "getting the final child's pid", "container init was OOM-killed"].iter().any(|w| message.contains(w)) => {
            let limit = spec_of(c, facts).and_then(|s| s.memory_limit).map_or_else(String::new, |l| format!(" of {l}"));
            tell("can't start", format!("can't start: its memory limit{limit} may be too small even for that"), "Raise the memory limit.".into())
        }
        _ => {
            let tail = message.rsplit_once("create failed: ").map_or(message, |(_, t)| t);
            tell(
                "can't start",
                format!("can't start. The runtime says: {}", squeeze(tail.trim_end_matches(": unknown"), 300)),
                "See the event for the full message.".into(),
            )
        }
    }
}

fn code(c: &Container, ended: &Ended, after: &str, facts: &AppFacts) -> (String, String, String) {
    let code = ended.exit_code;
    let reason = if c.restarts > 0 { format!("exit {code}, {}", super::text::count(c.restarts, "restart")) } else { format!("exit code {code}") };
    let log = "Check the last log lines.";
    let (how, advice) = match code {
        0 if c.init => (format!("exited with code 0{after}"), "".to_owned()),
        0 => {
            let kind = facts.workload.id.kind.words();
            let advice = if c.sidecar {
                "Kubernetes restarts a sidecar each time: keep its process in the foreground.".into()
            } else if matches!(facts.workload.id.kind, Kind::Job | Kind::CronJob) {
                String::new()
            } else {
                format!("A {kind} restarts it each time: keep its process in the foreground, or make it a job.")
            };
            (format!("exited with code 0{after}"), advice)
        }
        126 => {
            (format!("exited with code 126{after}: its command can't be executed"), "Make the file executable in the image, and check its first line.".into())
        }
        127 => {
            (format!("exited with code 127{after}: its shell couldn't find a command"), "Check the command and arguments against what's in the image.".into())
        }
        129..=192 => signal(code, after),
        code => (format!("exited with code {code}{after}"), log.into()),
    };
    (reason, how, advice)
}

fn signal(code: i32, after: &str) -> (String, String) {
    let log = "Check the last log lines.";
    let (how, advice) = match code {
        132 => (format!("crashed on an illegal instruction{after} (SIGILL, exit 132)"), "Build it for the nodes' CPU."),
        134 => (format!("aborted{after} (SIGABRT, exit 134)"), log),
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
        code => (format!("died from signal {}{after} (exit {code})", code - 128), log),
    };
    (how, advice.to_owned())
}

/// When a container ended, as far as it is known.
pub(crate) fn moment_of(ended: &Ended, now: Option<UnixMs>) -> Moment {
    let lasted = match (ended.started, ended.finished) {
        (Some(s), Some(f)) if s.0 > 0 && f >= s => Some(f.since(s)),
        _ => None,
    };
    Moment { lasted, ago: ended.finished.filter(|f| f.0 > 0).zip(now).map(|(f, now)| now.since(f)) }
}

/// `Restarted 8 times; next try in 39 s`.
fn repeats(c: &Container, ended: &Ended, now: UnixMs) -> String {
    if c.restarts == 0 {
        return String::new();
    }
    let next = match &c.state {
        ContainerState::Running { since: Some(since) } => format!("; running again for {}", short(now.since(*since))),
        ContainerState::Waiting { message, .. } => ended.finished.and_then(|f| next_start(message, f, now)).unwrap_or_default(),
        _ => String::new(),
    };
    format!("Restarted {}{next}", times(c.restarts))
}

/// From `back-off 2m40s restarting failed container=…` (kubelet, Go's duration format).
fn next_start(message: &str, finished: UnixMs, now: UnixMs) -> Option<String> {
    let wait = go_seconds(between(message, "back-off ", " restarting")?)?;
    let left = finished.plus(wait * 1000).since(now);
    Some(if left >= 1000 { format!("; next try in {}", short(left)) } else { "; next try due now".into() })
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
    said::last_line(ended).map_or_else(String::new, |line| format!("Last output: \u{201c}{}\u{201d}", clip(line, 240)))
}

fn evidence(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Vec<Evidence> {
    let previous = !matches!(&c.state, ContainerState::Ended(e) if e == ended);
    let label = if previous { "Log from before the restart" } else { "Last log lines" };
    let log = Evidence::Log { label: label.into(), pod: pod.name.clone(), container: c.name.clone(), previous, at: ended.finished };
    match why(c, ended, pod, facts) {
        Why::Memory => ended.finished.map(|at| Evidence::Chart { label: "Memory before the kill".into(), at }).into_iter().chain([log]).collect(),
        Why::Probe(kind, killing) => {
            let unhealthy = answer(kind, None, c, pod, facts).map(|a| event_link(a.event));
            [Some(log), unhealthy.or_else(|| Some(event_link(killing)))].into_iter().flatten().collect()
        }
        Why::PostStart(event) => vec![event_link(event), log],
        Why::CannotStart => events_of_container(c, pod, facts).find(|e| e.reason == "Failed").map(|e| event_link(e)).into_iter().collect(),
        Why::Lost => vec![log],
        Why::Code => [log].into_iter().chain(said::role(c, ended, pod, facts)).collect(),
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
