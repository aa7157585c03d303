//! What a right form still does unwisely.

use super::{AppSpec, EnvSource, PortRef, ProbeAction, ProbeSpec, ServiceSpec};
use crate::Bytes;
use crate::redact;
use crate::view::{Check, Outcome, Remedy};

fn warn(field: &str, title: impl Into<String>, advice: impl Into<String>) -> Check {
    Check { outcome: Outcome::Warn, title: title.into(), advice: advice.into(), field: Some(field.to_owned()), remedy: None }
}

/// Findings that need no cluster: what works, but goes wrong in practice.
#[must_use]
pub fn advice(spec: &AppSpec) -> Vec<Check> {
    let mut found = vec![image_unseen(spec)];
    found.extend(image(spec));
    found.extend(resources(spec));
    found.extend(probes(spec));
    found.extend(rest(spec));
    found
}

/// The same with a button that mends it.
fn mended(field: &str, title: impl Into<String>, advice: impl Into<String>, set: &[(&str, &str)]) -> Check {
    Check { remedy: Some(Remedy::set(set)), ..warn(field, title, advice) }
}

// The registry is not asked; nothing may look as if it were.
fn image_unseen(spec: &AppSpec) -> Check {
    let advice = match &spec.pull_secret {
        Some(secret) => format!("Nodes pull {} with {secret} when the app starts. Check the name, tag, and secret yourself.", spec.image),
        None => format!("Nodes pull {} when the app starts. Check the name and tag yourself, and set a pull secret if the registry is private.", spec.image),
    };
    Check { outcome: Outcome::Skip, ..warn("image", "Image not checked", advice) }
}

fn image(spec: &AppSpec) -> Option<Check> {
    let text = spec.image.as_str();
    let last = text.rsplit('/').next().unwrap_or(text);
    if text.contains('@') {
        return None;
    }
    match last.split_once(':') {
        None => Some(warn("image", "Image has no tag", format!("{text} means {text}:latest, which can change at any time. Pin a version."))),
        Some((_, "latest")) => {
            Some(warn("image", "Image is tagged latest", "The tag can change at any time, so two pods may run different versions. Pin a version."))
        }
        Some(_) => None,
    }
}

fn resources(spec: &AppSpec) -> Vec<Check> {
    let r = spec.resources;
    let mut found = Vec::new();
    match r.memory_limit {
        None => found.push(mended(
            "memoryLimit",
            "No memory limit",
            "A memory leak could take down other apps on the node. Set a limit above normal usage.",
            &[("memoryLimit", &above(r.memory_request))],
        )),
        Some(l) if l.0 < 4 * 1024 * 1024 => {
            let meant = if l.0 < 4096 { format!("{}Mi", l.0) } else { above(r.memory_request) };
            let advice = "Few programs can start with so little. Use Mi for mebibytes, such as 128Mi.";
            found.push(mended("memoryLimit", format!("Memory limit is only {l}"), advice, &[("memoryLimit", &meant)]));
        }
        Some(_) => {}
    }
    if r.memory_request.is_none() && r.memory_limit.is_none() {
        let advice = "The scheduler may pick a node with too little free memory. Request normal usage.";
        found.push(mended("memoryRequest", "No memory request", advice, &[("memoryRequest", "128Mi")]));
    }
    if r.cpu_request.is_none() && r.cpu_limit.is_none() {
        let advice = "The app gets CPU last on a busy node. Request normal usage, such as 100m.";
        found.push(mended("cpuRequest", "No CPU request", advice, &[("cpuRequest", "100m")]));
    }
    if let Some(l) = r.cpu_limit.filter(|l| l.0 < 10) {
        let advice = "The app would take minutes to start. Use at least 100m.";
        found.push(mended("cpuLimit", format!("CPU limit is only {l}"), advice, &[("cpuLimit", "100m")]));
    }
    if let (Some(request), Some(limit)) = (r.memory_request, r.memory_limit)
        && request.0 > 0
        && limit.0 / request.0 >= 8
    {
        found.push(warn(
            "memoryLimit",
            format!("Memory limit {limit} is far above the request {request}"),
            "The node may not have that much. Bring the two closer together.",
        ));
    }
    found
}

/// Twice the request, or 256 Mi.
fn above(request: Option<Bytes>) -> String {
    const MEBI: u64 = 1024 * 1024;
    format!("{}Mi", request.map_or(256, |r| r.0.div_ceil(MEBI).saturating_mul(2).max(8)))
}

