//! Why a run ended as far as its log, its revision and its measured memory tell.

use crate::cause::{EndLog, EndMore, MemoryUse};
use crate::facts::{AppFacts, Container, Ended, EndedRun, Pod};
use crate::kubernetes::container::is_wrong_format;
use crate::kubernetes::words::EndReason;
use crate::log::Said;
use crate::verdict::Evidence;

/// A run that is killed for memory sooner than this never had enough to start, in milliseconds.
const START: i64 = 30_000;

fn run<'a>(c: &Container, ended: &Ended, pod: &Pod, facts: &'a AppFacts) -> Option<&'a EndedRun> {
    facts.observed.end(&pod.uid, &c.name, ended)
}

/// Whether the log tells that the kernel refused the program's format, which a shell reports as an exit code of its own.
pub(super) fn wrong_format(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> bool {
    matches!(run(c, ended, pod, facts).map(|r| &r.said), Some(Said::Line { text, .. }) if is_wrong_format(text))
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
    let told = matches!(ended.reason, EndReason::Error | EndReason::OutOfMemory);
    ended.message.lines().rev().map(str::trim).find(|l| told && !l.is_empty())
}

/// The last line of the log of a container that runs and is not ready.
pub(super) fn running_line<'a>(c: &Container, pod: &Pod, facts: &'a AppFacts) -> Option<&'a str> {
    let log = facts.observed.unready.iter().find(|l| l.pod == pod.name && l.container == c.name)?;
    log.lines.last().map(String::as_str)
}

/// What the log tells of how a container ended.
pub(super) fn log(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> EndLog {
    let explains = log_explains(ended.exit_code);
    let Some(run) = run(c, ended, pod, facts) else {
        return EndLog::Untold(last_line(ended).filter(|_| explains).map(str::to_owned));
    };
    match &run.said {
        Said::Line { text, forbidden, .. } if quote(&run.said, ended).is_some() => EndLog::Line { text: text.clone(), call: forbidden.clone(), explains },
        Said::Nothing if ended.exit_code == 0 || explains => EndLog::Empty,
        Said::Gone if explains => EndLog::Gone,
        Said::Line { .. } | Said::Nothing | Said::Gone => EndLog::Untold(None),
    }
}

/// The role that would allow the call that this end was about.
pub(super) fn role(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Option<Evidence> {
    let Said::Line { forbidden: Some(call), .. } = &run(c, ended, pod, facts)?.said else { return None };
    let id = &facts.workload.id;
    call.role(&id.name, &id.namespace).map(|manifest| Evidence::Role { call: call.call(), manifest })
}

/// What a kill for memory is about: memory that rose all the time, or a limit too small to start with.
pub(super) fn memory(c: &Container, ended: &Ended, pod: &Pod, facts: &AppFacts) -> Option<MemoryUse> {
    if let Some(rise) = run(c, ended, pod, facts).and_then(|r| r.rise) {
        return Some(MemoryUse::Rose(rise));
    }
    let lasted = ended.finished?.since(ended.started.filter(|s| s.0 > 0)?);
    (0..START).contains(&lasted).then_some(MemoryUse::TooLittleToStart)
}

/// What the newest revision changed, where this pod is of it.
pub(super) fn revision(pod: &Pod, facts: &AppFacts) -> Option<EndMore> {
    let change = facts.observed.change.as_ref().filter(|c| facts.workload.revision == Some(c.revision) && facts.runs_newest(pod))?;
    (!change.parts.is_empty()).then(|| EndMore::Changed { revision: change.revision, parts: change.parts.clone() })
}
