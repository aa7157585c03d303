//! Why something does not work, as a stable code with typed arguments. [`crate::english`] says it in words; nothing reads
//! those words back. A cause is an alarm: what only deserves a mention is a remark.

mod admission;
mod alike;
mod end;
mod image;
mod job;
mod node;
mod place;
mod probe;
mod start;
mod volume;
mod workload;

pub use admission::{PodClass, QuotaAmount, QuotaOf, Refusal, TemplateOf, WebhookWhy};
pub use end::{EndHow, EndLog, EndMore, MemoryUse, NextRun, PodEnd};
pub use image::{PullSecret, PullWhy, RegistryCode, Unreachable};
pub use job::JobTrouble;
pub use node::{Eviction, NodeRefusal, NodeTrouble, SandboxWhy};
pub use place::Obstacle;
pub use probe::{ProbeKind, ProbeSaid, ProbeStage, ProbeThen, Speaks};
pub use start::{AskedProbe, ProfileKind, StartStage, StartWhy};
pub use volume::{ClaimWhy, MountWhy, UnboundWhy};
pub use workload::{Counts, LabelDiffers, Mismatch, Silence, WorkloadTrouble};

use crate::facts::MissingReference;
use crate::{Kind, UnixMs};
use serde::{Deserialize, Serialize};

