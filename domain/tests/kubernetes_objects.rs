//! What is read from the texts that Kubernetes writes on objects. Each line of `kubernetes/objects/*.txt` is `PLACE REASON TEXT`.
//! The place says where the text is found: in a condition (`scheduled`), a pod (`pod`), a container that waits (`waiting`) or ended
//! (`ended/EXIT CODE`), or an event (`event`). `kubernetes/objects.golden` holds the results, so that the texts of a new version
//! show what they change. `UPDATE_GOLDEN=1 cargo test -p quayside-domain --test kubernetes_objects` regenerates it; read the
//! difference.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm)]

use domain::kubernetes::container::{self, EndSaid, StartSaid};
use domain::kubernetes::image;
use domain::kubernetes::pod::{self, PodEnding};
use domain::kubernetes::words::{ConditionReason, EndReason, EventReason, ImageWait, PodReason, WaitReason};
use domain::kubernetes::{probe, scheduler, volume};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kubernetes")
}

/// A line break and a backslash are written as in a program.
fn unescaped(text: &str) -> String {
    text.replace("\\\\", "\0").replace("\\n", "\n").replace('\0', "\\")
}

fn scheduled(reason: &str, text: &str) -> String {
    match ConditionReason::of(reason) {
        ConditionReason::SchedulingGated => "SchedulingGated".to_owned(),
        _ => format!("{:?}", scheduler::unscheduled(text)),
    }
}

fn of_pod(reason: &str, text: &str) -> String {
    match pod::ending(&PodReason::of(reason), text) {
        PodEnding::Evicted => format!("Evicted: {:?}", pod::eviction(text)),
        ending => format!("{ending:?}"),
    }
}

fn start_said(said: &StartSaid) -> String {
    match said {
        StartSaid::Why(why) => format!("{why:?}"),
        said => format!("{said:?}"),
    }
}

fn start(text: &str) -> String {
    container::sub_path_missing(text).map_or_else(|| start_said(&container::not_started(text)), |part| format!("{part:?}"))
}

fn waiting(reason: &str, text: &str) -> String {
    let reason = WaitReason::of(reason);
    match &reason {
        WaitReason::Image(wait) => format!("{wait:?}: {:?}{}", image::pull(*wait, text), if image::tells_why(text) { "" } else { ", without the reason" }),
        WaitReason::CrashLoopBackOff => format!("CrashLoopBackOff: {:?} s", container::back_off_s(text)),
        WaitReason::PostStartHookError => format!("PostStartHookError: {:?}", container::hook_exit(text)),
        WaitReason::RunContainerError => start(text),
        WaitReason::CreateContainerError if container::is_of_runtime(text) => start(text),
        WaitReason::CreateContainerConfigError | WaitReason::CreateContainerError => {
            volume::missing(text).map_or_else(|| start_said(&container::not_created(&reason, text)), |missing| format!("{missing:?}"))
        }
        reason => format!("{reason:?}"),
    }
}

fn ended(code: i32, reason: &str, text: &str) -> String {
    match container::end(&EndReason::of(reason), text, code) {
        EndSaid::NotStarted => start(text),
        said => format!("{said:?}"),
    }
}

fn event(reason: &str, text: &str) -> String {
    let reason = EventReason::of(reason);
    match &reason {
        EventReason::Unhealthy => match probe::failed(text) {
            Some((kind, told)) => format!("{kind:?}: {:?}", probe::said(told, probe::Asked::default())),
            None => "of no probe".to_owned(),
        },
        EventReason::Killing => format!("killed for {:?}", probe::killed(text)),
        EventReason::BackOff => format!("of a restart: {}", container::is_restart_held_back(text)),
        EventReason::Failed if text.contains("Failed to pull image") => format!("{:?}", image::pull(ImageWait::Failed, text)),
        EventReason::PullSecretAbsent => format!("{:?}", image::absent_secret(text)),
        EventReason::FailedKillPod => format!("{:?}", pod::kill_failure(text)),
        EventReason::ExternalProvisioning => format!("{:?}", volume::provisioner(text)),
        EventReason::FailedMount | EventReason::FailedAttachVolume | EventReason::FailedCreatePodSandbox | EventReason::NetworkNotReady => {
            let sum = if volume::is_summary(text) { ", a summary" } else { "" };
            let early = if volume::is_cache_behind(text) { ", of the first moments" } else { "" };
            format!("{:?}{sum}{early}", volume::not_mounted(&reason, text))
        }
        EventReason::ProvisioningFailed | EventReason::Other(_) => {
            volume::missing_class(text).map_or_else(|| "Other".to_owned(), |class| format!("no storage class {class}"))
        }
        reason => format!("{reason:?}"),
    }
}

/// What is read from a line.
fn read(line: &str) -> String {
    let mut parts = line.splitn(3, ' ');
    let (place, reason, text) = (parts.next().unwrap(), parts.next().unwrap(), unescaped(parts.next().unwrap_or_default()));
    let reason = if reason == "-" { "" } else { reason };
    match place {
        "scheduled" => scheduled(reason, &text),
        "pod" => of_pod(reason, &text),
        "waiting" => waiting(reason, &text),
        "event" => event(reason, &text),
        ended_with => ended(ended_with.strip_prefix("ended/").unwrap().parse().unwrap(), reason, &text),
    }
}

#[test]
fn texts_on_objects_are_read_as_agreed() {
    let mut paths: Vec<_> = std::fs::read_dir(folder().join("objects")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut now = String::new();
    for path in paths {
        writeln!(now, "{}\n", path.file_stem().unwrap().to_string_lossy()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            writeln!(now, "{line}\n  {}", read(line)).unwrap();
        }
        now.push('\n');
    }
    let golden = folder().join("objects.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &now).unwrap();
        return;
    }
    let agreed = std::fs::read_to_string(&golden).unwrap();
    for (a, b) in now.lines().zip(agreed.lines()) {
        assert_eq!(a, b, "a text is read in another way; UPDATE_GOLDEN=1 takes it over");
    }
    assert_eq!(now.lines().count(), agreed.lines().count(), "texts came or went; UPDATE_GOLDEN=1 takes them over");
}
