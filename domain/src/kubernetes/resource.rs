//! The resources of the Kubernetes API that the portal asks for.

use super::words::ObjectKind;
use crate::{Kind, Namespace};
use serde::{Deserialize, Serialize};

/// A resource of the Kubernetes API, or one of its subresources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// apps/v1.
    ControllerRevisions,
    /// batch/v1.
    CronJobs,
    /// v1.
    ConfigMaps,
    /// apps/v1.
    DaemonSets,
    /// apps/v1.
    Deployments,
    /// The number of replicas of a deployment.
    DeploymentScales,
    /// discovery.k8s.io/v1.
    EndpointSlices,
    /// v1.
    Events,
    /// autoscaling/v2.
    HorizontalPodAutoscalers,
    /// networking.k8s.io/v1, of the whole cluster.
    IngressClasses,
    /// networking.k8s.io/v1.
    Ingresses,
    /// batch/v1.
    Jobs,
    /// v1, of the whole cluster.
    Namespaces,
    /// networking.k8s.io/v1.
    NetworkPolicies,
    /// v1.
    PersistentVolumeClaims,
    /// v1.
    Pods,
    /// The logs of a pod's containers.
    PodLogs,
    /// What pods use now: metrics.k8s.io/v1beta1, served by metrics-server.
    PodMetrics,
    /// apps/v1.
    ReplicaSets,
    /// v1.
    ResourceQuotas,
    /// v1.
    Secrets,
    /// v1.
    Services,
    /// The number of replicas of a stateful set.
    StatefulSetScales,
    /// apps/v1.
    StatefulSets,
}

impl Resource {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::ControllerRevisions,
        Self::CronJobs,
        Self::ConfigMaps,
        Self::DaemonSets,
        Self::Deployments,
        Self::DeploymentScales,
        Self::EndpointSlices,
        Self::Events,
        Self::HorizontalPodAutoscalers,
        Self::IngressClasses,
        Self::Ingresses,
        Self::Jobs,
        Self::Namespaces,
        Self::NetworkPolicies,
        Self::PersistentVolumeClaims,
        Self::Pods,
        Self::PodLogs,
        Self::PodMetrics,
        Self::ReplicaSets,
        Self::ResourceQuotas,
        Self::Secrets,
        Self::Services,
        Self::StatefulSetScales,
        Self::StatefulSets,
    ];

    /// The resource of an app of this kind.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Deployment => Self::Deployments,
            Kind::StatefulSet => Self::StatefulSets,
            Kind::DaemonSet => Self::DaemonSets,
            Kind::Job => Self::Jobs,
            Kind::CronJob => Self::CronJobs,
            Kind::Pod => Self::Pods,
        }
    }

    /// The resource of an object of this kind; none of one that no app consists of.
    #[must_use]
    pub const fn of_kind(kind: &ObjectKind) -> Option<Self> {
        match kind {
            ObjectKind::CronJob => Some(Self::CronJobs),
            ObjectKind::DaemonSet => Some(Self::DaemonSets),
            ObjectKind::Deployment => Some(Self::Deployments),
            ObjectKind::HorizontalPodAutoscaler => Some(Self::HorizontalPodAutoscalers),
            ObjectKind::Ingress => Some(Self::Ingresses),
            ObjectKind::Job => Some(Self::Jobs),
            ObjectKind::PersistentVolumeClaim => Some(Self::PersistentVolumeClaims),
            ObjectKind::Pod => Some(Self::Pods),
            ObjectKind::ReplicaSet => Some(Self::ReplicaSets),
            ObjectKind::Service => Some(Self::Services),
            ObjectKind::StatefulSet => Some(Self::StatefulSets),
            ObjectKind::Other(_) => None,
        }
    }

    /// As it stands in paths, without a subresource: `pods`.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::ControllerRevisions => "controllerrevisions",
            Self::CronJobs => "cronjobs",
            Self::ConfigMaps => "configmaps",
            Self::DaemonSets => "daemonsets",
            Self::Deployments | Self::DeploymentScales => "deployments",
            Self::EndpointSlices => "endpointslices",
            Self::Events => "events",
            Self::HorizontalPodAutoscalers => "horizontalpodautoscalers",
            Self::IngressClasses => "ingressclasses",
            Self::Ingresses => "ingresses",
            Self::Jobs => "jobs",
            Self::Namespaces => "namespaces",
            Self::NetworkPolicies => "networkpolicies",
            Self::PersistentVolumeClaims => "persistentvolumeclaims",
            Self::Pods | Self::PodLogs | Self::PodMetrics => "pods",
            Self::ReplicaSets => "replicasets",
            Self::ResourceQuotas => "resourcequotas",
            Self::Secrets => "secrets",
            Self::Services => "services",
            Self::StatefulSetScales | Self::StatefulSets => "statefulsets",
        }
    }

    /// Its API group; empty for the core group.
    #[must_use]
    pub const fn group(self) -> &'static str {
        match self {
            Self::ControllerRevisions
            | Self::DaemonSets
            | Self::Deployments
            | Self::DeploymentScales
            | Self::ReplicaSets
            | Self::StatefulSetScales
            | Self::StatefulSets => "apps",
            Self::CronJobs | Self::Jobs => "batch",
            Self::EndpointSlices => "discovery.k8s.io",
            Self::HorizontalPodAutoscalers => "autoscaling",
            Self::IngressClasses | Self::Ingresses | Self::NetworkPolicies => "networking.k8s.io",
            Self::PodMetrics => "metrics.k8s.io",
            Self::ConfigMaps
            | Self::Events
            | Self::Namespaces
            | Self::PersistentVolumeClaims
            | Self::Pods
            | Self::PodLogs
            | Self::ResourceQuotas
            | Self::Secrets
            | Self::Services => "",
        }
    }

    /// Its name where no two resources may have the same one: with the subresource as a rule of a Role has it, and with the
    /// group where another resource is called the same.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::DeploymentScales => "deployments/scale",
            Self::PodLogs => "pods/log",
            Self::PodMetrics => "pods.metrics.k8s.io",
            Self::StatefulSetScales => "statefulsets/scale",
            Self::ControllerRevisions
            | Self::CronJobs
            | Self::ConfigMaps
            | Self::DaemonSets
            | Self::Deployments
            | Self::EndpointSlices
            | Self::Events
            | Self::HorizontalPodAutoscalers
            | Self::IngressClasses
            | Self::Ingresses
            | Self::Jobs
            | Self::Namespaces
            | Self::NetworkPolicies
            | Self::PersistentVolumeClaims
            | Self::Pods
            | Self::ReplicaSets
            | Self::ResourceQuotas
            | Self::Secrets
            | Self::Services
            | Self::StatefulSets => self.plural(),
        }
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.slug())
    }
}

/// An object of the cluster, or the objects of a resource where no name is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// What it is.
    pub resource: Resource,
    /// `metadata.name`.
    pub name: Option<String>,
    /// Where it is; none of something that belongs to no namespace.
    pub namespace: Option<Namespace>,
}

impl Object {
    /// An object in a namespace.
    pub fn of(resource: Resource, namespace: &Namespace, name: impl Into<String>) -> Self {
        Self { resource, name: Some(name.into()), namespace: Some(namespace.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_resources_have_the_same_name() {
        let slugs: std::collections::BTreeSet<_> = Resource::ALL.iter().map(|r| r.slug()).collect();
        assert_eq!(slugs.len(), Resource::ALL.len());
        assert!(Resource::ALL.iter().all(|r| r.slug().starts_with(r.plural())));
    }
}