fn probes(spec: &AppSpec) -> Vec<Check> {
    let mut found = Vec::new();
    if spec.service.is_some() && spec.readiness.is_none() {
        let advice = "The service sends traffic before the app is ready. Add a readiness probe.";
        // That the port takes connections is what every app has in common; a path is its own.
        let port = spec.ports.first().map_or("", |p| p.name.as_str());
        found.push(mended("readiness.kind", "No readiness probe", advice, &[("readiness.kind", "tcp"), ("readiness.port", port)]));
    }
    if let Some(liveness) = &spec.liveness {
        let patience = liveness.initial_delay_s + liveness.period_s * liveness.failure_threshold;
        if spec.startup.is_none() && patience < 30 {
            let title = format!("Startups longer than {patience} s are killed");
            let advice = "The liveness probe runs from the start. Add a startup probe or a longer initial delay.";
            found.push(Check { remedy: Some(startup_as(liveness)), ..warn("liveness.kind", title, advice) });
        }
        if spec
            .readiness
            .as_ref()
            .is_some_and(|r| r.action == liveness.action && r.failure_threshold * r.period_s >= liveness.failure_threshold * liveness.period_s)
        {
            let readiness_s = spec.readiness.as_ref().map_or(0, |r| r.failure_threshold * r.period_s);
            found.push(mended(
                "liveness.failureThreshold",
                "Liveness fails as early as readiness",
                "A brief outage restarts the app instead of pausing traffic. Allow more failures before liveness restarts it.",
                &[("liveness.failureThreshold", &(readiness_s / liveness.period_s + 1).to_string())],
            ));
        }
    }
    found
}

/// A startup probe that asks the same as this one, for five minutes.
fn startup_as(liveness: &ProbeSpec) -> Remedy {
    let port = |port: &PortRef| match port {
        PortRef::Number(number) => number.get().to_string(),
        PortRef::Name(name) => name.to_string(),
    };
    let times = [("startup.periodSeconds", "10".to_owned()), ("startup.failureThreshold", "30".to_owned())];
    let what = match &liveness.action {
        ProbeAction::Http(path, to) => vec![("startup.kind", "http".to_owned()), ("startup.path", path.clone()), ("startup.port", port(to))],
        ProbeAction::Tcp(to) => vec![("startup.kind", "tcp".to_owned()), ("startup.port", port(to))],
        ProbeAction::Command(words) => vec![("startup.kind", "command".to_owned()), ("startup.command", words.join("\n"))],
    };
    let all: Vec<(&str, &str)> = what.iter().chain(&times).map(|(field, value)| (*field, value.as_str())).collect();
    Remedy::set(&all)
}

fn rest(spec: &AppSpec) -> Vec<Check> {
    let mut found = Vec::new();
    if spec.replicas == 1 && spec.service.is_some() {
        found.push(mended("replicas", "Only 1 replica", "The app is down during node maintenance. Run 2 if that matters.", &[("replicas", "2")]));
    }
    if matches!(spec.service, Some(ServiceSpec::NodePort(Some(_)))) {
        let advice = "No other service in the cluster can use it. Leave it empty to get a free one.";
        found.push(mended("nodePort", "Fixed node port", advice, &[("nodePort", "")]));
    }
    if spec.ingress.as_ref().is_some_and(|i| i.tls_secret.is_none()) {
        found.push(warn("ingressTlsSecret", "Ingress has no TLS", "Traffic is unencrypted unless the controller adds a certificate. Choose a TLS secret."));
    }
    found.extend(secrets_in_the_open(spec));
    found
}

/// Variables that look like secrets. One button moves them all.
fn secrets_in_the_open(spec: &AppSpec) -> Vec<Check> {
    let found = spec.env.iter().enumerate().filter(|(_, e)| matches!(&e.source, EnvSource::Value(v) if redact::value(e.name.as_str(), v) != v.as_str()));
    let rows: Vec<u32> = found.clone().filter_map(|(i, _)| u32::try_from(i).ok()).collect();
    let remedy = Remedy::MoveToSecret { name: spec.name.to_string(), rows };
    let advice = "Anyone who can read the deployment can read this value. Move it to a secret.";
    found.map(|(i, e)| Check { remedy: Some(remedy.clone()), ..warn(&format!("env.{i}.from"), format!("{} looks like a secret", e.name), advice) }).collect()
}
