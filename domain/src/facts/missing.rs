//! What a pod template refers to and what is not there.

use serde::{Deserialize, Serialize};

/// A secret, config map or key that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MissingReference {
    /// A secret; else a config map.
    pub secret: bool,
    /// The object's name.
    pub name: String,
    /// The key that it lacks; none where the object does not exist.
    pub key: Option<String>,
    /// How it is used: `env DB_PASSWORD`.
    pub how: String,
}
