//! Persistent volume claims.

use super::meta::created;
use super::{Slim, SlimClaim, Watched, What};
use crate::text::{SHORT, cut, short, shown};
use domain::Namespace;
use domain::facts::Claim;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use std::sync::Arc;

impl Watched for PersistentVolumeClaim {
    const WHAT: What = What::Claims;

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let spec = self.spec.unwrap_or_default();
        let size = spec.resources.and_then(|r| r.requests).and_then(|mut r| r.remove("storage"));
        let facts = Claim {
            name: cut(self.metadata.name.as_deref()?, SHORT),
            phase: short(self.status.and_then(|s| s.phase)).into(),
            class: spec.storage_class_name.map(|c| shown(c, SHORT)),
            size: short(size.map(|s| s.0)),
            created: created(&self.metadata),
        };
        Some(Slim::Claim(SlimClaim { uid: short(self.metadata.uid.clone()), facts: Arc::new(facts) }))
    }
}
