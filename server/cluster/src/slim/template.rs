//! Pod templates: containers, probes, and what they refer to.

use super::meta::{count, port};
use crate::text::{SHORT, cut, shown};
use domain::facts::{Asks, ContainerSpec, Probe, Reference, SubPath, Wish};
use domain::kubernetes::words::Protocol;
use domain::redact;
use domain::{Bytes, MilliCpu};
use k8s_openapi::api::core::v1::{self as core, Container, PodSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// Most containers that are kept of a pod.
pub(super) const CONTAINERS: usize = 40;
/// Most references of one kind that are kept.
const REFERENCES: usize = 300;
/// Most mounts of a part of a volume that are kept of a container.
const SUB_PATHS: usize = 20;

/// Whether an init container is a sidecar: it goes on beside the others.
pub(super) fn is_sidecar(c: &Container) -> bool {
    c.restart_policy.as_deref() == Some("Always")
}

/// Containers of a template, init containers first.
pub(super) fn containers(spec: &PodSpec) -> Vec<ContainerSpec> {
    let init = spec.init_containers.iter().flatten().map(|c| container(c, true));
    let of_pod = spec.resources.as_ref().and_then(|r| r.limits.as_ref()?.get("memory")).and_then(|q| Bytes::parse(&q.0).ok());
    let all = init.chain(spec.containers.iter().map(|c| container(c, false))).take(CONTAINERS);
    // A limit of the whole pod is the limit of each container that has none of its own.
    all.map(|c| ContainerSpec { memory_limit: c.memory_limit.or(of_pod), ..c }).collect()
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
        init: init && !is_sidecar(c),
        sidecar: init && is_sidecar(c),
        cpu_request: cpu(requests),
        cpu_limit: cpu(limits),
        memory_request: memory(requests),
        memory_limit: memory(limits),
        liveness: c.liveness_probe.as_ref().map(probe),
        readiness: c.readiness_probe.as_ref().map(probe),
        startup: c.startup_probe.as_ref().map(probe),
        sub_paths: c.volume_mounts.iter().flatten().filter_map(sub_path).take(SUB_PATHS).collect(),
        post_start: c.lifecycle.as_ref().and_then(|l| l.post_start.as_ref()).and_then(hook),
        ports: c
            .ports
            .iter()
            .flatten()
            .take(50)
            .map(|p| (p.name.clone(), port(p.container_port), p.protocol.clone().map_or(Protocol::Tcp, Protocol::from)))
            .collect(),
    }
}

fn sub_path(m: &core::VolumeMount) -> Option<SubPath> {
    let part = m.sub_path.as_deref().filter(|p| !p.is_empty())?;
    Some(SubPath { path: cut(m.mount_path.as_str(), SHORT), volume: cut(m.name.as_str(), SHORT), part: shown(part, SHORT) })
}

fn get_words(get: &core::HTTPGetAction) -> String {
    let scheme = get.scheme.as_deref().filter(|s| *s != "HTTP").map_or(String::new(), |s| format!("{} ", s.to_lowercase()));
    format!("GET {scheme}{} on {}", redact::text(get.path.as_deref().unwrap_or("/")), number_or_name(&get.port))
}

fn command_words(exec: &core::ExecAction) -> String {
    format!("command {}", redact::command(exec.command.as_deref().unwrap_or_default()).join(" "))
}

/// A hook in the words of a probe.
fn hook(h: &core::LifecycleHandler) -> Option<String> {
    let words = match (&h.exec, &h.http_get, &h.tcp_socket) {
        (Some(exec), ..) => command_words(exec),
        (_, Some(get), _) => get_words(get),
        (.., Some(tcp)) => format!("TCP {}", number_or_name(&tcp.port)),
        _ => return None,
    };
    Some(shown(words, SHORT))
}

