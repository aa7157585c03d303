//! How the portal stands to the cluster, and how much of it somebody may know.

use crate::access::Actor;
use domain::english;
use domain::kubernetes::Lack;
use domain::storage::StorageNotice;
use domain::view::ClusterHealth;

/// How the portal stands to the cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HealthNow {
    /// What everybody may know: without refusals.
    pub cluster: ClusterHealth,
    /// What the portal cannot show, in all namespaces.
    pub lacks: Vec<Lack>,
}

impl HealthNow {
    /// As far as this person may know: the name of a namespace is told only to those who may see it.
    #[must_use]
    pub fn told_to(&self, actor: &Actor) -> ClusterHealth {
        let told = |lack: &&Lack| actor.user.admin || lack.namespace().is_none_or(|n| actor.role_in(n).is_some());
        let storage = self.cluster.storage.map(|notice| StorageNotice { admin: actor.user.admin, ..notice });
        ClusterHealth { refusals: self.lacks.iter().filter(told).map(english::cluster::lack).collect(), storage, ..self.cluster.clone() }
    }
}
