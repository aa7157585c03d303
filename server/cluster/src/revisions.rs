//! Revisions: replica sets of a deployment, controller revisions of a stateful or daemon set.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::fault::aside;
use crate::portal_change;
use crate::slim::{HISTORY, moment};
use crate::text::{MESSAGE, SHORT, cut};
use crate::yaml;
use domain::facts::{PortalAction, PortalChange};
use domain::view::Revision;
use domain::{AppId, Kind, UnixMs};
use k8s_openapi::api::apps::v1::{ControllerRevision, ReplicaSet};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use kube::api::ListParams;
use kube::core::Selector;
use kube::{Api, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::ports::ClusterResult;
use std::fmt::Debug;

/// Most revisions that are told.
const MOST: usize = 20;
/// Objects per page of a list.
const PAGE: u32 = 100;
/// Most pages; a controller keeps ten revisions unless somebody asks for more.
const PAGES: usize = 50;

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
    /// Why it was made, as somebody wrote it down.
    pub(crate) fn cause(&self) -> Option<&String> {
        self.meta.annotations.as_ref()?.get(CAUSE)
    }

    /// Why it was made, for a person: who asked the portal for it, and what was written down.
    fn told(&self) -> Option<String> {
        let asked = self.asked();
        // A restart keeps the cause of the revision before, which is not its own.
        let own = asked.as_ref().is_none_or(|change| change.action != PortalAction::Restart);
        let written = self.cause().filter(|_| own).map(|c| cut(yaml::shown("change-cause", c), MESSAGE));
        match (asked.as_ref().map(domain::describe::asked), written) {
            (Some(asked), Some(written)) => Some(format!("{asked}: {written}")),
            (asked, written) => asked.or(written),
        }
    }

    /// What a person had the portal do to make this revision.
    fn asked(&self) -> Option<PortalChange> {
        portal_change::read(&self.meta).filter(|change| change.revision == Some(self.number))
    }

    /// When it became this revision. A roll-back takes an object again that is as old as before; then only who asked the
    /// portal for it left the moment.
    fn made(&self, older: &[Self]) -> Option<UnixMs> {
        if let Some(change) = self.asked() {
            return Some(change.at);
        }
        let created = moment(self.meta.creation_timestamp.as_ref());
        let taken_again = self.meta.annotations.as_ref().is_some_and(|a| a.get(HISTORY).is_some_and(|h| !h.is_empty()))
            || older.iter().any(|o| moment(o.meta.creation_timestamp.as_ref()) > created);
        created.filter(|_| !taken_again)
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
        let kind = app.kind;
        let one = move |n: usize, k: &Kept, kept: &[Kept]| {
            let template = k.template(kind);
            Revision {
                number: k.number,
                created: k.made(&kept[n + 1..]),
                images: images(&template),
                cause: k.told(),
                current: current == Some(k.number),
                template: yaml::yaml(&template),
            }
        };
        aside(move || kept.iter().take(MOST).enumerate().map(|(n, k)| one(n, k, &kept)).collect()).await
    }

    /// Revisions as the cluster keeps them, newest first; `object` is the app's own.
    pub(crate) async fn kept(&self, app: &AppId, object: &Value) -> ClusterResult<Vec<Kept>> {
        let mut kept = match app.kind {
            Kind::Deployment => self.replica_sets(app, object).await?,
            Kind::StatefulSet | Kind::DaemonSet => self.controller_revisions(app, object).await?,
            Kind::Job | Kind::CronJob => Vec::new(),
        };
        kept.sort_by_key(|k| std::cmp::Reverse(k.number));
        Ok(kept)
    }

    async fn replica_sets(&self, app: &AppId, object: &Value) -> ClusterResult<Vec<Kept>> {
        self.owned::<ReplicaSet>(app, object, "replicasets", |s| {
            let number = s.annotations().get(REVISION)?.parse().ok()?;
            let mut template = serde_json::to_value(s.spec?.template?).ok()?;
            if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
                labels.remove("pod-template-hash");
            }
            Some(Kept { number, meta: s.metadata, data: template })
        })
        .await
    }

    async fn controller_revisions(&self, app: &AppId, object: &Value) -> ClusterResult<Vec<Kept>> {
        let kept = |r: ControllerRevision| Some(Kept { number: u64::try_from(r.revision).ok()?, data: r.data?.0, meta: r.metadata });
        self.owned(app, object, "controllerrevisions", kept).await
    }

    /// What belongs to the app, among all that its selector finds.
    async fn owned<K>(&self, app: &AppId, object: &Value, resource: &'static str, keep: impl Fn(K) -> Option<Kept>) -> ClusterResult<Vec<Kept>>
    where
        K: kube::Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope> + Clone + Debug + DeserializeOwned,
    {
        let uid = object.pointer("/metadata/uid").and_then(Value::as_str);
        let api: Api<K> = Api::namespaced(self.calls(), app.namespace.as_str());
        let mut page = ListParams::default().limit(PAGE);
        if let Some(selector) = selector(object) {
            page = page.labels_from(&selector);
        }
        let mut kept = Vec::new();
        for _ in 0..PAGES {
            let list = Ask::of("list", resource, &app.namespace, "").run(api.list(&page)).await?;
            kept.extend(list.items.into_iter().filter(|o| owned_by(o.meta(), uid)).filter_map(&keep));
            match list.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => page = page.continue_token(&token),
                None => return Ok(kept),
            }
        }
        tracing::warn!(%app, resource, "the selector finds more objects than are looked at, so revisions may be missing");
        Ok(kept)
    }
}

