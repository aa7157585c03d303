//! Checks that the API server does not make: whether what the app refers to exists, and whether its pods fit
//! into the quotas.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::json::{self, Limits, METADATA, Object as Read, Rule};
use crate::render::{cpu, memory};
use domain::english::cluster;
use domain::kubernetes::{Object, Resource, Verb};
use domain::spec::{AppSpec, EnvSource};
use domain::view::{Check, Outcome, Remedy};
use domain::{Bytes, MilliCpu, near};
use k8s_openapi::api::core::v1::ResourceQuota;
use service::ports::{ClusterError, ClusterResult};
use std::collections::BTreeMap;

fn check(outcome: Outcome, title: impl Into<String>, advice: impl Into<String>, field: Option<&str>) -> Check {
    Check { outcome, title: title.into(), advice: advice.into(), field: field.map(str::to_owned), remedy: None }
}

/// Something is as it should be.
pub(super) fn pass(title: impl Into<String>, field: Option<&str>) -> Check {
    check(Outcome::Pass, title, "", field)
}

/// Something would not work.
pub(super) fn fail(title: impl Into<String>, advice: impl Into<String>, field: Option<&str>) -> Check {
    check(Outcome::Fail, title, advice, field)
}

/// Something might not work.
pub(super) fn warn(title: impl Into<String>, advice: impl Into<String>, field: Option<&str>) -> Check {
    check(Outcome::Warn, title, advice, field)
}

type Keys = BTreeMap<(Resource, String), Option<Option<Vec<String>>>>;

/// Most bytes of a quota or an ingress class.
const SMALL: usize = 64 * 1024;
static PLAIN: Rule = Rule::Within(&[("metadata", METADATA)]);

impl KubeCluster {
    /// Whether secrets, config maps and the ingress class exist.
    pub(super) async fn references(&self, spec: &AppSpec) -> ClusterResult<Vec<Check>> {
        let mut checks = Vec::new();
        let mut known = Keys::new();
        let ns = &spec.namespace;
        if let Some(secret) = &spec.pull_secret {
            let advice = match self.lookup(spec, &mut known, Resource::Secrets, secret.as_str()).await? {
                Some(None) => Some((format!("Secret {secret} doesn't exist in {ns}"), "Create it, or the image can only be pulled without a password.")),
                Some(Some(keys)) if !keys.iter().any(|k| k == ".dockerconfigjson" || k == ".dockercfg") => Some((
                    format!("Secret {secret} isn't a pull secret"),
                    "Nodes ignore it, so the image can only be pulled without a password. Create a docker-registry secret and use that.",
                )),
                _ => None,
            };
            let is_missing = matches!(known.get(&(Resource::Secrets, secret.to_string())), Some(Some(None)));
            let remedy = is_missing.then(|| Remedy::CreatePullSecret { name: secret.to_string() });
            checks.extend(advice.map(|(title, advice)| Check { remedy, ..warn(title, advice, Some("pullSecret")) }));
        }
        for (i, env) in spec.env.iter().enumerate() {
            let (resource, name, key) = match &env.source {
                EnvSource::Value(_) => continue,
                EnvSource::Secret(name, key) => (Resource::Secrets, name.as_str(), key.as_str()),
                EnvSource::ConfigMap(name, key) => (Resource::ConfigMaps, name.as_str(), key.as_str()),
            };
            let thing = cluster::thing(&Object::of(resource, ns, name));
            match self.lookup(spec, &mut known, resource, name).await? {
                Some(None) => {
                    let title = format!("{thing} doesn't exist in {ns}");
                    let missing = fail(title, format!("Create it. Containers with {} can't start without it.", env.name), Some(&format!("env.{i}.value")));
                    let remedy = (resource == Resource::Secrets).then(|| Remedy::CreateSecret { name: name.to_owned() });
                    checks.push(Check { remedy, ..missing });
                }
                Some(Some(keys)) if !keys.iter().any(|k| k == key) => {
                    let has = if keys.is_empty() { "no keys".to_owned() } else { keys.iter().take(12).cloned().collect::<Vec<_>>().join(", ") };
                    let missing = fail(format!("{thing} has no key {key}"), format!("It has {has}."), Some(&format!("env.{i}.key")));
                    let meant = keys.iter().find(|k| near::slip(k, key));
                    let remedy = match meant {
                        Some(meant) => Some(Remedy::set(&[(&format!("env.{i}.key"), meant)])),
                        None => (resource == Resource::Secrets).then(|| Remedy::AddKey { name: name.to_owned(), key: key.to_owned() }),
                    };
                    checks.push(Check { remedy, ..missing });
                }
                _ => {}
            }
        }
        if let Some(ingress) = &spec.ingress {
            if let Some(secret) = &ingress.tls_secret {
                let advice = match self.lookup(spec, &mut known, Resource::Secrets, secret.as_str()).await? {
                    Some(None) => Some((
                        format!("Secret {secret} doesn't exist in {ns}"),
                        "Create a TLS secret with that name, or the address is served with the wrong certificate.",
                    )),
                    Some(Some(keys)) if !keys.iter().any(|k| k == "tls.crt") => Some((
                        format!("Secret {secret} isn't a TLS secret"),
                        "It has no tls.crt, so the address is served with the wrong certificate. Create a TLS secret and use that.",
                    )),
                    _ => None,
                };
                let is_missing = matches!(known.get(&(Resource::Secrets, secret.to_string())), Some(Some(None)));
                let remedy = is_missing.then(|| Remedy::CreateTlsSecret { name: secret.to_string() });
                checks.extend(advice.map(|(title, advice)| Check { remedy, ..warn(title, advice, Some("ingressTlsSecret")) }));
            }
            checks.extend(self.ingress_class(ingress.class.as_deref()).await);
        }
        Ok(checks)
    }

