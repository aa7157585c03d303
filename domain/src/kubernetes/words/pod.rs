//! Pods as a whole.

use super::words;

words! {
    /// `status.phase` of a pod.
    PodPhase {
        /// Not all of its containers have run yet.
        Pending = "Pending",
        /// It is on a node, and a container runs or is started again.
        Running = "Running",
        /// All containers ended well and are not started again.
        Succeeded = "Succeeded",
        /// All containers ended and one not well, or the pod was ended as a whole.
        Failed = "Failed",
        /// Its node has not reported it, in versions that still write this.
        Unknown = "Unknown",
    }
}

impl PodPhase {
    /// All of its containers have ended, and none is started again.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

words! {
    /// `status.reason` of a pod: why it was ended as a whole.
    PodReason {
        /// Nothing but its containers' own ends.
        None = "",
        /// The kubelet evicted it.
        Evicted = "Evicted",
        /// It made room for a pod of higher priority.
        Preempted = "Preempted",
        /// It made room on its node for a static pod.
        Preempting = "Preempting",
        /// Its node shut down.
        Shutdown = "Shutdown",
        /// The same since 1.22.
        Terminated = "Terminated",
        /// Its node was about to shut down and did not take it.
        NodeShutdown = "NodeShutdown",
        /// It ran longer than its `activeDeadlineSeconds`.
        DeadlineExceeded = "DeadlineExceeded",
        /// Its node stopped to report.
        NodeLost = "NodeLost",
        /// The node cannot hand out its devices.
        UnexpectedAdmissionError = "UnexpectedAdmissionError",
        /// The node has no labels that its selector or affinity asks for.
        NodeAffinity = "NodeAffinity",
        /// A host port is in use.
        NodePorts = "NodePorts",
        /// It asks for a sysctl that the node does not allow.
        SysctlForbidden = "SysctlForbidden",
        /// Its AppArmor profile cannot be used.
        AppArmor = "AppArmor",
        /// It is for another operating system.
        PodOsNotSupported = "PodOSNotSupported",
        /// It names another node.
        NodeName = "NodeName",
        /// Its CPUs and devices are not near each other.
        TopologyAffinityError = "TopologyAffinityError",
        ;
        /// Too little of a resource was free on the node: `OutOfcpu`.
        OutOf = "OutOf"
    }
}
