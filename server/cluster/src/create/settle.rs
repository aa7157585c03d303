//! The end of a creation or deletion that was interrupted: what a creation made is known by its mark, what a deletion was to
//! delete by its uid. Whatever is found, nothing is deleted that somebody else has made or changed.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::objects::{MANAGER, MARK, ask, patch, version};
use crate::text::shown;
use async_trait::async_trait;
use domain::kubernetes::{Resource, Verb};
use domain::operation::recovery::Found;
use domain::operation::{Piece, Touched, Version, Work};
use domain::{AppId, UnixMs};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::Ingress;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};
use kube::api::{ApiResource, DeleteParams, DynamicObject, PartialObjectMeta, Patch, Preconditions};
use kube::{Api, ResourceExt};
use serde_json::json;
use service::ports::{Again, ClusterError, ClusterResult, Fate, Recovery};

/// [`MARK`], where a field manager tells what it has written.
const MARK_FIELD: &str = "/f:metadata/f:annotations/f:quayside~1attempt";
/// How often an object is looked at that changes between the look and its removal.
const TRIES: u32 = 5;
/// Who has changed or uses an object, where nothing names them.
const SOMEBODY: &str = "somebody";
/// Longest name of a field manager that is shown.
const MANAGER_SHOWN: usize = 64;

/// When the creation of this mark began; the portal's part of a mark comes first.
pub(super) fn marked_at(mark: &str) -> Option<UnixMs> {
    mark.split('-').next()?.parse().ok().map(UnixMs)
}

/// The mark as an object of this kind carries it. What comes before the deployment has only the time and the first part: the
/// second part is on nothing before the deployment is there, so that nobody can put it on a deployment of their own.
pub(super) fn mark_on(piece: Piece, mark: &str) -> &str {
    match (piece, mark.match_indices('-').nth(1)) {
        (Piece::Service | Piece::Ingress, Some((at, _))) => &mark[..at],
        _ => mark,
    }
}

pub(super) fn has_mark(meta: &ObjectMeta, piece: Piece, mark: &str) -> bool {
    meta.annotations.as_ref().and_then(|all| all.get(MARK)).is_some_and(|has| has == mark_on(piece, mark))
}

/// Whether the portal has made an object in the creation of this mark: it has the mark, and the portal wrote it there, and
/// not who copied or replaced the object.
pub(super) fn is_made(meta: &ObjectMeta, piece: Piece, mark: &str) -> bool {
    let by_portal = |m: &&ManagedFieldsEntry| m.manager.as_deref() == Some(MANAGER) && m.subresource.is_none();
    let wrote_it = |m: &ManagedFieldsEntry| m.fields_v1.as_ref().is_none_or(|fields| fields.0.pointer(MARK_FIELD).is_some());
    has_mark(meta, piece, mark) && meta.managed_fields.iter().flatten().filter(by_portal).any(wrote_it)
}

/// The resource of a piece.
pub(super) const fn resource_of(piece: Piece) -> Resource {
    match piece {
        Piece::Service => Resource::Services,
        Piece::Ingress => Resource::Ingresses,
        Piece::Deployment => Resource::Deployments,
    }
}

fn resource(piece: Piece) -> ApiResource {
    match piece {
        Piece::Service => ApiResource::erase::<Service>(&()),
        Piece::Ingress => ApiResource::erase::<Ingress>(&()),
        Piece::Deployment => ApiResource::erase::<Deployment>(&()),
    }
}

/// Who has changed an object beside the portal. What controllers say of its status is no change. Of an object that does not
/// tell who has written it, nobody knows.
pub(super) fn touched_by(meta: &ObjectMeta) -> Option<String> {
    let mut managers = meta.managed_fields.iter().flatten().filter(|m| m.subresource.as_deref() != Some("status")).peekable();
    if managers.peek().is_none() {
        return Some(SOMEBODY.to_owned());
    }
    let other = managers.find(|m| m.manager.as_deref() != Some(MANAGER))?;
    Some(shown(other.manager.as_deref().unwrap_or(SOMEBODY), MANAGER_SHOWN))
}

/// An object of an app, where it is to be looked for.
pub(super) struct Place<'a> {
    app: &'a AppId,
    piece: Piece,
    api: Api<DynamicObject>,
}

