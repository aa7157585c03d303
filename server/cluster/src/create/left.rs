//! What a creation left that this portal knows nothing of: of another portal, or of a database that was lost. A service or an
//! ingress without an app stands in no list, so the next creation of that name takes its place.

use super::settle::{is_made, marked_at, touched_by};
use super::{KubeCluster, Sent};
use crate::clock;
use crate::objects::MARK;
use domain::Namespace;
use domain::operation::Piece;
use domain::spec::AppSpec;
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{DeleteParams, Preconditions};
use kube::{Api, ResourceExt as _};

/// Milliseconds after which a creation is under way no longer: four calls of 20 s, and their end.
const UNDER_WAY: i64 = 120_000;

/// Whose an object is that stands in the way of a new app.
pub(super) enum InTheWay {
    /// Made by someone else, or in use: it is never removed.
    Theirs,
    /// Of a creation that may still be under way.
    UnderWay,
    /// Left by a creation: this object in this version.
    Left(Preconditions),
}

impl KubeCluster {
    /// Looks at the object whose name was found to be taken.
    pub(super) async fn in_the_way(&self, sent: &Sent, spec: &AppSpec) -> kube::Result<InTheWay> {
        let name = spec.name.as_str();
        let Some(found) = sent.api(self, &spec.namespace).get_metadata_opt(name).await? else { return Ok(InTheWay::UnderWay) };
        let (Some(at), Some(uid)) = (found.annotations().get(MARK).and_then(|mark| marked_at(mark)), found.uid()) else {
            return Ok(InTheWay::Theirs);
        };
        let as_found = Preconditions { uid: Some(uid), resource_version: found.resource_version() };
        if touched_by(&found.metadata).is_some() {
            return Ok(InTheWay::Theirs);
        }
        // The deployment is made last: with it, the creation came to its end. A process that was killed right then left the
        // mark on its objects; where pods stand behind the service, somebody uses it, whatever became of the deployment.
        if self.has_pods_behind(&spec.namespace, name) || self.has_app(&spec.namespace, name, None).await? {
            return Ok(InTheWay::Theirs);
        }
        // Also where the clock was set back meanwhile: what is dated ahead by more than that is not under way either.
        Ok(if clock::now().since(at).abs() < UNDER_WAY { InTheWay::UnderWay } else { InTheWay::Left(as_found) })
    }

    /// Whether pods stand behind a service of this name.
    pub(super) fn has_pods_behind(&self, namespace: &Namespace, name: &str) -> bool {
        self.shared().read(|index| index.has_endpoints(namespace, name))
    }

    /// Whether there is a deployment of this name, other than that which the creation with the mark `but` has made.
    pub(super) async fn has_app(&self, namespace: &Namespace, name: &str, but: Option<&str>) -> kube::Result<bool> {
        let apps: Api<Deployment> = Api::namespaced(self.calls(), namespace.as_str());
        let found = apps.get_metadata_opt(name).await?;
        Ok(found.is_some_and(|found| but.is_none_or(|mark| !is_made(&found.metadata, Piece::Deployment, mark))))
    }

    /// Deletes what was left; whether the name is free now.
    pub(super) async fn clear_away(&self, sent: &Sent, spec: &AppSpec) -> kube::Result<bool> {
        let InTheWay::Left(as_found) = self.in_the_way(sent, spec).await? else { return Ok(false) };
        // With the version, so that a change of this moment is not lost.
        let only_this = DeleteParams::background().preconditions(as_found);
        sent.api(self, &spec.namespace).delete(spec.name.as_str(), &only_this).await?;
        Ok(true)
    }
}
