//! How long somebody stays signed in.

use super::finding::{Finding, FindingKind};
use super::parse::{self, Reader};
use super::validate::Validate;
use std::time::Duration;

/// How long somebody stays signed in.
#[derive(Clone)]
pub struct Session {
    /// Longest time without use.
    pub idle: Duration,
    /// Longest time in any case.
    pub absolute: Duration,
}

impl Session {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self { idle: read.with("session_idle", parse::duration)?, absolute: read.with("session_absolute", parse::duration)? })
    }
}

impl Validate for Session {
    fn validate(&self) -> Vec<Finding> {
        let longer = self.idle > self.absolute;
        longer.then_some(Finding { setting: "session_idle", kind: FindingKind::IdleBeyondAbsolute }).into_iter().collect()
    }
}
