//! Checks that the API server does not make: whether what the app refers to exists, and whether its pods fit
//! into the quotas.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::json::{self, Limits, METADATA, Object, Rule};
use domain::check::{Amount, Check, CheckCode, QuotaResource, ValueSource};
use domain::form::{EnvPart, Field};
use domain::kubernetes::{Resource, Verb};
use domain::spec::{AppSpec, EnvSource};
use domain::view::Remedy;
use domain::{Bytes, MilliCpu, near};
use k8s_openapi::api::core::v1::ResourceQuota;
use service::ports::{ClusterError, ClusterResult};
use std::collections::BTreeMap;

type Keys = BTreeMap<(Resource, String), Option<Option<Vec<String>>>>;

/// Most keys of a secret or config map that a check names.
const KEYS_NAMED: usize = 12;
/// Most bytes of a quota or an ingress class.
const SMALL: usize = 64 * 1024;
static PLAIN: Rule = Rule::Within(&[("metadata", METADATA)]);

impl KubeCluster {
    /// Whether secrets, config maps and the ingress class exist.
    pub(super) async fn references(&self, spec: &AppSpec) -> ClusterResult<Vec<Check>> {
        let mut checks = Vec::new();
        let mut known = Keys::new();
        let namespace = &spec.namespace;
        if let Some(secret) = &spec.pull_secret {
            let check = match self.lookup(spec, &mut known, Resource::Secrets, secret.as_str()).await? {
                Some(None) => Some(
                    Check::warn(CheckCode::PullSecretMissing { secret: secret.clone(), namespace: namespace.clone() })
                        .mended_by(Remedy::CreatePullSecret { name: secret.to_string() }),
                ),
                Some(Some(keys)) if !keys.iter().any(|k| k == ".dockerconfigjson" || k == ".dockercfg") => {
                    Some(Check::warn(CheckCode::NoPullSecret { secret: secret.clone() }))
                }
                _ => None,
            };
            checks.extend(check.map(|check| check.at(Field::PullSecret)));
        }
        for (i, env) in spec.env.iter().enumerate() {
            let (source, name, key) = match &env.source {
                EnvSource::Value(_) => continue,
                EnvSource::Secret(name, key) => (ValueSource::Secret, name.as_str(), key),
                EnvSource::ConfigMap(name, key) => (ValueSource::ConfigMap, name.as_str(), key),
            };
            let is_secret = source == ValueSource::Secret;
            match self.lookup(spec, &mut known, if is_secret { Resource::Secrets } else { Resource::ConfigMaps }, name).await? {
                Some(None) => {
                    let remedy = is_secret.then(|| Remedy::CreateSecret { name: name.to_owned() });
                    let (namespace, variable) = (namespace.clone(), env.name.clone());
                    let missing = CheckCode::ValueSourceMissing { source, name: name.to_owned(), namespace, variable };
                    checks.push(Check::fail(missing).at(Field::Env(i, EnvPart::Value)).mended_by(remedy));
                }
                Some(Some(keys)) if !keys.iter().any(|k| k == key.as_str()) => {
                    let field = Field::Env(i, EnvPart::Key);
                    let remedy = match keys.iter().find(|k| near::slip(k, key.as_str())) {
                        Some(meant) => Some(Remedy::set(&[(&field.to_string(), meant)])),
                        None => is_secret.then(|| Remedy::AddKey { name: name.to_owned(), key: key.to_string() }),
                    };
                    let has = keys.into_iter().take(KEYS_NAMED).collect();
                    let missing = CheckCode::ValueKeyMissing { source, name: name.to_owned(), key: key.clone(), has };
                    checks.push(Check::fail(missing).at(field).mended_by(remedy));
                }
                _ => {}
            }
        }
        if let Some(ingress) = &spec.ingress {
            if let Some(secret) = &ingress.tls_secret {
                let check = match self.lookup(spec, &mut known, Resource::Secrets, secret.as_str()).await? {
                    Some(None) => Some(
                        Check::warn(CheckCode::TlsSecretMissing { secret: secret.clone(), namespace: namespace.clone() })
                            .mended_by(Remedy::CreateTlsSecret { name: secret.to_string() }),
                    ),
                    Some(Some(keys)) if !keys.iter().any(|k| k == "tls.crt") => Some(Check::warn(CheckCode::NoTlsSecret { secret: secret.clone() })),
                    _ => None,
                };
                checks.extend(check.map(|check| check.at(Field::IngressTlsSecret)));
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
        let named = |class: Object<'_>| names.push(class.identity.name.clone());
        ask.run(json::list(&self.calls(), "/apis/networking.k8s.io/v1/ingressclasses?limit=100", &PLAIN, Limits::exact(SMALL), named)).await.ok()?;
        match class {
            Some(class) if !names.iter().any(|name| name == class) => {
                let meant = names.iter().find(|name| near::slip(name, class)).or(if names.len() == 1 { names.first() } else { None });
                let remedy = meant.map(|name| Remedy::set(&[("ingressClass", name)]));
                Some(Check::warn(CheckCode::IngressClassMissing { class: class.to_owned(), has: names }).at(Field::IngressClass).mended_by(remedy))
            }
            None if names.is_empty() => Some(Check::warn(CheckCode::NoIngressClass).at(Field::IngressHost)),
            _ => None,
        }
    }

    /// Whether all pods of the app fit into the quotas.
    pub(super) async fn quotas(&self, spec: &AppSpec) -> Vec<Check> {
        let path = format!("/api/v1/namespaces/{}/resourcequotas?limit=50", spec.namespace);
        let ask = Ask::of(Verb::List, Resource::ResourceQuotas, &spec.namespace, "");
        // A portal that may not read quotas does not know them; the pods' events will tell.
        let mut quotas = Vec::new();
        let add = |quota: Object<'_>| quotas.extend(json::read::<ResourceQuota>(quota.json, || format!("ResourceQuota {}", quota.identity.name)));
        if ask.run(json::list(&self.calls(), &path, &PLAIN, Limits::exact(SMALL), add)).await.is_err() {
            return Vec::new();
        }
        // Quotas with a scope hold only for some pods.
        let plain = quotas.iter().filter(|q| q.spec.as_ref().is_some_and(|s| s.scopes.is_none() && s.scope_selector.is_none()));
        plain.flat_map(|q| exceeded(q, spec)).collect()
    }
}

fn exceeded(quota: &ResourceQuota, spec: &AppSpec) -> Vec<Check> {
    use QuotaResource as R;
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
    let asked = [
        (R::Pods, 1, Field::Replicas),
        (R::CountPods, 1, Field::Replicas),
        (R::RequestsCpu, request_cpu, Field::CpuRequest),
        (R::Cpu, request_cpu, Field::CpuRequest),
        (R::RequestsMemory, request_memory, Field::MemoryRequest),
        (R::Memory, request_memory, Field::MemoryRequest),
        (R::LimitsCpu, milli(r.cpu_limit), Field::CpuLimit),
        (R::LimitsMemory, bytes(r.memory_limit), Field::MemoryLimit),
    ];
    let over = asked.into_iter().filter_map(|(resource, each, field)| {
        let limit = read(resource, &hard.get(resource.name())?.0)?;
        let now = used.get(resource.name()).and_then(|q| read(resource, &q.0)).unwrap_or(0);
        let total = each.checked_mul(pods)?;
        let fits = limit.saturating_sub(now) / each.max(1);
        (now.saturating_add(total) > limit).then(|| {
            let [needed, used, limit] = [total, now, limit].map(|n| amount(resource, n));
            let remedy = (fits > 0).then(|| Remedy::set(&[("replicas", &fits.to_string())]));
            Check::fail(CheckCode::QuotaTooSmall { quota: name.to_owned(), resource, pods, needed, used, limit, fits }).at(field).mended_by(remedy)
        })
    });
    over.collect()
}

/// An amount of a resource as a number of its smallest unit.
fn read(resource: QuotaResource, quantity: &str) -> Option<u64> {
    match amount(resource, 0) {
        Amount::Count(_) => quantity.parse().ok(),
        Amount::Cpu(_) => MilliCpu::parse(quantity).ok().map(|c| c.0),
        Amount::Memory(_) => Bytes::parse(quantity).ok().map(|m| m.0),
    }
}

/// That number with its unit.
const fn amount(resource: QuotaResource, number: u64) -> Amount {
    match resource {
        QuotaResource::Pods | QuotaResource::CountPods => Amount::Count(number),
        QuotaResource::Cpu | QuotaResource::RequestsCpu | QuotaResource::LimitsCpu => Amount::Cpu(MilliCpu(number)),
        QuotaResource::Memory | QuotaResource::RequestsMemory | QuotaResource::LimitsMemory => Amount::Memory(Bytes(number)),
    }
}
