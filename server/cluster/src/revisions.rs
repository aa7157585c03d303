//! Revisions: replica sets of a deployment, controller revisions of a stateful or daemon set.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::slim::moment;
use crate::text::{MESSAGE, SHORT, cut};
use crate::yaml;
use domain::view::Revision;
use domain::{AppId, Kind};
use k8s_openapi::api::apps::v1::{ControllerRevision, ReplicaSet};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::ListParams;
use kube::{Api, ResourceExt};
use serde_json::Value;
use service::ports::ClusterResult;

/// Most revisions that are told.
const MOST: usize = 20;
/// Most objects that are looked at.
const LIST: u32 = 500;

const REVISION: &str = "deployment.kubernetes.io/revision";
const CAUSE: &str = "kubernetes.io/change-cause";

/// A revision as the cluster keeps it.
pub(crate) struct Kept {
    /// Its number.
    pub(crate) number: u64,
    /// Its metadata.
    pub(crate) meta: ObjectMeta,
    /// Deployment: the template. Stateful and daemon set: the patch that leads back.
    pub(crate) data: Value,
}

impl Kept {
    /// Why it was made.
    pub(crate) fn cause(&self) -> Option<&String> {
        self.meta.annotations.as_ref()?.get(CAUSE)
    }

    fn template(&self, kind: Kind) -> Value {
        let mut template = match kind {
            Kind::Deployment => self.data.clone(),
            _ => self.data.pointer("/spec/template").cloned().unwrap_or_default(),
        };
        if let Some(fields) = template.as_object_mut() {
            fields.remove("$patch");
        }
        if let Some(meta) = template.get_mut("metadata").and_then(Value::as_object_mut) {
            meta.remove("creationTimestamp");
        }
        yaml::hide(&mut template);
        template
    }
}

fn images(template: &Value) -> Vec<String> {
    let containers = template.pointer("/spec/containers").and_then(Value::as_array);
    containers.into_iter().flatten().filter_map(|c| c.get("image")?.as_str()).take(20).map(|i| cut(i, SHORT)).collect()
}

fn owned_by(meta: &ObjectMeta, uid: Option<&str>) -> bool {
    uid.is_some() && meta.owner_references.iter().flatten().any(|o| Some(o.uid.as_str()) == uid)
}

impl KubeCluster {
    /// Revisions for a person, newest first.
    pub(crate) async fn list_revisions(&self, app: &AppId) -> ClusterResult<Vec<Revision>> {
        let object = self.json(app).await?;
        let kept = self.kept(app, &object).await?;
        let current = current(app.kind, &object, &kept);
        let all = kept.iter().take(MOST).map(|k| {
            let template = k.template(app.kind);
            Revision {
                number: k.number,
                created: moment(k.meta.creation_timestamp.as_ref()).unwrap_or_default(),
                images: images(&template),
                change_cause: k.cause().map(|c| cut(c.as_str(), MESSAGE)),
                current: current == Some(k.number),
                template: yaml::yaml(&template),
            }
        });
        Ok(all.collect())
    }

    /// Revisions as the cluster keeps them, newest first; `object` is the app's own.
    pub(crate) async fn kept(&self, app: &AppId, object: &Value) -> ClusterResult<Vec<Kept>> {
        let uid = object.pointer("/metadata/uid").and_then(Value::as_str);
        let mut kept = match app.kind {
            Kind::Deployment => self.replica_sets(app, uid).await?,
            Kind::StatefulSet | Kind::DaemonSet => self.controller_revisions(app, uid).await?,
            Kind::Job | Kind::CronJob => Vec::new(),
        };
        kept.sort_by_key(|k| std::cmp::Reverse(k.number));
        Ok(kept)
    }

    async fn replica_sets(&self, app: &AppId, uid: Option<&str>) -> ClusterResult<Vec<Kept>> {
        let api: Api<ReplicaSet> = Api::namespaced(self.calls(), app.namespace.as_str());
        let list = Ask::of("list", "replicasets", &app.namespace, "").run(api.list(&ListParams::default().limit(LIST))).await?;
        let own = list.items.into_iter().filter(|s| owned_by(&s.metadata, uid));
        let kept = own.filter_map(|s| {
            let number = s.annotations().get(REVISION)?.parse().ok()?;
            let mut template = serde_json::to_value(s.spec?.template?).ok()?;
            if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
                labels.remove("pod-template-hash");
            }
            Some(Kept { number, meta: s.metadata, data: template })
        });
        Ok(kept.collect())
    }

    async fn controller_revisions(&self, app: &AppId, uid: Option<&str>) -> ClusterResult<Vec<Kept>> {
        let api: Api<ControllerRevision> = Api::namespaced(self.calls(), app.namespace.as_str());
        let list = Ask::of("list", "controllerrevisions", &app.namespace, "").run(api.list(&ListParams::default().limit(LIST))).await?;
        let own = list.items.into_iter().filter(|r| owned_by(&r.metadata, uid));
        Ok(own.filter_map(|r| Some(Kept { number: u64::try_from(r.revision).ok()?, data: r.data?.0, meta: r.metadata })).collect())
    }
}

/// The revision in force.
fn current(kind: Kind, object: &Value, kept: &[Kept]) -> Option<u64> {
    match kind {
        Kind::Deployment => object.pointer("/metadata/annotations")?.get(REVISION)?.as_str()?.parse().ok(),
        Kind::StatefulSet => {
            let name = object.pointer("/status/updateRevision")?.as_str()?;
            kept.iter().find(|k| k.meta.name.as_deref() == Some(name)).map(|k| k.number)
        }
        // A daemon set does not say; its newest revision is the one of its template.
        _ => kept.first().map(|k| k.number),
    }
}
