//! What may be used at most.

use super::finding::Finding;
use super::parse::{self, Reader};
use super::validate::Validate;

/// What may be used at most.
#[derive(Clone)]
pub struct Limits {
    /// MiB that are kept of what the cluster says of one namespace.
    pub namespace_memory: u32,
}

impl Limits {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self { namespace_memory: read.with("namespace_memory", |t| parse::between(t, 1, 1024))? })
    }
}

impl Validate for Limits {}
