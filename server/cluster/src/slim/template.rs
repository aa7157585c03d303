//! Pod templates: containers, probes, and what they refer to.

use super::meta::{count, port};
use crate::text::{SHORT, cut, shown};
use domain::facts::{ContainerSpec, Probe, Reference};
use domain::redact;
use domain::{Bytes, MilliCpu};
use k8s_openapi::api::core::v1::{self as core, Container, PodSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// Most containers that are kept of a pod.
pub(super) const CONTAINERS: usize = 40;
/// Most references of one kind that are kept.
const REFERENCES: usize = 300;

/// Containers of a template, init containers first.
pub(super) fn containers(spec: &PodSpec) -> Vec<ContainerSpec> {
    let init = spec.init_containers.iter().flatten().map(|c| container(c, true));
    init.chain(spec.containers.iter().map(|c| container(c, false))).take(CONTAINERS).collect()
}

fn container(c: &Container, init: bool) -> ContainerSpec {
    let amount = |of: Option<&std::collections::BTreeMap<String, _>>, what: &str| {
        of.and_then(|m| m.get(what)).map(|q: &k8s_openapi::apimachinery::pkg::api::resource::Quantity| q.0.clone())
    };
    let requests = c.resources.as_ref().and_then(|r| r.requests.as_ref());
    let limits = c.resources.as_ref().and_then(|r| r.limits.as_ref());
    let cpu = |of| amount(of, "cpu").and_then(|q| MilliCpu::parse(&q).ok());
    let memory = |of| amount(of, "memory").and_then(|q| Bytes::parse(&q).ok());
    ContainerSpec {
        name: cut(c.name.as_str(), SHORT),
        image: shown(c.image.as_deref().unwrap_or_default(), SHORT),
        init,
        cpu_request: cpu(requests),
        cpu_limit: cpu(limits),
        memory_request: memory(requests),
        memory_limit: memory(limits),
        liveness: c.liveness_probe.as_ref().map(probe),
        readiness: c.readiness_probe.as_ref().map(probe),
        startup: c.startup_probe.as_ref().map(probe),
        ports: c
            .ports
            .iter()
            .flatten()
            .take(50)
            .map(|p| (p.name.clone(), port(p.container_port), p.protocol.clone().unwrap_or_else(|| "TCP".into())))
            .collect(),
    }
}

fn probe(p: &core::Probe) -> Probe {
    let what = if let Some(get) = &p.http_get {
        let scheme = get.scheme.as_deref().filter(|s| *s != "HTTP").map_or(String::new(), |s| format!("{} ", s.to_lowercase()));
        format!("GET {scheme}{} on {}", redact::text(get.path.as_deref().unwrap_or("/")), number_or_name(&get.port))
    } else if let Some(tcp) = &p.tcp_socket {
        format!("TCP {}", number_or_name(&tcp.port))
    } else if let Some(exec) = &p.exec {
        format!("command {}", redact::command(exec.command.as_deref().unwrap_or_default()).join(" "))
    } else if let Some(grpc) = &p.grpc {
        format!("gRPC {}", grpc.port)
    } else {
        String::new()
    };
    // Where the API server leaves a field out, its documented default holds.
    Probe {
        what: shown(what, SHORT),
        initial_delay_s: count(p.initial_delay_seconds),
        period_s: p.period_seconds.map_or(10, |n| count(Some(n))),
        failure_threshold: p.failure_threshold.map_or(3, |n| count(Some(n))),
        timeout_s: p.timeout_seconds.map_or(1, |n| count(Some(n))),
    }
}

/// A port by number or name, as text.
pub(super) fn number_or_name(port: &IntOrString) -> String {
    match port {
        IntOrString::Int(n) => n.to_string(),
        IntOrString::String(s) => cut(s.as_str(), SHORT),
    }
}

/// What a template refers to.
#[derive(Default)]
pub(crate) struct References {
    /// Secrets, without pull secrets.
    pub(crate) secrets: Vec<Reference>,
    /// Config maps.
    pub(crate) config_maps: Vec<Reference>,
    /// Names of pull secrets.
    pub(crate) pull_secrets: Vec<String>,
    /// Names of claims.
    pub(crate) claims: Vec<String>,
}

/// All references of a template.
pub(crate) fn references(spec: &PodSpec) -> References {
    let mut found = References::default();
    for c in spec.init_containers.iter().flatten().chain(&spec.containers).take(CONTAINERS) {
        from_environment(c, &mut found);
    }
    for volume in spec.volumes.iter().flatten() {
        from_volume(volume, &mount_paths(spec, &volume.name), &mut found);
    }
    found.pull_secrets = pull_secrets(spec);
    for list in [&mut found.secrets, &mut found.config_maps] {
        list.sort();
        list.dedup();
        list.truncate(REFERENCES);
    }
    found.claims.truncate(REFERENCES);
    found
}

/// Names of the pull secrets of a pod or template.
pub(super) fn pull_secrets(spec: &PodSpec) -> Vec<String> {
    spec.image_pull_secrets.iter().flatten().map(|s| s.name.clone()).filter(|n| !n.is_empty()).take(20).collect()
}

fn reference(name: &str, key: Option<&str>, how: String, optional: Option<bool>) -> Reference {
    Reference { name: cut(name, SHORT), key: key.map(|k| cut(k, SHORT)), how: cut(how, SHORT), optional: optional == Some(true) }
}

fn from_environment(c: &Container, found: &mut References) {
    for env in c.env.iter().flatten() {
        let Some(from) = &env.value_from else { continue };
        let how = || format!("env {}", env.name);
        if let Some(s) = &from.secret_key_ref {
            found.secrets.push(reference(&s.name, Some(&s.key), how(), s.optional));
        }
        if let Some(m) = &from.config_map_key_ref {
            found.config_maps.push(reference(&m.name, Some(&m.key), how(), m.optional));
        }
    }
    for all in c.env_from.iter().flatten() {
        let how = || "all its keys as env".to_owned();
        if let Some(s) = &all.secret_ref {
            found.secrets.push(reference(&s.name, None, how(), s.optional));
        }
        if let Some(m) = &all.config_map_ref {
            found.config_maps.push(reference(&m.name, None, how(), m.optional));
        }
    }
}

/// `mounted at /etc/app` for each place, or that it is mounted nowhere.
fn mount_paths(spec: &PodSpec, volume: &str) -> String {
    let all = spec.init_containers.iter().flatten().chain(&spec.containers);
    let mut paths: Vec<&str> = all.flat_map(|c| c.volume_mounts.iter().flatten()).filter(|m| m.name == volume).map(|m| m.mount_path.as_str()).collect();
    paths.dedup();
    if paths.is_empty() { "volume without a mount".into() } else { format!("mounted at {}", paths.join(" and ")) }
}

fn from_volume(volume: &core::Volume, how: &str, found: &mut References) {
    if let Some(claim) = &volume.persistent_volume_claim {
        found.claims.push(cut(claim.claim_name.as_str(), SHORT));
    }
    if let Some(s) = &volume.secret
        && let Some(name) = &s.secret_name
    {
        push_items(&mut found.secrets, name, s.items.as_deref(), how, s.optional);
    }
    if let Some(m) = &volume.config_map {
        push_items(&mut found.config_maps, &m.name, m.items.as_deref(), how, m.optional);
    }
    for source in volume.projected.iter().flat_map(|p| p.sources.iter().flatten()) {
        if let Some(s) = &source.secret {
            push_items(&mut found.secrets, &s.name, s.items.as_deref(), how, s.optional);
        }
        if let Some(m) = &source.config_map {
            push_items(&mut found.config_maps, &m.name, m.items.as_deref(), how, m.optional);
        }
    }
}

fn push_items(list: &mut Vec<Reference>, name: &str, items: Option<&[core::KeyToPath]>, how: &str, optional: Option<bool>) {
    match items {
        Some(items) if !items.is_empty() => list.extend(items.iter().map(|i| reference(name, Some(&i.key), how.to_owned(), optional))),
        _ => list.push(reference(name, None, how.to_owned(), optional)),
    }
}
