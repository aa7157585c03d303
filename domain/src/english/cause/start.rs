//! What keeps a container from being made or started.

use super::{object, subject};
use crate::cause::{ProfileKind, StartWhy, Who};
use crate::english::Words;
use crate::english::text::clip;

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