    /// Keys of an object: outer `None` where the portal may not look or it is too large, inner `None` where there is none.
    async fn lookup(&self, spec: &AppSpec, known: &mut Keys, resource: Resource, name: &str) -> ClusterResult<Option<Option<Vec<String>>>> {
        let at = (resource, name.to_owned());
        if let Some(found) = known.get(&at) {
            return Ok(found.clone());
        }
        let found = match self.keys(&spec.namespace, resource, name).await {
            Ok(keys) => Some(keys),
            Err(ClusterError::NotAllowed(_) | ClusterError::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        known.insert(at, found.clone());
        Ok(found)
    }

    /// Ingress classes belong to the cluster, so they are asked for only where the portal may see all of it.
    async fn ingress_class(&self, class: Option<&str>) -> Option<Check> {
        if !self.sees_all() {
            return None;
        }
        let ask = Ask { verb: Verb::List, resource: Resource::IngressClasses, namespace: None, name: "" };
        let mut names = Vec::new();
        let named = |class: Read<'_>| names.push(class.identity.name.clone());
        ask.run(json::list(&self.calls(), "/apis/networking.k8s.io/v1/ingressclasses?limit=100", &PLAIN, Limits::exact(SMALL), named)).await.ok()?;
        match class {
            Some(class) if !names.iter().any(|name| name == class) => {
                let there = if names.is_empty() { "This cluster has none.".into() } else { format!("Available: {}.", names.join(", ")) };
                let meant = names.iter().find(|name| near::slip(name, class)).or(if names.len() == 1 { names.first() } else { None });
                let remedy = meant.map(|name| Remedy::set(&[("ingressClass", name)]));
                Some(Check { remedy, ..warn(format!("Ingress class {class} doesn't exist"), there, Some("ingressClass")) })
            }
            None if names.is_empty() => {
                Some(warn("The cluster has no ingress class", "Without an ingress controller, nothing answers at this address.", Some("ingressHost")))
            }
            _ => None,
        }
    }

    /// Whether all pods of the app fit into the quotas.
    pub(super) async fn quotas(&self, spec: &AppSpec) -> Vec<Check> {
        let path = format!("/api/v1/namespaces/{}/resourcequotas?limit=50", spec.namespace);
        let ask = Ask::of(Verb::List, Resource::ResourceQuotas, &spec.namespace, "");
        // A portal that may not read quotas does not know them; the pods' events will tell.
        let mut quotas = Vec::new();
        let add = |quota: Read<'_>| quotas.extend(json::read::<ResourceQuota>(quota.json, || format!("ResourceQuota {}", quota.identity.name)));
        if ask.run(json::list(&self.calls(), &path, &PLAIN, Limits::exact(SMALL), add)).await.is_err() {
            return Vec::new();
        }
        // Quotas with a scope hold only for some pods.
        let plain = quotas.iter().filter(|q| q.spec.as_ref().is_some_and(|s| s.scopes.is_none() && s.scope_selector.is_none()));
        plain.flat_map(|q| exceeded(q, spec)).collect()
    }
}

fn exceeded(quota: &ResourceQuota, spec: &AppSpec) -> Vec<Check> {
    let name = quota.metadata.name.as_deref().unwrap_or_default();
    let status = quota.status.clone().unwrap_or_default();
    let (hard, used) = (status.hard.unwrap_or_default(), status.used.unwrap_or_default());
    let pods = u64::from(spec.replicas);
    let r = spec.resources;
    let milli = |c: Option<MilliCpu>| c.map_or(0, |c| c.0);
    let bytes = |m: Option<Bytes>| m.map_or(0, |m| m.0);
    // A limit without a request is the request too (API reference of ResourceRequirements).
    let request_cpu = milli(r.cpu_request.or(r.cpu_limit));
    let request_memory = bytes(r.memory_request.or(r.memory_limit));
    let is_cpu = |text: &str| MilliCpu::parse(text).ok().map(|c| c.0);
    let is_memory = |text: &str| Bytes::parse(text).ok().map(|m| m.0);
    let say_cpu = |n: u64| cpu(MilliCpu(n));
    let say_memory = |n: u64| memory(Bytes(n));
    type Read<'a> = &'a dyn Fn(&str) -> Option<u64>;
    type Say<'a> = &'a dyn Fn(u64) -> String;
    let count: Read = &|text| text.parse().ok();
    let plain: Say = &|n| n.to_string();
    let asked: [(&str, u64, Read, Say, &str); 8] = [
        ("pods", 1, count, plain, "replicas"),
        ("count/pods", 1, count, plain, "replicas"),
        ("requests.cpu", request_cpu, &is_cpu, &say_cpu, "cpuRequest"),
        ("cpu", request_cpu, &is_cpu, &say_cpu, "cpuRequest"),
        ("requests.memory", request_memory, &is_memory, &say_memory, "memoryRequest"),
        ("memory", request_memory, &is_memory, &say_memory, "memoryRequest"),
        ("limits.cpu", milli(r.cpu_limit), &is_cpu, &say_cpu, "cpuLimit"),
        ("limits.memory", bytes(r.memory_limit), &is_memory, &say_memory, "memoryLimit"),
    ];
    let over = asked.into_iter().filter_map(|(resource, each, read, say, field)| {
        let limit = read(&hard.get(resource)?.0)?;
        let now = used.get(resource).and_then(|q| read(&q.0)).unwrap_or(0);
        let total = each.checked_mul(pods)?;
        let fits = limit.saturating_sub(now) / each.max(1);
        (now.saturating_add(total) > limit).then(|| {
            let title = format!("Quota {name} has no room for {pods} pods: they need {} of {resource}, {} of {} are used", say(total), say(now), say(limit));
            let remedy = (fits > 0).then(|| Remedy::set(&[("replicas", &fits.to_string())]));
            Check { remedy, ..fail(title, format!("{fits} would fit. Request less, or have the quota raised."), Some(field)) }
        })
    });
    over.collect()
}
