//! Why something does not work, as a stable code with typed arguments. [`crate::english`] says it in words; nothing reads
//! those words back. A cause is an alarm: what only deserves a mention is a remark.

use crate::Kind;
use crate::facts::{MissingReference, Wish};
use serde::{Deserialize, Serialize};

/// A kind of trouble and what it is about. Lengths of time are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The app was deleted, and finalizers hold it.
    DeletionHeld {
        /// How long ago it was deleted.
        ago: i64,
        /// The finalizers, other than Kubernetes' own.
        finalizers: Vec<String>,
        /// Pods that are still there.
        pods: u32,
    },
    /// The app was deleted, and what it owns does not end.
    DeletionStuck {
        /// How long ago it was deleted.
        ago: i64,
        /// Pods that are still there.
        pods: u32,
        /// The first of them that does not end.
        pod: Option<Box<Cause>>,
    },
    /// A pod was asked to end and is still there after its time.
    PodStays {
        /// The pod that stays.
        who: Who,
        /// How long ago it was asked to.
        ago: i64,
        /// Finalizers that hold it; empty where its node does not end it.
        finalizers: Vec<String>,
        /// Its node.
        node: Option<String>,
    },
    /// A pod was asked to end, and its node does not manage to end it.
    KillFails {
        /// The pod.
        who: Who,
        /// How long ago it was asked to.
        ago: i64,
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
        /// How long ago the last one was.
        ago: Option<i64>,
    },
    /// The scheduler finds no node.
    NoNodeFits {
        /// The pod that waits for a node.
        who: Who,
        /// Nodes of the cluster.
        nodes: Option<u32>,
        /// Why a node does not fit, with the number of such nodes; 0 where it is said of none.
        obstacles: Vec<(u32, Obstacle)>,
        /// A pod of the app had to make room for one of higher priority so long ago.
        preempted: Option<i64>,
    },
    /// No scheduler has looked at a pod for long.
    NoScheduler {
        /// The pod that waits for a scheduler.
        who: Who,
        /// The scheduler that it names.
        scheduler: Option<String>,
        /// How long it has waited.
        waited: i64,
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
        /// The container.
        who: Who,
        /// How long it has run.
        running: i64,
        /// The last line of its log, redacted and clipped.
        line: Option<String>,
    },
    /// A pod of an older template is not ready, and its stateful set does not replace it.
    OldTemplateStays {
        /// The pod that is not replaced.
        who: Who,
    },
    /// Both the newest revision and the one before fail.
    RollbackWouldNotHelp {
        /// The revision before.
        revision: u64,
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
        /// The container.
        who: Who,
        /// Why.
        why: StartWhy,
    },
    /// A webhook that has to be asked before pods are made does not answer.
    WebhookDown {
        /// Name of the webhook, such as `check.example.org`.
        webhook: String,
        /// The service that it calls, as `name.namespace`.
        service: Option<String>,
        /// Why the call fails.
        why: WebhookWhy,
    },
    /// A job does not make a pod.
    NoPodMade {
        /// How long it has been wanted.
        waited: i64,
    },
    /// A job reached its deadline.
    JobDeadline {
        /// The deadline in seconds.
        limit_s: Option<i64>,
        /// Milliseconds since the job failed.
        ago: Option<i64>,
        /// It failed until then, and this is how.
        failing: bool,
    },
    /// Indexes of a job failed for good.
    FailedIndexes {
        /// Which, such as `1,4-6`.
        indexes: String,
        /// How many that are.
        failed: u32,
        /// How many succeeded.
        succeeded: u32,
        /// How many there are.
        of: u32,
        /// How long ago the job failed.
        ago: Option<i64>,
    },
    /// A job's own rule made it fail.
    PodFailurePolicy {
        /// The controller's words.
        said: String,
        /// Milliseconds since the job failed.
        ago: Option<i64>,
    },
    /// A run of a cron job takes so long that others are skipped.
    RunBlocksSchedule {
        /// The run.
        run: String,
        /// How long it has been active.
        active: i64,
        /// Starts that were skipped.
        skipped: u32,
        /// When runs are due, in the words of cron: `*/5 * * * *`.
        schedule: String,
    },
    /// The schedule or its time zone cannot be read.
    ScheduleUnreadable {
        /// The text that cannot be read, such as `*/5 * *`.
        schedule: String,
        /// The controller's words.
        said: String,
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
        /// The kubelet's reason, such as `SysctlForbidden`.
        reason: String,
        /// The kubelet's words to the reason.
        said: String,
        /// Milliseconds since it was refused.
        ago: Option<i64>,
    },
    /// A pod was given up, because its node is no part of the cluster any more.
    NodeGone {
        /// The pod.
        who: Who,
        /// Its node.
        node: Option<String>,
        /// How long ago.
        ago: Option<i64>,
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
        /// Name of the claim, in the app's namespace.
        claim: String,
        /// What is wrong with the claim.
        why: ClaimWhy,
    },
    /// A volume cannot be mounted on the node.
    MountFails {
        /// The pod.
        who: Who,
        /// The volume, where it is told.
        volume: Option<String>,
        /// Why.
        why: MountWhy,
    },
    /// A class that the pods name does not exist.
    ClassMissing {
        /// Whether it is a priority or a runtime class.
        class: PodClass,
        /// The name that the pods give it.
        name: String,
    },
    /// A policy of the cluster refuses the pods.
    PolicyRefuses {
        /// The policy as the refusal names it.
        policy: String,
        /// What the policy says of the pods.
        said: String,
    },
    /// What a controller makes of its template is no valid object.
    TemplateInvalid {
        /// `pod`, `job`, `volume claim`.
        what: String,
        /// The API server's words.
        said: String,
    },
    /// No security context constraint of the cluster (OpenShift) accepts the pods.
    NoConstraintFits {
        /// What the constraints say, without those that the account may not use.
        said: String,
    },
    /// Pods of this priority class are only accepted where a quota is meant for them.
    QuotaScope {
        /// The namespace.
        namespace: String,
        /// The scopes, in the API server's words.
        said: String,
    },
    /// The claims of a template are outside the namespace's limit range.
    ClaimOutsideLimits {
        /// The namespace.
        namespace: String,
        /// The API server's words.
        said: String,
    },
    /// A quota of jobs is used up.
    JobQuota {
        /// Its name.
        quota: String,
        /// The namespace.
        namespace: String,
        /// `count/jobs.batch: 5 of 5 used, 1 more requested`.
        amounts: String,
    },
    /// A run of a cron job was due and could not start within its deadline.
    StartMissed {
        /// When runs are due, in the words of cron: `*/5 * * * *`.
        schedule: String,
        /// The deadline in seconds.
        deadline_s: Option<i64>,
        /// How often that was.
        times: u32,
        /// How long ago the last time was.
        ago: i64,
    },
}

