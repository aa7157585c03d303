//! The status of an app: one word, a short reason, a sentence that says why, and where to look.

use crate::UnixMs;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The word. The order is the one in which lists sort: what needs a person first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// No pod ready, or restarts repeat.
    Failing,
    /// Serves, but fewer pods ready than wanted or a warning sign.
    Degraded,
    /// No fresh report.
    Unknown,
    /// A rollout or start is under way and within its time.
    Progressing,
    /// The rollout is held by a person.
    Paused,
    /// All wanted pods are ready.
    Running,
    /// Scaled to 0 on purpose.
    Stopped,
    /// A job ended well.
    Completed,
}

impl Word {
    /// All words in sort order.
    pub const ALL: [Self; 8] = [Self::Failing, Self::Degraded, Self::Unknown, Self::Progressing, Self::Paused, Self::Running, Self::Stopped, Self::Completed];

    /// The words of apps that need attention, in sort order.
    pub const ATTENTION: [Self; 3] = [Self::Failing, Self::Degraded, Self::Unknown];

    /// The word itself.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Failing => "Failing",
            Self::Degraded => "Degraded",
            Self::Unknown => "Unknown",
            Self::Progressing => "Progressing",
            Self::Paused => "Paused",
            Self::Stopped => "Stopped",
            Self::Running => "Running",
            Self::Completed => "Completed",
        }
    }
}

/// Where a status shows, so that a person can check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// Lines of a container's log.
    Log {
        /// What the link says: `Last log before the restart`.
        label: String,
        /// Name of the pod that wrote it.
        pod: String,
        /// Name of the container that wrote it.
        container: String,
        /// The previous container's log, not the current one.
        previous: bool,
        /// Around this moment.
        at: Option<UnixMs>,
    },
    /// A moment on a chart.
    Chart {
        /// What the link says: `Memory at 14:31`.
        label: String,
        /// The moment.
        at: UnixMs,
    },
    /// An event of the cluster.
    Event {
        /// What the link says.
        label: String,
        /// Reason of the event.
        reason: String,
        /// Object it is about.
        name: String,
    },
    /// Another object that has to change, such as a secret.
    Object {
        /// What the link says: `Create secret loklak-es`.
        label: String,
        /// Path below the base path.
        path: String,
    },
    /// A command that does what the sentence advises; on the app's page it can be copied.
    Command {
        /// What it does: `Name the pull secret in the app`.
        label: String,
        /// The command for a shell.
        text: String,
    },
}

/// What is told of an app everywhere: list, detail, API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The word.
    pub word: Word,
    /// The stable code of the [`Cause`](crate::cause::Cause), where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'static, str>>,
    /// Why, in 24 characters at most, for lists.
    pub reason: String,
    /// What happened, with number and time, and what to do.
    pub sentence: String,
    /// Since when, where known.
    pub since: Option<UnixMs>,
    /// Where to look.
    pub evidence: Vec<Evidence>,
}