fn probe(p: &core::Probe) -> Probe {
    let (what, port) = if let Some(get) = &p.http_get {
        (get_words(get), number_or_name(&get.port))
    } else if let Some(tcp) = &p.tcp_socket {
        (format!("TCP {}", number_or_name(&tcp.port)), number_or_name(&tcp.port))
    } else if let Some(exec) = &p.exec {
        (command_words(exec), String::new())
    } else if let Some(grpc) = &p.grpc {
        (format!("gRPC {}", grpc.port), grpc.port.to_string())
    } else {
        Default::default()
    };
    // Where the API server leaves a field out, its documented default holds.
    Probe {
        what: shown(what, SHORT),
        port,
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

/// Most requests and labels that are kept of a pod without a node.
const ASKS: usize = 20;
/// Most values of a label.
const VALUES: usize = 10;

/// What a pod asks of a node. The API server has put in the defaults, such as a limit as the request.
pub(super) fn asks(spec: &PodSpec) -> Asks {
    let scheduler = spec.scheduler_name.as_deref().filter(|s| !s.is_empty() && *s != "default-scheduler").map(|s| cut(s, SHORT));
    Asks { requests: requests(spec), labels: wishes(spec), scheduler }
}

/// Thousandths of a core, or a number of anything else.
fn amount(resource: &str, text: &str) -> Option<u64> {
    if resource == "cpu" { MilliCpu::parse(text).ok().map(|v| v.0) } else { Bytes::parse(text).ok().map(|v| v.0) }
}

/// Requests of the whole pod: what runs beside each other added up, or what an init container asks for with the
/// sidecars before it, whichever is more.
fn requests(spec: &PodSpec) -> Vec<(String, String)> {
    let of = |c: &Container, name: &str| {
        let r = c.resources.as_ref();
        let q = r.and_then(|r| r.requests.as_ref()?.get(name)).or_else(|| r.and_then(|r| r.limits.as_ref()?.get(name)));
        q.and_then(|q| amount(name, &q.0)).unwrap_or(0)
    };
    let mut names: Vec<&str> = Vec::new();
    for c in spec.init_containers.iter().flatten().chain(&spec.containers).take(CONTAINERS) {
        let both = c.resources.iter().flat_map(|r| r.requests.iter().chain(&r.limits)).flat_map(|m| m.keys());
        names.extend(both.map(String::as_str));
    }
    names.extend(spec.resources.iter().flat_map(|r| &r.requests).flat_map(|m| m.keys()).map(String::as_str));
    names.sort_unstable();
    names.dedup();
    let whole = |name: &str| {
        let (mut sidecars, mut highest) = (0_u64, 0_u64);
        for c in spec.init_containers.iter().flatten() {
            highest = highest.max(sidecars.saturating_add(of(c, name)));
            sidecars = sidecars.saturating_add(if is_sidecar(c) { of(c, name) } else { 0 });
        }
        spec.containers.iter().map(|c| of(c, name)).fold(sidecars, u64::saturating_add).max(highest)
    };
    // What the whole pod requests stands in place of the sum (`spec.resources`).
    let of_pod = |name: &str| spec.resources.as_ref().and_then(|r| r.requests.as_ref()?.get(name)).and_then(|q| amount(name, &q.0));
    let whole = |name: &str| of_pod(name).unwrap_or_else(|| whole(name));
    let written = |name: &str, n: u64| if name == "cpu" { format!("{n}m") } else { n.to_string() };
    names.into_iter().take(ASKS).map(|name| (cut(name, SHORT), written(name, whole(name)))).filter(|(_, n)| n != "0" && n != "0m").collect()
}

/// Labels that the pod's node must have.
fn wishes(spec: &PodSpec) -> Vec<Wish> {
    let one = |key: &str, operator: &str, values: &[String], alternative| Wish {
        key: cut(key, SHORT),
        operator: cut(operator, SHORT).into(),
        values: values.iter().take(VALUES).map(|v| shown(v.as_str(), SHORT)).collect(),
        alternative,
    };
    let selector = spec.node_selector.iter().flatten().map(|(k, v)| one(k, "In", std::slice::from_ref(v), 0));
    let required = spec.affinity.as_ref().and_then(|a| a.node_affinity.as_ref()).and_then(|n| n.required_during_scheduling_ignored_during_execution.as_ref());
    let terms = required.iter().flat_map(|r| &r.node_selector_terms).zip(1_u32..);
    let affinity = terms.flat_map(|(term, n)| {
        let all = term.match_expressions.iter().flatten().chain(term.match_fields.iter().flatten());
        all.map(move |e| one(&e.key, &e.operator, e.values.as_deref().unwrap_or_default(), n))
    });
    selector.chain(affinity).take(ASKS).collect()
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
    Reference { name: cut(name, SHORT), key: key.map(|k| cut(k, SHORT)), how: shown(how, SHORT), optional: optional == Some(true) }
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
        let how = || "all keys as env".to_owned();
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
    if paths.is_empty() { "volume, not mounted".into() } else { format!("mounted at {}", paths.join(" and ")) }
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
