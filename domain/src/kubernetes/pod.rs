//! Pods as a whole: their phase, why they ended, why a node refused or evicted them. The texts are those of the kubelet
//! (`pkg/kubelet/kubelet.go`, `pkg/kubelet/eviction/helpers.go` and `eviction_manager.go`, `pkg/kubelet/lifecycle`,
//! `pkg/kubelet/nodeshutdown`) and of the node controller (`pkg/controller/nodelifecycle`, `pkg/controller/podgc`).

use super::words::PodReason;
use crate::cause::{Eviction, NodeRefusal, NodeTrouble};
use crate::text::between;

/// What the kubelet writes before the reason for which it rejects a pod (`rejectPod`).
const REJECTED: &str = "Pod was rejected: ";

/// How a pod in phase Failed ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PodEnding {
    /// The kubelet evicted it.
    Evicted,
    /// It made room for a pod of higher priority.
    Preempted,
    /// Its node shut down.
    NodeShutDown,
    /// It ran longer than its `activeDeadlineSeconds`.
    DeadlineExceeded,
    /// The node refused it.
    Refused {
        /// Why, by the kubelet's word.
        why: NodeRefusal,
        /// The kubelet's sentence.
        said: String,
    },
    /// Nothing but its containers' ends tells.
    Other,
}

/// Reads reason and message of a pod in phase Failed.
#[must_use]
pub fn ending(reason: &PodReason, message: &str) -> PodEnding {
    let refused = |why| PodEnding::Refused { why, said: message.trim_start_matches(REJECTED).to_owned() };
    // Some reasons stand only before a rejection, and are known from no other end.
    let rejected = |why| if message.starts_with(REJECTED) { refused(why) } else { PodEnding::Other };
    match reason {
        PodReason::Evicted => PodEnding::Evicted,
        PodReason::Preempted | PodReason::Preempting => PodEnding::Preempted,
        PodReason::Shutdown | PodReason::Terminated | PodReason::NodeShutdown => PodEnding::NodeShutDown,
        PodReason::DeadlineExceeded => PodEnding::DeadlineExceeded,
        PodReason::UnexpectedAdmissionError => refused(NodeRefusal::Devices),
        PodReason::NodeAffinity => refused(NodeRefusal::Affinity),
        PodReason::NodePorts => refused(NodeRefusal::Ports),
        PodReason::SysctlForbidden => rejected(NodeRefusal::Sysctl),
        PodReason::AppArmor => rejected(NodeRefusal::AppArmor),
        PodReason::PodOsNotSupported => rejected(NodeRefusal::Os),
        PodReason::NodeName => rejected(NodeRefusal::Name),
        PodReason::TopologyAffinityError => rejected(NodeRefusal::Topology),
        PodReason::OutOf(_) => refused(NodeRefusal::TooLittle),
        PodReason::None | PodReason::NodeLost | PodReason::Other(_) => rejected(NodeRefusal::Other),
    }
}

/// Why the kubelet evicted a pod, from the pod's message. `Eviction::Asked` is never among it: only a condition tells that.
#[must_use]
pub fn eviction(message: &str) -> Eviction {
    if let Some(volume) = between(message, "Usage of EmptyDir volume \"", "\"") {
        let limit = between(message, "exceeds the limit \"", "\"").unwrap_or("?");
        return Eviction::EmptyDir { volume: volume.into(), limit: limit.into() };
    }
    if let Some(container) = between(message, "Container ", " exceeded its local ephemeral storage limit") {
        let limit = between(message, "storage limit \"", "\"").unwrap_or("?");
        return Eviction::ContainerDisk { container: container.into(), limit: limit.into() };
    }
    if let Some((_, limit)) = message.split_once("exceeds the total limit of containers ") {
        return Eviction::PodDisk { limit: limit.trim_end_matches(['.', ' ']).into() };
    }
    if let Some((_, rest)) = message.split_once("low on resource: ") {
        let resource = rest.split(['.', ' ']).next().unwrap_or("a resource");
        let most = || {
            let container = between(rest, "Container ", " was using ")?;
            let used = between(rest, " was using ", ", request is ")?;
            Some((container.to_owned(), used.to_owned(), between(rest, ", request is ", ",")?.to_owned()))
        };
        return Eviction::Node { resource: resource.into(), most: most() };
    }
    if message.contains("The node had condition: [") {
        let condition = between(message, "condition: [", "]").unwrap_or_default();
        let resource = if condition.contains("DiskPressure") {
            "disk"
        } else if condition.contains("PIDPressure") {
            "process IDs"
        } else {
            "memory"
        };
        return Eviction::Node { resource: resource.into(), most: None };
    }
    Eviction::Other { said: message.to_owned() }
}

/// What the kubelet says of a pod that it cannot end, from the message of a `FailedKillPod` event.
#[must_use]
pub fn kill_failure(message: &str) -> &str {
    message.strip_prefix("error killing pod: ").unwrap_or(message)
}

/// What ails a node, from the key of the taint that Kubernetes itself puts there; `None` for other taints and for a node that
/// is only cordoned.
#[must_use]
pub fn node_trouble(taint_key: &str) -> Option<NodeTrouble> {
    match own_taint(taint_key)? {
        "not-ready" => Some(NodeTrouble::NotReady),
        "unreachable" => Some(NodeTrouble::Unreachable),
        "disk-pressure" => Some(NodeTrouble::Disk),
        "memory-pressure" => Some(NodeTrouble::Memory),
        "pid-pressure" => Some(NodeTrouble::Pids),
        "network-unavailable" => Some(NodeTrouble::Network),
        "uninitialized" | "shutdown" | "out-of-service" => Some(NodeTrouble::Away),
        _ => None,
    }
}

/// The last part of a key of Kubernetes' own.
pub(super) fn own_taint(key: &str) -> Option<&str> {
    key.strip_prefix("node.kubernetes.io/").or_else(|| key.strip_prefix("node.cloudprovider.kubernetes.io/"))
}
