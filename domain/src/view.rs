//! What pages, sockets and the API show of apps.

use crate::status::{Evidence, Status};
use crate::storage::StorageNotice;
use crate::{Action, AppId, Bytes, MilliCpu, TeamName, Tone, UnixMs};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

mod endpoint;
mod operation;
mod pairs;
mod reader;

pub use endpoint::{Endpoint, EndpointKind};
pub use operation::{OperationEvent, OperationView, ProgressView, VerdictView};
pub use pairs::{LastChange, SettingLine};
pub use reader::{OwnTeams, Reader, SharedApp};

/// How one pod of an app stands, for the little bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pip {
    /// Ready.
    Ready,
    /// On its way.
    Starting,
    /// Runs, but is not ready.
    NotReady,
    /// Failing.
    Failing,
    /// Wanted, but not there.
    Missing,
}

/// Use of CPU and memory now and in the last hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// CPU of all pods now.
    pub cpu: Option<MilliCpu>,
    /// Memory of all pods now.
    pub memory: Option<Bytes>,
    /// CPU in the last hour, 24 points at most, each in 0..=100 of the chart's height.
    pub cpu_spark: Vec<u8>,
    /// Memory in the last hour, alike.
    pub memory_spark: Vec<u8>,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppRow {
    /// Which app.
    pub id: AppId,
    /// Team to whose namespaces it belongs: where several share the namespace, the first by name, or the reader's own once
    /// [`AppRow::name_own_team`] has put it there.
    pub team: Option<TeamName>,
    /// Helm release.
    pub release: Option<String>,
    /// Word, reason, sentence, evidence.
    pub status: Status,
    /// What a person should know beside the word, heaviest first, 8 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<RemarkRow>,
    /// Pods ready.
    pub ready: u32,
    /// Pods wanted.
    pub wanted: u32,
    /// One per pod, 8 at most.
    pub pips: Vec<Pip>,
    /// Images, the main container's first.
    pub images: Vec<String>,
    /// Restarts of all pods.
    pub restarts: u32,
    /// CPU and memory.
    pub usage: Usage,
    /// When it was created.
    pub created: UnixMs,
    /// Last change: when and by whom.
    pub changed: Option<LastChange>,
}

/// A remark in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemarkRow {
    /// Stable code, one of [`crate::remark::CODES`].
    pub code: String,
    /// In 24 characters at most, for lists.
    pub reason: String,
    /// What is so.
    pub text: String,
    /// What to do.
    pub remedy: String,
    /// Where to look.
    pub evidence: Vec<Evidence>,
}

/// A list page of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppList {
    /// The rows.
    pub items: Vec<AppRow>,
    /// Give this as `continue` to get the next page.
    #[serde(rename = "continue", default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One step of what happened, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// The moment at which it happened.
    pub at: UnixMs,
    /// How it is to be taken: [`Tone::Change`], [`Tone::Ok`], [`Tone::Warn`] or [`Tone::Bad`].
    pub tone: Tone,
    /// The sentence.
    pub sentence: String,
}

/// What a container may use: what it is promised and what it may not exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// CPU that the node keeps for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_request: Option<MilliCpu>,
    /// CPU above which it is slowed down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_limit: Option<MilliCpu>,
    /// Memory that the node keeps for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_request: Option<Bytes>,
    /// Memory above which it is killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<Bytes>,
}

/// A pod on the page of its app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodRow {
    /// `metadata.name` of the pod.
    pub name: String,
    /// Its own status.
    pub status: Status,
    /// Containers ready.
    pub ready: u32,
    /// Containers.
    pub containers: Vec<ContainerRow>,
    /// Restarts.
    pub restarts: u32,
    /// CPU now.
    pub cpu: Option<MilliCpu>,
    /// Memory now.
    pub memory: Option<Bytes>,
    /// What all its containers together may use; nothing where its use is not known, or its template is not the newest.
    #[serde(default)]
    pub bounds: Bounds,
    /// Node.
    pub node: Option<String>,
    /// Address.
    pub ip: Option<String>,
    /// Created.
    pub created: UnixMs,
}

