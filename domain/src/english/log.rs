//! What the portal says between the lines of a log.

use super::cluster;
use crate::UnixMs;
use crate::kubernetes::words::{ImageWait, WaitReason};
use crate::live::{LogNote, ReadLimit, RunEnd};
use crate::status::Word;
use crate::verdict::Verdict;

/// Longest remark, in characters.
const MAX_TEXT: usize = 400;

/// A remark: one sentence or two, on one line, as it is read at this moment.
#[must_use]
pub fn note(note: &LogNote, now: UnixMs) -> String {
    let text = match note {
        LogNote::WaitsForContainer { container, reason, verdict } => format!("Container {container} hasn't started yet{}.", waits(reason, verdict, now)),
        LogNote::WaitsForDebugContainer { container, why } => format!("Debug container {container} hasn't started yet: {}.", debug_waits(why)),
        LogNote::NothingYet { container } => format!("Container {container} hasn't written a line yet."),
        LogNote::WroteNothing { container, .. } => format!("Container {container} exited without writing a line."),
        LogNote::Restarted { container, run, end } => {
            let why = end.map(|end| format!(": {}", ended(end))).unwrap_or_default();
            format!("Container {container} restarted (restart {run}){why}.")
        }
        LogNote::RestartedUnread { container } => format!("Container {container} restarted before its last lines were read. Some may be missing."),
        LogNote::Ended { container, end } => format!("Container {container} is done: {}.", end.map_or_else(|| "it exited".to_owned(), ended)),
        LogNote::PodGone { pod } => format!("Pod {pod} is gone."),
        LogNote::LogGone { container, pod } => format!("Container {container} of pod {pod} no longer has a log."),
        LogNote::Resumed => "Log resumed.".to_owned(),
        LogNote::Gap => "The part where this log was cut is no longer on the node. Lines may be missing here.".to_owned(),
        LogNote::CutAtLostStart => {
            "The cluster cut this log, and its start is no longer on the node. Lines are missing from here on. Open it again.".to_owned()
        }
        LogNote::KeepsBeingCut => "The cluster keeps cutting this log. Lines are missing from here on. Open it again to get them.".to_owned(),
        LogNote::ClusterAway => "The cluster isn't responding. The log resumes where it stopped as soon as it does.".to_owned(),
        LogNote::NotAllowed(lack) => cluster::not_allowed(lack),
        LogNote::Refused(refused) => cluster::refused(refused),
        LogNote::Missing(missing) => cluster::missing(missing),
        LogNote::Exists(object) => cluster::exists(object),
        LogNote::Changed(object) => cluster::changed(object),
        LogNote::ContainersWait { waiting, limit } => containers_wait(*waiting, *limit),
        LogNote::TooManyContainers => "This log has covered too many containers. Open it again.".to_owned(),
        LogNote::NoPreviousRun => "No previous container".to_owned(),
        LogNote::NoPods => "This app has no pods, so there's no log.".to_owned(),
        LogNote::NoPodsYet => "No pods yet. Lines appear as soon as one starts.".to_owned(),
        LogNote::AppDeleted => "The app was deleted.".to_owned(),
    };
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

/// Why a container has not started, as the verdict on its pod knows it.
fn waits(reason: &WaitReason, verdict: &Verdict, now: UnixMs) -> String {
    match verdict.word {
        // Nothing is wrong that a status would tell.
        Word::Running | Word::Completed | Word::Stopped if *reason == WaitReason::Unsaid => String::new(),
        Word::Running | Word::Completed | Word::Stopped => format!(" ({reason})"),
        Word::Failing | Word::Degraded | Word::Unknown | Word::Progressing | Word::Paused => {
            format!(". {}", super::status(verdict, now).sentence.trim_end_matches('.'))
        }
    }
}

fn debug_waits(why: &WaitReason) -> String {
    match why {
        WaitReason::Unsaid | WaitReason::ContainerCreating | WaitReason::PodInitializing => "the node is creating it".to_owned(),
        WaitReason::Image(ImageWait::Failed | ImageWait::BackOff | ImageWait::NeverPull | ImageWait::InvalidName) => {
            format!("its image can't be pulled ({why})")
        }
        WaitReason::Image(ImageWait::InspectFailed | ImageWait::RegistryUnavailable | ImageWait::SignatureInvalid)
        | WaitReason::CrashLoopBackOff
        | WaitReason::CreateContainerConfigError
        | WaitReason::CreateContainerError
        | WaitReason::RunContainerError
        | WaitReason::PostStartHookError
        | WaitReason::Other(_) => why.word().to_owned(),
    }
}

fn ended(end: RunEnd) -> String {
    match end {
        RunEnd::OutOfMemory => "it ran out of memory".to_owned(),
        RunEnd::Signal(signal) => format!("signal {signal} killed it"),
        RunEnd::Exit(code) => format!("it exited with code {code}"),
    }
}

fn containers_wait(waiting: usize, limit: ReadLimit) -> String {
    match limit {
        ReadLimit::Log { most } => {
            format!("Reading {most} containers, the maximum at a time; {waiting} more are waiting. Choose a pod or container to see only that one.")
        }
        ReadLimit::Person { most } => format!(
            "You're reading {most} containers across your logs, the maximum at a time; {waiting} more of this one are waiting. Close some of your other logs."
        ),
        ReadLimit::Portal => format!("The portal is reading as many containers as it can; {waiting} more of this log are waiting."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::{Refused, Said};

    #[test]
    fn a_restart_says_how_the_run_before_ended() {
        let said = |end| note(&LogNote::Restarted { container: "web".into(), run: 2, end }, UnixMs(0));
        assert_eq!(said(Some(RunEnd::OutOfMemory)), "Container web restarted (restart 2): it ran out of memory.");
        assert_eq!(said(Some(RunEnd::Signal(9))), "Container web restarted (restart 2): signal 9 killed it.");
        assert_eq!(said(Some(RunEnd::Exit(3))), "Container web restarted (restart 2): it exited with code 3.");
        assert_eq!(said(None), "Container web restarted (restart 2).");
    }

    #[test]
    fn what_the_cluster_says_stays_on_one_line_and_is_short() {
        let text = format!("a\nb{}", "c".repeat(500));
        let said = note(&LogNote::Refused(Refused::Said(Said { text, fields: vec![] })), UnixMs(0));
        assert!(said.starts_with("Abccc") && said.chars().count() == 400, "{said}");
    }
}
