//! What keeps a pod off a node.

use super::NodeTrouble;
use crate::facts::Wish;
use serde::{Deserialize, Serialize};

/// Why a node does not take a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// Too little of a resource is free.
    TooLittle {
        /// `cpu`, `memory`, `nvidia.com/gpu`.
        resource: String,
        /// What the pod requests, in words.
        asked: Option<String>,
        /// Not even an empty node has it.
        never: bool,
    },
    /// As many pods as allowed.
    Full,
    /// Other labels than the pod asks for.
    Labels(Vec<Wish>),
    /// A taint that the pod does not tolerate.
    Taint(Option<String>),
    /// The node itself is not well.
    Unwell(NodeTrouble),
    /// No volume fits the claim, of name, size and storage class.
    NoVolume(Option<(String, String, Option<String>)>),
    /// The storage has too little room for the claim.
    NoStorage,
    /// A volume that only one pod may use is in use.
    VolumeBusy,
    /// There is no node at all.
    NoNode,
    /// Closed for new pods.
    Cordoned,
    /// The pod's volume is elsewhere.
    VolumeElsewhere,
    /// The host port is in use.
    HostPort,
    /// The pod keeps away from one that is there.
    AntiAffinity,
    /// The pod wants to be near one that is not there.
    Affinity,
    /// The spread rule is not met.
    Spread,
    /// It has no label by which the pods are spread.
    SpreadLabel,
    /// No device is free for the pod's resource claims.
    NoDevice,
    /// As many volumes as allowed.
    Volumes,
    /// Something else, in the scheduler's words.
    Said(String),
}
