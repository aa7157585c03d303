//! What keeps a container from being made or started.

use super::{object, subject};
use crate::UnixMs;
use crate::cause::{ProfileKind, StartStage, StartWhy, Who};
use crate::english::Words;
use crate::english::text::{clip, squeeze};
use crate::time::short;

/// What to do where the cluster's words are clipped.
const SEE_EVENT: &str = "See the event for the full message.";

/// A container that waits for a reason that is not known.
pub(super) fn waits(who: &Who, reason: &str, said: &str) -> Words {
    Words::new(reason, format!("{} is waiting: {}: {}", subject(who), clip(reason, 60), squeeze(said, 300)), "")
}

/// A pod that is not ready yet.
pub(super) fn stage(who: &Who, stage: &StartStage, now: UnixMs) -> Words {
    let check_events = |late: bool| if late { "Check its events." } else { "" };
    match stage {
        StartStage::Scheduling { since } => {
            Words::new("waiting for a node", format!("{} has waited {} for the scheduler", subject(who), short(now.since(*since))), "")
        }
        StartStage::Gated { gates } => {
            let which = match names(gates).as_slice() {
                [] => "A scheduling gate".to_owned(),
                [one] => format!("Scheduling gate {one}"),
                many => format!("One of the scheduling gates {}", many.join(", ")),
            };
            Words::new("scheduling gate", format!("{which} blocks {}", object(who)), "Whoever added the gate has to remove it.")
        }
        StartStage::Pulling { since, slow } => {
            let advice = if *slow { "Check that the node can reach the registry, and the size of the image." } else { "" };
            Words::new("pulling image", format!("{} has been pulling its image for {}", subject(who), short(now.since(*since))), advice)
        }
        StartStage::Unmarked { gates, late } => {
            let (why, advice) = match gates.as_deref().map(names).as_deref() {
                None => ("the pod isn't marked ready yet".to_owned(), check_events(*late)),
                Some([]) => ("its readiness gates aren't set".to_owned(), check_events(*late)),
                Some([one]) => (format!("its readiness gate {one} isn't set"), "Check that the controller that sets it is running."),
                Some(many) => (format!("its readiness gates {} aren't set", many.join(", ")), "Check that the controllers that set them are running."),
            };
            Words::new("not ready yet", format!("All containers of {} are ready, but {why}", object(who)), advice)
        }
        StartStage::Begun { since, late } => {
            Words::new("starting", format!("{} has been starting for {}", subject(who), short(now.since(*since))), check_events(*late))
        }
    }
}

fn names(gates: &[String]) -> Vec<String> {
    gates.iter().map(|gate| clip(gate, 80)).collect()
}

