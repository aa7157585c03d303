//! Events.

use super::words;

words! {
    /// Why an event was written (`reason`). The constants are those of the kubelet (`pkg/kubelet/events/event.go`,
    /// `pkg/kubelet/images/types.go`), the scheduler and the controllers.
    EventReason {
        /// The node has begun to pull an image.
        Pulling = "Pulling",
        /// The node has the image.
        Pulled = "Pulled",
        /// The runtime has made a container.
        Created = "Created",
        /// A container runs.
        Started = "Started",
        /// An image cannot be pulled, or a container cannot be made or started.
        Failed = "Failed",
        /// The node cannot look at an image that it has.
        InspectFailed = "InspectFailed",
        /// The image is not on the node, which may not pull it.
        ErrImageNeverPull = "ErrImageNeverPull",
        /// A pull secret does not exist.
        PullSecretAbsent = "FailedToRetrieveImagePullSecret",
        /// The next pull or start is held back.
        BackOff = "BackOff",
        /// A container is ended.
        Killing = "Killing",
        /// A probe failed.
        Unhealthy = "Unhealthy",
        /// A postStart hook failed.
        FailedPostStartHook = "FailedPostStartHook",
        /// The node cannot end a pod.
        FailedKillPod = "FailedKillPod",
        /// A volume cannot be mounted.
        FailedMount = "FailedMount",
        /// A block volume cannot be mapped.
        FailedMapVolume = "FailedMapVolume",
        /// A volume cannot be attached to the node.
        FailedAttachVolume = "FailedAttachVolume",
        /// The runtime cannot make a pod's sandbox.
        FailedCreatePodSandbox = "FailedCreatePodSandBox",
        /// The node has no pod network.
        NetworkNotReady = "NetworkNotReady",
        /// The node of a pod stopped to report.
        NodeNotReady = "NodeNotReady",
        /// The scheduler finds no node.
        FailedScheduling = "FailedScheduling",
        /// A pod made room for one of higher priority.
        Preempted = "Preempted",
        /// A claim waits for a provisioner outside Kubernetes.
        ExternalProvisioning = "ExternalProvisioning",
        /// Keys of a secret or config map did not become variables.
        KeysSkipped = "InvalidEnvironmentVariableNames",
        /// The deployment controller gave a replica set another count of pods.
        ScalingReplicaSet = "ScalingReplicaSet",
        /// A pod, or a run of a cron job, was refused.
        FailedCreate = "FailedCreate",
        /// A controller ended a pod.
        SuccessfulDelete = "SuccessfulDelete",
        /// The cron job controller skipped a run, because another is active.
        JobAlreadyActive = "JobAlreadyActive",
        /// The cron job controller came too late for a run.
        MissSchedule = "MissSchedule",
        /// The cron job controller cannot read the schedule.
        UnparseableSchedule = "UnparseableSchedule",
        /// The same in older versions.
        UnParseableCronJobSchedule = "UnParseableCronJobSchedule",
        /// The schedule is one that never comes.
        InvalidSchedule = "InvalidSchedule",
        /// The cron job controller does not know the time zone.
        UnknownTimeZone = "UnknownTimeZone",
        /// An autoscaler set another count.
        SuccessfulRescale = "SuccessfulRescale",
        /// Who drains a node could not evict a pod.
        EvictionBlocked = "EvictionBlocked",
        /// The same.
        FailedEviction = "FailedEviction",
        /// The same.
        EvictionFailed = "EvictionFailed",
        /// The same, of an autoscaler of nodes.
        DisruptionBlocked = "DisruptionBlocked",
        /// No volume could be made for a claim.
        ProvisioningFailed = "ProvisioningFailed",
        /// The kubelet evicted a pod.
        Evicted = "Evicted",
    }
}

impl EventReason {
    /// A container got further: its image is there or on its way, or it was made or started.
    #[must_use]
    pub const fn is_progress(&self) -> bool {
        matches!(self, Self::Pulling | Self::Pulled | Self::Created | Self::Started)
    }
}
