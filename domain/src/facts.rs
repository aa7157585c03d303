//! What the cluster says about an app, slim: only the fields that some rule or view reads.
//!
//! The cluster room makes these from watched objects; [`crate::status`] judges them. All text in here comes
//! from the cluster and is hostile until it has been escaped.

use crate::UnixMs;
use crate::kubernetes::words::{ClaimPhase, ConditionReason, ConditionType, EventReason, ObjectKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

mod around;
mod asks;
mod bounds;
mod deletion;
mod job;
mod left_out;
mod missing;
mod network;
mod observed;
mod pod;
mod portal_change;
mod template;
mod workload;

pub use around::{Allowed, Around, Autoscaler, ClassState, Policy};
pub use asks::{Asks, Wish};
pub use deletion::{Deletion, Ending, LastEnd};
pub use job::{CronFacts, JobFacts};
pub use left_out::{LeftOut, Limit, Unread};
pub use missing::MissingReference;
pub use network::{Ingress, IngressRule, Service, ServicePort};
pub use observed::{ChangedPart, EndedRun, Observed, Pressure, PressureKind, RevisionChange, Rise, RunningLog, Unanswered, UnreadyLog};
pub use pod::{Container, ContainerState, Ended, Pod, Rare};
pub use portal_change::{PortalAction, PortalChange};
pub use template::{ContainerSpec, Probe, Reference, SubPath};
pub use workload::{Replicas, Update, Workload};

/// Labels or a selector.
pub type Labels = BTreeMap<String, String>;

/// Everything known about one app at one moment. Immutable; a change makes a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppFacts {
    /// The workload itself.
    pub workload: Arc<Workload>,
    /// Pods that it owns, directly or through replica sets and jobs, sorted by name.
    pub pods: Vec<Arc<Pod>>,
    /// Recent events about the workload, its pods, replica sets, jobs and claims; newest first, 60 at most.
    pub events: Vec<Arc<Event>>,
    /// Services whose selector matches its pods, that have its name, or that match no pod and are likely meant for it.
    pub services: Vec<Arc<Service>>,
    /// Ingresses that lead to one of these services.
    pub ingresses: Vec<Arc<Ingress>>,
    /// Claims that its pods mount.
    pub claims: Vec<Arc<Claim>>,
    /// Replica sets of a deployment, newest revision first, 10 at most.
    pub replica_sets: Vec<Arc<ReplicaSet>>,
    /// What stands around it: autoscalers, network policies, its namespace.
    #[serde(default)]
    pub around: Around,
    /// How pods of its jobs ended that are gone, newest first, 5 at most; known as long as the portal has run.
    #[serde(default)]
    pub last_ends: Vec<Arc<LastEnd>>,
    /// What its template refers to and what is not there; looked up only while a pod waits for it.
    #[serde(default)]
    pub missing: Arc<Vec<MissingReference>>,
    /// What the template of a held deployment has differently from the pods that run; looked up only while it is held.
    #[serde(default)]
    pub held: Arc<Vec<ChangedPart>>,
    /// What the portal has read beside the cluster's objects: ends of logs, errors in logs, use against limits.
    #[serde(default)]
    pub observed: Arc<Observed>,
}

impl AppFacts {
    /// When a replica set became the revision that it is. One that a roll-back took again is as old as before; then only
    /// the person who asked the portal for it left the moment.
    #[must_use]
    pub fn made(&self, set: &ReplicaSet) -> Option<UnixMs> {
        let asked = self.workload.portal_change.as_ref().filter(|c| c.revision == Some(set.revision));
        asked.map(|c| c.at).or_else(|| (!set.reused).then_some(set.created))
    }

    /// Whether a pod is of the newest template; where nothing tells which that is, all are.
    pub(crate) fn runs_newest(&self, pod: &Pod) -> bool {
        match self.replica_sets.first().and_then(|s| s.hash.as_deref()).or(self.workload.update.revision.as_deref()) {
            Some(hash) => pod.template_hash.as_deref() == Some(hash),
            None => true,
        }
    }
}

/// One `status.conditions` entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Such as `Progressing`, `Available`, `ReplicaFailure`, `Complete`, `Failed`.
    pub kind: ConditionType,
    /// `True`, `False` (`None` is Unknown).
    pub status: Option<bool>,
    /// Such as `ProgressDeadlineExceeded`.
    pub reason: ConditionReason,
    /// Free text.
    pub message: String,
    /// When it last changed.
    pub since: Option<UnixMs>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Kind of the object it is about.
    pub kind: ObjectKind,
    /// Name of the object it is about.
    pub name: String,
    /// Uid of the object it is about.
    pub uid: String,
    /// The container of the pod that it is about, where it is about one.
    #[serde(default)]
    pub container: Option<String>,
    /// `Failed`, `Unhealthy`, `BackOff`, `FailedScheduling`, `Killing`, `FailedCreate`, …
    pub reason: EventReason,
    /// Its text.
    pub message: String,
    /// Not `Normal` but `Warning`.
    pub warning: bool,
    /// How often.
    pub count: u32,
    /// First seen.
    pub first: UnixMs,
    /// Last seen.
    pub last: UnixMs,
    /// Who reported it, such as `kubelet`.
    pub source: String,
}

/// A persistent volume claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// `metadata.name` of the claim.
    pub name: String,
    /// `Pending`, `Bound`, `Lost`.
    pub phase: ClaimPhase,
    /// Storage class.
    pub class: Option<String>,
    /// Size asked for, as written.
    pub size: String,
    /// When it was created.
    pub created: UnixMs,
}

/// A replica set of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSet {
    /// `metadata.name` of the replica set.
    pub name: String,
    /// `deployment.kubernetes.io/revision`.
    pub revision: u64,
    /// When it was created.
    pub created: UnixMs,
    /// It was in force before, under another number, and came back by a roll-back.
    #[serde(default)]
    pub reused: bool,
    /// Images of its template.
    pub images: Vec<String>,
    /// `kubernetes.io/change-cause`.
    pub change_cause: Option<String>,
    /// Pods wanted of it.
    pub wanted: u32,
    /// Pods ready of it.
    pub ready: u32,
    /// `pod-template-hash`.
    pub hash: Option<String>,
}