impl Place<'_> {
    fn ask(&self, verb: Verb) -> Ask<'_> {
        Ask::of(verb, resource_of(self.piece), &self.app.namespace, self.app.name.as_str())
    }

    pub(super) async fn find(&self) -> ClusterResult<Option<PartialObjectMeta<DynamicObject>>> {
        self.ask(Verb::Get).run(self.api.get_metadata_opt(self.app.name.as_str())).await
    }

    /// Deletes this object as it was found, and no other; whether it was there.
    async fn delete(&self, only: Preconditions) -> ClusterResult<bool> {
        let only_this = DeleteParams::background().preconditions(only);
        match self.ask(Verb::Delete).run(self.api.delete(self.app.name.as_str(), &only_this)).await {
            Ok(_) => Ok(true),
            Err(ClusterError::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Recovery for KubeCluster {
    async fn look(&self, app: &AppId, work: &Work) -> ClusterResult<Found> {
        self.found(app, work).await
    }

    async fn send_again(&self, app: &AppId, before: &Version, again: &Again) -> ClusterResult<Version> {
        self.again(app, before, again).await
    }

    // The mark is taken off the other objects, so that none of them is ever taken for one that a creation has left. The
    // deployment keeps it, because a change of its annotations would count as a new generation.
    async fn finish_creation(&self, app: &AppId, mark: &str, pieces: &[Piece]) -> ClusterResult<Option<Version>> {
        let deployment = self.place(app, Piece::Deployment).find().await?;
        let Some(deployment) = deployment.filter(|found| is_made(&found.metadata, Piece::Deployment, mark)) else { return Ok(None) };
        for piece in pieces.iter().filter(|piece| **piece != Piece::Deployment) {
            let place = self.place(app, *piece);
            let Some(found) = place.find().await?.filter(|found| has_mark(&found.metadata, *piece, mark)) else { continue };
            // With the uid, so that an object that took its place meanwhile is left alone.
            let change = Patch::Merge(json!({"metadata": {"uid": found.uid(), "annotations": {(MARK): null}}}));
            match place.ask(Verb::Patch).run(place.api.patch_metadata(app.name.as_str(), &patch(), &change)).await {
                Ok(_) | Err(ClusterError::Missing(_) | ClusterError::Changed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(version(&deployment.metadata)))
    }

    async fn undo_creation(&self, app: &AppId, mark: &str, piece: Piece, removed: &[Piece]) -> ClusterResult<Fate> {
        // Controllers write the status of what runs at any moment, which makes it another version: it is looked at again.
        for _ in 1..TRIES {
            match self.undo_as_found(app, mark, piece, removed).await {
                Err(ClusterError::Changed(_)) => {}
                answer => return answer,
            }
        }
        self.undo_as_found(app, mark, piece, removed).await
    }

    async fn created_with(&self, app: &AppId) -> ClusterResult<Vec<(Piece, String)>> {
        let mut found = Vec::new();
        if app.kind != domain::Kind::Deployment {
            return Ok(found);
        }
        for piece in [Piece::Ingress, Piece::Service] {
            let object = match self.place(app, piece).find().await {
                Err(error @ ClusterError::Away(_)) => return Err(error),
                answer => answer.ok().flatten(),
            };
            let own = object.filter(|o| o.labels().get("app.kubernetes.io/managed-by").is_some_and(|by| by == MANAGER));
            found.extend(own.and_then(|o| Some((piece, o.uid()?))));
        }
        Ok(found)
    }

    async fn finish_deletion(&self, app: &AppId, uid: &str, pieces: &[(Piece, String)]) -> ClusterResult<bool> {
        if let Some(found) = ask(Verb::Get, app).run(self.api(app).get_metadata_opt(app.name.as_str())).await? {
            if found.uid().as_deref() != Some(uid) {
                // Another app has the name by now, and what stands beside it is that app's own.
                return Ok(true);
            }
            if found.metadata.deletion_timestamp.is_none() {
                return Ok(false);
            }
        }
        for (piece, uid) in pieces {
            let place = self.place(app, *piece);
            // Another object may have the name by now.
            let Some(found) = place.find().await?.filter(|found| found.uid().as_ref() == Some(uid)) else { continue };
            if let Some(by) = touched_by(&found.metadata) {
                tracing::info!(%app, ?piece, by, "what somebody has changed stays after the deletion of its app");
                continue;
            }
            // With the version, so that a change of this moment is not lost: the next look finds it.
            place.delete(Preconditions { uid: found.uid(), resource_version: found.resource_version() }).await?;
        }
        Ok(true)
    }
}

impl KubeCluster {
    pub(super) fn place<'a>(&self, app: &'a AppId, piece: Piece) -> Place<'a> {
        Place { app, piece, api: Api::namespaced_with(self.calls(), app.namespace.as_str(), &resource(piece)) }
    }

    /// One look, and the removal of what it found. Pods behind the service are the creation's own where its deployment was
    /// just `removed`.
    async fn undo_as_found(&self, app: &AppId, mark: &str, piece: Piece, removed: &[Piece]) -> ClusterResult<Fate> {
        let (place, name) = (self.place(app, piece), app.name.as_str());
        let made = |found: &PartialObjectMeta<DynamicObject>| has_mark(&found.metadata, piece, mark) && found.metadata.deletion_timestamp.is_none();
        let Some(found) = place.find().await?.filter(made) else {
            return Ok(Fate::NotThere);
        };
        if let Some(by) = touched_by(&found.metadata) {
            return Ok(Fate::Left(Touched { piece, by }));
        }
        if piece != Piece::Deployment {
            let has_pods = !removed.contains(&Piece::Deployment) && self.has_pods_behind(&app.namespace, name);
            if has_pods || ask(Verb::Get, app).run(self.has_app(&app.namespace, name, Some(mark))).await? {
                return Ok(Fate::Left(Touched { piece, by: SOMEBODY.into() }));
            }
        }
        // With the version, so that a change of this moment is not lost: the next look finds it.
        let removed = place.delete(Preconditions { uid: found.uid(), resource_version: found.resource_version() }).await?;
        Ok(if removed { Fate::Removed } else { Fate::NotThere })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::FieldsV1;

    #[test]
    fn the_part_of_a_mark_that_the_deployment_alone_has_is_on_no_other_object() {
        assert_eq!([Piece::Service, Piece::Ingress, Piece::Deployment].map(|piece| mark_on(piece, "1000-0a-0b")), ["1000-0a", "1000-0a", "1000-0a-0b"]);
        assert_eq!([Piece::Service, Piece::Deployment].map(|piece| mark_on(piece, "1000-0a")), ["1000-0a"; 2], "as earlier versions wrote it");
        assert_eq!(marked_at(mark_on(Piece::Service, "1000-0a-0b")), Some(UnixMs(1000)));
    }

    #[test]
    fn an_object_is_of_a_creation_where_the_portal_itself_has_written_its_mark() {
        let wrote = |manager: &str, fields: Option<serde_json::Value>| ManagedFieldsEntry {
            manager: Some(manager.into()),
            fields_v1: fields.map(FieldsV1),
            ..Default::default()
        };
        let is_made = |mark: &str, managed_fields: Option<Vec<ManagedFieldsEntry>>| {
            let annotations = Some([(MARK.to_owned(), mark.to_owned())].into());
            is_made(&ObjectMeta { annotations, managed_fields, ..Default::default() }, Piece::Deployment, "1000-0a-0b")
        };
        let the_mark = || Some(json!({"f:metadata": {"f:annotations": {".": {}, "f:quayside/attempt": {}}}}));
        let other = || Some(json!({"f:spec": {"f:replicas": {}}}));
        assert!(is_made("1000-0a-0b", Some(vec![wrote(MANAGER, the_mark())])));
        assert!(is_made("1000-0a-0b", Some(vec![wrote("kubectl-edit", other()), wrote(MANAGER, the_mark())])), "somebody has edited it since");
        assert!(is_made("1000-0a-0b", Some(vec![wrote(MANAGER, None)])), "it does not tell what");
        assert!(!is_made("1000-0a", Some(vec![wrote(MANAGER, the_mark())])), "what is read on its service");
        assert!(!is_made("1000-0a-0b", Some(vec![wrote("kubectl-annotate", the_mark())])));
        assert!(!is_made("1000-0a-0b", Some(vec![wrote("kubectl-annotate", the_mark()), wrote(MANAGER, other())])), "it scaled it");
        assert!(!is_made("1000-0a-0b", None));
    }

    #[test]
    fn an_object_is_touched_where_anybody_but_the_portal_has_changed_more_than_its_status() {
        let entry = |manager: &str, subresource: Option<&str>| ManagedFieldsEntry {
            manager: Some(manager.into()),
            subresource: subresource.map(str::to_owned),
            ..Default::default()
        };
        let by = |fields| touched_by(&ObjectMeta { managed_fields: Some(fields), ..Default::default() });
        assert_eq!(by(vec![entry(MANAGER, None), entry("nginx-ingress-controller", Some("status"))]), None);
        assert_eq!(by(vec![entry(MANAGER, None), entry("kubectl-edit", None)]).as_deref(), Some("kubectl-edit"));
        assert_eq!(by(vec![]).as_deref(), Some("somebody"), "it does not tell");
        assert_eq!(by(vec![entry("nginx-ingress-controller", Some("status"))]).as_deref(), Some("somebody"));
        assert_eq!(touched_by(&ObjectMeta::default()).as_deref(), Some("somebody"));
    }
}
