//! Where the database is.

use super::finding::{Finding, Wants};
use super::parse::Reader;
use super::validate::Validate;
use std::path::PathBuf;

/// Where the database is.
#[derive(Clone)]
pub struct Database {
    /// SQLite file.
    pub path: PathBuf,
}

impl Database {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self { path: read.with("database", |t| if t.is_empty() { Err(Wants::Path) } else { Ok(t.into()) })? })
    }
}

impl Validate for Database {}
