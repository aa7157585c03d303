//! Revisions: replica sets of a deployment, controller revisions of a stateful or daemon set.

use crate::cluster::KubeCluster;
use crate::contain_panic::aside;
use crate::errors::Ask;
use crate::json::{self, Limits, METADATA, Object, Rule};
use crate::objects;
use crate::portal_change;
use crate::slim::{HISTORY, moment};
use crate::text::{MESSAGE, SHORT, shown};
use crate::yaml;
use async_trait::async_trait;
use domain::facts::{ChangedPart, PortalAction, PortalChange, RevisionChange};
use domain::kubernetes::{Resource, Verb};
use domain::view::Revision;
use domain::{AppId, Kind, UnixMs, redact};
use k8s_openapi::api::apps::v1::{ControllerRevision, ReplicaSet};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use kube::api::{ListParams, Request};
use kube::core::Selector;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::ports::{ClusterResult, Revisions};

mod parts;

/// Most revisions that are told.
const MOST: usize = 20;
/// Objects per page of a list.
const PAGE: u32 = 100;
/// Most pages; a controller keeps ten revisions unless somebody asks for more.
const PAGES: usize = 50;

const REVISION: &str = "deployment.kubernetes.io/revision";
const CAUSE: &str = "kubernetes.io/change-cause";

/// Most revisions that are looked at, newest first.
const KEPT: usize = 200;
/// Most bytes of one revision, and of those that are held at once.
const BYTES: (usize, usize) = (256 * 1024, 2 * 1024 * 1024);

