//! The namespaces that the portal serves and those that it sees.

use crate::index::Index;
use domain::Namespace;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which namespaces there are for the portal.
pub struct Namespaces {
    /// Those that the operator has named; `None` is all.
    served: Option<BTreeSet<Namespace>>,
    index: Arc<Index>,
}

impl Namespaces {
    pub(crate) fn new(served: Option<BTreeSet<Namespace>>, index: Arc<Index>) -> Self {
        Self { served, index }
    }

    /// Whether this namespace is one of those that the portal was told to serve.
    pub(crate) fn is_served(&self, namespace: &Namespace) -> bool {
        self.served.as_ref().is_none_or(|served| served.contains(namespace))
    }

    /// Those that the operator has named, by name; none where the portal serves all.
    pub(crate) fn named(&self) -> impl Iterator<Item = &Namespace> {
        self.served.iter().flatten()
    }

    /// The namespaces that the portal watches, by name.
    #[must_use]
    pub fn known(&self) -> Vec<Namespace> {
        self.index.world().namespaces.keys().cloned().collect()
    }

    /// Whether the portal watches this namespace, or has not read yet which there are.
    pub(crate) fn may_be_there(&self, namespace: &Namespace) -> bool {
        let world = self.index.world();
        !world.health.ready || world.namespaces.contains_key(namespace)
    }
}
