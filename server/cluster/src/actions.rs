//! What a person does to an app. The watch brings the result.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::objects::{self, MANAGER, ask, patch, post};
use crate::portal_change;
use crate::revisions::Head;
use crate::slim::finalizers;
use domain::facts::PortalChange;
use domain::{AppId, Kind};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::Ingress;
use kube::api::{DeleteParams, DynamicObject, Patch, Preconditions};
use kube::{Api, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use service::ports::{ClusterError, ClusterResult};
use std::fmt::Debug;

/// Who changes the object at the same moment may win this often.
const TRIES: usize = 3;

fn refused<T>(text: impl Into<String>) -> ClusterResult<T> {
    Err(ClusterError::Refused(text.into(), Vec::new()))
}

fn cannot<T>(app: &AppId, what: &str) -> ClusterResult<T> {
    refused(format!("A {} can't be {what}.", app.kind.words()))
}

impl KubeCluster {
    async fn merge(&self, app: &AppId, change: Value) -> ClusterResult<()> {
        ask("patch", app).run(self.api(app).patch(app.name.as_str(), &patch(), &Patch::Merge(change))).await.map(|_| ())
    }

    fn held(&self, app: &AppId) -> bool {
        app.kind == Kind::Deployment && self.facts(app).is_some_and(|f| f.workload.paused)
    }

    /// Starts all pods anew.
    pub(crate) async fn start_anew(&self, app: &AppId, change: &PortalChange) -> ClusterResult<()> {
        if matches!(app.kind, Kind::Job | Kind::CronJob | Kind::Pod) {
            return cannot(app, "restarted");
        }
        if self.held(app) {
            return refused(format!("The rollout of {} is paused. Resume it, then restart.", app.name));
        }
        let template = json!({"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": change.at.rfc3339()}}});
        self.merge(app, json!({"metadata": {"annotations": signed(change)}, "spec": {"template": template}})).await
    }

    /// Sets the number of replicas.
    pub(crate) async fn set_replicas(&self, app: &AppId, replicas: u32) -> ClusterResult<()> {
        let resource = match app.kind {
            Kind::Deployment => "deployments/scale",
            Kind::StatefulSet => "statefulsets/scale",
            _ => return cannot(app, "scaled"),
        };
        let change = Patch::Merge(json!({"spec": {"replicas": replicas}}));
        let ask = Ask::of("patch", resource, &app.namespace, app.name.as_str());
        ask.run(self.api(app).patch_scale(app.name.as_str(), &patch(), &change)).await.map(|_| ())
    }

    /// Holds or resumes.
    pub(crate) async fn hold(&self, app: &AppId, paused: bool) -> ClusterResult<()> {
        match app.kind {
            Kind::Deployment => self.merge(app, json!({"spec": {"paused": paused}})).await,
            Kind::Job | Kind::CronJob => self.merge(app, json!({"spec": {"suspend": paused}})).await,
            Kind::StatefulSet | Kind::DaemonSet | Kind::Pod => cannot(app, "paused"),
        }
    }

    /// Back to a revision.
    pub(crate) async fn go_back(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<()> {
        if matches!(app.kind, Kind::Job | Kind::CronJob | Kind::Pod) {
            return cannot(app, "rolled back");
        }
        for _ in 1..TRIES {
            match self.go_back_once(app, revision, change).await {
                Err(ClusterError::Conflict(_)) => {}
                other => return other,
            }
        }
        self.go_back_once(app, revision, change).await
    }

    async fn go_back_once(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<()> {
        // Without the fields of managers, which the API server keeps where a change does not name them.
        let json = self.json(app).await?;
        let head: Head = objects::parse(app, &json)?;
        if head.paused() {
            return refused(format!("The rollout of {} is paused. Resume it, then roll back.", app.name));
        }
        let kept = self.kept(app, &head, Some(revision)).await?;
        let Some(to) = kept.into_iter().find(|k| k.number == revision) else {
            return Err(ClusterError::Missing(format!("Revision {revision} of {} no longer exists.", app.name)));
        };
        let Some(mut data) = to.data() else { return refused(format!("Revision {revision} of {} is too large to read.", app.name)) };
        if app.kind == Kind::Deployment {
            let mut object: DynamicObject = objects::parse(app, &json)?;
            put_template(&mut object, data, to.cause().cloned(), change);
            // With the resource version that was read, so that nobody's change in between is lost.
            return ask("update", app).run(self.api(app).replace(app.name.as_str(), &post(false), &object)).await.map(|_| ());
        }
        if let Some(patch) = data.as_object_mut() {
            patch.insert("metadata".into(), json!({"annotations": signed(change)}));
        }
        ask("patch", app).run(self.api(app).patch(app.name.as_str(), &patch(), &Patch::Strategic(data))).await.map(|_| ())
    }

    /// Deletes an app, with the service and ingress that the portal made for it. Once the workload is gone a refusal is
    /// no failure any more; what stayed is told. Where no answer comes, nobody knows what stayed.
    pub(crate) async fn remove(&self, app: &AppId) -> ClusterResult<Option<String>> {
        // The one that the person saw, and not another that was made under its name meanwhile.
        let uid = self.newest().namespaces.get(&app.namespace).and_then(|ns| ns.apps.get(app)).map(|facts| facts.workload.uid.clone());
        let only_this = DeleteParams::background().preconditions(Preconditions { uid, resource_version: None });
        let answer = ask("delete", app).run(self.api(app).delete(app.name.as_str(), &only_this)).await?;
        // Where something holds the object, it comes back marked; else only the word that it is gone.
        let held = answer.left().and_then(|object| domain::english::still_held(&finalizers(&object.metadata)));
        if app.kind != Kind::Deployment {
            return Ok(held);
        }
        let ingress = self.remove_own::<Ingress>(app, "ingresses").await;
        let service = self.remove_own::<Service>(app, "services").await;
        let mut told: Vec<_> = held.into_iter().collect();
        for (what, removed) in [("ingress", ingress), ("service", service)] {
            match removed {
                Ok(()) => {}
                Err(error @ ClusterError::Away(_)) => return Err(error),
                Err(error) => told.push(stayed(app, what, &error)),
            }
        }
        Ok((!told.is_empty()).then(|| told.join(" ")))
    }

    async fn remove_own<K>(&self, app: &AppId, resource: &'static str) -> ClusterResult<()>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + Debug + DeserializeOwned,
    {
        let api: Api<K> = Api::namespaced(self.calls(), app.namespace.as_str());
        let name = app.name.as_str();
        let Some(found) = Ask::of("get", resource, &app.namespace, name).run(api.get_opt(name)).await? else { return Ok(()) };
        if found.labels().get("app.kubernetes.io/managed-by").map(String::as_str) != Some(MANAGER) {
            return Ok(());
        }
        let only_this = DeleteParams::background().preconditions(Preconditions { uid: found.uid(), resource_version: None });
        match Ask::of("delete", resource, &app.namespace, name).run(api.delete(name, &only_this)).await {
            Ok(_) | Err(ClusterError::Missing(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn stayed(app: &AppId, what: &str, error: &ClusterError) -> String {
    tracing::warn!(%app, what, %error, "what belongs to a deleted app stayed");
    format!("Couldn't delete its {what} {}: {error}", app.name)
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
    use domain::{Namespace, WorkloadName};

    #[tokio::test]
    async fn an_app_that_a_finalizer_holds_is_said_to_be_still_there() {
        let kept = |finalizers: &[&str]| json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "shop", "finalizers": finalizers}});
        let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::StatefulSet, name: WorkloadName::parse("shop").unwrap() };
        let held = kept(&["example.org/keep", "foregroundDeletion"]);
        let (holding, _) = cluster(move |_: &Asked| Answer::Json(held.clone()));
        let told = holding.remove(&app).await.unwrap().unwrap();
        assert_eq!(told, "It still exists: finalizer example.org/keep blocks its deletion until the controller behind it removes it.");
        let own = kept(&["foregroundDeletion"]);
        let (going, _) = cluster(move |_: &Asked| Answer::Json(own.clone()));
        assert_eq!(going.remove(&app).await.unwrap(), None, "Kubernetes takes off its own");
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
        let told = cluster.remove(&app).await.unwrap().unwrap();
        assert!(told.starts_with("Couldn't delete its ingress shop: The portal isn't allowed to delete ingresses in web"), "{told}");
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
        assert!(matches!(cluster.beside(&app).await, Err(ClusterError::Away(_))));
        assert!(matches!(cluster.remove(&app).await, Err(ClusterError::Away(_))));
        let deleted: Vec<_> = asked.lock().unwrap().iter().filter(|a| a.method == "DELETE").map(|a| a.path.clone()).collect();
        assert_eq!(deleted.len(), 2, "the workload and the ingress: {deleted:?}");
    }
}
