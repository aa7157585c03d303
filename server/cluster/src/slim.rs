//! Slim forms of watched objects: what some rule or view reads is kept, the rest is dropped on arrival.

mod claim;
mod event;
mod job;
mod meta;
mod network;
mod pod;
mod replica_set;
mod template;
mod workload;

use domain::Namespace;
use domain::facts::{Claim, Event, Ingress, JobFacts, Pod, ReplicaSet, Service, Workload};
use kube::ResourceExt;
use std::sync::Arc;

pub(crate) use meta::{moment, namespace};
pub(crate) use replica_set::HISTORY;
pub(crate) use template::references;

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
}

impl What {
    /// How many there are.
    pub(crate) const COUNT: usize = 12;

    /// The resource's name in rules of a Role.
    pub(crate) const fn resource(self) -> &'static str {
        match self {
            Self::Deployments => "deployments",
            Self::StatefulSets => "statefulsets",
            Self::DaemonSets => "daemonsets",
            Self::ReplicaSets => "replicasets",
            Self::Jobs => "jobs",
            Self::CronJobs => "cronjobs",
            Self::Pods => "pods",
            Self::Services => "services",
            Self::EndpointSlices => "endpointslices",
            Self::Ingresses => "ingresses",
            Self::Claims => "persistentvolumeclaims",
            Self::Events => "events",
        }
    }
}

/// A job that a cron job started.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    /// Its name.
    pub(crate) name: String,
    /// Its uid.
    pub(crate) uid: String,
    /// Uid of the cron job.
    pub(crate) owner: String,
    /// When it was created.
    pub(crate) created: domain::UnixMs,
    /// Its counts.
    pub(crate) facts: JobFacts,
    /// Why it failed.
    pub(crate) failure: Option<String>,
}

/// A replica set and its place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SlimSet {
    /// Its uid.
    pub(crate) uid: String,
    /// Uid of its deployment.
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
    /// Its uid.
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
}

impl Slim {
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
        }
    }
}

/// A kind of object that can be watched.
pub(crate) trait Watched: kube::Resource + ResourceExt {
    /// Which resource it is.
    const WHAT: What;
    /// What is kept of it; `None` for one that no reader needs.
    fn slim(self, namespace: &Namespace) -> Option<Slim>;
}

#[cfg(test)]
mod tests;
