//! Images that cannot be pulled.

use serde::{Deserialize, Serialize};

/// What a pod has for a registry that refuses its image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullSecret {
    /// It names this one, which does not exist.
    Absent(String),
    /// The registry does not accept what this one holds for it, if it holds anything.
    Refused(String),
    /// It names none. The name is one to give.
    Nothing(String),
}

/// Why an image cannot be pulled, from the words of containerd, CRI-O and the kubelet's image manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullWhy {
    /// The name is not one of an image; what the kubelet finds wrong with it.
    InvalidName(String),
    /// The node does not have it, and may not pull it (`imagePullPolicy: Never`).
    NotOnNode,
    /// The name has no registry, and the node does not choose one.
    NoRegistry {
        /// The node searches several registries, rather than none.
        several: bool,
    },
    /// The manifest is of schema 1, which runtimes no longer read.
    FormatTooOld,
    /// The node has reached its own limit of pulls a second.
    NodePullsTooOften,
    /// It has no build for the node's platform.
    WrongPlatform,
    /// The registry wants to know who asks, or does not let that account read it.
    Refused {
        /// What the registry answered.
        code: RegistryCode,
        /// What the pod has for the registry.
        secret: PullSecret,
    },
    /// The registry limits how often this address or account pulls (status 429).
    RateLimit,
    /// The node does not trust the registry's certificate; what it finds wrong with it.
    Certificate(String),
    /// The registry speaks HTTP where the node wants HTTPS.
    PlainHttp,
    /// The node cannot reach the registry.
    Unreachable(Unreachable),
    /// The node's disk is full.
    DiskFull,
    /// The registry has no such image or tag.
    NotFound,
    /// Anything else, in the runtime's words.
    Other(String),
}

/// How a registry refuses an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistryCode {
    /// Status 401.
    Unauthorized,
    /// Status 403.
    Forbidden,
}

/// How a connection fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// Nothing listens there.
    Refused,
    /// The network knows no way to the host.
    NoRoute,
    /// The network knows no way to the host's network.
    NoNetwork,
    /// The other side broke the connection off.
    Reset,
    /// No answer in time.
    TimedOut,
}
