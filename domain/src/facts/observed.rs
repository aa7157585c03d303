//! What the portal has read of an app beside what the cluster's objects say: bounded samples of logs, the difference
//! between two revisions, and measured use held against limits. The service room fills it in; rules read it.

use super::{Ended, Policy};
use crate::log::{LogErrors, Said};
use crate::{Bytes, UnixMs};
use serde::{Deserialize, Serialize};

/// All of it; empty where nothing was read, which says nothing of the app.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// Runs of containers that have ended, 64 at most.
    pub ends: Vec<EndedRun>,
    /// Containers that run and log many errors, 16 at most.
    pub logs: Vec<RunningLog>,
    /// Containers that run and are not ready, 16 at most.
    pub unready: Vec<UnreadyLog>,
    /// What the newest revision changed, where one of its containers ends.
    pub change: Option<RevisionChange>,
    /// Containers at a limit, 16 at most.
    pub pressure: Vec<Pressure>,
    /// A connection that nobody answered, where a log tells of one.
    pub unanswered: Option<Unanswered>,
}

/// A connection that nobody answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// The line that tells it, redacted and clipped.
    pub line: String,
    /// The port of the other side, where it is known.
    pub port: Option<u16>,
    /// The service of the namespace that was asked, and the network policies that are in the way to its pods.
    pub asked: Option<(String, Vec<Policy>)>,
}

/// A run of a container that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedRun {
    /// Uid of the pod.
    pub pod: String,
    /// Name of the container.
    pub container: String,
    /// When the run ended, which tells it from the container's other runs.
    pub finished: Option<UnixMs>,
    /// Its last words.
    pub said: Said,
    /// Its last lines, three at most, without secrets.
    #[serde(default)]
    pub lines: Vec<String>,
    /// How its memory rose before it was killed for memory, where that was measured.
    #[serde(default)]
    pub rise: Option<Rise>,
}

/// Memory that rose steadily.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rise {
    /// Where it began.
    pub from: Bytes,
    /// Where it was last.
    pub to: Bytes,
    /// Milliseconds over which it rose.
    pub over_ms: i64,
}

/// A container that runs and logs many errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningLog {
    /// Name of the pod.
    pub pod: String,
    /// Name of the container.
    pub container: String,
    /// What its log says.
    pub errors: LogErrors,
    /// The errors are so many, for so long, that they are told; else only a refused call is.
    pub many: bool,
}

/// A container that runs and is not ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadyLog {
    /// Name of the pod.
    pub pod: String,
    /// Name of the container.
    pub container: String,
    /// The last lines of its log.
    pub lines: Vec<String>,
}

/// What a revision changed against the one before it. Values of variables are never among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionChange {
    /// The newer of the two.
    pub revision: u64,
    /// The parts, 12 at most.
    pub parts: Vec<ChangedPart>,
}

/// A part of a pod template that two revisions have differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangedPart {
    /// A variable is there no more.
    EnvRemoved(String),
    /// A variable came.
    EnvAdded(String),
    /// A variable has another value or source.
    EnvChanged(String),
    /// The image of this container.
    Image(String),
    /// Command or arguments.
    Command,
    /// A container came.
    ContainerAdded(String),
    /// A container is there no more.
    ContainerRemoved(String),
    /// Requests or limits.
    Resources,
    /// A probe.
    Probes,
    /// Volumes or where they are mounted.
    Volumes,
    /// Service account, security context.
    Identity,
}

/// A container that is at one of its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressure {
    /// Name of the pod.
    pub pod: String,
    /// Name of the container.
    pub container: String,
    /// Which limit.
    pub kind: PressureKind,
}

/// Which limit, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PressureKind {
    /// The CPU has been at its limit for so many milliseconds, so that the kernel holds the container back.
    Cpu {
        /// For how long, in milliseconds.
        for_ms: i64,
    },
    /// Memory has risen steadily and is near its limit.
    Memory {
        /// How it rose.
        rise: Rise,
    },
}

impl Observed {
    /// What is known of this run.
    #[must_use]
    pub fn end(&self, pod_uid: &str, container: &str, ended: &Ended) -> Option<&EndedRun> {
        self.ends.iter().find(|e| e.pod == pod_uid && e.container == container && e.finished == ended.finished)
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