/// A container on the page of its app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerRow {
    /// Name of the container in the pod.
    pub name: String,
    /// Image.
    pub image: String,
    /// Init container.
    pub init: bool,
    /// Ephemeral container, with which somebody looks into the pod.
    #[serde(default)]
    pub ephemeral: bool,
    /// Sidecar: an init container that runs beside the others.
    pub sidecar: bool,
    /// It has passed its readiness probe, or has none.
    pub ready: bool,
    /// Restarts.
    pub restarts: u32,
    /// `running since …`, `waits: image cannot be pulled`, `ended with exit code 3`.
    pub state: String,
    /// Its end before, if it was restarted.
    pub last: Option<String>,
    /// It has run before, so that `previous` logs exist.
    pub has_previous: bool,
}

/// An event on the page of its app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// Object, as `pod/kpow-5d9`.
    pub object: String,
    /// Reason.
    pub reason: String,
    /// Text.
    pub message: String,
    /// Warning.
    pub warning: bool,
    /// How often.
    pub count: u32,
    /// Last seen.
    pub last: UnixMs,
}

/// The last lines of a log that tells why an app fails, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastLines {
    /// Name of the pod that wrote it.
    pub pod: String,
    /// Name of the container that wrote it.
    pub container: String,
    /// It is the log before the last restart.
    pub previous: bool,
    /// Three at most, oldest first, each clipped.
    pub lines: Vec<String>,
}

/// What a person most likely does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum NextStep {
    /// Follow a piece of the status's evidence: create what is missing, read the log.
    See {
        /// Its place in the list.
        evidence: u16,
    },
    /// Go back to the revision before.
    RollBack {
        /// Number of the revision to go back to.
        revision: u64,
    },
    /// Let rollouts go on.
    Resume,
    /// Give an app without replicas some.
    ScaleUp,
}

/// What an app refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Referent {
    /// A secret that is read or mounted.
    Secret,
    /// A config map that is read or mounted.
    ConfigMap,
    /// A secret for pulling images.
    PullSecret,
    /// A persistent volume claim.
    Claim,
}

impl Referent {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Secret, Self::ConfigMap, Self::PullSecret, Self::Claim];

    /// As in the API.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::ConfigMap => "config_map",
            Self::PullSecret => "pull_secret",
            Self::Claim => "claim",
        }
    }
}

/// An object that an app's template names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReferenceRow {
    /// As what the template names it.
    pub kind: Referent,
    /// Its name in the namespace of the app.
    pub name: String,
}

/// Pods that run another image than the template says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StillRuns {
    /// Name of the container in the template.
    pub container: String,
    /// The image that these pods run.
    pub image: String,
    /// Number of pods that run it.
    pub pods: u32,
}

/// The page of an app. What the live topic sends is the same for all readers; [`AppDetail::read_by`] makes one reader's of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppDetail {
    /// As in the list.
    pub row: AppRow,
    /// What happened in this rollout, oldest first, 12 at most.
    pub story: Vec<Happening>,
    /// Its pods.
    pub pods: Vec<PodRow>,
    /// Its events, newest first.
    pub events: Vec<EventRow>,
    /// How to reach it.
    pub endpoints: Vec<Endpoint>,
    /// What can be done to the app now; the reason where not.
    pub actions: BTreeMap<Action, Option<String>>,
    /// What to know before an action that can be done, such as that an autoscaler sets another count back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<Action, String>,
    /// The rollout is held.
    pub paused: bool,
    /// Revision in force.
    pub revision: Option<u64>,
    /// Resource settings and probes of the main container.
    pub settings: Vec<SettingLine>,
    /// What its template refers to, each once.
    #[serde(default)]
    pub references: Vec<ReferenceRow>,
    /// Pods that run another image than the template says, 20 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still_runs: Vec<StillRuns>,
    /// The last lines of the log that its status points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_lines: Option<LastLines>,
    /// What a person most likely does next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStep>,
}

/// Environment and mounts of a container, on demand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerConfig {
    /// Name of the container in the template.
    pub name: String,
    /// Image.
    pub image: String,
    /// Command and arguments.
    pub command: Vec<String>,
    /// Variables.
    pub env: Vec<EnvRow>,
    /// Mounts.
    pub mounts: Vec<MountRow>,
    /// Ports as text.
    pub ports: Vec<String>,
}

