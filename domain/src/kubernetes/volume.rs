//! Missing secrets and config maps, volumes that are not mounted and sandboxes that are not made. The texts are those of the
//! kubelet (`pkg/kubelet/kubelet_pods.go`, `pkg/volume/secret`, `pkg/volume/configmap`, `pkg/volume/hostpath`,
//! `pkg/volume/csi`, `pkg/kubelet/token`), of the attach-detach controller, of `mount` and `mount.nfs`, and of containerd
//! (`internal/cri/server/sandbox_run.go`).

use super::words::EventReason;
use crate::cause::{MountWhy, SandboxWhy};
use crate::text::{between, one_line};

/// A secret, config map or key that a pod needs and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// A secret; else a config map.
    pub secret: bool,
    /// The object's name.
    pub name: String,
    /// The key that it lacks; none where the object does not exist.
    pub key: Option<String>,
}

/// A key that a volume asks for and that is not there. The kubelet does not name the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingKey {
    /// Of a secret; else of a config map.
    pub secret: bool,
    /// The key that the pod refers to.
    pub key: String,
    /// The volume's name in the pod, where it is told.
    pub volume: Option<String>,
}

/// Why the containers of a pod are not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotMounted {
    /// A secret, config map or key is not there.
    Missing(Missing),
    /// A key is not there.
    MissingKey(MissingKey),
    /// Other pods use the volume, and it may be on one node at a time.
    InUse {
        /// The volume's name in the pod, where it is told.
        volume: Option<String>,
        /// The pods that are named, of any app of the namespace.
        pods: Vec<String>,
        /// Those are all that use it.
        all: bool,
    },
    /// The volume cannot be mounted for another reason, never [`MountWhy::InUse`] or [`MountWhy::Other`].
    Volume {
        /// The volume's name in the pod, where it is told.
        volume: Option<String>,
        /// What keeps the node from mounting it.
        why: MountWhy,
    },
    /// The pod's sandbox cannot be made.
    Sandbox(SandboxWhy),
    /// Something else, in the words of the program that mounts.
    Other(String),
}

/// Reads a missing secret, config map or key: from the message of a container in `CreateContainerConfigError`, or of a
/// `FailedMount` event.
#[must_use]
pub fn missing(message: &str) -> Option<Missing> {
    for (secret, object, map) in [(true, "secret \"", " in Secret "), (false, "configmap \"", " in ConfigMap ")] {
        if let Some(key) = between(message, "couldn't find key ", map) {
            let object = message.split_once(map)?.1.split_whitespace().next()?;
            let name = object.rsplit('/').next().unwrap_or(object);
            return Some(Missing { secret, name: name.to_owned(), key: Some(key.to_owned()) });
        }
        if let Some(name) = between(message, object, "\" not found") {
            return Some(Missing { secret, name: name.to_owned(), key: None });
        }
    }
    None
}

/// Reads a key that a volume asks for and that is not there.
#[must_use]
pub fn missing_key(message: &str) -> Option<MissingKey> {
    let marks = [(true, "non-existent secret key: "), (false, "non-existent config key: ")];
    let (secret, key) = marks.iter().find_map(|(secret, mark)| Some((*secret, message.split_once(mark)?.1.trim())))?;
    Some(MissingKey { secret, key: key.to_owned(), volume: between(message, "volume \"", "\"").map(str::to_owned) })
}

/// Reads an event for which the containers of a pod are not made: `FailedMount`, `FailedAttachVolume`, `FailedMapVolume`,
/// `FailedCreatePodSandBox`, `NetworkNotReady`.
#[must_use]
pub fn not_mounted(reason: &EventReason, message: &str) -> NotMounted {
    if let Some(missing) = missing(message) {
        return NotMounted::Missing(missing);
    }
    if let Some(key) = missing_key(message) {
        return NotMounted::MissingKey(key);
    }
    // Older versions of `mount` break their lines.
    let line = one_line(message);
    let volume = || between(message, "for volume \"", "\"").map(str::to_owned);
    if line.contains("Multi-Attach error") {
        let (pods, all) = users(&line);
        return NotMounted::InUse { volume: volume(), pods, all };
    }
    if let Some(why) = mount_why(&line) {
        return NotMounted::Volume { volume: volume(), why };
    }
    if *reason == EventReason::NetworkNotReady {
        // The kubelet's own word before it asks the runtime for a sandbox; the runtime's stands at its end.
        let said = message.rsplit_once("message:").map_or(message, |(_, said)| said);
        return NotMounted::Sandbox(SandboxWhy::Network(said.to_owned()));
    }
    if *reason == EventReason::FailedCreatePodSandbox {
        return NotMounted::Sandbox(sandbox(message));
    }
    // Before what the program that mounts has said, the kubelet repeats how it called it.
    NotMounted::Other(message.split_once("Output: ").map_or(message, |(_, output)| output).to_owned())
}

