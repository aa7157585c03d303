//! Pairs that have names here and stay arrays of two in the API.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// The last change of an app; `[1790000000000,"kubectl"]` in the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(UnixMs, String)", into = "(UnixMs, String)")]
pub struct LastChange {
    /// The moment of the change.
    pub at: UnixMs,
    /// The person or the field manager who made it.
    pub by: String,
}

impl From<(UnixMs, String)> for LastChange {
    fn from((at, by): (UnixMs, String)) -> Self {
        Self { at, by }
    }
}

impl From<LastChange> for (UnixMs, String) {
    fn from(change: LastChange) -> Self {
        (change.at, change.by)
    }
}

/// A line of an app's settings; `["CPU","100m requested, no limit"]` in the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, String)", into = "(String, String)")]
pub struct SettingLine {
    /// What is set, such as `CPU`.
    pub label: String,
    /// To what.
    pub text: String,
}

impl From<(String, String)> for SettingLine {
    fn from((label, text): (String, String)) -> Self {
        Self { label, text }
    }
}

impl From<SettingLine> for (String, String) {
    fn from(line: SettingLine) -> Self {
        (line.label, line.text)
    }
}
