//! What nodes lack, refuse and end.

use serde::{Deserialize, Serialize};

/// What ails a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeTrouble {
    /// It is not ready.
    NotReady,
    /// It does not answer.
    Unreachable,
    /// It is low on disk.
    Disk,
    /// It is low on memory.
    Memory,
    /// It is low on process ids.
    Pids,
    /// It has no network.
    Network,
    /// It is new, or is shut down.
    Away,
}

/// Why a sandbox cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SandboxWhy {
    /// Its network cannot be set up, in the words of the plugin.
    Network(String),
    /// The node has no such runtime.
    RuntimeMissing(String),
    /// Something else, in the words of the runtime.
    Other(String),
}

/// Why a node refused a pod that was to run on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeRefusal {
    /// It asks for a sysctl that the node does not allow.
    Sysctl,
    /// The node has no labels that its selector or affinity asks for.
    Affinity,
    /// A host port is in use.
    Ports,
    /// Its AppArmor profile cannot be used.
    AppArmor,
    /// It is for another operating system.
    Os,
    /// It names another node.
    Name,
    /// Its CPUs and devices are not near each other.
    Topology,
    /// The node cannot hand out its devices.
    Devices,
    /// Too little of a resource is free.
    TooLittle,
    /// Something else.
    Other,
}

/// Why the kubelet or an administrator evicted a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eviction {
    /// An empty directory grew above its size limit.
    EmptyDir {
        /// Name of the volume in the template.
        volume: String,
        /// Its `sizeLimit`.
        limit: String,
    },
    /// A container wrote more to its disk than its `ephemeral-storage` limit allows.
    ContainerDisk {
        /// Name of the container that wrote.
        container: String,
        /// The limit.
        limit: String,
    },
    /// All containers together did.
    PodDisk {
        /// The sum of their limits.
        limit: String,
    },
    /// The node ran low on a resource.
    Node {
        /// The resource, such as `memory` or `ephemeral-storage`.
        resource: String,
        /// The container that used most, what it used and what it had requested.
        most: Option<(String, String, String)>,
    },
    /// Somebody asked for it, such as by draining the node.
    Asked,
    /// Something else.
    Other {
        /// The kubelet's words to the eviction.
        said: String,
    },
}
