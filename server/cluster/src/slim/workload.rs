//! Deployments, stateful sets and daemon sets.

use super::meta::{annotation, changed, count, created, deletion, labels, moment, release, selector};
use super::template::{containers, references};
use super::{Slim, Watched, What};
use crate::json::Identity;
use crate::portal_change;
use crate::text::{self, SHORT, cut, short, shown};
use domain::facts::{Condition, Replicas, Unread, Update, Workload};
use domain::{AppId, Kind, Namespace, WorkloadName};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, DeploymentCondition, StatefulSet};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use std::sync::Arc;

/// The update strategy that leaves old pods alone.
const ON_DELETE: &str = "OnDelete";

/// The annotation by which a team keeps the logs of an app out of its status.
const LOG_SAMPLES: &str = "quayside/log-samples";

pub(super) fn off(meta: &ObjectMeta) -> bool {
    annotation(meta, LOG_SAMPLES).is_some_and(|v| v == "off")
}

/// A workload with all that its metadata and its template tell.
pub(super) fn base(meta: &ObjectMeta, namespace: &Namespace, kind: Kind, template: Option<&PodTemplateSpec>) -> Option<Workload> {
    let name = WorkloadName::parse(meta.name.as_deref()?).ok()?;
    let spec = template.and_then(|t| t.spec.as_ref());
    let found = spec.map(references).unwrap_or_default();
    Some(Workload {
        id: AppId { namespace: namespace.clone(), kind, name },
        uid: short(meta.uid.clone()),
        labels: labels(meta.labels.clone()),
        release: release(meta),
        created: created(meta),
        changed: changed(meta),
        portal_change: portal_change::read(meta),
        generation: meta.generation.unwrap_or(0),
        observed_generation: 0,
        replicas: Replicas::default(),
        paused: false,
        on_delete: false,
        update: Update::default(),
        deletion: deletion(meta),
        selector: Default::default(),
        template_labels: labels(template.and_then(|t| t.metadata.as_ref()).and_then(|m| m.labels.clone())),
        revision: None,
        min_ready_s: 0,
        progress_deadline_s: None,
        conditions: Vec::new(),
        containers: spec.map(containers).unwrap_or_default(),
        secrets: found.secrets,
        config_maps: found.config_maps,
        pull_secrets: found.pull_secrets,
        claims: found.claims,
        job: None,
        cron: None,
        unread: None,
        log_samples_off: off(meta),
    })
}

/// A workload of which only this is known.
pub(super) fn unread(namespace: &Namespace, kind: Kind, identity: &Identity, why: Unread) -> Option<Slim> {
    let meta = ObjectMeta {
        name: Some(identity.name.clone()),
        uid: Some(identity.uid.clone()),
        creation_timestamp: identity.created.parse().ok().map(Time),
        ..ObjectMeta::default()
    };
    let known = base(&meta, namespace, kind, None)?;
    Some(Slim::Workload(Arc::new(Workload { unread: Some(why), ..known })))
}

/// A condition; all kinds of objects spell them alike.
pub(super) fn condition(kind: String, status: &str, reason: Option<String>, message: Option<String>, since: Option<&Time>) -> Condition {
    let status = match status {
        "True" => Some(true),
        "False" => Some(false),
        _ => None,
    };
    Condition { kind: shown(kind, SHORT).into(), status, reason: text::reason(reason).into(), message: text::message(message), since: moment(since) }
}

impl Watched for Deployment {
    const WHAT: What = What::Deployments;

    fn unread(namespace: &Namespace, identity: &Identity, why: Unread) -> Option<Slim> {
        unread(namespace, Kind::Deployment, identity, why)
    }

