//! An app as an object of the API, whatever its kind.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::json::{self, Limits, Rule};
use domain::facts::AppFacts;
use domain::kubernetes::{Refused, Resource, Verb};
use domain::operation::Version;
use domain::{AppId, Bytes, Kind};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Api;
use kube::api::{ApiResource, DynamicObject, PatchParams, PostParams};
use serde::de::DeserializeOwned;
use service::ports::{ClusterError, ClusterResult};
use std::sync::Arc;

/// The name under which the portal changes objects.
pub(crate) const MANAGER: &str = "quayside";
/// Annotation that tells which creation made an object, so that nobody else's is removed.
pub(crate) const MARK: &str = "quayside/attempt";

/// The resource of a kind.
pub(crate) fn resource(kind: Kind) -> ApiResource {
    match kind {
        Kind::Deployment => ApiResource::erase::<Deployment>(&()),
        Kind::StatefulSet => ApiResource::erase::<StatefulSet>(&()),
        Kind::DaemonSet => ApiResource::erase::<DaemonSet>(&()),
        Kind::Job => ApiResource::erase::<Job>(&()),
        Kind::CronJob => ApiResource::erase::<CronJob>(&()),
        Kind::Pod => ApiResource::erase::<Pod>(&()),
    }
}

/// What is asked of an app.
pub(crate) fn ask(verb: Verb, app: &AppId) -> Ask<'_> {
    Ask::of(verb, Resource::of(app.kind), &app.namespace, app.name.as_str())
}

/// The pod template within a workload; a pod is its own.
pub(crate) const fn template_path(kind: Kind) -> &'static str {
    match kind {
        Kind::CronJob => "/spec/jobTemplate/spec/template",
        Kind::Pod => "",
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Job => "/spec/template",
    }
}

/// Parameters of a change.
pub(crate) fn patch() -> PatchParams {
    PatchParams { field_manager: Some(MANAGER.into()), ..PatchParams::default() }
}

/// Parameters of a creation or replacement.
pub(crate) fn post(dry_run: bool) -> PostParams {
    PostParams { dry_run, field_manager: Some(MANAGER.into()) }
}

/// Which object it is, and how often it was changed.
pub(crate) fn version(meta: &ObjectMeta) -> Version {
    Version { uid: meta.uid.clone().unwrap_or_default(), generation: meta.generation.unwrap_or(0) }
}

/// Most bytes of an app's object, as long as its YAML can be.
const MOST: usize = 384 * 1024;

/// What of an app's object is read: all that a person wrote.
static OBJECT: Rule = Rule::Within(&[("metadata", Rule::Within(&[("managedFields", Rule::Drop)])), ("status", Rule::Only(&[("updateRevision", Rule::Keep)]))]);

/// Reads an object that [`KubeCluster::json`] gave.
///
/// # Errors
/// `Away` where it is not what it should be.
pub(crate) fn parse<T: DeserializeOwned>(app: &AppId, json: &[u8]) -> ClusterResult<T> {
    serde_json::from_slice(json).map_err(|e| ask(Verb::Get, app).explain(kube::Error::SerdeError(e)))
}

impl KubeCluster {
    /// The API of an app's kind in its namespace.
    pub(crate) fn api(&self, app: &AppId) -> Api<DynamicObject> {
        Api::namespaced_with(self.calls(), app.namespace.as_str(), &resource(app.kind))
    }

    /// The app's object as JSON, without what the cluster adds and nobody here reads.
    ///
    /// # Errors
    /// As the API server answers; `Refused` where the object is too large.
    pub(crate) async fn json(&self, app: &AppId) -> ClusterResult<Vec<u8>> {
        let path = format!("{}/{}", self.api(app).resource_url(), app.name);
        let found = ask(Verb::Get, app).run(json::object(&self.calls(), &path, &OBJECT, Limits::exact(MOST))).await?;
        found.ok_or_else(|| ClusterError::Refused(Refused::TooLarge { object: ask(Verb::Get, app).object(), most: Bytes(MOST as u64) }))
    }

    /// What the index knows of an app.
    pub(crate) fn facts(&self, app: &AppId) -> Option<Arc<AppFacts>> {
        self.newest().namespaces.get(&app.namespace)?.apps.get(app).cloned()
    }
}
