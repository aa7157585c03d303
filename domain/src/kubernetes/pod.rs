//! Pods as a whole: their phase, why they ended, why a node refused or evicted them. The texts are those of the kubelet
//! (`pkg/kubelet/kubelet.go`, `pkg/kubelet/eviction/helpers.go` and `eviction_manager.go`, `pkg/kubelet/lifecycle`,
//! `pkg/kubelet/nodeshutdown`) and of the node controller (`pkg/controller/nodelifecycle`, `pkg/controller/podgc`).

use crate::cause::{Eviction, NodeRefusal, NodeTrouble};
use crate::text::between;

/// `status.phase` of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodPhase {
    /// Not all of its containers have run yet.
    Pending,
    /// It is on a node, and a container runs or is started again.
    Running,
    /// All containers ended well and are not started again.
    Succeeded,
    /// All containers ended and one not well, or the pod was ended as a whole.
    Failed,
    /// Its node has not reported it, in versions that still write this.
    Unknown,
    /// Another word.
    Other,
}

impl PodPhase {
    /// Reads the word.
    #[must_use]
    pub fn of(phase: &str) -> Self {
        match phase {
            "Pending" => Self::Pending,
            "Running" => Self::Running,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            "Unknown" => Self::Unknown,
            _ => Self::Other,
        }
    }

    /// All of its containers have ended, and none is started again.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// `status.reason` of a pod: why it was ended as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodReason {
    /// Nothing but its containers' own ends.
    None,
    /// The kubelet evicted it.
    Evicted,
    /// It made room for a pod of higher priority.
    Preempted,
    /// Its node shut down.
    NodeShutDown,
    /// It ran longer than its `activeDeadlineSeconds`.
    DeadlineExceeded,
    /// Its node stopped to report.
    NodeLost,
    /// The node refused it before it ran.
    Refused(NodeRefusal),
    /// Another reason.
    Other,
}

impl PodReason {
    /// Reads the word.
    #[must_use]
    pub fn of(reason: &str) -> Self {
        match reason {
            "" => Self::None,
            "Evicted" => Self::Evicted,
            "Preempted" | "Preempting" => Self::Preempted,
            "Shutdown" | "Terminated" | "NodeShutdown" => Self::NodeShutDown,
            "DeadlineExceeded" => Self::DeadlineExceeded,
            "NodeLost" => Self::NodeLost,
            "UnexpectedAdmissionError" => Self::Refused(NodeRefusal::Devices),
            "NodeAffinity" => Self::Refused(NodeRefusal::Affinity),
            "NodePorts" => Self::Refused(NodeRefusal::Ports),
            r if r.starts_with("OutOf") => Self::Refused(NodeRefusal::TooLittle),
            _ => Self::Other,
        }
    }
}

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
pub fn ending(reason: &str, message: &str) -> PodEnding {
    let refused = |why| PodEnding::Refused { why, said: message.trim_start_matches(REJECTED).to_owned() };
    match PodReason::of(reason) {
        PodReason::Evicted => PodEnding::Evicted,
        PodReason::Preempted => PodEnding::Preempted,
        PodReason::NodeShutDown => PodEnding::NodeShutDown,
        PodReason::DeadlineExceeded => PodEnding::DeadlineExceeded,
        PodReason::Refused(why) => refused(why),
        PodReason::None | PodReason::NodeLost | PodReason::Other if message.starts_with(REJECTED) => refused(rejection(reason)),
        PodReason::None | PodReason::NodeLost | PodReason::Other => PodEnding::Other,
    }
}

/// Reasons that stand only before a rejection.
fn rejection(reason: &str) -> NodeRefusal {
    match reason {
        "SysctlForbidden" => NodeRefusal::Sysctl,
        "AppArmor" => NodeRefusal::AppArmor,
        "PodOSNotSupported" => NodeRefusal::Os,
        "NodeName" => NodeRefusal::Name,
        "TopologyAffinityError" => NodeRefusal::Topology,
        _ => NodeRefusal::Other,
    }
}

/// `reason` of a condition of a pod, as far as a rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionReason {
    /// `PodScheduled`: a scheduling gate holds the pod back.
    SchedulingGated,
    /// `Ready`: a readiness gate is not set.
    ReadinessGatesNotReady,
    /// `DisruptionTarget`: the pod's node is no part of the cluster any more.
    DeletionByPodGc,
    /// `DisruptionTarget`: somebody asked to evict the pod.
    EvictionByApi,
    /// `PodResizePending`: the node can never do the resize.
    Infeasible,
    /// Any other.
    Other,
}

impl ConditionReason {
    /// Reads the word.
    #[must_use]
    pub fn of(reason: &str) -> Self {
        match reason {
            "SchedulingGated" => Self::SchedulingGated,
            "ReadinessGatesNotReady" => Self::ReadinessGatesNotReady,
            "DeletionByPodGC" => Self::DeletionByPodGc,
            "EvictionByEvictionAPI" => Self::EvictionByApi,
            "Infeasible" => Self::Infeasible,
            _ => Self::Other,
        }
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