    fn slim(self, namespace: &Namespace) -> Option<Slim> {
        let spec = self.spec?;
        let status = self.status.unwrap_or_default();
        let mut w = base(&self.metadata, namespace, Kind::Deployment, Some(&spec.template))?;
        w.observed_generation = status.observed_generation.unwrap_or(0);
        w.replicas = Replicas {
            wanted: spec.replicas.map_or(1, |n| count(Some(n))),
            current: count(status.replicas),
            updated: count(status.updated_replicas),
            ready: count(status.ready_replicas),
            available: count(status.available_replicas),
        };
        w.paused = spec.paused == Some(true);
        w.min_ready_s = count(spec.min_ready_seconds);
        w.revision = annotation(&self.metadata, "deployment.kubernetes.io/revision").and_then(|r| r.parse().ok());
        w.progress_deadline_s = spec.progress_deadline_seconds.map(|s| count(Some(s)));
        w.selector = selector(Some(spec.selector));
        let conditions = status.conditions.into_iter().flatten().take(20);
        let of = |c: DeploymentCondition| {
            // Its transition is that of the first rollout ever; the update is the last step forward.
            let since = if c.type_ == "Progressing" { c.last_update_time.or(c.last_transition_time) } else { c.last_transition_time };
            condition(c.type_, &c.status, c.reason, c.message, since.as_ref())
        };
        w.conditions = conditions.map(of).collect();
        Some(Slim::Workload(Arc::new(w)))
    }
}

impl Watched for StatefulSet {
    const WHAT: What = What::StatefulSets;

    fn unread(namespace: &Namespace, identity: &Identity, why: Unread) -> Option<Slim> {
        unread(namespace, Kind::StatefulSet, identity, why)
    }

    fn slim(self, namespace: &Namespace) -> Option<Slim> {
        let spec = self.spec?;
        let status = self.status.unwrap_or_default();
        let mut w = base(&self.metadata, namespace, Kind::StatefulSet, Some(&spec.template))?;
        w.observed_generation = status.observed_generation.unwrap_or(0);
        w.replicas = Replicas {
            wanted: spec.replicas.map_or(1, |n| count(Some(n))),
            current: count(Some(status.replicas)),
            // While no rollout is under way, all pods are of the newest template and the field is left out.
            updated: match (status.updated_replicas, status.current_revision == status.update_revision) {
                (None | Some(0), true) => count(Some(status.replicas)),
                (n, _) => count(n),
            },
            ready: count(status.ready_replicas),
            available: count(status.available_replicas),
        };
        w.min_ready_s = count(spec.min_ready_seconds);
        let strategy = spec.update_strategy.unwrap_or_default();
        w.on_delete = strategy.type_.as_deref() == Some(ON_DELETE);
        w.update = Update {
            partition: count(strategy.rolling_update.and_then(|r| r.partition)),
            revision: status.update_revision.map(|r| cut(r, SHORT)).filter(|r| !r.is_empty()),
            parallel: spec.pod_management_policy.as_deref() == Some("Parallel"),
        };
        w.selector = selector(Some(spec.selector));
        let conditions = status.conditions.into_iter().flatten().take(20);
        w.conditions = conditions.map(|c| condition(c.type_, &c.status, c.reason, c.message, c.last_transition_time.as_ref())).collect();
        Some(Slim::Workload(Arc::new(w)))
    }
}

impl Watched for DaemonSet {
    const WHAT: What = What::DaemonSets;

    fn unread(namespace: &Namespace, identity: &Identity, why: Unread) -> Option<Slim> {
        unread(namespace, Kind::DaemonSet, identity, why)
    }

    fn slim(self, namespace: &Namespace) -> Option<Slim> {
        let spec = self.spec?;
        let status = self.status.unwrap_or_default();
        let mut w = base(&self.metadata, namespace, Kind::DaemonSet, Some(&spec.template))?;
        w.observed_generation = status.observed_generation.unwrap_or(0);
        w.replicas = Replicas {
            wanted: count(Some(status.desired_number_scheduled)),
            current: count(Some(status.current_number_scheduled)),
            updated: count(status.updated_number_scheduled),
            ready: count(Some(status.number_ready)),
            available: count(status.number_available),
        };
        w.min_ready_s = count(spec.min_ready_seconds);
        w.on_delete = spec.update_strategy.and_then(|s| s.type_).as_deref() == Some(ON_DELETE);
        w.selector = selector(Some(spec.selector));
        let conditions = status.conditions.into_iter().flatten().take(20);
        w.conditions = conditions.map(|c| condition(c.type_, &c.status, c.reason, c.message, c.last_transition_time.as_ref())).collect();
        Some(Slim::Workload(Arc::new(w)))
    }
}