/// What of an app's own object its revisions are found by.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Head {
    metadata: ObjectMeta,
    spec: HeadSpec,
    status: HeadStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct HeadSpec {
    selector: Option<LabelSelector>,
    paused: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HeadStatus {
    update_revision: Option<String>,
}

impl Head {
    /// The version in which it was read.
    pub(crate) fn resource_version(&self) -> Option<&str> {
        self.metadata.resource_version.as_deref()
    }

    /// A person holds the rollout.
    pub(crate) const fn paused(&self) -> bool {
        self.spec.paused
    }

    /// The app's own selector. Its revisions carry the labels of its pods, so that others of the namespace stay away.
    fn selector(&self) -> Option<Selector> {
        self.spec.selector.clone()?.try_into().ok()
    }

    /// The revision in force.
    fn current(&self, kind: Kind, kept: &[Kept]) -> Option<u64> {
        match kind {
            Kind::Deployment => self.metadata.annotations.as_ref()?.get(REVISION)?.parse().ok(),
            Kind::StatefulSet => {
                let name = self.status.update_revision.as_deref()?;
                kept.iter().find(|k| k.meta.name.as_deref() == Some(name)).map(|k| k.number)
            }
            // A daemon set does not say; its newest revision is the one of its template.
            Kind::DaemonSet | Kind::Job | Kind::CronJob | Kind::Pod => kept.first().map(|k| k.number),
        }
    }
}

/// A revision as the cluster keeps it.
pub(crate) struct Kept {
    /// The revision number, which grows with each rollout.
    pub(crate) number: u64,
    /// Of its metadata the name, the time and the annotations that are read.
    meta: ObjectMeta,
    /// Deployment: the template. Stateful and daemon set: the patch that leads back. As JSON; `None` where it is too large.
    data: Option<String>,
}

impl Kept {
    fn new(number: u64, meta: ObjectMeta, data: Option<&Value>) -> Self {
        let ObjectMeta { name, creation_timestamp, mut annotations, .. } = meta;
        if let Some(annotations) = &mut annotations {
            annotations.retain(|key, _| [REVISION, CAUSE, HISTORY, portal_change::ANNOTATION].contains(&key.as_str()));
        }
        Self { number, meta: ObjectMeta { name, creation_timestamp, annotations, ..ObjectMeta::default() }, data: data.map(Value::to_string) }
    }

    /// What it has; `None` where it is too large.
    pub(crate) fn data(&self) -> Option<Value> {
        serde_json::from_str(self.data.as_ref()?).ok()
    }

    /// Why it was made, as somebody wrote it down.
    pub(crate) fn cause(&self) -> Option<&String> {
        self.meta.annotations.as_ref()?.get(CAUSE)
    }

    /// Why it was made, for a person: who asked the portal for it, and what was written down.
    fn told(&self) -> Option<String> {
        let asked = self.asked();
        // A restart keeps the cause of the revision before, which is not its own.
        let own = asked.as_ref().is_none_or(|change| change.action != PortalAction::Restart);
        let written = self.cause().filter(|_| own).map(|c| shown(c.as_str(), MESSAGE));
        match (asked.as_ref().map(domain::english::story::asked), written) {
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

    fn template(&self, kind: Kind) -> Option<Value> {
        let mut template = match kind {
            Kind::Deployment => self.data()?,
            Kind::StatefulSet | Kind::DaemonSet | Kind::Job | Kind::CronJob | Kind::Pod => {
                self.data()?.pointer_mut("/spec/template").map(Value::take).unwrap_or_default()
            }
        };
        if let Some(fields) = template.as_object_mut() {
            fields.remove("$patch");
        }
        if let Some(meta) = template.get_mut("metadata").and_then(Value::as_object_mut) {
            meta.remove("creationTimestamp");
        }
        redact::object(&mut template);
        Some(template)
    }
}

fn images(template: &Value) -> Vec<String> {
    let containers = template.pointer("/spec/containers").and_then(Value::as_array);
    containers.into_iter().flatten().filter_map(|c| c.get("image")?.as_str()).take(20).map(|i| shown(i, SHORT)).collect()
}

fn owned_by(meta: &ObjectMeta, uid: Option<&str>) -> bool {
    uid.is_some() && meta.owner_references.iter().flatten().any(|o| Some(o.uid.as_str()) == uid)
}

#[async_trait]
impl Revisions for KubeCluster {
    async fn revisions(&self, app: &AppId) -> ClusterResult<Vec<Revision>> {
        let head: Head = objects::parse(app, &self.json(app).await?)?;
        let kept = self.kept(app, &head, None).await?;
        let current = head.current(app.kind, &kept);
        let kind = app.kind;
        let one = move |n: usize, k: &Kept, kept: &[Kept]| {
            let template = k.template(kind);
            Revision {
                number: k.number,
                created: k.made(&kept[n + 1..]),
                images: template.as_ref().map(images).unwrap_or_default(),
                cause: k.told(),
                current: current == Some(k.number),
                template: template.as_ref().map_or_else(|| "# This revision is too large to read.\n".into(), yaml::yaml),
            }
        };
        aside(move || kept.iter().take(MOST).enumerate().map(|(n, k)| one(n, k, &kept)).collect()).await
    }

    async fn last_change(&self, app: &AppId) -> ClusterResult<Option<RevisionChange>> {
        let head: Head = objects::parse(app, &self.json(app).await?)?;
        let kept = self.kept(app, &head, None).await?;
        let [new, old, ..] = kept.as_slice() else { return Ok(None) };
        let place = if app.kind == Kind::Deployment { "/spec" } else { "/spec/template/spec" };
        let spec = |k: &Kept| k.data()?.pointer_mut(place).map(Value::take);
        Ok(spec(old).zip(spec(new)).map(|(old, now)| RevisionChange { revision: new.number, parts: parts::changed(&old, &now) }))
    }
}

impl KubeCluster {
    /// What the template of a deployment has differently from its newest revision.
    pub(crate) async fn waiting_change(&self, app: &AppId) -> ClusterResult<Vec<ChangedPart>> {
        let json = self.json(app).await?;
        let (head, mut object): (Head, Value) = (objects::parse(app, &json)?, objects::parse(app, &json)?);
        let kept = self.kept(app, &head, None).await?;
        let runs = kept.first().and_then(|k| k.data()?.pointer_mut("/spec").map(Value::take));
        let waits = object.pointer_mut("/spec/template/spec").map(Value::take);
        Ok(runs.zip(waits).map(|(runs, waits)| parts::changed(&runs, &waits)).unwrap_or_default())
    }

    /// Revisions as the cluster keeps them, newest first; `head` is the app's own. With a number only that one has its data.
    pub(crate) async fn kept(&self, app: &AppId, head: &Head, only: Option<u64>) -> ClusterResult<Vec<Kept>> {
        let mut kept = match app.kind {
            Kind::Deployment => self.owned(app, head, (Resource::ReplicaSets, &REPLICA_SET), |set: ReplicaSet| of_set(set, only)).await?,
            Kind::StatefulSet | Kind::DaemonSet => {
                let keep = |r: ControllerRevision| {
                    let number = u64::try_from(r.revision).ok()?;
                    let data = r.data.filter(|_| only.is_none_or(|only| only == number));
                    Some(Kept::new(number, r.metadata, data.as_ref().map(|data| &data.0)))
                };
                self.owned(app, head, (Resource::ControllerRevisions, &PLAIN), keep).await?
            }
            Kind::Job | Kind::CronJob | Kind::Pod => Vec::new(),
        };
        bound(&mut kept);
        Ok(kept)
    }

    /// What belongs to the app, among all that its selector finds.
    async fn owned<K: kube::Resource<DynamicType = ()> + DeserializeOwned>(
        &self,
        app: &AppId,
        head: &Head,
        (resource, rule): (Resource, &'static Rule),
        keep: impl Fn(K) -> Option<Kept>,
    ) -> ClusterResult<Vec<Kept>> {
        let uid = head.metadata.uid.as_deref();
        let mut page = ListParams::default().limit(PAGE);
        if let Some(selector) = head.selector() {
            page = page.labels_from(&selector);
        }
        let mut kept = Vec::new();
        for _ in 0..PAGES {
            let request = Request::new(K::url_path(&(), Some(app.namespace.as_str()))).list(&page);
            let path = request.map_err(|e| Ask::of(Verb::List, resource, &app.namespace, "").explain(kube::Error::BuildRequest(e)))?.uri().to_string();
            let add = |object: Object<'_>| {
                let found = json::read::<K>(object.json, || format!("{resource} {}/{}", app.namespace, object.identity.name));
                kept.extend(found.filter(|o| owned_by(o.meta(), uid)).and_then(&keep));
                if kept.len() >= 2 * KEPT {
                    bound(&mut kept);
                }
            };
            let list = Ask::of(Verb::List, resource, &app.namespace, "").run(json::list(&self.calls(), &path, rule, Limits::exact(BYTES.0), add)).await?;
            match list.continue_.filter(|token| !token.is_empty()) {
                Some(token) => page = page.continue_token(&token),
                None => return Ok(kept),
            }
        }
        tracing::warn!(%app, %resource, "the selector finds more objects than are looked at, so revisions may be missing");
        Ok(kept)
    }
}

static PLAIN: Rule = Rule::Within(&[("metadata", METADATA)]);
static REPLICA_SET: Rule = Rule::Within(&[("metadata", METADATA), ("status", Rule::Drop)]);

fn of_set(set: ReplicaSet, only: Option<u64>) -> Option<Kept> {
    let number = set.metadata.annotations.as_ref()?.get(REVISION)?.parse().ok()?;
    if only.is_some_and(|only| only != number) {
        return Some(Kept::new(number, set.metadata, None));
    }
    let mut template = serde_json::to_value(set.spec?.template?).ok()?;
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove("pod-template-hash");
    }
    Some(Kept::new(number, set.metadata, Some(&template)))
}

/// Newest first, and no more than can be held.
fn bound(kept: &mut Vec<Kept>) {
    kept.sort_by_key(|k| std::cmp::Reverse(k.number));
    kept.truncate(KEPT);
    let mut room = BYTES.1;
    for revision in kept {
        match room.checked_sub(revision.data.as_ref().map_or(0, String::len)) {
            Some(rest) => room = rest,
            None => revision.data = None,
        }
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
            Kept { number, meta: ObjectMeta { creation_timestamp: created, annotations: Some(annotations), ..ObjectMeta::default() }, data: None }
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
            Kept { number: 3, meta: ObjectMeta { annotations: Some(annotations), ..ObjectMeta::default() }, data: None }.told()
        };
        let change = |action: &str, revision: u64| format!(r#"{{"at":4,"by":"Ilse","action":{action},"revision":{revision}}}"#);
        assert_eq!(told(&change(r#""create""#, 3), None).as_deref(), Some("Created by Ilse"));
        assert_eq!(told(&change(r#""restart""#, 3), Some("of the one before")).as_deref(), Some("Restarted by Ilse"));
        assert_eq!(told(&change(r#"{"rollback":{"to":1}}"#, 3), Some("fix scrape")).as_deref(), Some("Rolled back to revision 1 by Ilse: fix scrape"));
        assert_eq!(told(&change(r#""create""#, 1), Some("fix scrape")).as_deref(), Some("fix scrape"), "that was another revision");
        assert_eq!(told("", None), None);
    }

    #[test]
    fn revisions_that_are_too_many_or_too_large_are_bounded_from_the_old_end() {
        let large = Value::from("x".repeat(BYTES.0 - 100));
        let mut kept: Vec<_> = (0..500).map(|n| Kept::new(n, ObjectMeta::default(), (n % 2 == 0).then_some(&large))).collect();
        bound(&mut kept);
        assert_eq!((kept.len(), kept[0].number), (KEPT, 499));
        let with_data: Vec<_> = kept.iter().filter(|k| k.data.is_some()).map(|k| k.number).collect();
        assert_eq!(with_data, [498, 496, 494, 492, 490, 488, 486, 484]);
    }

    #[tokio::test]
    async fn what_waits_in_a_held_deployment_is_named_by_its_parts() {
        let spec = |mode: &str| json!({"containers": [{"name": "main", "image": "shop:1", "env": [{"name": "MODE", "value": mode}]}]});
        let of_set = |number: u64, mode: &str| {
            let mut set = set(number, "shop");
            set["spec"]["template"]["spec"] = spec(mode);
            set
        };
        let (old, runs) = (of_set(1, "never"), of_set(2, "slow"));
        let held = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop", "namespace": "web", "uid": "shop", "annotations": {(REVISION): "2"}},
            "spec": {"paused": true, "selector": {"matchLabels": {"app": "shop"}}, "template": {"metadata": {"labels": {"app": "shop"}}, "spec": spec("fast")}}});
        let (cluster, _) = cluster(move |asked: &Asked| match asked.last() {
            "shop" => Answer::Json(held.clone()),
            _ => Answer::list(vec![old.clone(), runs.clone()]),
        });
        let id = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() };
        assert_eq!(cluster.waiting_change(&id).await.unwrap(), [ChangedPart::EnvChanged("MODE".into())]);
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
        let revisions = cluster.revisions(&id).await.unwrap();
        assert_eq!(revisions.iter().map(|r| (r.number, r.current)).collect::<Vec<_>>(), [(12, true), (11, false)]);
        let asked = asked.lock().unwrap();
        let selected: Vec<_> = asked.iter().filter(|a| a.last() == "replicasets").map(|a| a.word("labelSelector").unwrap_or("none")).collect();
        assert_eq!(selected.len(), 3);
        assert!(selected.iter().all(|s| s.contains("app") && s.contains("shop") && s.contains("tier")), "{selected:?}");
    }
}
