//! New apps: the API server checks all objects without keeping any, then all are created. A creation that came to no end is
//! finished or undone afterwards.

mod checks;
mod fields;
mod found;
mod ingress;
mod left;
mod node_port;
mod settle;

use crate::cluster::KubeCluster;
use crate::errors::{Ask, is_rbac};
use crate::objects::post;
use crate::portal_change;
use crate::render;
use crate::yaml;
use checks::{fail, pass, warn};
use domain::english::cluster;
use domain::facts::PortalChange;
use domain::kubernetes::{Refused, Resource, Verb};
use domain::operation::Piece;
use domain::spec::AppSpec;
use domain::view::{Check, Outcome, Plan};
use domain::{AppId, Kind, Namespace, WorkloadName};
use found::{About, Found};
use futures::future::join_all;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind};
use kube::{Api, ResourceExt};
use left::InTheWay;
use serde_json::Value;
use service::ports::{ClusterError, ClusterResult, NotCreated};
use std::collections::BTreeSet;

pub(crate) use settle::MARK;
use settle::mark_on;

/// How one object is sent.
struct Sent {
    object: DynamicObject,
    resource: ApiResource,
}

impl Sent {
    fn new(json: &Value) -> ClusterResult<Self> {
        let broken = |e: serde_json::Error| ClusterError::Refused(Refused::Unrendered(e.to_string()));
        let object: DynamicObject = serde_json::from_value(json.clone()).map_err(broken)?;
        let types = object.types.clone().unwrap_or_default();
        let (group, version) = types.api_version.split_once('/').unwrap_or(("", &types.api_version));
        let resource = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, version, &types.kind), resource_of(&types.kind).plural());
        Ok(Self { object, resource })
    }

    fn api(&self, cluster: &KubeCluster, namespace: &Namespace) -> Api<DynamicObject> {
        Api::namespaced_with(cluster.calls(), namespace.as_str(), &self.resource)
    }

    fn ask<'a>(&self, verb: Verb, spec: &'a AppSpec) -> Ask<'a> {
        Ask::of(verb, resource_of(&self.resource.kind), &spec.namespace, spec.name.as_str())
    }
}

fn resource_of(kind: &str) -> Resource {
    Resource::of_kind(kind).unwrap_or(Resource::Pods)
}

fn piece_of(kind: &str) -> Piece {
    match kind {
        "Service" => Piece::Service,
        "Ingress" => Piece::Ingress,
        _ => Piece::Deployment,
    }
}

