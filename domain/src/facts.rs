//! What the cluster says about an app, slim: only the fields that some rule or view reads.
//!
//! The cluster room makes these from watched objects; [`crate::status`] judges them. All text in here comes
//! from the cluster and is hostile until it has been escaped.

use crate::{AppId, Bytes, MilliCpu, UnixMs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

mod around;
mod asks;
mod bounds;
mod deletion;
mod left_out;
mod missing;
mod observed;
mod portal_change;

pub use around::{Allowed, Around, Autoscaler, ClassState, Policy};
pub use asks::{Asks, Wish};
pub use deletion::{Deletion, Ending, LastEnd};
pub use left_out::{LeftOut, Limit, Unread};
pub use missing::MissingReference;
pub use observed::{ChangedPart, EndedRun, Observed, Pressure, PressureKind, RevisionChange, Rise, RunningLog, Unanswered, UnreadyLog};
pub use portal_change::{PortalAction, PortalChange};

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
}

/// A deployment, stateful set, daemon set, job or cron job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Which app.
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
    /// Counts of pods.
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

/// A reference from a pod template to a secret or config map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// Name of the object.
    pub name: String,
    /// The key, where the reference names one.
    pub key: Option<String>,
    /// How: `env ES_PASSWORD`, `all its keys as env`, `mounted at /etc/app`, `pull secret`.
    pub how: String,
    /// The pod starts without it.
    pub optional: bool,
}

/// Counts of pods as the controller reports them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replicas {
    /// Wanted (`spec.replicas`, `desiredNumberScheduled`, `parallelism`).
    pub wanted: u32,
    /// Existing.
    pub current: u32,
    /// Of the newest template.
    pub updated: u32,
    /// Ready.
    pub ready: u32,
    /// Ready for `minReadySeconds`.
    pub available: u32,
}

/// One `status.conditions` entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Such as `Progressing`, `Available`, `ReplicaFailure`, `Complete`, `Failed`.
    pub kind: String,
    /// `True`, `False` (`None` is Unknown).
    pub status: Option<bool>,
    /// Such as `ProgressDeadlineExceeded`.
    pub reason: String,
    /// Free text.
    pub message: String,
    /// When it last changed.
    pub since: Option<UnixMs>,
}

/// A container of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContainerSpec {
    /// Its name.
    pub name: String,
    /// Its image as written.
    pub image: String,
    /// Runs before the others, and ends.
    pub init: bool,
    /// Starts before the others and runs beside them: an init container whose restart policy is `Always`. Not `init`.
    #[serde(default)]
    pub sidecar: bool,
    /// Requested CPU.
    pub cpu_request: Option<MilliCpu>,
    /// CPU limit.
    pub cpu_limit: Option<MilliCpu>,
    /// Requested memory.
    pub memory_request: Option<Bytes>,
    /// Memory limit.
    pub memory_limit: Option<Bytes>,
    /// Liveness probe.
    pub liveness: Option<Probe>,
    /// Readiness probe.
    pub readiness: Option<Probe>,
    /// Startup probe.
    pub startup: Option<Probe>,
    /// Its postStart hook in words, as those of probes.
    #[serde(default)]
    pub post_start: Option<String>,
    /// Its mounts that ask for a part of their volume; 20 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_paths: Vec<SubPath>,
    /// Ports as `name`, number, protocol.
    pub ports: Vec<(Option<String>, u16, String)>,
}

/// A mount of a part of a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubPath {
    /// Where it is mounted.
    pub path: String,
    /// The volume.
    pub volume: String,
    /// Which part.
    pub part: String,
}

/// A probe in words and numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// `GET /healthy on 3000`, `TCP 5432`, `command pg_isready`, `gRPC 9000`.
    pub what: String,
    /// The port that it asks, by number or name; empty for a command.
    #[serde(default)]
    pub port: String,
    /// Seconds before the first try.
    pub initial_delay_s: u32,
    /// Seconds between tries.
    pub period_s: u32,
    /// Failures in a row that count as failed.
    pub failure_threshold: u32,
    /// Seconds until one try is given up.
    pub timeout_s: u32,
}