/// A kind of trouble and what it is about. It holds moments and no ages, so that it stays the same while time passes. Lengths of
/// time are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A workload as a whole has it, and not one of its pods.
    Workload(WorkloadTrouble),
    /// A job or a cron job has it, and not one of its pods.
    Job(JobTrouble),
    /// The API server does not let pods in, or what else a controller makes.
    Refused {
        /// The namespace of the app.
        namespace: String,
        /// Why it does not.
        why: Refusal,
    },
    /// The app was deleted, and finalizers hold it.
    DeletionHeld {
        /// When it was deleted.
        at: UnixMs,
        /// The finalizers, other than Kubernetes' own.
        finalizers: Vec<String>,
        /// Pods that are still there.
        pods: u32,
    },
    /// The app was deleted, and what it owns does not end.
    DeletionStuck {
        /// When it was deleted.
        at: UnixMs,
        /// Pods that are still there.
        pods: u32,
        /// The first of them that does not end.
        pod: Option<Box<Cause>>,
    },
    /// A pod was asked to end and is still there after its time.
    PodStays {
        /// The pod that stays.
        who: Who,
        /// When it was asked to.
        asked: UnixMs,
        /// Finalizers that hold it; empty where its node does not end it.
        finalizers: Vec<String>,
        /// Its node.
        node: Option<String>,
    },
    /// A pod was asked to end, and its node does not manage to end it.
    KillFails {
        /// The pod that its node does not end.
        who: Who,
        /// When it was asked to.
        asked: UnixMs,
        /// The kubelet's words.
        said: String,
    },
    /// A container was killed because its postStart hook failed.
    PostStartHookFailed {
        /// The container that was killed.
        who: Who,
        /// `command sh -c …`, `GET /warm on 8080`.
        hook: Option<String>,
        /// Exit code of the hook's command.
        exit: Option<i32>,
        /// When the container ended.
        when: Moment,
    },
    /// A container runs, and a probe keeps it from being ready.
    ProbeFails {
        /// The container that is probed.
        who: Who,
        /// Which of its probes.
        probe: ProbeKind,
        /// What the probe asks: `GET /healthy on 8080`; empty where that is not known.
        what: String,
        /// How far the container has come.
        stage: ProbeStage,
        /// What came of the probe.
        said: ProbeSaid,
        /// Failures, as far as the cluster counts.
        times: u32,
        /// Time from the first to the last of them.
        within: i64,
        /// When the last one was.
        last: UnixMs,
    },
    /// A container's probe asks a port on which nothing listens, and others say which port it is.
    ProbeAsksOtherPort {
        /// The container whose probe fails.
        who: Who,
        /// Which probe.
        probe: ProbeKind,
        /// What it asks.
        what: String,
        /// The port that it asks.
        asked: String,
        /// Ports that the container declares.
        declared: Vec<u16>,
        /// Another probe of the container and the port that it asks.
        other: Option<(ProbeKind, String)>,
        /// What came of it.
        then: ProbeThen,
    },
    /// A container ended.
    Ended {
        /// The container.
        who: Who,
        /// What ended it.
        how: EndHow,
        /// When it ended.
        when: Moment,
    },
    /// A pod was ended as a whole.
    PodEnded {
        /// The pod.
        who: Who,
        /// What ended it.
        how: PodEnd,
        /// When it ended.
        at: Option<UnixMs>,
    },
    /// A pod is not ready yet, and nothing is known to be wrong.
    PodStarts {
        /// The pod.
        who: Who,
        /// How far it has come.
        stage: StartStage,
    },
    /// A container runs and is not ready, and no probe tells why.
    NotReady {
        /// The container.
        who: Who,
        /// Since when it runs.
        since: Option<UnixMs>,
        /// The probe that it has not passed, where it has one.
        probe: Option<AskedProbe>,
        /// That is within its time.
        patient: bool,
    },
    /// A container waits for a reason of which nothing more is known.
    ContainerWaits {
        /// The container.
        who: Who,
        /// The kubelet's word.
        reason: String,
        /// The kubelet's words to it.
        said: String,
    },
    /// The node of a pod does not report.
    NodeSilent {
        /// The pod.
        who: Who,
        /// Its node.
        node: Option<String>,
        /// Since when.
        since: Option<UnixMs>,
    },
    /// A reference of the template leads to nothing.
    ReferenceMissing {
        /// The container or pod that waits.
        who: Who,
        /// What is missing.
        missing: MissingReference,
        /// The key that the object needs, where the object does not exist and one is asked for.
        needs: Option<String>,
    },
    /// A volume asks for a key that is not there.
    VolumeKeyMissing {
        /// The pod that waits.
        who: Who,
        /// The volume's name in the pod, where it is told.
        volume: Option<String>,
        /// The key that the secret or config map lacks.
        key: String,
    },
    /// A pod waits for a volume of a claim that is not known.
    ClaimAwaited {
        /// The pod that waits.
        who: Who,
        /// Since when it waits.
        since: UnixMs,
    },
    /// Pods were evicted.
    Evicted {
        /// The pod that was evicted last.
        who: Who,
        /// What made the kubelet or somebody evict it.
        by: Eviction,
        /// How many pods were.
        times: u32,
        /// In this time.
        within: i64,
        /// When the last one was.
        last: Option<UnixMs>,
    },
    /// The scheduler finds no node.
    NoNodeFits {
        /// The pod that waits for a node.
        who: Who,
        /// Nodes of the cluster.
        nodes: Option<u32>,
        /// Why a node does not fit, with the number of such nodes; 0 where it is said of none.
        obstacles: Vec<(u32, Obstacle)>,
        /// When a pod of the app last had to make room for one of higher priority.
        preempted: Option<UnixMs>,
    },
    /// No scheduler has looked at a pod for long.
    NoScheduler {
        /// The pod that waits for a scheduler.
        who: Who,
        /// The scheduler that it names.
        scheduler: Option<String>,
        /// Since when it waits.
        since: UnixMs,
    },
    /// An image cannot be pulled.
    ImageNotPulled {
        /// The container that waits for it.
        who: Who,
        /// The image, as the template names it.
        image: String,
        /// The registry's host, where the image names one.
        host: Option<String>,
        /// The node that pulls.
        node: Option<String>,
        /// The kind of the app, for how it gets a pull secret.
        kind: Kind,
        /// Why the node does not have it.
        why: PullWhy,
    },
    /// The image's registry cannot be found by its name.
    RegistryUnknown {
        /// The container whose image is not pulled.
        who: Who,
        /// The image as the template has it.
        image: String,
        /// The host that the image names; none where it is Docker Hub's by default.
        host: Option<String>,
        /// The node that tried.
        node: Option<String>,
    },
    /// An init container has not finished, and the others wait for it.
    InitRuns {
        /// The init container that runs.
        who: Who,
        /// Since when it runs.
        since: Option<UnixMs>,
        /// The last line of its log, redacted and clipped.
        line: Option<String>,
    },
    /// A directory is mounted where the image has a file: the volume lacks the key that is asked for.
    SubPathMissing {
        /// The container that cannot start.
        who: Who,
        /// Where it is to be mounted.
        path: String,
        /// Name of the volume in the template.
        volume: String,
        /// What of it is asked for.
        sub_path: Option<String>,
    },
    /// A container cannot be made or started.
    CannotStart {
        /// The container that is not there.
        who: Who,
        /// What keeps the runtime or the kubelet from making it.
        why: StartWhy,
    },
    /// Several references of the template lead to nothing.
    ReferencesMissing {
        /// The container or pod that waits.
        who: Who,
        /// What is missing, in order.
        missing: Vec<MissingReference>,
    },
    /// A registry does not say whether an image exists to who may not read it.
    ImageHidden {
        /// The container whose image is not pulled.
        who: Who,
        /// The image as the template has it.
        image: String,
        /// The host that the image names; none where it is Docker Hub's by default.
        host: Option<String>,
        /// What the pod has for the registry.
        secret: PullSecret,
        /// The kind of the app.
        kind: Kind,
    },
    /// The node refused a pod that was to run on it.
    NodeRefused {
        /// The pod that was refused.
        who: Who,
        /// Why, by the kubelet's word.
        why: NodeRefusal,
        /// The kubelet's words to it.
        said: String,
        /// When it was refused.
        at: Option<UnixMs>,
    },
    /// A pod was given up, because its node is no part of the cluster any more.
    NodeGone {
        /// The pod that was given up.
        who: Who,
        /// The node that it was on.
        node: Option<String>,
        /// When it was given up.
        at: Option<UnixMs>,
    },
    /// How a container ended is not known, because its node or container runtime began anew.
    ContainerLost {
        /// The container that is lost.
        who: Who,
        /// When the container ended.
        when: Moment,
    },
    /// The node cannot make the sandbox in which the containers of a pod run.
    SandboxFails {
        /// The pod whose containers cannot run.
        who: Who,
        /// What keeps the node from making it.
        why: SandboxWhy,
    },
    /// A claim cannot be used.
    ClaimUnusable {
        /// A pod that waits for the claim.
        who: Who,
        /// Name of the claim, in the app's namespace; empty where nothing tells it.
        claim: String,
        /// What is wrong with the claim.
        why: ClaimWhy,
    },
    /// A volume cannot be mounted on the node.
    MountFails {
        /// The pod that waits for it.
        who: Who,
        /// The volume's name in the pod, where the event tells it.
        volume: Option<String>,
        /// What keeps the node from mounting it.
        why: MountWhy,
    },
}

