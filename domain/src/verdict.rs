//! What the rules judge of an app or a pod, without a language and without a reader. [`crate::english::status`] makes the
//! [`Status`](crate::status::Status) of it that people and programs see; nothing reads those words back.

mod also;
mod calm;
mod evidence;
mod lead;

pub use also::Also;
pub use calm::{Calm, LastRun};
pub use evidence::{Evidence, LogLines, SecretChange};
pub use lead::Lead;

use crate::UnixMs;
use crate::cause::Cause;
use crate::status::Word;

/// A judgement. Moments in it are moments, so that two of the same state are equal whenever they are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The word that lists sort by.
    pub word: Word,
    /// What is said first, such as how many pods are ready.
    pub leads: Vec<Lead>,
    /// Why it is that word.
    pub why: Why,
    /// What else is known, in the order in which it is told.
    pub also: Vec<Also>,
    /// What a list says in place of the reason that `why` has.
    pub reason: Option<Reason>,
    /// Since when, where that is known.
    pub since: Option<UnixMs>,
    /// Where a person can check it.
    pub evidence: Vec<Evidence>,
}

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something does not work, or may not.
    Trouble(Cause),
    /// Nothing is wrong.
    Calm(Calm),
}

/// What a list says where it is not the reason of the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Containers were restarted lately.
    Restarted {
        /// How often.
        times: u32,
    },
    /// What the pods wait for has taken longer than the rollout may.
    RolloutTimedOut,
    /// All wanted pods are ready, and an old one does not go.
    OldPodStays,
    /// A partition holds a stateful set's update.
    PausedAtPartition {
        /// The partition.
        partition: u32,
    },
    /// Pods keep the old template until somebody deletes them.
    NotReplaced {
        /// How many do.
        pods: u32,
    },
    /// The last run of a cron job failed.
    LastRunFailed,
    /// The last run of a cron job failed, and its schedule is suspended.
    SuspendedLastFailed,
}

impl Reason {
    /// The code that a verdict has by this; none where the cause below it says why.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::PausedAtPartition { .. } => Some("paused_at_partition"),
            Self::NotReplaced { .. } => Some("pods_not_replaced"),
            Self::Restarted { .. } | Self::RolloutTimedOut | Self::OldPodStays | Self::LastRunFailed | Self::SuspendedLastFailed => None,
        }
    }
}

/// A cause that is told within a verdict on something larger: a pod's within its app's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What is wrong.
    pub cause: Cause,
    /// What else is known of it.
    pub also: Vec<Also>,
    /// Whether it is told what to do.
    pub advised: bool,
}

/// The runs of a cron job that are active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveRuns {
    /// Name of the one that has been active longest.
    pub first: String,
    /// Since when that one is.
    pub since: Option<UnixMs>,
    /// That one is suspended.
    pub suspended: bool,
    /// How many others are active.
    pub others: u32,
}

impl Verdict {
    /// A verdict on what needs nobody, or will not before it has had its time.
    #[must_use]
    pub const fn calm(word: Word, calm: Calm, since: Option<UnixMs>) -> Self {
        Self { word, leads: Vec::new(), why: Why::Calm(calm), also: Vec::new(), reason: None, since, evidence: Vec::new() }
    }

    /// A verdict on what does not work.
    #[must_use]
    pub const fn trouble(word: Word, cause: Cause, since: Option<UnixMs>) -> Self {
        Self { word, leads: Vec::new(), why: Why::Trouble(cause), also: Vec::new(), reason: None, since, evidence: Vec::new() }
    }

    /// Adds what is said before everything else.
    #[must_use]
    pub fn after(mut self, leads: impl IntoIterator<Item = Lead>) -> Self {
        self.leads = leads.into_iter().chain(self.leads).collect();
        self
    }

    /// Adds what else is known.
    #[must_use]
    pub fn also(mut self, also: impl IntoIterator<Item = Also>) -> Self {
        self.also.extend(also);
        self
    }

    /// Whether it says no more than an earlier one did of the same object: moments and counts are no news.
    #[must_use]
    pub fn repeats(&self, earlier: &Self) -> bool {
        let alike = match (&self.why, &earlier.why) {
            (Why::Trouble(now), Why::Trouble(before)) => now.of_any_pod() == before.of_any_pod(),
            (Why::Calm(now), Why::Calm(before)) => now.code() == before.code(),
            (Why::Trouble(_), Why::Calm(_)) | (Why::Calm(_), Why::Trouble(_)) => false,
        };
        alike && (self.word, self.code()) == (earlier.word, earlier.code())
    }

    /// The stable code, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        let own = || match &self.why {
            Why::Trouble(cause) => cause.code(),
            Why::Calm(calm) => calm.code(),
        };
        let by_reason = self.reason.and_then(Reason::code);
        by_reason.or_else(|| self.also.iter().rev().find_map(Also::code)).unwrap_or_else(own)
    }
}