/// What only jobs have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFacts {
    /// Successes that complete the job.
    pub completions: u32,
    /// Pods running now.
    pub active: u32,
    /// Pods that ended well.
    pub succeeded: u32,
    /// Pods that failed.
    pub failed: u32,
    /// Failures that are tolerated.
    pub backoff_limit: u32,
    /// `spec.activeDeadlineSeconds`.
    pub deadline_s: Option<i64>,
    /// When it started.
    pub started: Option<UnixMs>,
    /// When it ended well.
    pub completed: Option<UnixMs>,
    /// A person suspended it.
    #[serde(default)]
    pub suspended: bool,
    /// Pods that may run at a time (`spec.parallelism`).
    #[serde(default)]
    pub parallelism: Option<u32>,
    /// Each pod has an index of its own; which of them failed for good, such as `1,4-6`.
    #[serde(default)]
    pub failed_indexes: Option<String>,
    /// What the controller said of the failure.
    #[serde(default)]
    pub failure: String,
}

/// What only cron jobs have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CronFacts {
    /// `spec.schedule`.
    pub schedule: String,
    /// `spec.timeZone`.
    pub time_zone: Option<String>,
    /// No run starts while another is active (`spec.concurrencyPolicy` is `Forbid`).
    #[serde(default)]
    pub one_at_a_time: bool,
    /// How late a run may start, in seconds (`spec.startingDeadlineSeconds`).
    #[serde(default)]
    pub starting_deadline_s: Option<i64>,
    /// When a run was last started.
    pub last_scheduled: Option<UnixMs>,
    /// When a run last ended well.
    pub last_succeeded: Option<UnixMs>,
    /// Names of jobs running now.
    pub active: Vec<String>,
    /// The newest jobs of it, newest first, 10 at most: name and facts, with the failure's reason if it failed.
    pub runs: Vec<(String, JobFacts, Option<String>)>,
}

/// A pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pod {
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// Hash of the template it was made from (`pod-template-hash` or `controller-revision-hash`).
    pub template_hash: Option<String>,
    /// Name of its direct owner (a replica set, job, …).
    pub owner: Option<String>,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    pub phase: String,
    /// Why the phase, such as `Evicted`.
    pub reason: String,
    /// Text to the reason.
    pub message: String,
    /// Where it runs.
    pub node: Option<String>,
    /// Its address.
    pub ip: Option<String>,
    /// When it was created.
    pub created: UnixMs,
    /// When it was asked to end.
    pub deleting: Option<UnixMs>,
    /// `status.conditions`: `PodScheduled`, `Initialized`, `ContainersReady`, `Ready`.
    pub conditions: Vec<Condition>,
    /// Its containers, init containers first.
    pub containers: Vec<Container>,
    /// Names of its image pull secrets, also of those that its service account brings.
    #[serde(default)]
    pub pull_secrets: Vec<String>,
    /// What few pods have.
    #[serde(default)]
    pub rare: Option<Box<Rare>>,
    /// What it asks of a node; kept only while it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Box<Asks>>,
    /// How it ends; kept only once it was asked to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Box<Ending>>,
}

/// What few pods have: apart, because there are many pods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rare {
    /// Conditions that have to be true before it counts as ready (`spec.readinessGates`); 10 at most.
    pub readiness_gates: Vec<String>,
    /// What has to be lifted before the scheduler looks at it (`spec.schedulingGates`); 10 at most.
    pub scheduling_gates: Vec<String>,
    /// Ephemeral containers, with which somebody looks into it (`kubectl debug`); 20 at most. No rule counts them.
    pub ephemeral: Vec<Container>,
}

impl Pod {
    /// Whether all its containers are ready.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.deleting.is_none() && self.conditions.iter().any(|c| c.kind == "Ready" && c.status == Some(true))
    }

    /// Conditions that have to be true before it counts as ready.
    #[must_use]
    pub fn readiness_gates(&self) -> &[String] {
        self.rare.as_ref().map_or(&[], |r| &r.readiness_gates)
    }

    /// What has to be lifted before the scheduler looks at it.
    #[must_use]
    pub fn scheduling_gates(&self) -> &[String] {
        self.rare.as_ref().map_or(&[], |r| &r.scheduling_gates)
    }

    /// All containers that have a log, ephemeral ones last.
    pub fn with_ephemeral(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(self.ephemeral())
    }

    /// Ephemeral containers; all others are in `containers`.
    #[must_use]
    pub fn ephemeral(&self) -> &[Container] {
        self.rare.as_ref().map_or(&[], |r| &r.ephemeral)
    }

    /// Restarts of all its containers.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.containers.iter().map(|c| c.restarts).sum()
    }
}

