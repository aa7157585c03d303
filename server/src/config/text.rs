//! Texts of settings before they are checked.

use std::collections::BTreeMap;

/// A setting's text and where it was written, for the sentence when it is wrong.
#[derive(Clone)]
pub struct Raw {
    /// The text.
    pub text: String,
    /// Such as `--port`, `QUAYSIDE_PORT` or `port in quayside.toml (line 3)`.
    pub origin: String,
}

/// Texts of settings by key.
pub type Texts = BTreeMap<&'static str, Raw>;
