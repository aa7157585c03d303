//! What the portal may and may not do in the cluster.

use super::Resource;
use crate::Namespace;
use crate::facts::LeftOut;
use serde::{Deserialize, Serialize};

/// What is done with a resource, as rules of a Role name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Read one object.
    Get,
    /// Read all objects.
    List,
    /// Read all objects and follow their changes: two verbs that the portal always needs together.
    ListAndWatch,
    /// Make an object.
    Create,
    /// Replace an object.
    Update,
    /// Change parts of an object.
    Patch,
    /// Delete an object.
    Delete,
}

/// A right that a rule of a Role or ClusterRole gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Right {
    /// In which namespace; none for all of them, and for what belongs to no namespace.
    pub namespace: Option<Namespace>,
    /// Of what.
    pub resource: Resource,
    /// What is done with it.
    pub verb: Verb,
}

impl Right {
    /// A right in a namespace.
    #[must_use]
    pub fn of(verb: Verb, resource: Resource, namespace: &Namespace) -> Self {
        Self { namespace: Some(namespace.clone()), resource, verb }
    }
}

/// Why the API server does not let the portal do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAllowed {
    /// It does not know who the portal is.
    Credentials,
    /// No rule gives the portal this right.
    Right(Right),
}

/// Namespaces that are not watched, because without the right to see all of them only so many are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unwatched {
    /// Name of the first one.
    pub first: Namespace,
    /// How many there are.
    pub count: usize,
    /// How many are watched.
    pub most: usize,
}

/// Something that the portal cannot show, and why. In this order it is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// The API server does not know who the portal is.
    Credentials,
    /// The portal may not read something.
    Right(Right),
    /// The API server knows no such resource.
    Unknown(Resource),
    /// The portal has neither the right to list namespaces nor a list of them.
    Namespaces,
    /// There are more namespaces than are watched one by one.
    Unwatched(Unwatched),
    /// The portal may read nothing in this namespace.
    All(Namespace),
    /// Objects that are too large or too many to be kept.
    LeftOut(LeftOut),
}

impl Lack {
    /// The namespace that it is about, where it is about one: who may not see that must not hear of it.
    #[must_use]
    pub const fn namespace(&self) -> Option<&Namespace> {
        match self {
            Self::Right(right) => right.namespace.as_ref(),
            Self::All(namespace) => Some(namespace),
            Self::LeftOut(left) => Some(&left.namespace),
            Self::Credentials | Self::Unknown(_) | Self::Namespaces | Self::Unwatched(_) => None,
        }
    }
}
