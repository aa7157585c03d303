//! What a right form still does unwisely.

use super::AppSpec;
use crate::view::Check;

/// Findings that need no cluster: what works, but goes wrong in practice.
#[must_use]
pub fn advice(spec: &AppSpec) -> Vec<Check> {
    let _ = spec;
    Vec::new()
}
