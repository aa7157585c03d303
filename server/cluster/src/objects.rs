//! An app as an object of the API, whatever its kind.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use domain::facts::AppFacts;
use domain::{AppId, Kind};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use kube::Api;
use kube::api::{ApiResource, DynamicObject, PatchParams, PostParams};
use serde_json::Value;
use service::ports::ClusterResult;
use std::sync::Arc;

/// The name under which the portal changes objects.
pub(crate) const MANAGER: &str = "quayside";

/// The resource of a kind.
pub(crate) fn resource(kind: Kind) -> ApiResource {
    match kind {
        Kind::Deployment => ApiResource::erase::<Deployment>(&()),
        Kind::StatefulSet => ApiResource::erase::<StatefulSet>(&()),
        Kind::DaemonSet => ApiResource::erase::<DaemonSet>(&()),
        Kind::Job => ApiResource::erase::<Job>(&()),
        Kind::CronJob => ApiResource::erase::<CronJob>(&()),
    }
}

/// The resource's name in rules.
pub(crate) const fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Deployment => "deployments",
        Kind::StatefulSet => "statefulsets",
        Kind::DaemonSet => "daemonsets",
        Kind::Job => "jobs",
        Kind::CronJob => "cronjobs",
    }
}

/// What is asked of an app.
pub(crate) fn ask<'a>(verb: &'a str, app: &'a AppId) -> Ask<'a> {
    Ask::of(verb, plural(app.kind), &app.namespace, app.name.as_str())
}

/// The pod template within a workload.
pub(crate) fn template_path(kind: Kind) -> &'static str {
    if kind == Kind::CronJob { "/spec/jobTemplate/spec/template" } else { "/spec/template" }
}

/// Parameters of a change.
pub(crate) fn patch() -> PatchParams {
    PatchParams { field_manager: Some(MANAGER.into()), ..PatchParams::default() }
}

/// Parameters of a creation or replacement.
pub(crate) fn post(dry_run: bool) -> PostParams {
    PostParams { dry_run, field_manager: Some(MANAGER.into()) }
}

impl KubeCluster {
    /// The API of an app's kind in its namespace.
    pub(crate) fn api(&self, app: &AppId) -> Api<DynamicObject> {
        Api::namespaced_with(self.calls(), app.namespace.as_str(), &resource(app.kind))
    }

    /// The app's object.
    pub(crate) async fn object(&self, app: &AppId) -> ClusterResult<DynamicObject> {
        ask("get", app).run(self.api(app).get(app.name.as_str())).await
    }

    /// The app's object as JSON.
    pub(crate) async fn json(&self, app: &AppId) -> ClusterResult<Value> {
        let object = self.object(app).await?;
        serde_json::to_value(object).map_err(|e| ask("get", app).explain(kube::Error::SerdeError(e)))
    }

    /// What the index knows of an app.
    pub(crate) fn facts(&self, app: &AppId) -> Option<Arc<AppFacts>> {
        self.newest().namespaces.get(&app.namespace)?.apps.get(app).cloned()
    }
}
