//! Volumes that cannot be used.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// Why a claim cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimWhy {
    /// It is being deleted.
    Deleted,
    /// Its volume does not exist any more.
    VolumeGone,
    /// The provisioner of its class has not made its volume.
    Unprovisioned {
        /// Name of the provisioner.
        provisioner: String,
        /// Since when the pod waits.
        since: UnixMs,
    },
    /// It does not exist.
    Missing,
    /// It has no volume yet.
    Unbound {
        /// Since when the pod waits.
        since: UnixMs,
        /// The size that it asks for, as written.
        size: String,
        /// Its storage class, where it names one.
        class: Option<String>,
        /// Its phase, such as `Pending`.
        phase: String,
        /// What keeps it from getting one, where an event tells it.
        why: Option<UnboundWhy>,
    },
}

/// What keeps a claim from getting a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnboundWhy {
    /// The storage class of this name does not exist.
    ClassMissing(String),
    /// Something else, in the words of who makes the volumes.
    Said(String),
}

/// Why a volume cannot be mounted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MountWhy {
    /// Other pods use it, and it may be on one node at a time.
    InUse {
        /// The pods, where they are told.
        pods: Vec<String>,
        /// All of them are older pods of the app itself, which are to go.
        old: bool,
        /// The app starts a new pod before the old one is gone, so that they wait for each other.
        rolls: bool,
    },
    /// The server of the volume does not let the node in.
    Denied {
        /// What was asked for, such as `10.0.0.9:/srv`.
        source: String,
    },
    /// The server has no such path.
    NoPath,
    /// The server does not answer.
    Silent,
    /// Nothing at the server takes the connection.
    Refused,
    /// The node has no program for this kind of file system.
    NoClient {
        /// Such as `nfs`, where it is told.
        fs: Option<String>,
    },
    /// What is on the volume is damaged.
    Damaged,
    /// The kernel does not mount it, and says of three things that one is wrong.
    Unmountable,
    /// A path of the node is not what the pod says that it is, or not there.
    HostPath {
        /// The path on the node.
        path: String,
        /// What it has to be: `directory`.
        wanted: String,
    },
    /// The driver does not run on the node.
    DriverMissing {
        /// The CSI driver's name.
        driver: String,
    },
    /// The driver has not attached the volume in time.
    DriverSilent {
        /// The CSI driver's name.
        driver: String,
    },
    /// The node gets no token for the service account.
    NoToken {
        /// The service account's name.
        account: String,
        /// It does not exist; otherwise the node may not have a token for it.
        missing: bool,
    },
    /// Something else.
    Other {
        /// Since when the pod waits.
        since: UnixMs,
        /// How often the node has tried.
        attempts: u32,
        /// The words of the program that mounts.
        said: String,
    },
}