/// The pods that use a volume, and whether those are all: `a, b and 1 pod(s) in different namespaces` names not all.
fn users(told: &str) -> (Vec<String>, bool) {
    let named = told.split_once("already used by pod(s) ").map_or("", |(_, names)| names);
    let pods: Vec<String> = named.split(',').map(|n| n.trim().trim_end_matches('.')).filter(|n| !n.is_empty() && !n.contains(' ')).map(str::to_owned).collect();
    let all = named.split(',').count() == pods.len();
    (pods, all)
}

fn mount_why(told: &str) -> Option<MountWhy> {
    let says = |words: &[&str]| words.iter().any(|w| told.contains(w));
    if let Some(account) = told
        .split_once("failed to fetch token: ")
        .and_then(|(_, rest)| between(rest, "serviceaccounts \"", "\"").or_else(|| between(rest, "serviceaccount \"", "\"")))
    {
        let missing = says(&["\" not found"]);
        if missing || says(&["is forbidden"]) {
            return Some(MountWhy::NoToken { account: account.to_owned(), missing });
        }
    }
    if let Some((path, wanted)) = told.split_once("hostPath type check failed: ").and_then(|(_, rest)| rest.split_once(" is not a ")) {
        return Some(MountWhy::HostPath { path: path.trim().to_owned(), wanted: wanted.trim().to_owned() });
    }
    if let Some(driver) = between(told, "driver name ", " not found in the list of registered CSI drivers") {
        return Some(MountWhy::DriverMissing { driver: driver.to_owned() });
    }
    if let Some(driver) = between(told, "waiting for external-attacher of ", " CSI driver") {
        return Some(MountWhy::DriverSilent { driver: driver.to_owned() });
    }
    if says(&["fsck found errors", "Structure needs cleaning"]) {
        return Some(MountWhy::Damaged);
    }
    if says(&["might need a /sbin/mount.", "unknown filesystem type"]) {
        let fs = between(told, "unknown filesystem type '", "'").or_else(|| between(told, " -t ", " "));
        return Some(MountWhy::NoClient { fs: fs.filter(|fs| !fs.starts_with('-')).map(str::to_owned) });
    }
    // util-linux ends each of these with "missing codepage or helper program, or other error".
    if says(&["wrong fs type, bad option, bad superblock"]) {
        return Some(MountWhy::Unmountable);
    }
    if let Some((_, source)) = told.split_once("access denied by server while mounting ") {
        return Some(MountWhy::Denied { source: source.split_whitespace().next().unwrap_or(source).to_owned() });
    }
    if says(&["reason given by server: No such file or directory"]) {
        return Some(MountWhy::NoPath);
    }
    if !says(&["mount.nfs", "mount failed", "mount error("]) {
        return None;
    }
    if says(&["Connection refused"]) {
        return Some(MountWhy::Refused);
    }
    says(&["Connection timed out", "No route to host", "Host is down"]).then_some(MountWhy::Silent)
}

/// What the runtime says of a sandbox that it cannot make.
fn sandbox(told: &str) -> SandboxWhy {
    let said = told.split_once("desc = ").map_or(told, |(_, rest)| rest);
    if let Some(name) = between(said, "no runtime for \"", "\"") {
        return SandboxWhy::RuntimeMissing(name.to_owned());
    }
    if ["setup network", "set up sandbox", "cni", "CNI", "plugin type="].iter().any(|w| said.contains(w)) {
        return SandboxWhy::Network(said.split_once("failed (add): ").map_or(said, |(_, rest)| rest).to_owned());
    }
    SandboxWhy::Other(said.to_owned())
}

/// Whether a `FailedMount` event only sums up which volumes the kubelet waits for, without the reason.
#[must_use]
pub fn is_summary(message: &str) -> bool {
    message.starts_with("Unable to attach or mount volumes")
}

/// Whether the kubelet's cache had not caught up yet, which it does in the first moments of a pod.
#[must_use]
pub fn is_cache_behind(message: &str) -> bool {
    ["failed to sync", " not registered"].iter().any(|w| message.contains(w))
}

/// The storage class that a claim names and that does not exist, from an event of the claim.
#[must_use]
pub fn missing_class(message: &str) -> Option<&str> {
    between(message, "storageclass.storage.k8s.io \"", "\" not found")
}

/// The provisioner that is to make a claim's volume, from an `ExternalProvisioning` event (`pkg/controller/volume/persistentvolume`).
#[must_use]
pub fn provisioner(message: &str) -> Option<&str> {
    between(message, "external provisioner '", "'").or_else(|| between(message, "external provisioner \"", "\""))
}
