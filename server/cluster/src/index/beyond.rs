//! What is known of a namespace beyond its own objects, and what was found out by comparing them.

use domain::facts::Service;
use domain::{AppId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The ingress classes of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    /// Their names.
    pub(crate) names: BTreeSet<String>,
    /// One of them is the default.
    pub(crate) default: bool,
}

/// What is known beyond the objects of the namespace itself.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    /// The ingress classes, where the portal may read them.
    pub(super) classes: Option<Arc<Classes>>,
    /// Secrets that ingresses name and that do not exist.
    pub(super) lost_secrets: BTreeSet<String>,
    /// Since when the namespace is being deleted.
    pub(super) ending: Option<UnixMs>,
    /// Services that lead to no pod, with the apps that they were likely meant for.
    pub(super) lost: BTreeMap<String, (Arc<Service>, Vec<AppId>)>,
    /// Services have been listed: one that is not known does not exist.
    pub(super) services_listed: bool,
    /// Services, their endpoints or workloads came or went since `lost` was made.
    pub(super) stale: bool,
    /// Whom autoscalers and ingresses that lead nowhere were likely meant for.
    pub(super) meant: Meant,
    /// Apps, services, autoscalers or ingresses came, went or name another since `meant` was made.
    pub(super) renamed: bool,
}

/// The apps that were likely meant, by the name of what leads nowhere.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// By the name of an autoscaler without a target.
    pub(super) autoscalers: BTreeMap<String, AppId>,
    /// By the name of an ingress that leads to no service.
    pub(super) ingresses: BTreeMap<String, AppId>,
}
