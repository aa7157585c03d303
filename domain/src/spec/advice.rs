//! What a right form still does unwisely.

use super::{AppSpec, EnvSource, ServiceSpec};
use crate::redact;
use crate::view::{Check, Outcome};

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
        None => found.push(warn("memoryLimit", "No memory limit", "A memory leak could take down other apps on the node. Set a limit above normal usage.")),
        Some(l) if l.0 < 4 * 1024 * 1024 => {
            found.push(warn("memoryLimit", format!("Memory limit is only {l}"), "Few programs can start with so little. Use Mi for mebibytes, such as 128Mi."))
        }
        Some(_) => {}
    }
    if r.memory_request.is_none() && r.memory_limit.is_none() {
        found.push(warn("memoryRequest", "No memory request", "The scheduler may pick a node with too little free memory. Request normal usage."));
    }
    if r.cpu_request.is_none() && r.cpu_limit.is_none() {
        found.push(warn("cpuRequest", "No CPU request", "The app gets CPU last on a busy node. Request normal usage, such as 100m."));
    }
    if let Some(l) = r.cpu_limit.filter(|l| l.0 < 10) {
        found.push(warn("cpuLimit", format!("CPU limit is only {l}"), "The app would take minutes to start. Use at least 100m."));
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

fn probes(spec: &AppSpec) -> Vec<Check> {
    let mut found = Vec::new();
    if spec.service.is_some() && spec.readiness.is_none() {
        found.push(warn("readiness.kind", "No readiness probe", "The service sends traffic before the app is ready. Add a readiness probe."));
    }
    if let Some(liveness) = &spec.liveness {
        let patience = liveness.initial_delay_s + liveness.period_s * liveness.failure_threshold;
        if spec.startup.is_none() && patience < 30 {
            found.push(warn(
                "liveness.kind",
                format!("Startups longer than {patience} s are killed"),
                "The liveness probe runs from the start. Add a startup probe or a longer initial delay.",
            ));
        }
        if spec
            .readiness
            .as_ref()
            .is_some_and(|r| r.action == liveness.action && r.failure_threshold * r.period_s >= liveness.failure_threshold * liveness.period_s)
        {
            found.push(warn(
                "liveness.failureThreshold",
                "Liveness fails as early as readiness",
                "A brief outage restarts the app instead of pausing traffic. Allow more failures before liveness restarts it.",
            ));
        }
    }
    found
}

fn rest(spec: &AppSpec) -> Vec<Check> {
    let mut found = Vec::new();
    if spec.replicas == 1 && spec.service.is_some() {
        found.push(warn("replicas", "Only 1 replica", "The app is down during node maintenance. Run 2 if that matters."));
    }
    if matches!(spec.service, Some(ServiceSpec::NodePort(Some(_)))) {
        found.push(warn("nodePort", "Fixed node port", "No other service in the cluster can use it. Leave it empty to get a free one."));
    }
    if spec.ingress.as_ref().is_some_and(|i| i.tls_secret.is_none()) {
        found.push(warn("ingressTlsSecret", "Ingress has no TLS", "Traffic is unencrypted unless the controller adds a certificate. Choose a TLS secret."));
    }
    for (i, e) in spec.env.iter().enumerate() {
        if matches!(&e.source, EnvSource::Value(v) if redact::value(e.name.as_str(), v) != v.as_str()) {
            found.push(warn(
                &format!("env.{i}.from"),
                format!("{} looks like a secret", e.name),
                "Anyone who can read the deployment can read this value. Move it to a secret.",
            ));
        }
    }
    found
}
