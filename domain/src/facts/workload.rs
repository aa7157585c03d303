//! The object that an app is: a deployment, stateful set, daemon set, job or cron job.

use super::{Condition, ContainerSpec, CronFacts, Deletion, JobFacts, Labels, PortalChange, Reference, Unread};
use crate::{AppId, UnixMs};
use serde::{Deserialize, Serialize};

/// A deployment, stateful set, daemon set, job or cron job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Namespace, kind and name of the app.
    pub id: AppId,
    /// The object's uid; a new object of the same name has another one.
    pub uid: String,
    /// Labels of the object (32 at most are kept).
    pub labels: Labels,
    /// The Helm release that made it, from `meta.helm.sh/release-name` or the instance label with `managed-by: Helm`.
    pub release: Option<String>,
    /// When it was created.
    pub created: UnixMs,
    /// When and by which field manager it was last changed (status updates do not count).
    pub changed: Option<(UnixMs, String)>,
    /// What a person last had the portal do to its pods.
    #[serde(default)]
    pub portal_change: Option<PortalChange>,
    /// `metadata.generation`.
    pub generation: i64,
    /// `status.observedGeneration`; less than `generation` while a controller has not seen a change.
    pub observed_generation: i64,
    /// Counts of its pods, as its controller has them.
    pub replicas: Replicas,
    /// A person holds the rollout (`spec.paused`) or suspended the job or cron job (`spec.suspend`).
    pub paused: bool,
    /// A new template reaches a pod only when somebody deletes it (`spec.updateStrategy` is `OnDelete`).
    #[serde(default)]
    pub on_delete: bool,
    /// How a stateful set brings its newest template to its pods.
    #[serde(default)]
    pub update: Update,
    /// Somebody deleted it, and it is still there.
    #[serde(default)]
    pub deletion: Option<Deletion>,
    /// The pods' labels that it selects.
    pub selector: Labels,
    /// Labels of the pod template.
    pub template_labels: Labels,
    /// `deployment.kubernetes.io/revision` or the number of the newest controller revision.
    pub revision: Option<u64>,
    /// Seconds for which a pod must stay ready before it counts as available (`spec.minReadySeconds`).
    #[serde(default)]
    pub min_ready_s: u32,
    /// `spec.progressDeadlineSeconds` of a deployment.
    pub progress_deadline_s: Option<u32>,
    /// `status.conditions`.
    pub conditions: Vec<Condition>,
    /// Containers of the template, init containers first.
    pub containers: Vec<ContainerSpec>,
    /// Names of secrets that the template refers to, with the key where it names one.
    pub secrets: Vec<Reference>,
    /// Names of config maps that the template refers to, with the key where it names one.
    pub config_maps: Vec<Reference>,
    /// Names of image pull secrets.
    pub pull_secrets: Vec<String>,
    /// Names of claims that the template mounts.
    pub claims: Vec<String>,
    /// What only jobs have.
    pub job: Option<JobFacts>,
    /// What only cron jobs have.
    pub cron: Option<CronFacts>,
    /// Why nothing but its name is known, where that is so.
    #[serde(default)]
    pub unread: Option<Unread>,
    /// Its logs are not read for the status (annotation `quayside/log-samples: "off"`).
    #[serde(default)]
    pub log_samples_off: bool,
}

/// What only stateful sets say of an update.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// Pods with a lower number keep their template (`spec.updateStrategy.rollingUpdate.partition`).
    #[serde(default)]
    pub partition: u32,
    /// The newest revision, with which its pods are labelled (`status.updateRevision`).
    #[serde(default)]
    pub revision: Option<String>,
    /// Pods do not wait for each other (`spec.podManagementPolicy` is `Parallel`).
    #[serde(default)]
    pub parallel: bool,
}

/// Counts of pods as the controller reports them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replicas {
    /// Wanted (`spec.replicas`, `desiredNumberScheduled`, `parallelism`).
    pub wanted: u32,
    /// Pods that exist, of any template.
    pub current: u32,
    /// Of the newest template.
    pub updated: u32,
    /// Pods that have passed their readiness probes.
    pub ready: u32,
    /// Ready for `minReadySeconds`.
    pub available: u32,
}
