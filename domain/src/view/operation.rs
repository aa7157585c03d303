//! What pages and the API show of operations. [`crate::english::operation::view`] makes it.

use crate::operation::{ChangeAction, OperationId, Piece, State};
use crate::status::Evidence;
use crate::{AppId, UnixMs};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// An operation in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationView {
    /// Its number.
    pub id: OperationId,
    /// The app that it changes.
    pub app: AppId,
    /// What kind of change it is.
    pub action: ChangeAction,
    /// What it does: `Scale from 2 to 3 replicas`.
    pub title: String,
    /// The name with which the person signs in who asked for it.
    pub by: String,
    /// Why it is made, in the words of whoever asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How far it has come.
    pub state: State,
    /// When it was asked for.
    pub begun: UnixMs,
    /// When its state changed last.
    pub moved: UnixMs,
    /// What has happened, oldest first, 32 lines at most.
    pub progress: Vec<ProgressView>,
    /// How it ended; none while it is open, and where nobody has seen more of its end than its state.
    pub verdict: Option<VerdictView>,
}

/// A line of progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressView {
    /// When it happened, or was seen.
    pub at: UnixMs,
    /// The code of what happened.
    pub code: Cow<'static, str>,
    /// The same as a sentence.
    pub sentence: String,
}

/// The verdict on an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictView {
    /// The code of how it ended.
    pub code: Cow<'static, str>,
    /// What keeps the app from what was asked for: the code of its status. Only where new pods fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cow<'static, str>>,
    /// The same in sentences.
    pub sentence: String,
    /// Where to look.
    pub evidence: Vec<Evidence>,
    /// Objects of the app that are there, where that is not what was asked for.
    pub there: Vec<Piece>,
}

/// A line of the stream of an operation's events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum OperationEvent {
    /// Something happened.
    Progress {
        /// How far the operation has come.
        state: State,
        /// What happened.
        #[serde(flatten)]
        line: ProgressView,
    },
    /// Nothing has happened for a while, and the operation goes on.
    Alive {
        /// How far the operation has come.
        state: State,
        /// The moment at which that was looked at.
        at: UnixMs,
    },
    /// It has ended. No line comes after this one.
    Verdict {
        /// How it ended.
        state: State,
        /// When it ended.
        at: UnixMs,
        /// More about its end, where it is known.
        verdict: Option<VerdictView>,
    },
}

impl OperationView {
    /// Whether its end is still to come.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.state.is_end()
    }

    /// The newest that can be said of it: its verdict, or the last line of progress.
    #[must_use]
    pub fn newest(&self) -> Option<&str> {
        let last = || self.progress.last().map(|line| line.sentence.as_str());
        self.verdict.as_ref().map(|verdict| verdict.sentence.as_str()).or_else(last)
    }
}
