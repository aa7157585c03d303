//! Slim forms of watched objects: what some rule or view reads is kept, the rest is dropped on arrival.

mod autoscaler;
mod claim;
mod event;
mod job;
mod meta;
mod network;
mod pod;
mod policy;
mod replica_set;
mod template;
mod weight;
mod workload;

use crate::contain_panic::contained;
use crate::json::{self, Identity, Limits, METADATA, Object, Rule};
use crate::selector::Selector;
use domain::facts::{Autoscaler, Claim, Event, Ingress, JobFacts, Pod, Policy, ReplicaSet, Service, Unread, Workload};
use domain::kubernetes::Resource;
use domain::kubernetes::words::ConditionReason;
use domain::{Bytes, Kind, Namespace};
use serde::de::DeserializeOwned;
use std::sync::Arc;

pub(crate) use meta::{changed, finalizers, moment};
pub(crate) use pod::apart;
pub(crate) use replica_set::HISTORY;
pub(crate) use template::references;
pub(crate) use weight::weight;

/// How much of a watched object is read. Texts are cut to less when they are made slim, and lists of more elements have no
/// reader.
pub(crate) const LIMITS: Limits = Limits { object: 256 * 1024, text: 8 * 1024, elements: 1_000 };
/// Most bytes of a slim object.
const SLIM: usize = 64 * 1024;

/// A resource that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum What {
    /// Deployments.
    Deployments,
    /// Stateful sets.
    StatefulSets,
    /// Daemon sets.
    DaemonSets,
    /// Replica sets.
    ReplicaSets,
    /// Jobs.
    Jobs,
    /// Cron jobs.
    CronJobs,
    /// Pods.
    Pods,
    /// Services.
    Services,
    /// Endpoint slices.
    EndpointSlices,
    /// Ingresses.
    Ingresses,
    /// Persistent volume claims.
    Claims,
    /// Events.
    Events,
    /// Horizontal pod autoscalers.
    Autoscalers,
    /// Network policies.
    NetworkPolicies,
}

impl What {
    /// How many there are.
    pub(crate) const COUNT: usize = 14;

    /// As the API names it.
    pub(crate) const fn resource(self) -> Resource {
        match self {
            Self::Deployments => Resource::Deployments,
            Self::StatefulSets => Resource::StatefulSets,
            Self::DaemonSets => Resource::DaemonSets,
            Self::ReplicaSets => Resource::ReplicaSets,
            Self::Jobs => Resource::Jobs,
            Self::CronJobs => Resource::CronJobs,
            Self::Pods => Resource::Pods,
            Self::Services => Resource::Services,
            Self::EndpointSlices => Resource::EndpointSlices,
            Self::Ingresses => Resource::Ingresses,
            Self::Claims => Resource::PersistentVolumeClaims,
            Self::Events => Resource::Events,
            Self::Autoscalers => Resource::HorizontalPodAutoscalers,
            Self::NetworkPolicies => Resource::NetworkPolicies,
        }
    }
}

/// A job that a cron job started.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) name: String,
    pub(crate) uid: String,
    /// Uid of the cron job.
    pub(crate) owner: String,
    /// When it was created.
    pub(crate) created: domain::UnixMs,
    /// Its counts.
    pub(crate) facts: JobFacts,
    /// Why it failed.
    pub(crate) failure: Option<ConditionReason>,
}

/// A replica set and its place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SlimSet {
    pub(crate) uid: String,
    /// Uid of its deployment; none of a set that was made by hand, or by a controller that the portal does not know.
    pub(crate) owner: Option<String>,
    /// What readers see.
    pub(crate) facts: Arc<ReplicaSet>,
}

/// A pod and its place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SlimPod {
    /// Uid of its direct owner.
    pub(crate) owner: Option<String>,
    /// Claims that it mounts.
    pub(crate) claims: Vec<String>,
    /// What readers see.
    pub(crate) facts: Arc<Pod>,
    /// The pod as an app of its own, where no workload that the portal lists owns it, as far as the pod itself tells.
    pub(crate) single: Option<Arc<Workload>>,
    /// Its annotations keep its logs out of its status.
    pub(crate) log_samples_off: bool,
    /// Bytes of the app of its own that is made of a pod with a deployment's mark where its replica set is nobody's; 0 of
    /// other pods.
    pub(crate) apart: usize,
}

/// A network policy and the pods that it selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SlimPolicy {
    /// Which pods.
    pub(crate) selects: Selector,
    /// What readers see.
    pub(crate) facts: Arc<Policy>,
}

