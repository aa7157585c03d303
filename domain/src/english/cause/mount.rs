//! Volumes that cannot be mounted.

use super::subject;
use crate::UnixMs;
use crate::cause::{MountWhy, Who};
use crate::english::Words;
use crate::english::text::{and, clip, count, squeeze};
use crate::time::short;

/// A pod that waits for a volume.
pub(super) fn fails(who: &Who, volume: Option<&str>, why: &MountWhy, now: UnixMs) -> Words {
    let volume = volume.map_or_else(|| "its volume".to_owned(), |v| format!("volume {}", clip(v, 80)));
    let waits = |why: String| format!("{} is waiting: {why}", subject(who));
    match why {
        MountWhy::InUse { pods, old, rolls } => {
            let by: Vec<_> = pods.iter().map(|p| clip(p, 80)).collect();
            let used = match by.as_slice() {
                [] => "its volume is still attached to another node".to_owned(),
                [one] => format!("its volume is still used by pod {one} on another node"),
                many => format!("its volume is still used by pods {} on other nodes", and(many, 3)),
            };
            let advice = match (*rolls, *old) {
                (true, _) => {
                    "The volume can be on one node at a time. Set the update strategy to Recreate, so that the old pod is gone before the new one starts."
                }
                (false, true) => "Wait until the old pod is gone. If it stays, delete it.",
                (false, false) if by.is_empty() => {
                    "It is detached when no pod on that node uses it any more. If that node is down, ask an administrator to remove it."
                }
                (false, false) => "Run it on the same node, or use a volume that several nodes can mount.",
            };
            Words::new("volume in use elsewhere", waits(used), advice)
        }
        MountWhy::Denied { source } => Words::new(
            "volume access denied",
            waits(format!("the server of {volume} doesn't let the node mount {}", clip(source, 120))),
            "Check the path. If it's right, allow the nodes' addresses in the server's exports.",
        ),
        MountWhy::NoPath => Words::new(
            "volume path is missing",
            waits(format!("the server of {volume} has no such path")),
            "Correct the path in the volume, or create it on the server.",
        ),
        MountWhy::Silent => Words::new(
            "volume server is silent",
            waits(format!("the server of {volume} doesn't respond")),
            "Check the server's address, and that the nodes can reach it.",
        ),
        MountWhy::Refused => {
            Words::new("volume server refuses", waits(format!("the server of {volume} refuses the connection")), "Check that its file service is running.")
        }
        MountWhy::NoClient { fs: Some(fs) } => {
            let fs = clip(fs, 20);
            Words::new(
                format!("node can't mount {fs}"),
                waits(format!("its node has no program to mount {volume} ({fs})")),
                format!("Ask an administrator to install the {fs} client on the nodes."),
            )
        }
        MountWhy::NoClient { fs: None } => Words::new(
            "node can't mount volume",
            waits(format!("its node has no program to mount {volume}")),
            "Ask an administrator to install a program for this file system on the nodes.",
        ),
        MountWhy::Damaged => Words::new(
            "volume is damaged",
            waits(format!("the file system of {volume} is damaged and can't be mounted")),
            "Ask an administrator to repair it. Only if that fails, restore the volume from a backup.",
        ),
        MountWhy::Unmountable => Words::new(
            "volume can't be mounted",
            waits(format!("{volume} can't be mounted: its file system, a mount option or the disk is wrong")),
            "Check fsType and mountOptions of its storage class; if they're right, ask an administrator to check the disk.",
        ),
        MountWhy::HostPath { path, wanted } => {
            let (path, wanted) = (clip(path, 120), clip(wanted, 20));
            Words::new(
                "host path doesn't fit",
                waits(format!("{path} on its node isn't a {wanted}, as hostPath {volume} requires")),
                "Create it on the node, or correct the path or type of the hostPath.",
            )
        }
        MountWhy::DriverMissing { driver } => Words::new(
            "storage driver missing",
            waits(format!("storage driver {} of {volume} isn't running on its node", clip(driver, 80))),
            "Ask an administrator to check the driver's pods on that node.",
        ),
        MountWhy::DriverSilent { driver } => Words::new(
            "volume not attached",
            waits(format!("storage driver {} hasn't attached {volume} to its node in time", clip(driver, 80))),
            "It tries again by itself. If it lasts, ask an administrator to check the driver's controller.",
        ),
        MountWhy::NoToken { account, missing: true } => Words::new(
            "no token",
            waits(format!("its node gets no token for service account {}, which doesn't exist", clip(account, 80))),
            "Create the service account, or set automountServiceAccountToken: false if the app doesn't need one.",
        ),
        MountWhy::NoToken { account, missing: false } => Words::new(
            "no token",
            waits(format!("its node isn't allowed to get a token for service account {}", clip(account, 80))),
            "It tries again by itself. If it lasts, ask an administrator to check the node's permissions.",
        ),
        MountWhy::Other { since, attempts, said } => Words::new(
            "volume not mounted",
            format!("{} has waited {} for a volume ({}): {}", subject(who), short(now.since(*since)), count(*attempts, "attempt"), squeeze(said, 400)),
            "Check that the volume's source exists and is reachable.",
        ),
    }
}