impl Cause {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DeletionHeld { .. } => "deletion_held",
            Self::DeletionStuck { .. } => "deletion_stuck",
            Self::PodStays { .. } => "pod_stays",
            Self::KillFails { .. } => "kill_fails",
            Self::PostStartHookFailed { .. } => "post_start_hook_failed",
            Self::ProbeAsksOtherPort { .. } => "probe_asks_other_port",
            Self::Evicted { .. } => "evicted",
            Self::NoNodeFits { preempted: None, .. } => "no_node_fits",
            Self::NoNodeFits { preempted: Some(_), .. } => "preempted",
            Self::NoScheduler { .. } => "no_scheduler",
            Self::RegistryUnknown { .. } => "registry_unknown",
            Self::InitRuns { .. } => "init_runs",
            Self::OldTemplateStays { .. } => "old_template_stays",
            Self::RollbackWouldNotHelp { .. } => "rollback_would_not_help",
            Self::SubPathMissing { .. } => "sub_path_missing",
            Self::CannotStart { .. } => "cannot_start",
            Self::WebhookDown { .. } => "webhook_down",
            Self::NoPodMade { .. } => "no_pod_made",
            Self::JobDeadline { .. } => "job_deadline",
            Self::FailedIndexes { .. } => "failed_indexes",
            Self::PodFailurePolicy { .. } => "pod_failure_policy",
            Self::RunBlocksSchedule { .. } => "run_blocks_schedule",
            Self::ScheduleUnreadable { .. } => "schedule_unreadable",
            Self::ReferencesMissing { .. } => "references_missing",
            Self::ImageHidden { .. } => "image_hidden",
            Self::NodeRefused { .. } => "node_refused",
            Self::NodeGone { .. } => "node_gone",
            Self::ContainerLost { .. } => "container_lost",
            Self::SandboxFails { .. } => "sandbox_fails",
            Self::ClaimUnusable { .. } => "claim_unusable",
            Self::MountFails { .. } => "mount_fails",
            Self::ClassMissing { .. } => "class_missing",
            Self::PolicyRefuses { .. } => "policy_refuses",
            Self::TemplateInvalid { .. } => "template_invalid",
            Self::NoConstraintFits { .. } => "no_constraint_fits",
            Self::QuotaScope { .. } => "quota_scope",
            Self::ClaimOutsideLimits { .. } => "claim_outside_limits",
            Self::JobQuota { .. } => "job_quota",
            Self::StartMissed { .. } => "start_missed",
        }
    }
}

