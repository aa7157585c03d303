//! What a try finds: a check for the person, and for the code what it is about.

use domain::view::Check;

/// What a finding is about, where more follows from it than that it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Its place does not exist: the namespace, or the kind in this cluster.
    Place,
    /// A quota refuses more.
    Quota,
    /// Another service has the node port.
    NodePort,
    /// Something else, from which nothing follows.
    Other,
}

/// What a preflight found, and what it is about.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What it is about.
    pub(super) about: About,
    pub(super) check: Check,
}

impl Found {
    /// A finding from which nothing follows.
    pub(super) const fn other(check: Check) -> Self {
        Self { about: About::Other, check }
    }
}
