//! Replica sets; they matter as revisions of a deployment and as owners of its pods. Those of nobody, or of another
//! controller, are known so that their pods are told apart from a deployment's.

use super::meta::{annotation, count, created, group, owner};
use super::pod::CONTAINER;
use super::{Slim, SlimSet, Watched, What};
use crate::json::{METADATA, Rule};
use crate::text::{MESSAGE, SHORT, cut, short, shown};
use domain::Namespace;
use domain::facts::ReplicaSet;
use k8s_openapi::api::apps::v1 as apps;
use std::sync::Arc;

/// The revisions that a replica set was before; the deployment controller writes it when a roll-back takes it again.
pub(crate) const HISTORY: &str = "deployment.kubernetes.io/revision-history";

impl Watched for apps::ReplicaSet {
    const WHAT: What = What::ReplicaSets;
    // Of its template only the images are read; the app's own template has the rest.
    const RULE: &'static Rule = &Rule::Within(&[
        ("metadata", METADATA),
        (
            "spec",
            Rule::Within(&[(
                "template",
                Rule::Within(&[
                    ("metadata", Rule::Drop),
                    ("spec", Rule::Within(&[("containers", CONTAINER), ("initContainers", Rule::Drop), ("volumes", Rule::Drop)])),
                ]),
            )]),
        ),
    ]);

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let deployment = owner(&self.metadata).filter(|o| o.kind == "Deployment" && matches!(group(o), "apps" | "extensions"));
        let owner = deployment.map(|o| cut(o.uid.as_str(), SHORT));
        let template = self.spec.as_ref().and_then(|s| s.template.as_ref()).and_then(|t| t.spec.as_ref());
        let images = template.map(|t| t.containers.iter().take(20).map(|c| shown(c.image.as_deref().unwrap_or_default(), SHORT)).collect());
        let facts = ReplicaSet {
            name: cut(self.metadata.name.as_deref()?, SHORT),
            revision: annotation(&self.metadata, "deployment.kubernetes.io/revision").and_then(|r| r.parse().ok()).unwrap_or(0),
            created: created(&self.metadata),
            reused: annotation(&self.metadata, HISTORY).is_some_and(|h| !h.is_empty()),
            images: images.unwrap_or_default(),
            change_cause: annotation(&self.metadata, "kubernetes.io/change-cause").map(|c| shown(c, MESSAGE)),
            wanted: count(self.spec.as_ref().and_then(|s| s.replicas)),
            ready: count(self.status.as_ref().and_then(|s| s.ready_replicas)),
            hash: self.metadata.labels.as_ref().and_then(|l| l.get("pod-template-hash")).map(|h| cut(h.as_str(), SHORT)),
        };
        Some(Slim::Set(SlimSet { uid: short(self.metadata.uid.clone()), owner, facts: Arc::new(facts) }))
    }
}
