//! What the portal does not keep of the cluster, so that no tenant can make it grow.

use crate::kubernetes::Resource;
use crate::{Bytes, Namespace};
use serde::{Deserialize, Serialize};

/// Why nothing but the name of an object is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// It is larger than what the portal reads of one object.
    TooLarge {
        /// That size.
        most: Bytes,
    },
    /// The portal cannot read what the cluster says of it.
    NotReadable,
}

/// Which limit an object is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// What the portal reads of one object.
    Object {
        /// That size.
        most: Bytes,
    },
    /// What the portal keeps of one namespace.
    Namespace {
        /// That size, of this resource.
        most: Bytes,
        /// That size, of all resources.
        of_all: Bytes,
    },
}

/// Objects of one resource in one namespace that are not shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// What they are.
    pub resource: Resource,
    /// Where.
    pub namespace: Namespace,
    /// How many of them there are in the namespace.
    pub count: usize,
    /// Name of one of them.
    pub such_as: String,
    /// Which bound they are beyond.
    pub limit: Limit,
}
