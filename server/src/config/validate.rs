//! What every section of the settings can be asked.

use super::finding::Finding;

/// A section of the settings, read.
pub trait Validate {
    /// What is wrong with it, or to be looked at, beyond single texts: these were refused when they were read. Most sections
    /// have nothing more that could be wrong.
    fn validate(&self) -> Vec<Finding> {
        Vec::new()
    }
}
