//! Why a run ended as far as its log, its revision and its measured memory tell.

use crate::english;
use crate::facts::{AppFacts, Container, Ended, EndedRun, Pod};
use crate::log::Said;
use crate::status::Evidence;
use crate::time::short;

/// A run that is killed for memory sooner than this never had enough to start, in milliseconds.
const START: i64 = 30_000;

fn run<'a>(c: &Container, ended: &Ended, pod: &Pod, facts: &'a AppFacts) -> Option<&'a EndedRun> {
    facts.observed.end(&pod.uid, &c.name, ended)
}

/// Whether the log tells that the kernel refused the program's format, which a shell reports as an exit code of its own.
pub(super) fn wrong_format(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> bool {
    matches!(run(c, ended, pod, facts).map(|r| &r.said), Some(Said::Line { text, .. }) if text.contains("exec format error"))
}

/// Whether a line of the log is told of this end.
pub(super) fn is_quoted(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> bool {
    run(c, ended, pod, facts).is_some_and(|r| quote(&r.said, ended).is_some())
}

/// The line that explains this exit code. An end from outside is explained by no line of the app's own, and a good end
/// only by an error.
fn quote<'a>(said: &'a Said, ended: &Ended) -> Option<&'a str> {
    match said {
        Said::Line { text, error, .. } if *error || !matches!(ended.exit_code, 0 | 137 | 143) => Some(text),
        Said::Line { .. } | Said::Nothing | Said::Gone => None,
    }
}

/// Whether the log tells more of an end than its exit code does.
const fn log_explains(exit_code: i32) -> bool {
    !matches!(exit_code, 0 | 126 | 127 | 132 | 135 | 137)
}

/// The last line of what the container left as its termination message.
pub(crate) fn last_line(ended: &Ended) -> Option<&str> {
    let told = ended.reason == "Error" || ended.reason == "OOMKilled";
    ended.message.lines().rev().map(str::trim).find(|l| told && !l.is_empty())
}

/// The last line of the log of a container that runs and is not ready.
pub(super) fn running_line<'a>(c: &Container, pod: &Pod, facts: &'a AppFacts) -> Option<&'a str> {
    let log = facts.observed.unready.iter().find(|l| l.pod == pod.name && l.container == c.name)?;
    log.lines.last().map(String::as_str)
}

/// How a container ended and what to do, with what its log says.
pub(super) fn tell(how: String, advice: String, c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> (String, String) {
    let reads = log_explains(ended.exit_code);
    // Who was asked to end has not ended by what it logged.
    let remedy: fn(&str) -> String = if ended.exit_code == 143 { english::hint::remedy_while_running } else { english::hint::remedy };
    let Some(run) = run(c, ended, pod, facts) else {
        let hint = last_line(ended).filter(|_| reads).map(remedy).unwrap_or_default();
        return (how, if hint.is_empty() { advice } else { hint });
    };
    if let Some(text) = quote(&run.said, ended) {
        let advice = match (&run.said, ended.exit_code) {
            (Said::Line { forbidden: Some(call), .. }, _) => {
                format!("Its service account {} isn't allowed to {}. Ask an administrator to allow it.", call.account, call.call())
            }
            (_, 0) => "It reports success although it failed. Fix the error.".to_owned(),
            _ if reads => remedy(text),
            _ => advice,
        };
        return (format!("{how}: \u{201c}{text}\u{201d}"), advice);
    }
    match &run.said {
        Said::Nothing if ended.exit_code == 0 => (format!("{how} without logging anything"), advice),
        Said::Nothing if reads => (format!("{how} without logging anything"), "Check its command and arguments.".into()),
        Said::Gone if reads => (how, "The node has deleted its log.".into()),
        _ => (how, advice),
    }
}

/// The role that would allow the call that this end was about.
pub(super) fn role(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Option<Evidence> {
    let Said::Line { forbidden: Some(call), .. } = &run(c, ended, pod, facts)?.said else { return None };
    let id = &facts.workload.id;
    call.role(&id.name, &id.namespace).map(|text| Evidence::Command { label: format!("Role to {}", call.call()), text })
}

/// What a memory kill is about: a limit too small to start with, or memory that rose all the time. What happened, and
/// what to do.
pub(super) fn memory(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Option<(String, String)> {
    if let Some(rise) = run(c, ended, pod, facts).and_then(|r| r.rise) {
        return Some((
            format!("Its memory rose steadily from {} to {} in {}.", rise.from, rise.to, short(rise.over_ms)),
            "Look for a memory leak; a higher limit only delays the next kill.".into(),
        ));
    }
    let lasted = ended.finished?.since(ended.started.filter(|s| s.0 > 0)?);
    (0..START).contains(&lasted).then(|| ("It needs more than that to start.".into(), "Raise the memory limit.".into()))
}

/// What the newest revision changed, where this pod is of it.
pub(super) fn revision(pod: &Pod, facts: &AppFacts) -> String {
    let Some(change) = facts.observed.change.as_ref().filter(|c| facts.workload.revision == Some(c.revision) && facts.runs_newest(pod)) else {
        return String::new();
    };
    match english::parts::all(&change.parts) {
        told if told.is_empty() => told,
        told => format!("Revision {} {told}", change.revision),
    }
}
