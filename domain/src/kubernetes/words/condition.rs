//! `status.conditions` of pods, workloads and autoscalers: their types and reasons.

use super::words;

words! {
    /// What a condition is about (`type`).
    ConditionType {
        /// A pod counts as ready.
        Ready = "Ready",
        /// All containers of a pod are ready.
        ContainersReady = "ContainersReady",
        /// The scheduler has found a node for a pod.
        PodScheduled = "PodScheduled",
        /// A pod is or was to be ended from outside.
        DisruptionTarget = "DisruptionTarget",
        /// A resize of a pod in place waits.
        PodResizePending = "PodResizePending",
        /// A rollout of a deployment goes on.
        Progressing = "Progressing",
        /// The API server refuses pods of a workload.
        ReplicaFailure = "ReplicaFailure",
        /// A job ended well.
        Complete = "Complete",
        /// A job failed.
        Failed = "Failed",
        /// A job fails, and its pods end.
        FailureTarget = "FailureTarget",
        /// A job is held.
        Suspended = "Suspended",
        /// An autoscaler can set the count.
        AbleToScale = "AbleToScale",
        /// An autoscaler knows how much its pods use.
        ScalingActive = "ScalingActive",
        /// An autoscaler would set a count that it may not.
        ScalingLimited = "ScalingLimited",
    }
}

words! {
    /// Why a condition has its status (`reason`).
    ConditionReason {
        /// A scheduling gate holds the pod back.
        SchedulingGated = "SchedulingGated",
        /// A readiness gate is not set.
        ReadinessGatesNotReady = "ReadinessGatesNotReady",
        /// The pod's node is no part of the cluster any more.
        DeletionByPodGc = "DeletionByPodGC",
        /// Somebody asked to evict the pod.
        EvictionByApi = "EvictionByEvictionAPI",
        /// The node can never do the resize.
        Infeasible = "Infeasible",
        /// The rollout takes longer than `progressDeadlineSeconds`.
        ProgressDeadlineExceeded = "ProgressDeadlineExceeded",
        /// Somebody paused the rollout.
        DeploymentPaused = "DeploymentPaused",
        /// A job ran longer than its `activeDeadlineSeconds`.
        DeadlineExceeded = "DeadlineExceeded",
        /// Indexes of a job failed for good.
        FailedIndexes = "FailedIndexes",
        /// More indexes of a job failed than may.
        MaxFailedIndexesExceeded = "MaxFailedIndexesExceeded",
        /// A job's own rule made it fail.
        PodFailurePolicy = "PodFailurePolicy",
        /// Too many pods of a job failed.
        BackoffLimitExceeded = "BackoffLimitExceeded",
        /// Somebody switched an autoscaler off by scaling to 0.
        ScalingDisabled = "ScalingDisabled",
        /// An autoscaler would set more replicas than it may.
        TooManyReplicas = "TooManyReplicas",
        /// Two autoscalers scale the same pods.
        AmbiguousSelector = "AmbiguousSelector",
        /// An autoscaler gets no metric from outside the cluster.
        FailedGetExternalMetric = "FailedGetExternalMetric",
        /// An autoscaler gets no metric of its pods.
        FailedGetPodsMetric = "FailedGetPodsMetric",
        /// An autoscaler gets no metric of another object.
        FailedGetObjectMetric = "FailedGetObjectMetric",
    }
}
