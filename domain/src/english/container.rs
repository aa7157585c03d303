//! The state of a container, as the page of its app shows it.

use super::text::{ago, capital, clip};
use crate::UnixMs;
use crate::facts::{ContainerState, Ended};
use crate::kubernetes::words::{EndReason, WaitReason};
use crate::time::short;

/// What it does, such as `Running for 5 min`.
pub(crate) fn state(state: &ContainerState, sidecar: bool, now: UnixMs) -> String {
    match state {
        ContainerState::Running { since: Some(since) } => format!("Running for {}", short(now.since(*since))),
        ContainerState::Running { since: None } => "Running".into(),
        ContainerState::Ended(e) => capital(&ended(e, now)),
        ContainerState::Waiting { reason, .. } => match reason {
            WaitReason::Unsaid => "Not started".into(),
            WaitReason::PodInitializing if sidecar => "Waiting for earlier init containers".into(),
            WaitReason::PodInitializing => "Waiting for init containers".into(),
            WaitReason::PostStartHookError => "Killed: its postStart hook failed".into(),
            WaitReason::ContainerCreating => "Creating".into(),
            WaitReason::CrashLoopBackOff => "Waiting to restart".into(),
            WaitReason::Image(_) => format!("Waiting for its image ({})", clip(reason.word(), 40)),
            WaitReason::CreateContainerConfigError => "Waiting for its configuration".into(),
            WaitReason::CreateContainerError | WaitReason::RunContainerError | WaitReason::Other(_) => format!("Waiting ({})", clip(reason.word(), 60)),
        },
    }
}

/// How it ended, such as `exited with code 1, 5 min ago`.
pub(crate) fn ended(e: &Ended, now: UnixMs) -> String {
    let when = e.finished.filter(|f| f.0 > 0).map_or_else(String::new, |f| format!(" {}", ago(f, now)));
    match e.reason {
        EndReason::OutOfMemory => format!("ran out of memory{when} (OOMKilled, exit {})", e.exit_code),
        EndReason::StartError | EndReason::ContainerCannotRun => format!("failed to start{when}"),
        EndReason::Completed | EndReason::Error | EndReason::Unknown | EndReason::ContainerStatusUnknown | EndReason::Other(_) => {
            format!("exited with code {}{}", e.exit_code, if when.is_empty() { when } else { format!(",{when}") })
        }
    }
}
