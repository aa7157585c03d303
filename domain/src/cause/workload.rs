//! Workloads as a whole, and not one of their pods.

use crate::{Bytes, Kind, UnixMs};
use serde::{Deserialize, Serialize};

/// What is wrong with a workload as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkloadTrouble {
    /// A controller has not looked at a change for long.
    ChangeNotPickedUp {
        /// The kind of the workload.
        kind: Kind,
        /// When the change was made.
        at: UnixMs,
        /// The generation that the controller has seen.
        seen: i64,
        /// The generation of the workload.
        wanted: i64,
    },
    /// The rollout has taken longer than it may, which the lead tells, and nothing else says why.
    RolloutTimedOut {
        /// Some pods are ready.
        any_ready: bool,
    },
    /// All pods are ready, and the service of the app's name finds none of them.
    ServiceFindsNoPods {
        /// The pods.
        counts: Counts,
        /// Name of the service.
        service: String,
        /// Why it does not.
        mismatch: Mismatch,
    },
    /// Pods are wanted in a namespace that is being deleted.
    NamespaceEnding {
        /// The namespace.
        namespace: String,
        /// Since when it is.
        since: UnixMs,
    },
    /// No pod was made, and this is the newest warning.
    ControllerWarns {
        /// Who warns; empty where that is not told.
        source: String,
        /// The words of the warning.
        said: String,
    },
    /// No pod was made, and nothing says why.
    ControllerSilent(Silence),
    /// The object is larger than what the portal reads of one.
    TooLargeToRead {
        /// The kind of the workload.
        kind: Kind,
        /// The most that is read.
        most: Bytes,
    },
    /// The object is not written as the portal expects it.
    NotReadable {
        /// The kind of the workload.
        kind: Kind,
    },
    /// The pod that the app is does not exist any more.
    PodGone {
        /// Its name.
        name: String,
    },
}

/// How many of a number are ready or done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Pods that are ready, or runs that are done; no more than are wanted.
    pub ready: u32,
    /// Pods or runs that are wanted.
    pub wanted: u32,
}

/// How far a controller came that says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// A deployment has this replica set, which has no pod.
    ReplicaSet(String),
    /// A deployment has no replica set.
    NoReplicaSet,
    /// A workload of this kind has no pod.
    Workload(Kind),
}

/// Why a service's selector finds no pod. Values are redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// The template has other labels; 3 at most.
    Differs(Vec<LabelDiffers>),
    /// The template has these labels, and no pod does: keys and values.
    NoPodHas(Vec<(String, String)>),
}

/// A label that is not what a selector wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelDiffers {
    /// Key of the label.
    pub key: String,
    /// What the selector wants.
    pub wants: String,
    /// What the template has, if it has the label at all.
    pub has: Option<String>,
}

impl WorkloadTrouble {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ChangeNotPickedUp { .. } => "change_not_picked_up",
            Self::RolloutTimedOut { .. } => "rollout_timed_out",
            Self::ServiceFindsNoPods { .. } => "service_finds_no_pods",
            Self::NamespaceEnding { .. } => "namespace_ending",
            Self::ControllerWarns { .. } => "controller_warns",
            Self::ControllerSilent(_) => "controller_silent",
            Self::TooLargeToRead { .. } => "too_large_to_read",
            Self::NotReadable { .. } => "not_readable",
            Self::PodGone { .. } => "pod_gone",
        }
    }
}