/// Addresses of a service, as one endpoint slice lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Its own name.
    pub(crate) name: String,
    /// Service that it belongs to.
    pub(crate) service: String,
    /// Addresses of IPv6; counted only where there is no slice of IPv4.
    pub(crate) v6: bool,
    /// Ready addresses.
    pub(crate) ready: u32,
    /// Other addresses.
    pub(crate) unready: u32,
}

/// A claim and the uid that its events carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SlimClaim {
    pub(crate) uid: String,
    /// What readers see.
    pub(crate) facts: Arc<Claim>,
}

/// An event under its own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SlimEvent {
    /// Its own name.
    pub(crate) name: String,
    /// What readers see.
    pub(crate) facts: Arc<Event>,
}

/// A watched object, slim.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Slim {
    /// An app.
    Workload(Arc<Workload>),
    /// A job of a cron job.
    Run(Run),
    /// A replica set.
    Set(SlimSet),
    /// A pod.
    Pod(SlimPod),
    /// A service; its endpoints are counted when facts are made.
    Service(Arc<Service>),
    /// An endpoint slice.
    Slice(Slice),
    /// An ingress.
    Ingress(Arc<Ingress>),
    /// A claim.
    Claim(SlimClaim),
    /// An event.
    Event(SlimEvent),
    /// An autoscaler; whether its target exists is looked up when facts are made.
    Autoscaler(Arc<Autoscaler>),
    /// A network policy.
    Policy(SlimPolicy),
}

impl Slim {
    /// Which resource it is of.
    pub(crate) fn what(&self) -> What {
        match self {
            Self::Workload(w) => match w.id.kind {
                Kind::Deployment => What::Deployments,
                Kind::StatefulSet => What::StatefulSets,
                Kind::DaemonSet => What::DaemonSets,
                Kind::Job => What::Jobs,
                Kind::CronJob => What::CronJobs,
                Kind::Pod => What::Pods,
            },
            Self::Run(_) => What::Jobs,
            Self::Set(_) => What::ReplicaSets,
            Self::Pod(_) => What::Pods,
            Self::Service(_) => What::Services,
            Self::Slice(_) => What::EndpointSlices,
            Self::Ingress(_) => What::Ingresses,
            Self::Claim(_) => What::Claims,
            Self::Event(_) => What::Events,
            Self::Autoscaler(_) => What::Autoscalers,
            Self::Policy(_) => What::NetworkPolicies,
        }
    }

    /// The object's own name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Workload(w) => w.id.name.as_str(),
            Self::Run(r) => &r.name,
            Self::Set(s) => &s.facts.name,
            Self::Pod(p) => &p.facts.name,
            Self::Service(s) => &s.name,
            Self::Slice(s) => &s.name,
            Self::Ingress(i) => &i.name,
            Self::Claim(c) => &c.facts.name,
            Self::Event(e) => &e.name,
            Self::Autoscaler(a) => &a.name,
            Self::Policy(p) => &p.facts.name,
        }
    }
}

/// A kind of object that can be watched.
pub(crate) trait Watched: kube::Resource<DynamicType = ()> + DeserializeOwned + 'static {
    /// Which resource it is.
    const WHAT: What;
    /// What of it is read. Fields that no code reads are left out here where they are large.
    const RULE: &'static Rule = &Rule::Within(&[("metadata", METADATA)]);
    /// What is kept of it; `None` for one that no reader needs.
    fn slim(self, namespace: &Namespace) -> Option<Slim>;
    /// What is shown of one that cannot be read; `None` where a name alone is of no use.
    fn unread(_: &Namespace, _: &Identity, _: Unread) -> Option<Slim> {
        None
    }
}

/// What came of an object.
#[derive(Debug, PartialEq)]
// One at a time, and taken apart at once: a box would cost an allocation for each object that is read.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Came {
    /// This is kept of it.
    Kept(Slim),
    /// It is too large.
    Large,
    /// No reader needs it.
    Nothing,
}

/// Makes an object slim.
pub(crate) fn slim<K: Watched>(namespace: &Namespace, object: Object<'_>) -> Came {
    let identity = object.identity;
    let too_large = || K::unread(namespace, identity, Unread::TooLarge { most: Bytes(LIMITS.object as u64) }).map_or(Came::Large, Came::Kept);
    if object.large {
        return too_large();
    }
    let which = || format!("{} {namespace}/{}", K::kind(&()), identity.name);
    let read = json::read::<K>(object.json, which).and_then(|read| contained(which(), || read.slim(namespace)));
    match read {
        Some(Some(slim)) if slim.weight() > SLIM => too_large(),
        Some(Some(slim)) => Came::Kept(slim),
        Some(None) => Came::Nothing,
        None => K::unread(namespace, identity, Unread::NotReadable).map_or(Came::Nothing, Came::Kept),
    }
}

#[cfg(test)]
mod tests;
