//! Events about pods and their claims: their reasons, and what stands alike in the texts of all.

/// Why an event was written, as far as a rule asks. The constants are those of the kubelet (`pkg/kubelet/events/event.go`,
/// `pkg/kubelet/images/types.go`), the scheduler, the node controller and the volume controllers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventReason {
    /// `Pulling`: the node has begun to pull an image.
    Pulling,
    /// `Pulled`: the node has the image.
    Pulled,
    /// `Created`: the runtime has made a container.
    Created,
    /// `Started`: a container runs.
    Started,
    /// `Failed`: an image cannot be pulled, or a container cannot be made or started.
    Failed,
    /// `InspectFailed`: the node cannot look at an image that it has.
    InspectFailed,
    /// `ErrImageNeverPull`: the image is not on the node, which may not pull it.
    ErrImageNeverPull,
    /// `FailedToRetrieveImagePullSecret`: a pull secret does not exist.
    PullSecretAbsent,
    /// `BackOff`: the next pull or start is held back.
    BackOff,
    /// `Killing`: a container is ended.
    Killing,
    /// `Unhealthy`: a probe failed.
    Unhealthy,
    /// `FailedPostStartHook`: a postStart hook failed.
    FailedPostStartHook,
    /// `FailedKillPod`: the node cannot end a pod.
    FailedKillPod,
    /// `FailedMount`: a volume cannot be mounted.
    FailedMount,
    /// `FailedMapVolume`: a block volume cannot be mapped.
    FailedMapVolume,
    /// `FailedAttachVolume`: a volume cannot be attached to the node.
    FailedAttachVolume,
    /// `FailedCreatePodSandBox`: the runtime cannot make a pod's sandbox.
    FailedCreatePodSandbox,
    /// `NetworkNotReady`: the node has no pod network.
    NetworkNotReady,
    /// `NodeNotReady`: the node of a pod stopped to report.
    NodeNotReady,
    /// `FailedScheduling`: the scheduler finds no node.
    FailedScheduling,
    /// `Preempted`: a pod made room for one of higher priority.
    Preempted,
    /// `ExternalProvisioning`: a claim waits for a provisioner outside Kubernetes.
    ExternalProvisioning,
    /// `InvalidEnvironmentVariableNames`: keys of a secret or config map did not become variables.
    KeysSkipped,
    /// Any other.
    Other,
}

impl EventReason {
    /// Reads `reason` of an event.
    #[must_use]
    pub fn of(reason: &str) -> Self {
        match reason {
            "Pulling" => Self::Pulling,
            "Pulled" => Self::Pulled,
            "Created" => Self::Created,
            "Started" => Self::Started,
            "Failed" => Self::Failed,
            "InspectFailed" => Self::InspectFailed,
            "ErrImageNeverPull" => Self::ErrImageNeverPull,
            "FailedToRetrieveImagePullSecret" => Self::PullSecretAbsent,
            "BackOff" => Self::BackOff,
            "Killing" => Self::Killing,
            "Unhealthy" => Self::Unhealthy,
            "FailedPostStartHook" => Self::FailedPostStartHook,
            "FailedKillPod" => Self::FailedKillPod,
            "FailedMount" => Self::FailedMount,
            "FailedMapVolume" => Self::FailedMapVolume,
            "FailedAttachVolume" => Self::FailedAttachVolume,
            "FailedCreatePodSandBox" => Self::FailedCreatePodSandbox,
            "NetworkNotReady" => Self::NetworkNotReady,
            "NodeNotReady" => Self::NodeNotReady,
            "FailedScheduling" => Self::FailedScheduling,
            "Preempted" => Self::Preempted,
            "ExternalProvisioning" => Self::ExternalProvisioning,
            "InvalidEnvironmentVariableNames" => Self::KeysSkipped,
            _ => Self::Other,
        }
    }

    /// A container got further: its image is there or on its way, or it was made or started.
    #[must_use]
    pub const fn is_progress(self) -> bool {
        matches!(self, Self::Pulling | Self::Pulled | Self::Created | Self::Started)
    }
}

/// What an event says. Where many differ by a little only, client-go puts a mark in front of the newest
/// (`tools/record/events_cache.go`).
#[must_use]
pub fn own_text(text: &str) -> &str {
    text.strip_prefix("(combined from similar events): ").unwrap_or(text)
}

/// The container in the kubelet's `spec.containers{app}` or `spec.initContainers{app}`
/// (`pkg/kubelet/container/ref.go`, `GenerateContainerRef`).
#[must_use]
pub fn container(field_path: &str) -> Option<&str> {
    let (part, name) = field_path.strip_prefix("spec.")?.strip_suffix('}')?.split_once('{')?;
    matches!(part, "containers" | "initContainers" | "ephemeralContainers").then_some(name)
}