/// The app's own selector. Its revisions carry the labels of its pods, so that others of the namespace stay away.
fn selector(object: &Value) -> Option<Selector> {
    let found: LabelSelector = serde_json::from_value(object.pointer("/spec/selector")?.clone()).ok()?;
    found.try_into().ok()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Answer, Asked, cluster};
    use domain::{Namespace, WorkloadName};
    use serde_json::json;

    fn set(number: u64, owner: &str) -> Value {
        json!({"metadata": {"name": format!("{owner}-{number}"), "namespace": "web", "annotations": {(REVISION): number.to_string()},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": owner, "uid": owner}]},
            "spec": {"selector": {}, "template": {"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": []}}}})
    }

    #[test]
    fn a_revision_that_came_back_is_not_as_old_as_its_object() {
        let kept = |number: u64, created: i64, annotations: &[(&str, &str)]| {
            let created = k8s_openapi::jiff::Timestamp::from_second(created).map(k8s_openapi::apimachinery::pkg::apis::meta::v1::Time).ok();
            let annotations = annotations.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            Kept { number, meta: ObjectMeta { creation_timestamp: created, annotations: Some(annotations), ..ObjectMeta::default() }, data: Value::Null }
        };
        let made = |k: &Kept, older: &[Kept]| k.made(older).map(|at| at.0 / 1000);
        let second = [kept(2, 200, &[])];
        assert_eq!(made(&kept(3, 300, &[]), &second), Some(300));
        assert_eq!(made(&kept(3, 100, &[]), &second), None, "older than the one before it");
        assert_eq!(made(&kept(4, 300, &[(HISTORY, "2")]), &second), None, "it was another revision before");
        let asked = r#"{"at":400000,"by":"Ilse","action":{"rollback":{"to":1}},"revision":3}"#;
        assert_eq!(made(&kept(3, 100, &[(portal_change::ANNOTATION, asked)]), &second), Some(400));
        assert_eq!(made(&kept(5, 100, &[(portal_change::ANNOTATION, asked)]), &second), None, "that was another time");
    }

    #[test]
    fn a_revision_tells_who_asked_for_it_and_what_was_written_down() {
        let told = |asked: &str, written: Option<&str>| {
            let annotations = [(portal_change::ANNOTATION, Some(asked)), (CAUSE, written)];
            let annotations = annotations.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))).collect();
            Kept { number: 3, meta: ObjectMeta { annotations: Some(annotations), ..ObjectMeta::default() }, data: Value::Null }.told()
        };
        let change = |action: &str, revision: u64| format!(r#"{{"at":4,"by":"Ilse","action":{action},"revision":{revision}}}"#);
        assert_eq!(told(&change(r#""create""#, 3), None).as_deref(), Some("Created by Ilse"));
        assert_eq!(told(&change(r#""restart""#, 3), Some("of the one before")).as_deref(), Some("Restarted by Ilse"));
        assert_eq!(told(&change(r#"{"rollback":{"to":1}}"#, 3), Some("fix scrape")).as_deref(), Some("Rolled back to revision 1 by Ilse: fix scrape"));
        assert_eq!(told(&change(r#""create""#, 1), Some("fix scrape")).as_deref(), Some("fix scrape"), "that was another revision");
        assert_eq!(told("", None), None);
    }

    #[tokio::test]
    async fn revisions_are_found_on_the_last_page_of_many() {
        let answer = |asked: &Asked| match asked.last() {
            "shop" => Answer::Json(json!({"apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": "shop", "namespace": "web", "uid": "shop", "annotations": {(REVISION): "12"}},
                "spec": {"selector": {"matchLabels": {"app": "shop"}, "matchExpressions": [{"key": "tier", "operator": "Exists"}]}}})),
            _ => match asked.word("continue") {
                None => Answer::piece((0..100).map(|n| set(n, "other")).collect(), Some("two")),
                Some("two") => Answer::piece((0..100).map(|n| set(n, "another")).collect(), Some("three")),
                _ => Answer::piece(vec![set(11, "shop"), set(12, "shop"), set(13, "other")], Some("")),
            },
        };
        let (cluster, asked) = cluster(answer);
        let id = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() };
        let revisions = cluster.list_revisions(&id).await.unwrap();
        assert_eq!(revisions.iter().map(|r| (r.number, r.current)).collect::<Vec<_>>(), [(12, true), (11, false)]);
        let asked = asked.lock().unwrap();
        let selected: Vec<_> = asked.iter().filter(|a| a.last() == "replicasets").map(|a| a.word("labelSelector").unwrap_or("none")).collect();
        assert_eq!(selected.len(), 3);
        assert!(selected.iter().all(|s| s.contains("app") && s.contains("shop") && s.contains("tier")), "{selected:?}");
    }
}