impl KubeCluster {
    /// What would happen.
    pub(crate) async fn plan(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<Plan> {
        let objects = render::objects(spec);
        let sent = objects.iter().map(Sent::new).collect::<ClusterResult<Vec<_>>>()?;
        let tried = join_all(sent.iter().map(|s| self.try_object(s, spec, visible))).await;
        let mut found: Vec<Found> = Vec::new();
        for each in tried {
            found.extend(each?);
        }
        let is_about = |found: &[Found], what| found.iter().any(|f| f.about == what);
        let mut more = Vec::new();
        // Where no object has a place, the namespace is missing, and all further questions have the same answer.
        if found.iter().filter(|f| f.about == About::Place).count() < sent.len() {
            found.extend(self.try_pod(spec).await?);
            more.extend(self.references(spec).await?);
            more.extend(self.shared_addresses(spec, visible));
            // A quota that the API server named is not named again.
            if !is_about(&found, About::Quota) {
                more.extend(self.quotas(spec).await);
            }
        }
        let mut checks: Vec<Check> = found.into_iter().map(|f| f.check).chain(more).collect();
        if checks.iter().all(|c| c.outcome != Outcome::Fail) {
            checks.push(pass(format!("Name {} is free in {}", spec.name, spec.namespace), Some("name")));
            let kinds: Vec<_> = sent.iter().rev().map(|s| s.resource.kind.as_str()).collect();
            checks.push(pass(format!("The API server accepts the {}", kinds.join(", ")), None));
        }
        checks.sort_by_key(|c| std::cmp::Reverse(c.outcome as u8));
        let mut seen = std::collections::HashSet::new();
        checks.retain(|c| seen.insert((c.title.clone(), c.field.clone())));
        checks.truncate(100);
        let yaml = objects.into_iter().map(|o| yaml::yaml(&yaml::clean(o))).collect::<Vec<_>>().join("---\n");
        Ok(Plan { checks, yaml })
    }

    async fn try_object(&self, sent: &Sent, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<Vec<Found>> {
        let api = sent.api(self, &spec.namespace);
        let kind = sent.resource.kind.as_str();
        match sent.ask(Verb::Create, spec).run(api.create(&post(true), &sent.object)).await {
            Ok(_) => Ok(Vec::new()),
            Err(error @ ClusterError::Away(_)) => Err(error),
            Err(ClusterError::Refused(why)) => {
                let mut all = Vec::new();
                for found in fields::found(kind, &cluster::refused(&why), &cluster::fields(&why)) {
                    let about_port = found.about == About::NodePort;
                    all.push(if about_port { Found { check: self.explain_node_port(spec, found.check, visible).await, ..found } } else { found });
                }
                Ok(all)
            }
            Err(error @ (ClusterError::Exists(_) | ClusterError::Changed(_))) => {
                Ok(vec![Found::other(self.explain_conflict(sent, spec, error.to_string().trim_end_matches('.')).await?)])
            }
            Err(ClusterError::NotAllowed(why)) => Ok(vec![Found::other(fail("The portal lacks a permission", cluster::not_allowed(&why), None))]),
            Err(ClusterError::Missing(what)) => {
                let text = cluster::missing(&what);
                Ok(vec![Found { about: About::Place, check: fail(text.trim_end_matches('.'), "Ask a cluster administrator to create it.", None) }])
            }
        }
    }

    async fn explain_conflict(&self, sent: &Sent, spec: &AppSpec, text: &str) -> ClusterResult<Check> {
        Ok(match sent.ask(Verb::Get, spec).run(self.in_the_way(sent, spec)).await? {
            InTheWay::Theirs => fail(text, "Choose another name, or delete the old one first.", Some("name")),
            InTheWay::UnderWay => fail(text, "Someone is creating this app right now, or didn't finish. Try again in two minutes.", Some("name")),
            InTheWay::Left(_) => {
                warn(format!("{} {} is left over from an unfinished creation", sent.resource.kind, spec.name), "It will be replaced.", Some("name"))
            }
        })
    }

    /// A pod of the app, without keeping it: quotas and admission rules speak about pods and not about deployments.
    async fn try_pod(&self, spec: &AppSpec) -> ClusterResult<Vec<Found>> {
        let sent = Sent::new(&render::pod(spec))?;
        let call = async {
            match sent.api(self, &spec.namespace).create(&post(true), &sent.object).await {
                // A portal that may make deployments need not be allowed to make pods.
                Err(kube::Error::Api(status)) if is_rbac(&status) => Ok(()),
                other => other.map(|_| ()),
            }
        };
        match sent.ask(Verb::Create, spec).run(call).await {
            Err(ClusterError::Refused(why)) => Ok(fields::found("Pod", &cluster::refused(&why), &cluster::fields(&why))),
            Err(error @ ClusterError::Away(_)) => Err(error),
            _ => Ok(Vec::new()),
        }
    }

    /// Creates all objects; where one fails, those before it stay.
    pub(crate) async fn make(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>, change: &PortalChange, mark: &str) -> Result<AppId, NotCreated> {
        let not_begun = |error| NotCreated { error, begun: false };
        let plan = self.plan(spec, visible).await.map_err(not_begun)?;
        if !plan.accepted() {
            return Err(not_begun(ClusterError::Refused(Refused::Checks(plan.checks))));
        }
        let name = WorkloadName::parse(spec.name.as_str()).map_err(|e| not_begun(ClusterError::Refused(Refused::Unrendered(e.to_string()))))?;
        let objects = render::objects(spec).iter().map(Sent::new).collect::<ClusterResult<Vec<_>>>().map_err(not_begun)?;
        for (at, mut sent) in objects.into_iter().enumerate() {
            let mark = mark_on(piece_of(&sent.resource.kind), mark);
            sent.object.annotations_mut().insert(MARK.into(), mark.to_owned());
            if sent.resource.kind == "Deployment" {
                sent.object.annotations_mut().insert(portal_change::ANNOTATION.into(), portal_change::written(change));
            }
            // No answer is no refusal: the server may have made the object, or make it yet.
            let made = |error: ClusterError| NotCreated { begun: at > 0 || matches!(error, ClusterError::Away(_)), error };
            self.make_one(&sent, spec).await.map_err(made)?;
        }
        Ok(AppId { namespace: spec.namespace.clone(), kind: Kind::Deployment, name })
    }

    async fn make_one(&self, sent: &Sent, spec: &AppSpec) -> ClusterResult<()> {
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

#[cfg(test)]
mod tests;