/// A container of a pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Runs before the others, and ends.
    pub init: bool,
    /// Starts before the others and runs beside them: an init container whose restart policy is `Always`. Not `init`.
    #[serde(default)]
    pub sidecar: bool,
    /// Passed its readiness probe.
    pub ready: bool,
    /// Passed its startup probe.
    pub started: bool,
    /// How often it was started again.
    pub restarts: u32,
    /// What it does now.
    pub state: ContainerState,
    /// How it ended the time before.
    pub last: Option<Ended>,
}

/// What a container does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerState {
    /// Not running yet or not again: `ImagePullBackOff`, `CrashLoopBackOff`, `CreateContainerConfigError`, …
    Waiting {
        /// The reason.
        reason: String,
        /// Text to it.
        message: String,
    },
    /// Running.
    Running {
        /// Since when.
        since: Option<UnixMs>,
    },
    /// Ended.
    Ended(Ended),
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// `OOMKilled`, `Error`, `Completed`, `ContainerCannotRun`, …
    pub reason: String,
    /// Its termination message or the runtime's error.
    pub message: String,
    /// Its exit code.
    pub exit_code: i32,
    /// The signal that ended it, where the runtime says so.
    pub signal: Option<i32>,
    /// When it started.
    pub started: Option<UnixMs>,
    /// When it ended.
    pub finished: Option<UnixMs>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Kind of the object it is about.
    pub kind: String,
    /// Name of the object it is about.
    pub name: String,
    /// Uid of the object it is about.
    pub uid: String,
    /// The container of the pod that it is about, where it is about one.
    #[serde(default)]
    pub container: Option<String>,
    /// `Failed`, `Unhealthy`, `BackOff`, `FailedScheduling`, `Killing`, `FailedCreate`, …
    pub reason: String,
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

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`.
    pub kind: String,
    /// Its address.
    pub cluster_ip: Option<String>,
    /// Addresses that a load balancer gave it.
    pub external: Vec<String>,
    /// Ports.
    pub ports: Vec<ServicePort>,
    /// Which pods it leads to; empty where somebody else keeps its endpoints.
    pub selector: Labels,
    /// Ready addresses behind it, from its endpoint slices.
    pub ready_endpoints: u32,
    /// Addresses behind it that are not ready.
    pub unready_endpoints: u32,
    /// Whether its selector matches the pods of the app in whose facts it stands.
    pub matches: bool,
    /// It is headless: callers get the addresses of the pods, and ports are theirs.
    #[serde(default)]
    pub headless: bool,
    /// Its uid.
    #[serde(default)]
    pub uid: String,
    /// When it was last changed, and by which field manager.
    #[serde(default)]
    pub changed: Option<(UnixMs, String)>,
    /// When it was created.
    #[serde(default)]
    pub created: UnixMs,
}

/// A port of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePort {
    /// Its name.
    pub name: Option<String>,
    /// The port that callers use.
    pub port: u16,
    /// Port or port name of the pod.
    pub target: String,
    /// Port on every node.
    pub node_port: Option<u16>,
    /// `TCP` or `UDP`.
    pub protocol: String,
}

/// An ingress.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingress {
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: Option<String>,
    /// Rules: host, path, service, service port.
    pub rules: Vec<IngressRule>,
    /// Hosts with TLS and the secret that holds the certificate.
    pub tls: Vec<(Vec<String>, Option<String>)>,
    /// Addresses that a controller gave it.
    pub addresses: Vec<String>,
    /// Whether its class exists.
    #[serde(default)]
    pub class_state: ClassState,
    /// Names of secrets for its certificates that do not exist; 10 at most.
    #[serde(default)]
    pub lost_secrets: Vec<String>,
    /// Its uid.
    #[serde(default)]
    pub uid: String,
    /// When it was last changed, and by which field manager.
    #[serde(default)]
    pub changed: Option<(UnixMs, String)>,
    /// When it was created.
    #[serde(default)]
    pub created: UnixMs,
}

/// A rule of an ingress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngressRule {
    /// Host, empty for any.
    pub host: String,
    /// Path.
    pub path: String,
    /// Service it leads to.
    pub service: String,
    /// Port or port name of the service.
    pub port: String,
}

/// A persistent volume claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// `Pending`, `Bound`, `Lost`.
    pub phase: String,
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
    /// Its name.
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
