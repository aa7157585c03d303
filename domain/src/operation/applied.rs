//! What the calls of an operation have left.

use super::Version;
use crate::Steady;
use serde::{Deserialize, Serialize};

/// The workload as the calls of an operation have left it, and since when it is waited for what comes of it. It is stored, so that a
/// start waits for that object and not for one that has its name by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The workload; nothing before this generation is looked at.
    pub version: Version,
    /// When the wait began.
    pub at: Steady,
}