/// A variable and where it comes from. A value that comes from a secret is never here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvRow {
    /// Variable; for a whole config map or secret `PREFIX*`.
    pub name: String,
    /// Its value, where it is written in the template or config map.
    pub value: Option<String>,
    /// `written here`, `secret loklak-es, key password`, `config map app, key URL`, `field status.podIP`.
    pub from: String,
    /// The object it should come from, or its key, does not exist.
    pub missing: bool,
    /// The secret that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A mount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountRow {
    /// Path in the container.
    pub path: String,
    /// `secret loklak-tls`, `claim data (20Gi)`, `empty directory`.
    pub from: String,
    /// Read only.
    pub read_only: bool,
    /// The secret that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A revision of an app, newest first in lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The revision number, which grows with each rollout.
    pub number: u64,
    /// When it was made; nothing where a roll-back took an older object again and nobody said when.
    pub created: Option<UnixMs>,
    /// Images.
    pub images: Vec<String>,
    /// Why it was made: who asked the portal for it, and `kubernetes.io/change-cause`.
    pub cause: Option<String>,
    /// The one in force.
    pub current: bool,
    /// Its pod template as YAML, without values of environment variables that look like secrets.
    pub template: String,
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// ` `, `+` or `-`.
    pub sign: char,
    /// The line.
    pub text: String,
}

/// How the portal stands to the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterHealth {
    /// Watches have their first list.
    pub ready: bool,
    /// Since when it does not answer; what is shown is as of then.
    pub away_since: Option<UnixMs>,
    /// What the portal may not do, one sentence each by verb, resource and namespace; only of namespaces that the reader
    /// may see.
    pub refusals: Vec<String>,
    /// metrics-server answered last time; `None` before the first try.
    pub metrics: Option<bool>,
    /// What keeps the portal from recording anything.
    pub storage: Option<StorageNotice>,
}

/// A check of a new app, as a reader gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// Whether the app can be created all the same.
    pub outcome: Outcome,
    /// Stable code of what was found, such as `node_port_taken` ([`crate::check::CheckCode::code`]).
    pub code: Cow<'static, str>,
    /// Short: `Node port 30123 is taken`.
    pub title: String,
    /// What to do.
    pub advice: String,
    /// The field of the form it is about.
    pub field: Option<String>,
    /// What the form itself can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

/// A remedy that is a button beside its check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Remedy {
    /// Make a secret with the keys that the form names.
    CreateSecret {
        /// Name of the secret to make.
        name: String,
    },
    /// Make a secret to pull images with.
    CreatePullSecret {
        /// Name of the secret to make.
        name: String,
    },
    /// Make a secret with the certificate of an address.
    CreateTlsSecret {
        /// Name of the secret to make.
        name: String,
    },
    /// Add a key to a secret that has others.
    AddKey {
        /// Name of the secret.
        name: String,
        /// The key to add, as the app refers to it.
        key: String,
    },
    /// Make a secret of the values of these variables, and let them read it.
    MoveToSecret {
        /// A name for it.
        name: String,
        /// Numbers of the variables, from 0.
        rows: Vec<u32>,
    },
    /// Put these texts into fields of the form.
    Set {
        /// At least one; the first is what the others come with.
        fields: Vec<Setting>,
    },
}

/// A text for a field of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its path, such as `env.2.key`.
    pub field: String,
    /// The text; empty clears the field.
    pub value: String,
}

impl Remedy {
    /// Puts texts into fields.
    #[must_use]
    pub fn set(fields: &[(&str, &str)]) -> Self {
        let setting = |(field, value): &(&str, &str)| Setting { field: (*field).to_owned(), value: (*value).to_owned() };
        Self::Set { fields: fields.iter().map(setting).collect() }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Fine.
    Pass,
    /// Nobody has looked.
    Skip,
    /// Works, but look at it.
    Warn,
    /// Would be refused.
    Fail,
}

/// Verdict of a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Findings, worst first.
    pub checks: Vec<CheckView>,
    /// The objects as YAML, as they would be created.
    pub yaml: String,
}
