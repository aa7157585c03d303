//! Containers that wait, cannot be made or started, and end. The texts are those of the kubelet (`pkg/kubelet/kubelet_pods.go`,
//! `pkg/kubelet/kuberuntime`), of containerd, CRI-O and runc.

use super::words::{EndReason, WaitReason};
use crate::cause::{ProfileKind, StartWhy};
use crate::text::between;

/// What ended a container, as far as its own state tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndSaid {
    /// The kernel killed it for memory.
    OutOfMemory,
    /// Nobody knows.
    Lost,
    /// Its process could not be made.
    NotStarted,
    /// Only its exit code tells.
    Code,
}

/// Reads how a container ended. A program of another processor is refused only after the start by some kernels: then it is
/// in the message, if the pod's `terminationMessagePolicy` is `FallbackToLogsOnError`.
#[must_use]
pub fn end(reason: &EndReason, message: &str, exit_code: i32) -> EndSaid {
    match reason {
        EndReason::OutOfMemory => EndSaid::OutOfMemory,
        EndReason::Unknown | EndReason::ContainerStatusUnknown => EndSaid::Lost,
        EndReason::StartError | EndReason::ContainerCannotRun => EndSaid::NotStarted,
        EndReason::Completed | EndReason::Error | EndReason::Other(_) => {
            if (exit_code == 128 && is_of_runtime(message)) || is_wrong_format(message) {
                EndSaid::NotStarted
            } else {
                EndSaid::Code
            }
        }
    }
}

/// Whether a text is the runtime's (runc through containerd) about a container that it cannot make.
#[must_use]
pub fn is_of_runtime(message: &str) -> bool {
    message.contains("runtime create failed")
}

/// Whether the kernel refused a program's format.
#[must_use]
pub fn is_wrong_format(message: &str) -> bool {
    message.contains("exec format error")
}

/// A part of a volume that is not there, mounted where the image has a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubPathMissing {
    /// Where it is to be mounted.
    pub path: String,
    /// Name of the volume in the pod.
    pub volume: String,
}

/// The kubelet makes an empty directory for a part of a volume that is not there, and runc cannot mount that over a file.
#[must_use]
pub fn sub_path_missing(message: &str) -> Option<SubPathMissing> {
    let volume = between(message, "/volume-subpaths/", "/")?;
    let path = between(message, "to rootfs at \"", "\"")?;
    message.contains("not a directory").then(|| SubPathMissing { path: path.to_owned(), volume: volume.to_owned() })
}

/// Why a container cannot be made or started, as far as a text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartSaid {
    /// It may not run as root, and its image does; the pod tells which image.
    ImageIsRoot,
    /// Its memory limit is too small to start at all; the template tells the limit.
    MemoryTooSmall,
    /// Another reason, never [`StartWhy::ImageIsRoot`] or [`StartWhy::MemoryTooSmall`].
    Why(StartWhy),
}

/// Why a container's process cannot be made, from the message of a container in `RunContainerError` or of one that ended so.
#[must_use]
pub fn not_started(message: &str) -> StartSaid {
    if let Some(why) = known(message) {
        return StartSaid::Why(why);
    }
    let says = |text: &str| message.contains(text);
    let command = between(message, "exec: \"", "\"").map(str::to_owned);
    match command {
        Some(command) if says("no such file or directory") || says("executable file not found") => StartSaid::Why(StartWhy::CommandMissing { command }),
        Some(command) if says("permission denied") => StartSaid::Why(StartWhy::CommandDenied { command }),
        _ if is_wrong_format(message) => StartSaid::Why(StartWhy::WrongArchitecture),
        _ if ["memory.limit", "getting the final child's pid", "container init was OOM-killed"].iter().any(|w| says(w)) => StartSaid::MemoryTooSmall,
        _ => {
            let tail = message.rsplit_once("create failed: ").map_or(message, |(_, t)| t);
            StartSaid::Why(StartWhy::Runtime { said: tail.trim_end_matches(": unknown").to_owned() })
        }
    }
}

/// Why a container cannot be made, from the message of one in `CreateContainerConfigError` or `CreateContainerError`.
#[must_use]
pub fn not_created(reason: &WaitReason, message: &str) -> StartSaid {
    if let Some(why) = known(message) {
        return StartSaid::Why(why);
    }
    if message.contains("runAsNonRoot and image will run as root") {
        return StartSaid::ImageIsRoot;
    }
    if message.contains("non-numeric user") {
        return StartSaid::Why(StartWhy::UserNotNumeric { user: between(message, "non-numeric user (", ")").map(str::to_owned) });
    }
    if message.contains("no command specified") {
        return StartSaid::Why(StartWhy::NoCommand);
    }
    let said = message.to_owned();
    StartSaid::Why(if *reason == WaitReason::CreateContainerConfigError { StartWhy::Configuration { said } } else { StartWhy::Creation { said } })
}

/// What stands alike in both: the words of runc, containerd and the kubelet (`pkg/kubelet/kubelet_pods.go`,
/// `kuberuntime/security_context_others.go`).
fn known(message: &str) -> Option<StartWhy> {
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

/// The exit code of a postStart hook's command, from the message of a container in `PostStartHookError`.
#[must_use]
pub fn hook_exit(message: &str) -> Option<i32> {
    message.split("exited with ").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Whether a `BackOff` event is of a container that falls again and again, and not of its image.
#[must_use]
pub fn is_restart_held_back(message: &str) -> bool {
    message.starts_with("Back-off restarting")
}

/// How long the kubelet holds back the next start, in seconds: from `back-off 2m40s restarting failed container=…`.
#[must_use]
pub fn back_off_s(message: &str) -> Option<i64> {
    go_seconds(between(message, "back-off ", " restarting")?)
}

/// Seconds of a duration as Go writes it, a day at most.
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
