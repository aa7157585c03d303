//! How containers and pods end.

use super::{ProbeKind, ProbeSaid};
use crate::facts::{ChangedPart, Rise};
use crate::log::Forbidden;
use crate::{Bytes, Kind, UnixMs};
use serde::{Deserialize, Serialize};

/// What ended a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndHow {
    /// The kernel killed it for memory.
    Memory {
        /// Its memory limit; none where it was the node that ran out of memory.
        limit: Option<Bytes>,
        /// Its exit code.
        exit: i32,
        /// What its use of memory tells of the kill, where it was measured.
        usage: Option<MemoryUse>,
    },
    /// The kubelet killed it, because a probe failed.
    Probe {
        /// Which probe.
        probe: ProbeKind,
        /// What the probe asks: `GET /healthy on 8080`; empty where that is not known.
        what: String,
        /// What came of the probe, where that is known.
        said: Option<ProbeSaid>,
        /// Its exit code.
        exit: i32,
    },
    /// It ended by itself or by a signal of which nothing more is known.
    Exit {
        /// Its exit code; above 128 that is 128 + the signal.
        code: i32,
        /// How often it was started again.
        restarts: u32,
        /// The kind of the app.
        app: Kind,
        /// What its log tells of the end.
        log: EndLog,
    },
}

/// What the use of memory tells of a kill for memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryUse {
    /// It rose all the time.
    Rose(Rise),
    /// It was never enough to start.
    TooLittleToStart,
}

/// What a log tells of how its container ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndLog {
    /// Nothing that is worth telling; the last line of the termination message, where that may tell what to do.
    Untold(Option<String>),
    /// This line.
    Line {
        /// The line, redacted and clipped.
        text: String,
        /// The call that Kubernetes refused, where the line is about one.
        call: Option<Forbidden>,
        /// The line may tell what to do, which that of a kill from outside does not.
        explains: bool,
    },
    /// The container has written nothing.
    Empty,
    /// The node does not have it any more.
    Gone,
}

/// What else is known of a container that ended, told after how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndMore {
    /// The last line of its termination message.
    LastOutput(String),
    /// What the newest revision changed, of which it is.
    Changed {
        /// The number of the revision.
        revision: u64,
        /// What it changed.
        parts: Vec<ChangedPart>,
    },
    /// It was started again.
    Restarted {
        /// How often.
        times: u32,
        /// What came or comes after, where it is known.
        next: Option<NextRun>,
    },
}

/// The next run of a container that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextRun {
    /// It runs since then.
    Runs(UnixMs),
    /// The kubelet starts it then.
    At(UnixMs),
}

/// What ended a pod as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PodEnd {
    /// It made room for a pod of higher priority.
    Preempted,
    /// Its node shut down.
    NodeShutDown,
    /// It ran longer than its deadline.
    DeadlineExceeded,
    /// Something else, in the words of who ended it; empty where nothing is said.
    Other(String),
}