/// What a pod has for a registry that refuses its image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullSecret {
    /// It names this one, which does not exist.
    Absent(String),
    /// The registry does not accept what this one holds for it, if it holds anything.
    Refused(String),
    /// It names none. The name is one to give.
    Nothing(String),
}

/// Why a sandbox cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SandboxWhy {
    /// Its network cannot be set up, in the words of the plugin.
    Network(String),
    /// The node has no such runtime.
    RuntimeMissing(String),
    /// Something else, in the words of the runtime.
    Other(String),
}

/// Why a container cannot be made or started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartWhy {
    /// A whole volume is mounted where the image has a file.
    MountOverFile {
        /// Where.
        path: String,
        /// The volume.
        volume: String,
    },
    /// A directory is mounted over a file or a file over a directory.
    MountMixed {
        /// Where.
        path: String,
    },
    /// A mount has no place to stand, because that lies within something that is read-only.
    MountPointReadOnly {
        /// Where.
        path: String,
    },
    /// The part of a volume that is asked for cannot be prepared.
    SubPath {
        /// The volume.
        volume: String,
    },
    /// The command is a directory.
    CommandIsDirectory {
        /// The command.
        command: String,
    },
    /// It may not run as root, and its own settings say that it does.
    UserIsRoot,
    /// The image has no such user.
    UserUnknown {
        /// The user, where it is told.
        user: Option<String>,
    },
    /// Its working directory cannot be entered.
    WorkDir {
        /// The directory.
        path: String,
        /// It is there, and the user may not enter it.
        denied: bool,
    },
    /// The node lacks a security profile.
    ProfileMissing {
        /// `seccomp` or `AppArmor`.
        kind: String,
        /// Its name.
        profile: String,
    },
    /// The node's disk is full.
    DiskFull,
    /// The node is slow: an attempt that it made before is not over, or this one took too long.
    NodeSlow,
}

/// Why a claim cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimWhy {
    /// It is being deleted.
    Deleted,
    /// Its volume does not exist any more.
    VolumeGone,
    /// The provisioner of its class has not made its volume.
    Unprovisioned {
        /// Name of the provisioner.
        provisioner: String,
        /// How long the pod has waited.
        waited: i64,
    },
}

/// Why a volume cannot be mounted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MountWhy {
    /// Other pods use it, and it may be on one node at a time.
    InUse {
        /// The pods, where they are told.
        pods: Vec<String>,
        /// All of them are older pods of the app itself, which are to go.
        old: bool,
        /// The app starts a new pod before the old one is gone, so that they wait for each other.
        rolls: bool,
    },
    /// The server of the volume does not let the node in.
    Denied {
        /// What was asked for, such as `10.0.0.9:/srv`.
        source: String,
    },
    /// The server has no such path.
    NoPath,
    /// The server does not answer.
    Silent,
    /// Nothing at the server takes the connection.
    Refused,
    /// The node has no program for this kind of file system.
    NoClient {
        /// Such as `nfs`, where it is told.
        fs: Option<String>,
    },
    /// What is on the volume is damaged.
    Damaged,
    /// The kernel does not mount it, and says of three things that one is wrong.
    Unmountable,
    /// A path of the node is not what the pod says that it is, or not there.
    HostPath {
        /// The path.
        path: String,
        /// What it has to be: `directory`.
        wanted: String,
    },
    /// The driver does not run on the node.
    DriverMissing {
        /// Its name.
        driver: String,
    },
    /// The driver has not attached the volume in time.
    DriverSilent {
        /// Its name.
        driver: String,
    },
    /// The node gets no token for the service account.
    NoToken {
        /// The account.
        account: String,
        /// It does not exist; otherwise the node may not have a token for it.
        missing: bool,
    },
}

