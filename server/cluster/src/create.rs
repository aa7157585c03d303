//! New apps: the API server checks all objects without keeping any, then all are created. A creation that came to no end is
//! finished or undone afterwards.

mod checks;
mod ingress;
mod left;
mod look;
mod node_port;
mod settle;

use crate::cluster::KubeCluster;
use crate::errors::{Ask, is_rbac};
use crate::objects::{MARK, post};
use crate::portal_change;
use crate::render;
use crate::yaml;
use async_trait::async_trait;
use domain::check::{Check, CheckCode, DryRun, NameClash};
use domain::facts::PortalChange;
use domain::form::Field;
use domain::kubernetes::admission::{self, Complaint};
use domain::kubernetes::{AppObject, Refused, Resource, Verb};
use domain::operation::Piece;
use domain::spec::AppSpec;
use domain::view::Outcome;
use domain::{AppId, Kind, Namespace, WorkloadName};
use futures::future::join_all;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind};
use kube::{Api, ResourceExt};
use left::InTheWay;
use serde_json::Value;
use service::ports::{ClusterError, ClusterResult, Creations, NotCreated};
use settle::{mark_on, resource_of};
use std::collections::BTreeSet;

/// How one object is sent.
struct Sent {
    what: AppObject,
    object: DynamicObject,
    resource: ApiResource,
}

impl Sent {
    fn new(what: AppObject, json: &Value) -> ClusterResult<Self> {
        let broken = |e: serde_json::Error| ClusterError::Refused(Refused::Unrendered(e.to_string()));
        let object: DynamicObject = serde_json::from_value(json.clone()).map_err(broken)?;
        let types = object.types.clone().unwrap_or_default();
        let (group, version) = types.api_version.split_once('/').unwrap_or(("", &types.api_version));
        let resource = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, version, &types.kind), asked_of(what).plural());
        Ok(Self { what, object, resource })
    }

    fn all(spec: &AppSpec) -> ClusterResult<Vec<Self>> {
        render::objects(spec).iter().map(|(piece, json)| Self::new(AppObject::Piece(*piece), json)).collect()
    }

    fn api(&self, cluster: &KubeCluster, namespace: &Namespace) -> Api<DynamicObject> {
        Api::namespaced_with(cluster.calls(), namespace.as_str(), &self.resource)
    }

    fn ask<'a>(&self, verb: Verb, spec: &'a AppSpec) -> Ask<'a> {
        Ask::of(verb, asked_of(self.what), &spec.namespace, spec.name.as_str())
    }
}

const fn asked_of(what: AppObject) -> Resource {
    match what {
        AppObject::Piece(piece) => resource_of(piece),
        AppObject::TrialPod => Resource::Pods,
    }
}

