//! Containers.

use super::{as_word, words};
use crate::slugs::slugs;

/// Why a container waits (`state.waiting.reason`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WaitReason {
    /// Nothing is said.
    Unsaid,
    /// The runtime makes it, or the pod's volumes and network.
    ContainerCreating,
    /// Init containers run before it.
    PodInitializing,
    /// It ended, and the kubelet holds back its next start.
    CrashLoopBackOff,
    /// Its image is not there.
    Image(ImageWait),
    /// What the kubelet needs to describe it to the runtime is not there or not allowed.
    CreateContainerConfigError,
    /// The runtime cannot make it.
    CreateContainerError,
    /// The runtime cannot start it.
    RunContainerError,
    /// It was killed, because its postStart hook failed.
    PostStartHookError,
    /// Another word: it is shown and never compared.
    Other(String),
}

impl From<String> for WaitReason {
    fn from(word: String) -> Self {
        match word.as_str() {
            "" => Self::Unsaid,
            "ContainerCreating" => Self::ContainerCreating,
            "PodInitializing" => Self::PodInitializing,
            "CrashLoopBackOff" => Self::CrashLoopBackOff,
            "CreateContainerConfigError" => Self::CreateContainerConfigError,
            "CreateContainerError" => Self::CreateContainerError,
            "RunContainerError" => Self::RunContainerError,
            "PostStartHookError" => Self::PostStartHookError,
            image => ImageWait::of(image).map_or(Self::Other(word), Self::Image),
        }
    }
}

as_word!(WaitReason);

impl WaitReason {
    /// As the kubelet writes it.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Unsaid => "",
            Self::ContainerCreating => "ContainerCreating",
            Self::PodInitializing => "PodInitializing",
            Self::CrashLoopBackOff => "CrashLoopBackOff",
            Self::Image(wait) => wait.slug(),
            Self::CreateContainerConfigError => "CreateContainerConfigError",
            Self::CreateContainerError => "CreateContainerError",
            Self::RunContainerError => "RunContainerError",
            Self::PostStartHookError => "PostStartHookError",
            Self::Other(word) => word,
        }
    }

    /// It is to be made for the first time, as far as this tells.
    #[must_use]
    pub const fn is_before_start(&self) -> bool {
        matches!(self, Self::Unsaid | Self::ContainerCreating | Self::PodInitializing)
    }
}

words! {
    /// Why a container ended (`state.terminated.reason`).
    EndReason {
        /// With exit code 0.
        Completed = "Completed",
        /// With another exit code.
        Error = "Error",
        /// The kernel killed it for memory.
        OutOfMemory = "OOMKilled",
        /// Its process could not be made.
        StartError = "StartError",
        /// The same in the words of Docker.
        ContainerCannotRun = "ContainerCannotRun",
        /// The runtime does not know.
        Unknown = "Unknown",
        /// The runtime has no such container.
        ContainerStatusUnknown = "ContainerStatusUnknown",
    }
}

slugs! {
    /// How the kubelet says that a container has no image (`pkg/kubelet/images/types.go`).
    ImageWait {
        /// The next pull is held back.
        BackOff = "ImagePullBackOff",
        /// A pull failed.
        Failed = "ErrImagePull",
        /// The name is not one of an image.
        InvalidName = "InvalidImageName",
        /// The node does not have it, and may not pull it.
        NeverPull = "ErrImageNeverPull",
        /// The node cannot look at it.
        InspectFailed = "ImageInspectError",
        /// The registry does not answer.
        RegistryUnavailable = "RegistryUnavailable",
        /// The node does not accept its signature.
        SignatureInvalid = "SignatureValidationFailed",
    }
}

impl ImageWait {
    /// Reads the reason of a waiting container; `None` where it is not about the image.
    #[must_use]
    pub fn of(reason: &str) -> Option<Self> {
        Self::from_slug(reason)
    }
}