/// A container that cannot be made or started.
pub(super) fn cannot(who: &Who, why: &StartWhy) -> Words {
    let can_t = |why: String| format!("{} can't start: {why}", subject(who));
    match why {
        StartWhy::MountOverFile { path, volume } => {
            let (path, volume) = (clip(path, 120), clip(volume, 80));
            Words::new(
                "mounted over a file",
                can_t(format!("volume {volume}, a directory, is mounted at {path}, where the image has a file")),
                "Mount one key of the volume there with subPath, or mount the volume at another path.",
            )
        }
        StartWhy::MountMixed { path } => Words::new(
            "file and directory mixed",
            can_t(format!("what is mounted at {} and what the image has there don't match: one is a directory, the other a file", clip(path, 120))),
            "Mount a file over a file, and a directory over a directory.",
        ),
        StartWhy::MountPointReadOnly { path } => Words::new(
            "mount point is read-only",
            can_t(format!("mount point {} can't be created, because the directory above it is read-only", clip(path, 120))),
            "Mount the volume elsewhere, or combine both volumes into one projected volume.",
        ),
        StartWhy::SubPath { volume } => Words::new(
            "subPath fails",
            can_t(format!("its node can't prepare the subPath that it mounts from volume {}", clip(volume, 80))),
            "Check that the path exists in the volume and isn't a link that leads out of it, and that the volume is writable.",
        ),
        StartWhy::CommandIsDirectory { command } => {
            let command = clip(command, 80);
            Words::new(
                "command is a directory",
                can_t(format!("its command {command} is a directory in the image")),
                "Set command to a program in that directory.",
            )
        }
        StartWhy::UserIsRoot => Words::new(
            "runs as root",
            format!("{} must not run as root (runAsNonRoot), but its own runAsUser is 0", subject(who)),
            "Set runAsUser to a number above 0. Only if the app can't run without root, set runAsNonRoot: false.",
        ),
        StartWhy::UserUnknown { user } => {
            let what = user
                .as_ref()
                .map_or_else(|| "its image doesn't have the user that it should run as".to_owned(), |u| format!("its image has no user {}", clip(u, 60)));
            Words::new("user not in the image", can_t(what), "Add the user to the image, or set runAsUser to a number.")
        }
        StartWhy::WorkDir { path, denied } => {
            let path = clip(path, 120);
            let (why, advice) = if *denied {
                ("can't be entered by the user it runs as", "Let that user enter the directory in the image, or set another workingDir.")
            } else {
                ("isn't in the image", "Correct workingDir, or create the directory in the image.")
            };
            Words::new("bad working directory", can_t(format!("its working directory {path} {why}")), advice)
        }
        StartWhy::ProfileMissing { kind, profile } => {
            let (kind, profile) = (profile_kind(*kind), clip(profile, 80));
            Words::new(
                format!("no {kind} profile"),
                can_t(format!("its node doesn't have {kind} profile {profile}")),
                "Correct the profile's name, or ask an administrator to put it on the nodes. If the app needs no profile of its own, use RuntimeDefault.",
            )
        }
        StartWhy::ImageIsRoot { image } => Words::new(
            "image runs as root",
            format!("{} must not run as root (runAsNonRoot), but image {} does", subject(who), clip(image, 120)),
            "Set runAsUser to a number above 0, or a numeric USER in the image.",
        ),
        StartWhy::UserNotNumeric { user } => {
            let user = clip(user.as_deref().unwrap_or("a name"), 40);
            Words::new(
                "image user isn't numeric",
                format!("{} must not run as root (runAsNonRoot), but its image sets user {user} by name, not by number", subject(who)),
                "Set runAsUser to that user's numeric ID.",
            )
        }
        StartWhy::NoCommand => Words::new("no command", format!("{} has no command, and neither does its image", subject(who)), "Set a command."),
        StartWhy::CommandMissing { command } => {
            let command = clip(command, 80);
            Words::new(
                "command not found",
                can_t(format!("command {command} isn't in the image")),
                format!("Correct the command, or use an image that has {command}."),
            )
        }
        StartWhy::CommandDenied { command } => {
            let command = clip(command, 80);
            Words::new(
                "command not executable",
                can_t(format!("command {command} isn't executable")),
                format!("Make {command} executable in the image (chmod +x)."),
            )
        }
        StartWhy::WrongArchitecture => Words::new(
            "wrong architecture",
            can_t("its program is built for another architecture (exec format error)".to_owned()),
            "Build the image for the node's platform, such as linux/amd64.",
        ),
        StartWhy::MemoryTooSmall { limit } => {
            let limit = limit.map_or_else(String::new, |l| format!(" of {l}"));
            Words::new("can't start", can_t(format!("its memory limit{limit} may be too small even for that")), "Raise the memory limit.")
        }
        StartWhy::Configuration { said } => Words::new("invalid configuration", format!("Can't configure {}: {}", object(who), squeeze(said, 400)), SEE_EVENT),
        StartWhy::Creation { said } => Words::new("can't be created", format!("Can't create {}: {}", object(who), squeeze(said, 400)), SEE_EVENT),
        StartWhy::Runtime { said } => Words::new("can't start", format!("{} can't start. The runtime says: {}", subject(who), squeeze(said, 300)), SEE_EVENT),
        StartWhy::DiskFull => {
            Words::new("node disk is full", can_t("its node has no disk space left".to_owned()), "Ask an administrator to free space on the node.")
        }
        StartWhy::NodeSlow => Words::new(
            "node is slow",
            format!("Its node couldn't create {} in time, and may still be busy with an earlier attempt", object(who)),
            "It tries again by itself. If it lasts, ask an administrator to check the node's disk and container runtime.",
        ),
    }
}

const fn profile_kind(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Seccomp => "seccomp",
        ProfileKind::AppArmor => "AppArmor",
    }
}