impl Cause {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Workload(trouble) => trouble.code(),
            Self::Job(trouble) => trouble.code(),
            Self::Refused { why, .. } => why.code(),
            Self::DeletionHeld { .. } => "deletion_held",
            Self::DeletionStuck { .. } => "deletion_stuck",
            Self::PodStays { .. } => "pod_stays",
            Self::KillFails { .. } => "kill_fails",
            Self::PostStartHookFailed { .. } => "post_start_hook_failed",
            Self::ProbeFails { .. } => "probe_fails",
            Self::ProbeAsksOtherPort { .. } => "probe_asks_other_port",
            Self::Ended { how: EndHow::Memory { limit: Some(_), .. }, .. } => "out_of_memory",
            Self::Ended { how: EndHow::Memory { limit: None, .. }, .. } => "node_out_of_memory",
            Self::Ended { how: EndHow::Probe { .. }, .. } => "killed_by_probe",
            Self::Ended { how: EndHow::Exit { code: 0, .. }, .. } => "exited",
            Self::Ended { how: EndHow::Exit { code: 129..=192, .. }, .. } => "ended_by_signal",
            Self::Ended { how: EndHow::Exit { .. }, .. } => "exit_code",
            Self::PodEnded { how: PodEnd::Preempted, .. } => "pod_preempted",
            Self::PodEnded { how: PodEnd::NodeShutDown, .. } => "node_shut_down",
            Self::PodEnded { how: PodEnd::DeadlineExceeded, .. } => "pod_deadline",
            Self::PodEnded { how: PodEnd::Other(_), .. } => "pod_failed",
            Self::PodStarts { stage: StartStage::Scheduling { .. }, .. } => "scheduling",
            Self::PodStarts { stage: StartStage::Gated { .. }, .. } => "scheduling_gated",
            Self::PodStarts { stage: StartStage::Pulling { .. }, .. } => "image_pulls",
            Self::PodStarts { stage: StartStage::Unmarked { gates: Some(_), .. }, .. } => "readiness_gates_open",
            Self::PodStarts { stage: StartStage::Unmarked { gates: None, .. }, .. } => "not_marked_ready",
            Self::PodStarts { stage: StartStage::Begun { .. }, .. } => "pod_starts",
            Self::NotReady { .. } => "not_ready",
            Self::ContainerWaits { .. } => "container_waits",
            Self::NodeSilent { .. } => "node_silent",
            Self::ReferenceMissing { .. } => "reference_missing",
            Self::VolumeKeyMissing { .. } => "volume_key_missing",
            Self::ClaimAwaited { .. } => "claim_awaited",
            Self::Evicted { .. } => "evicted",
            Self::NoNodeFits { preempted: None, .. } => "no_node_fits",
            Self::NoNodeFits { preempted: Some(_), .. } => "preempted",
            Self::NoScheduler { .. } => "no_scheduler",
            Self::RegistryUnknown { .. } => "registry_unknown",
            Self::ImageNotPulled { .. } => "image_not_pulled",
            Self::InitRuns { .. } => "init_runs",
            Self::SubPathMissing { .. } => "sub_path_missing",
            Self::CannotStart { .. } => "cannot_start",
            Self::ReferencesMissing { .. } => "references_missing",
            Self::ImageHidden { .. } => "image_hidden",
            Self::NodeRefused { .. } => "node_refused",
            Self::NodeGone { .. } => "node_gone",
            Self::ContainerLost { .. } => "container_lost",
            Self::SandboxFails { .. } => "sandbox_fails",
            Self::ClaimUnusable { .. } => "claim_unusable",
            Self::MountFails { .. } => "mount_fails",
        }
    }

    /// Whether more time alone may mend it, so that it matters how much of it has passed.
    #[must_use]
    pub fn needs_time(&self) -> bool {
        const WAITING: [ProbeKind; 2] = [ProbeKind::Readiness, ProbeKind::Startup];
        if let Self::ProbeFails { probe, .. } | Self::ProbeAsksOtherPort { probe, .. } | Self::Ended { how: EndHow::Probe { probe, .. }, .. } = self {
            return WAITING.contains(probe);
        }
        matches!(self, Self::PodStarts { stage: StartStage::Unmarked { .. }, .. } | Self::InitRuns { .. } | Self::NotReady { .. })
    }
}

/// What a cause is about. Names are as lists show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A pod as a whole, by its name.
    Pod(String),
    /// A container.
    Container {
        /// Whether it runs before, beside or as one of the others.
        kind: ContainerKind,
        /// Its name in the template.
        name: String,
        /// Its pod, where the app has several.
        pod: Option<String>,
    },
}

/// How a container runs in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerKind {
    /// Beside the others.
    Main,
    /// Before the others, to its end.
    Init,
    /// From before the others on, beside them.
    Sidecar,
}

/// When something ended that had begun, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// How long it had run.
    pub lasted: Option<i64>,
    /// When it ended; none in a story, which has the time beside it.
    pub at: Option<UnixMs>,
}

/// Finalizers of Kubernetes itself, which its controllers take off by themselves.
const OWN_FINALIZERS: [&str; 3] = ["foregroundDeletion", "orphan", "batch.kubernetes.io/job-tracking"];

/// Those of somebody else.
#[must_use]
pub fn foreign(finalizers: &[String]) -> Vec<String> {
    finalizers.iter().filter(|f| !OWN_FINALIZERS.contains(&f.as_str())).cloned().collect()
}
