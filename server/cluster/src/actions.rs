//! What a person does to an app. The watch brings the result.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::objects::{self, MANAGER, ask, patch, post, version};
use crate::portal_change;
use crate::revisions::Head;
use crate::slim::finalizers;
use async_trait::async_trait;
use domain::facts::PortalChange;
use domain::kubernetes::{Change, Missing, Refused, Resource, Verb};
use domain::operation::{Piece, Version};
use domain::{AppId, Kind};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::Ingress;
use kube::api::{DeleteParams, DynamicObject, Patch, Preconditions};
use kube::{Api, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use service::ports::{ClusterError, ClusterResult, Remains, Workloads};
use std::fmt::Debug;

/// Who changes the object at the same moment may win this often.
const TRIES: usize = 3;

const fn refused<T>(why: Refused) -> ClusterResult<T> {
    Err(ClusterError::Refused(why))
}

const fn cannot<T>(app: &AppId, change: Change) -> ClusterResult<T> {
    refused(Refused::Kind(app.kind, change))
}

#[async_trait]
impl Workloads for KubeCluster {
    async fn restart(&self, app: &AppId, change: &PortalChange) -> ClusterResult<Version> {
        self.restart_if(app, change, None).await
    }

    async fn scale(&self, app: &AppId, replicas: u32) -> ClusterResult<Version> {
        self.scale_if(app, replicas, None).await
    }

    async fn set_paused(&self, app: &AppId, paused: bool) -> ClusterResult<Version> {
        self.set_paused_if(app, paused, None).await
    }

    async fn rollback(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<Version> {
        for _ in 1..TRIES {
            match self.rollback_if(app, revision, change, None).await {
                Err(ClusterError::Changed(_)) => {}
                other => return other,
            }
        }
        self.rollback_if(app, revision, change, None).await
    }

    // Once the workload is gone a refusal is no failure any more; what stayed is told.
    async fn delete(&self, app: &AppId) -> ClusterResult<Remains> {
        // The one that the person saw, and not another that was made under its name meanwhile.
        let uid = self.newest().namespaces.get(&app.namespace).and_then(|ns| ns.apps.get(app)).map(|facts| facts.workload.uid.clone());
        let only_this = DeleteParams::background().preconditions(Preconditions { uid, resource_version: None });
        let answer = ask(Verb::Delete, app).run(self.api(app).delete(app.name.as_str(), &only_this)).await?;
        // Where something holds the object, it comes back marked; else only the word that it is gone.
        let mut remains = Remains { finalizers: answer.left().map(|object| finalizers(&object.metadata)).unwrap_or_default(), pieces: Vec::new() };
        if app.kind != Kind::Deployment {
            return Ok(remains);
        }
        let ingress = self.remove_own::<Ingress>(app, Resource::Ingresses).await;
        let service = self.remove_own::<Service>(app, Resource::Services).await;
        for (piece, removed) in [(Piece::Ingress, ingress), (Piece::Service, service)] {
            match removed {
                Ok(()) => {}
                Err(error @ ClusterError::Away(_)) => return Err(error),
                Err(error) => {
                    tracing::warn!(%app, ?piece, %error, "what belongs to a deleted app stayed");
                    remains.pieces.push((piece, error));
                }
            }
        }
        Ok(remains)
    }
}

/// The changes of one call. Where they are given a resource version, the API server makes them only as long as the workload has it.
impl KubeCluster {
    pub(crate) async fn restart_if(&self, app: &AppId, change: &PortalChange, only: Option<&str>) -> ClusterResult<Version> {
        if matches!(app.kind, Kind::Job | Kind::CronJob | Kind::Pod) {
            return cannot(app, Change::Restart);
        }
        if self.held(app) {
            return refused(Refused::Paused(app.name.clone(), Change::Restart));
        }
        let template = json!({"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": change.at.rfc3339()}}});
        self.merge(app, json!({"metadata": {"annotations": signed(change)}, "spec": {"template": template}}), only).await
    }

    pub(crate) async fn scale_if(&self, app: &AppId, replicas: u32, only: Option<&str>) -> ClusterResult<Version> {
        let resource = match app.kind {
            Kind::Deployment => Resource::DeploymentScales,
            Kind::StatefulSet => Resource::StatefulSetScales,
            Kind::DaemonSet | Kind::Job | Kind::CronJob | Kind::Pod => return cannot(app, Change::Scale),
        };
        let change = Patch::Merge(only_at(json!({"spec": {"replicas": replicas}}), only));
        let ask = Ask::of(Verb::Patch, resource, &app.namespace, app.name.as_str());
        let scale = ask.run(self.api(app).patch_scale(app.name.as_str(), &patch(), &change)).await?;
        let uid = scale.metadata.uid.unwrap_or_default();
        Ok(Version { uid, generation: self.generation_after(app, replicas).await })
    }

    pub(crate) async fn set_paused_if(&self, app: &AppId, paused: bool, only: Option<&str>) -> ClusterResult<Version> {
        match app.kind {
            Kind::Deployment => self.merge(app, json!({"spec": {"paused": paused}}), only).await,
            Kind::Job | Kind::CronJob => self.merge(app, json!({"spec": {"suspend": paused}}), only).await,
            Kind::StatefulSet | Kind::DaemonSet | Kind::Pod => cannot(app, Change::Pause),
        }
    }

    pub(crate) async fn rollback_if(&self, app: &AppId, revision: u64, change: &PortalChange, only: Option<&str>) -> ClusterResult<Version> {
        if matches!(app.kind, Kind::Job | Kind::CronJob | Kind::Pod) {
            return cannot(app, Change::RollBack);
        }
        // Without the fields of managers, which the API server keeps where a change does not name them.
        let json = self.json(app).await?;
        let head: Head = objects::parse(app, &json)?;
        if only.is_some() && only != head.resource_version() {
            return Err(ClusterError::Changed(ask(Verb::Get, app).object()));
        }
        if head.paused() {
            return refused(Refused::Paused(app.name.clone(), Change::RollBack));
        }
        let kept = self.kept(app, &head, Some(revision)).await?;
        let Some(to) = kept.into_iter().find(|k| k.number == revision) else {
            return Err(ClusterError::Missing(Missing::Revision { app: app.name.clone(), number: revision }));
        };
        let Some(mut data) = to.data() else { return refused(Refused::RevisionTooLarge { app: app.name.clone(), number: revision }) };
        if app.kind == Kind::Deployment {
            let mut object: DynamicObject = objects::parse(app, &json)?;
            put_template(&mut object, data, to.cause().cloned(), change);
            // With the resource version that was read, so that nobody's change in between is lost.
            let answer = ask(Verb::Update, app).run(self.api(app).replace(app.name.as_str(), &post(false), &object)).await;
            return answer.map(|object| version(&object.metadata));
        }
        if let Some(patch) = data.as_object_mut() {
            patch.insert("metadata".into(), json!({"annotations": signed(change)}));
        }
        let answer = ask(Verb::Patch, app).run(self.api(app).patch(app.name.as_str(), &patch(), &Patch::Strategic(only_at(data, only)))).await;
        answer.map(|object| version(&object.metadata))
    }

    async fn merge(&self, app: &AppId, change: Value, only: Option<&str>) -> ClusterResult<Version> {
        let change = Patch::Merge(only_at(change, only));
        ask(Verb::Patch, app).run(self.api(app).patch(app.name.as_str(), &patch(), &change)).await.map(|object| version(&object.metadata))
    }

    /// The generation of a workload that was just scaled; the answer to that has none. Where it can't be read, that which follows on
    /// what the index has.
    async fn generation_after(&self, app: &AppId, replicas: u32) -> i64 {
        if let Ok(found) = ask(Verb::Get, app).run(self.api(app).get_metadata(app.name.as_str())).await {
            return found.metadata.generation.unwrap_or(0);
        }
        self.facts(app).map_or(0, |facts| facts.workload.generation + i64::from(facts.workload.replicas.wanted != replicas))
    }

    fn held(&self, app: &AppId) -> bool {
        app.kind == Kind::Deployment && self.facts(app).is_some_and(|f| f.workload.paused)
    }

    async fn remove_own<K>(&self, app: &AppId, resource: Resource) -> ClusterResult<()>
    where
        K: kube::Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + Debug + DeserializeOwned,
    {
        let api: Api<K> = Api::namespaced(self.calls(), app.namespace.as_str());
        let name = app.name.as_str();
        let Some(found) = Ask::of(Verb::Get, resource, &app.namespace, name).run(api.get_opt(name)).await? else { return Ok(()) };
        if found.labels().get("app.kubernetes.io/managed-by").map(String::as_str) != Some(MANAGER) {
            return Ok(());
        }
        let only_this = DeleteParams::background().preconditions(Preconditions { uid: found.uid(), resource_version: None });
        match Ask::of(Verb::Delete, resource, &app.namespace, name).run(api.delete(name, &only_this)).await {
            Ok(_) | Err(ClusterError::Missing(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A change that is made only as long as the object has this resource version.
fn only_at(mut change: Value, version: Option<&str>) -> Value {
    if let Some(version) = version {
        change["metadata"]["resourceVersion"] = version.into();
    }
    change
}

/// The annotation that tells whose change it is.
fn signed(change: &PortalChange) -> Value {
    json!({(portal_change::ANNOTATION): portal_change::written(change)})
}

fn put_template(deployment: &mut DynamicObject, template: Value, cause: Option<String>, change: &PortalChange) {
    if let Some(spec) = deployment.data.get_mut("spec").and_then(Value::as_object_mut) {
        spec.insert("template".into(), template);
    }
    let annotations = deployment.annotations_mut();
    annotations.insert(portal_change::ANNOTATION.into(), portal_change::written(change));
    match cause {
        Some(cause) => annotations.insert("kubernetes.io/change-cause".into(), cause),
        None => annotations.remove("kubernetes.io/change-cause"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Answer, Asked, cluster};
    use domain::english::still_held;
    use domain::kubernetes::{NotAllowed, Right};
    use domain::{Namespace, WorkloadName};
    use service::ports::Recovery as _;

    #[tokio::test]
    async fn an_app_that_a_finalizer_holds_is_said_to_be_still_there() {
        let kept = |finalizers: &[&str]| json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "shop", "finalizers": finalizers}});
        let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::StatefulSet, name: WorkloadName::parse("shop").unwrap() };
        let held = kept(&["example.org/keep", "foregroundDeletion"]);
        let (holding, _) = cluster(move |_: &Asked| Answer::Json(held.clone()));
        let told = still_held(&holding.delete(&app).await.unwrap().finalizers).unwrap();
        assert_eq!(told, "It still exists: finalizer example.org/keep blocks its deletion until the controller behind it removes it.");
        let own = kept(&["foregroundDeletion"]);
        let (going, _) = cluster(move |_: &Asked| Answer::Json(own.clone()));
        assert_eq!(still_held(&going.delete(&app).await.unwrap().finalizers), None, "Kubernetes takes off its own");
    }

    #[tokio::test]
    async fn a_workload_that_is_gone_is_deleted_also_where_its_ingress_stays() {
        let answer = |asked: &Asked| match (asked.method.as_str(), asked.path.contains("ingresses")) {
            ("DELETE", true) => {
                let text = r#"ingresses.networking.k8s.io "shop" is forbidden: User "x" cannot delete resource "ingresses" in API group "networking.k8s.io""#;
                Answer::Status(403, "Forbidden", text.into())
            }
            (_, ingress) => {
                let (version, kind) = if ingress { ("networking.k8s.io/v1", "Ingress") } else { ("v1", "Service") };
                let labels = json!({"app.kubernetes.io/managed-by": MANAGER});
                Answer::Json(json!({"apiVersion": version, "kind": kind, "metadata": {"name": "shop", "uid": "1", "labels": labels}, "spec": {}}))
            }
        };
        let (cluster, asked) = cluster(answer);
        let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() };
        let lacks = Right::of(Verb::Delete, Resource::Ingresses, &app.namespace);
        let remains = cluster.delete(&app).await.unwrap();
        assert_eq!(remains, Remains { finalizers: Vec::new(), pieces: vec![(Piece::Ingress, ClusterError::NotAllowed(NotAllowed::Right(lacks)))] });
        let deleted: Vec<_> = asked.lock().unwrap().iter().filter(|a| a.method == "DELETE").map(|a| a.path.clone()).collect();
        assert_eq!(deleted.len(), 3, "the service goes all the same: {deleted:?}");
    }

    #[tokio::test]
    async fn a_deletion_whose_later_calls_get_no_answer_has_no_end_and_one_that_cannot_look_first_does_not_begin() {
        let (cluster, asked) = cluster(|asked: &Asked| {
            if asked.path.contains("services") {
                return Answer::Status(503, "ServiceUnavailable", "later".into());
            }
            let labels = json!({"app.kubernetes.io/managed-by": MANAGER});
            let (version, kind) = if asked.path.contains("ingresses") { ("networking.k8s.io/v1", "Ingress") } else { ("apps/v1", "Deployment") };
            Answer::Json(json!({"apiVersion": version, "kind": kind, "metadata": {"name": "shop", "uid": "1", "labels": labels}, "spec": {}}))
        });
        let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() };
        assert!(matches!(cluster.created_with(&app).await, Err(ClusterError::Away(_))));
        assert!(matches!(cluster.delete(&app).await, Err(ClusterError::Away(_))));
        let deleted: Vec<_> = asked.lock().unwrap().iter().filter(|a| a.method == "DELETE").map(|a| a.path.clone()).collect();
        assert_eq!(deleted.len(), 2, "the workload and the ingress: {deleted:?}");
    }
}
