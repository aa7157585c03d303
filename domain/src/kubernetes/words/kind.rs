//! Kinds of objects, as events and references to owners and targets name them.

use super::words;
use crate::Kind;

words! {
    /// The kind of an object of which an app consists, or that stands around it.
    ObjectKind {
        /// batch.
        CronJob = "CronJob",
        /// apps.
        DaemonSet = "DaemonSet",
        /// apps.
        Deployment = "Deployment",
        /// autoscaling.
        HorizontalPodAutoscaler = "HorizontalPodAutoscaler",
        /// networking.k8s.io.
        Ingress = "Ingress",
        /// batch.
        Job = "Job",
        /// The core group.
        PersistentVolumeClaim = "PersistentVolumeClaim",
        /// The core group.
        Pod = "Pod",
        /// apps.
        ReplicaSet = "ReplicaSet",
        /// The core group.
        Service = "Service",
        /// apps.
        StatefulSet = "StatefulSet",
    }
}

impl From<Kind> for ObjectKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Deployment => Self::Deployment,
            Kind::StatefulSet => Self::StatefulSet,
            Kind::DaemonSet => Self::DaemonSet,
            Kind::Job => Self::Job,
            Kind::CronJob => Self::CronJob,
            Kind::Pod => Self::Pod,
        }
    }
}