#[async_trait]
impl Creations for KubeCluster {
    async fn dry_run(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<DryRun> {
        let sent = Sent::all(spec)?;
        let tried = join_all(sent.iter().map(|s| self.try_object(s, spec, visible))).await;
        let mut checks: Vec<Check> = Vec::new();
        for each in tried {
            checks.extend(each?);
        }
        // Where no object has a place, the namespace is missing, and all further questions have the same answer.
        if checks.iter().filter(|c| matches!(c.code, CheckCode::PlaceMissing(_))).count() < sent.len() {
            checks.extend(self.try_pod(spec, visible).await?);
            // A quota that the API server named is not named again.
            let quota_named = checks.iter().any(|c| matches!(&c.code, CheckCode::NotAdmitted { why, .. } if why.is_quota()));
            checks.extend(self.references(spec).await?);
            checks.extend(self.shared_addresses(spec, visible));
            if !quota_named {
                checks.extend(self.quotas(spec).await);
            }
        }
        if checks.iter().all(|c| c.outcome != Outcome::Fail) {
            checks.push(Check::pass(CheckCode::NameFree { name: spec.name.clone(), namespace: spec.namespace.clone() }).at(Field::Name));
            checks.push(Check::pass(CheckCode::Accepted { objects: sent.iter().rev().map(|s| s.what).collect() }));
        }
        checks.sort_by_key(|c| std::cmp::Reverse(c.outcome as u8));
        let mut checks = without_repeats(checks);
        checks.truncate(100);
        let yaml = render::objects(spec).into_iter().map(|(_, o)| yaml::yaml(&yaml::clean(o))).collect::<Vec<_>>().join("---\n");
        Ok(DryRun { checks, yaml })
    }

    async fn create(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>, change: &PortalChange, mark: &str) -> Result<AppId, NotCreated> {
        let not_begun = |error| NotCreated::Cluster { error, begun: false };
        let plan = self.dry_run(spec, visible).await.map_err(not_begun)?;
        if !plan.accepted() {
            return Err(NotCreated::ChecksFailed(plan.failed()));
        }
        let name = WorkloadName::parse(spec.name.as_str()).map_err(|e| not_begun(ClusterError::Refused(Refused::Unrendered(e.to_string()))))?;
        for (at, (piece, json)) in render::objects(spec).iter().enumerate() {
            let mut sent = Sent::new(AppObject::Piece(*piece), json).map_err(not_begun)?;
            sent.object.annotations_mut().insert(MARK.into(), mark_on(*piece, mark).to_owned());
            if *piece == Piece::Deployment {
                sent.object.annotations_mut().insert(portal_change::ANNOTATION.into(), portal_change::written(change));
            }
            // No answer is no refusal: the server may have made the object, or make it yet.
            let made = |error: ClusterError| NotCreated::Cluster { begun: at > 0 || matches!(error, ClusterError::Away(_)), error };
            self.create_one(&sent, spec).await.map_err(made)?;
        }
        Ok(AppId { namespace: spec.namespace.clone(), kind: Kind::Deployment, name })
    }
}

impl KubeCluster {
    async fn try_object(&self, sent: &Sent, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<Vec<Check>> {
        let api = sent.api(self, &spec.namespace);
        match sent.ask(Verb::Create, spec).run(api.create(&post(true), &sent.object)).await {
            Ok(_) => Ok(Vec::new()),
            Err(error @ ClusterError::Away(_)) => Err(error),
            Err(ClusterError::Refused(why)) => Ok(self.refused(sent, spec, visible, why).await),
            Err(ClusterError::Exists(object)) => Ok(vec![self.explain_clash(sent, spec, NameClash::Exists(object)).await?]),
            Err(ClusterError::Changed(object)) => Ok(vec![self.explain_clash(sent, spec, NameClash::Changed(object)).await?]),
            Err(ClusterError::NotAllowed(why)) => Ok(vec![Check::fail(CheckCode::PermissionMissing(why))]),
            Err(ClusterError::Missing(what)) => Ok(vec![Check::fail(CheckCode::PlaceMissing(what))]),
        }
    }

    /// Why the API server would not take an object.
    async fn refused(&self, sent: &Sent, spec: &AppSpec, visible: &BTreeSet<Namespace>, why: Refused) -> Vec<Check> {
        let Refused::Said(said) = why else { return vec![Check::fail(CheckCode::Refused(why))] };
        let mut checks = Vec::new();
        for complaint in admission::complaints(sent.what, &said.text, &said.fields) {
            checks.push(match complaint {
                Complaint::NodePortTaken(port) => self.node_port_taken(spec, port, visible).await,
                Complaint::Refused { refusal: why, said, field } => Check { field, ..Check::fail(CheckCode::NotAdmitted { why, said }) },
            });
        }
        checks
    }

    async fn explain_clash(&self, sent: &Sent, spec: &AppSpec, clash: NameClash) -> ClusterResult<Check> {
        let check = match sent.ask(Verb::Get, spec).run(self.in_the_way(sent, spec)).await? {
            InTheWay::Theirs => Check::fail(CheckCode::NameTaken(clash)),
            InTheWay::UnderWay => Check::fail(CheckCode::CreationUnderWay(clash)),
            InTheWay::Left(_) => Check::warn(CheckCode::LeftOver { object: sent.what, name: spec.name.clone() }),
        };
        Ok(check.at(Field::Name))
    }

    /// A pod of the app, without keeping it: quotas and admission rules speak about pods and not about deployments.
    async fn try_pod(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<Vec<Check>> {
        let sent = Sent::new(AppObject::TrialPod, &render::pod(spec))?;
        let call = async {
            match sent.api(self, &spec.namespace).create(&post(true), &sent.object).await {
                // A portal that may make deployments need not be allowed to make pods.
                Err(kube::Error::Api(status)) if is_rbac(&status) => Ok(()),
                other => other.map(|_| ()),
            }
        };
        match sent.ask(Verb::Create, spec).run(call).await {
            Err(ClusterError::Refused(why)) => Ok(self.refused(&sent, spec, visible, why).await),
            Err(error @ ClusterError::Away(_)) => Err(error),
            _ => Ok(Vec::new()),
        }
    }

    async fn create_one(&self, sent: &Sent, spec: &AppSpec) -> ClusterResult<()> {
        let api = sent.api(self, &spec.namespace);
        let mut answer = sent.ask(Verb::Create, spec).run(api.create(&post(false), &sent.object)).await;
        if matches!(answer, Err(ClusterError::Exists(_) | ClusterError::Changed(_)))
            && sent.ask(Verb::Delete, spec).run(self.clear_away(sent, spec)).await.unwrap_or(false)
        {
            answer = sent.ask(Verb::Create, spec).run(api.create(&post(false), &sent.object)).await;
        }
        answer.map(drop)
    }
}

/// Only the first of checks that say the same of the same field. The role that a missing permission's check names has all
/// the other permissions too, so one such check is enough.
fn without_repeats(checks: Vec<Check>) -> Vec<Check> {
    let same = |a: &CheckCode, b: &CheckCode| a == b || matches!((a, b), (CheckCode::PermissionMissing(_), CheckCode::PermissionMissing(_)));
    let mut kept: Vec<Check> = Vec::new();
    for check in checks {
        if !kept.iter().any(|k| k.field == check.field && same(&k.code, &check.code)) {
            kept.push(check);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