/// A kind of class that a pod names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PodClass {
    /// How important a pod is to the scheduler (`spec.priorityClassName`).
    Priority,
    /// What runs the containers of a pod (`spec.runtimeClassName`).
    Runtime,
}

/// What ails a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeTrouble {
    /// It is not ready.
    NotReady,
    /// It does not answer.
    Unreachable,
    /// It is low on disk.
    Disk,
    /// It is low on memory.
    Memory,
    /// It is low on process ids.
    Pids,
    /// It has no network.
    Network,
    /// It is new, or is shut down.
    Away,
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

/// A kind of probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// Restarts the container.
    Liveness,
    /// Takes the pod out of its services.
    Readiness,
    /// Holds the other two back.
    Startup,
}

/// What a failing probe led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeThen {
    /// The container was killed.
    Killed(Moment),
    /// The container runs and is not ready: how often the probe failed, and in which time.
    NotReady {
        /// Failures.
        times: u32,
        /// Time from the first to the last.
        within: i64,
    },
}

/// When something ended that had begun, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// How long it had run.
    pub lasted: Option<i64>,
    /// How long ago it ended; none in a story, which has the time beside it.
    pub ago: Option<i64>,
}

/// Why the kubelet or an administrator evicted a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eviction {
    /// An empty directory grew above its size limit.
    EmptyDir {
        /// Name of the volume in the template.
        volume: String,
        /// Its `sizeLimit`.
        limit: String,
    },
    /// A container wrote more to its disk than its `ephemeral-storage` limit allows.
    ContainerDisk {
        /// Name of the container that wrote.
        container: String,
        /// The limit.
        limit: String,
    },
    /// All containers together did.
    PodDisk {
        /// The sum of their limits.
        limit: String,
    },
    /// The node ran low on a resource.
    Node {
        /// The resource, such as `memory` or `ephemeral-storage`.
        resource: String,
        /// The container that used most, what it used and what it had requested.
        most: Option<(String, String, String)>,
    },
    /// Somebody asked for it, such as by draining the node.
    Asked,
    /// Something else.
    Other {
        /// The kubelet's words to the eviction.
        said: String,
    },
}

/// Why a node does not take a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// Too little of a resource is free.
    TooLittle {
        /// `cpu`, `memory`, `nvidia.com/gpu`.
        resource: String,
        /// What the pod requests, in words.
        asked: Option<String>,
        /// Not even an empty node has it.
        never: bool,
    },
    /// As many pods as allowed.
    Full,
    /// Other labels than the pod asks for.
    Labels(Vec<Wish>),
    /// A taint that the pod does not tolerate.
    Taint(Option<String>),
    /// The node itself is not well.
    Unwell(NodeTrouble),
    /// No volume fits the claim, of name, size and storage class.
    NoVolume(Option<(String, String, Option<String>)>),
    /// The storage has too little room for the claim.
    NoStorage,
    /// A volume that only one pod may use is in use.
    VolumeBusy,
    /// There is no node at all.
    NoNode,
    /// Closed for new pods.
    Cordoned,
    /// The pod's volume is elsewhere.
    VolumeElsewhere,
    /// The host port is in use.
    HostPort,
    /// The pod keeps away from one that is there.
    AntiAffinity,
    /// The pod wants to be near one that is not there.
    Affinity,
    /// The spread rule is not met.
    Spread,
    /// It has no label by which the pods are spread.
    SpreadLabel,
    /// No device is free for the pod's resource claims.
    NoDevice,
    /// As many volumes as allowed.
    Volumes,
    /// Something else, in the scheduler's words.
    Said(String),
}

/// Why a call of a webhook fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookWhy {
    /// Its service does not exist.
    NoService,
    /// Its service has no ready pod.
    NoEndpoints,
    /// Nothing listens.
    Refused,
    /// No answer in time.
    TimedOut,
    /// Its certificate is not trusted.
    Certificate(String),
    /// Something else.
    Other(String),
}

/// Finalizers of Kubernetes itself, which its controllers take off by themselves.
const OWN_FINALIZERS: [&str; 3] = ["foregroundDeletion", "orphan", "batch.kubernetes.io/job-tracking"];

/// Those of somebody else.
#[must_use]
pub fn foreign(finalizers: &[String]) -> Vec<String> {
    finalizers.iter().filter(|f| !OWN_FINALIZERS.contains(&f.as_str())).cloned().collect()
}
