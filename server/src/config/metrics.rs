//! The portal's own metrics.

use super::finding::Finding;
use super::parse::{self, Reader};
use super::validate::Validate;
use domain::secret::SecretText;

/// The portal's own metrics.
#[derive(Clone)]
pub struct Metrics {
    /// Serve `/metrics`.
    pub enabled: bool,
    /// Asked for at `/metrics`.
    pub token: Option<SecretText>,
}

impl Metrics {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self { enabled: read.with("metrics", parse::switch)?, token: read.optional("metrics_token", |t| Ok(SecretText::new(t.to_owned())))? })
    }
}

impl Validate for Metrics {}
