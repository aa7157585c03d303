//! A pod and its containers.

use super::{Asks, Condition, Ending};
use crate::UnixMs;
use crate::kubernetes::words::{ConditionType, EndReason, PodPhase, PodReason, WaitReason};
use serde::{Deserialize, Serialize};

/// A pod, as far as rules and views read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pod {
    /// `metadata.name` of the pod.
    pub name: String,
    /// Its uid; a new pod of the same name has another one.
    pub uid: String,
    /// Hash of the template it was made from (`pod-template-hash` or `controller-revision-hash`).
    pub template_hash: Option<String>,
    /// Name of its direct owner (a replica set, job, …).
    pub owner: Option<String>,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    pub phase: PodPhase,
    /// Why the phase, such as `Evicted`.
    pub reason: PodReason,
    /// Text to the reason.
    pub message: String,
    /// Name of its node, once it has one.
    pub node: Option<String>,
    /// Its address within the cluster, once it has one.
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
        self.deleting.is_none() && self.conditions.iter().any(|c| c.kind == ConditionType::Ready && c.status == Some(true))
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
    /// Its name in the template.
    pub name: String,
    /// The image that it runs, as the pod's spec has it.
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
        /// The kubelet's word for why it waits.
        reason: WaitReason,
        /// The kubelet's text to that word.
        message: String,
    },
    /// Its process runs.
    Running {
        /// When its process was started.
        since: Option<UnixMs>,
    },
    /// It has ended, and was not started again.
    Ended(Ended),
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// `OOMKilled`, `Error`, `Completed`, `ContainerCannotRun`, …
    pub reason: EndReason,
    /// Its termination message or the runtime's error.
    pub message: String,
    /// The exit code of its first process.
    pub exit_code: i32,
    /// The signal that ended it, where the runtime says so.
    pub signal: Option<i32>,
    /// When its process was started.
    pub started: Option<UnixMs>,
    /// When its process ended.
    pub finished: Option<UnixMs>,
}
