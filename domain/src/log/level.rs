//! The level of a line.

use serde::{Deserialize, Serialize};

/// How bad a line says it is. The order is from bad to harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Error, fatal, critical, panic.
    Error,
    /// Warning.
    Warn,
    /// Info, notice.
    Info,
    /// Debug, trace.
    Debug,
}

/// The level that a line states, if it states one.
#[must_use]
pub fn level(text: &str) -> Option<Level> {
    let _ = text;
    None
}
