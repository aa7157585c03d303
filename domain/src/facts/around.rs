//! What stands around an app and acts on it without being part of it.

use super::Condition;
use crate::UnixMs;
use crate::kubernetes::words::ObjectKind;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything around one app. What the portal may not read is simply not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// Autoscalers whose target it is, and those whose target does not exist while this app is the one that is likely
    /// meant; 10 at most.
    #[serde(default)]
    pub autoscalers: Vec<Arc<Autoscaler>>,
    /// Network policies that select its pods; 20 at most.
    #[serde(default)]
    pub policies: Vec<Arc<Policy>>,
    /// Since when its namespace is being deleted.
    #[serde(default)]
    pub namespace_ending: Option<UnixMs>,
}

/// A horizontal pod autoscaler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Autoscaler {
    /// `metadata.name` of the autoscaler.
    pub name: String,
    /// Its uid, by which its events are found.
    pub uid: String,
    /// Kind of what it scales, such as `Deployment`.
    pub target_kind: ObjectKind,
    /// Name of what it scales.
    pub target: String,
    /// What it scales does not exist.
    #[serde(default)]
    pub target_missing: bool,
    /// Least replicas.
    pub least: u32,
    /// Most replicas.
    pub most: u32,
    /// What it measures: `cpu`, `memory`, `cpu of main`, or the name of another metric; 10 at most.
    pub metrics: Vec<String>,
    /// Conditions that say that something is not as it should be: `AbleToScale` or `ScalingActive` that is not true,
    /// `ScalingLimited` that is.
    pub conditions: Vec<Condition>,
}

/// A network policy, as far as it is told: not whom it names, but what is left where it selects a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// `metadata.name` of the policy.
    pub name: String,
    /// Connections to the pods; `None` where the policy does not restrict them.
    pub ingress: Option<Allowed>,
    /// Connections from the pods; `None` where the policy does not restrict them.
    pub egress: Option<Allowed>,
}

/// What a direction of a policy allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// No connection.
    Nothing,
    /// Those of some rules.
    Some {
        /// How many rules.
        rules: u32,
        /// Ports that they name, 5 at most; empty where one of them is for all ports.
        ports: Vec<String>,
        /// Ports that they allow to everybody, 20 at most.
        #[serde(default)]
        everyone: Vec<String>,
    },
    /// All: a rule without peers and ports.
    Everything,
}

/// Whether the class that an ingress names is one that the cluster has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassState {
    /// The portal may not read the classes, or has not yet.
    #[default]
    Unknown,
    /// It exists, or none is named and there is a default one.
    Known,
    /// There is none of that name.
    Missing,
    /// None is named, and there is no default one.
    NoDefault,
}
