//! What a right form still does unwisely.

use super::{AppSpec, EnvSource, ServiceSpec};
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
        Some(secret) => format!("Nodes pull {} with {secret} when the app starts. Check name, tag and secret yourself.", spec.image),
        None => format!("Nodes pull {} when the app starts. Check name and tag yourself, and name a pull secret if the registry is private.", spec.image),
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
        None => Some(warn("image", "The image has no tag", format!("It means {text}:latest, which changes under the same name. Name a version."))),
        Some((_, "latest")) => {
            Some(warn("image", "The image is tagged latest", "It changes under the same name, so two pods may run different versions. Name a version."))
        }
        Some(_) => None,
    }
}

fn resources(spec: &AppSpec) -> Vec<Check> {
    let r = spec.resources;
    let mut found = Vec::new();
    match r.memory_limit {
        None => found.push(warn(
            "memoryLimit",
            "There is no memory limit",
            "A leak would take memory from other apps on its node until one is killed. Set a limit above its usual use.",
        )),
        Some(l) if l.0 < 4 * 1024 * 1024 => found.push(warn(
            "memoryLimit",
            format!("The memory limit is only {l}"),
            "Hardly any program starts with so little. Write Mi for mebibytes, such as 128Mi.",
        )),
        Some(_) => {}
    }
    if r.memory_request.is_none() && r.memory_limit.is_none() {
        found.push(warn("memoryRequest", "There is no memory request", "The scheduler may put it on a node that has too little left. Request its usual use."));
    }
    if r.cpu_request.is_none() && r.cpu_limit.is_none() {
        found.push(warn("cpuRequest", "There is no CPU request", "It comes last when its node is busy. Request its usual use, such as 100m."));
    }
    if let Some(l) = r.cpu_limit.filter(|l| l.0 < 10) {
        found.push(warn("cpuLimit", format!("The CPU limit is only {l}"), "It would take minutes to start. Give at least 100m."));
    }
    if let (Some(request), Some(limit)) = (r.memory_request, r.memory_limit)
        && request.0 > 0
        && limit.0 / request.0 >= 8
    {
        found.push(warn(
            "memoryLimit",
            format!("The memory limit {limit} is far above the request {request}"),
            "The node may not have what the limit promises. Bring them closer together.",
        ));
    }
    found
}

fn probes(spec: &AppSpec) -> Vec<Check> {
    let mut found = Vec::new();
    if spec.service.is_some() && spec.readiness.is_none() {
        found.push(warn("readiness.kind", "There is no readiness probe", "The service sends calls before the app can answer them. Add a readiness probe."));
    }
    if let Some(liveness) = &spec.liveness {
        let patience = liveness.initial_delay_s + liveness.period_s * liveness.failure_threshold;
        if spec.startup.is_none() && patience < 30 {
            found.push(warn(
                "liveness.kind",
                format!("A start of more than {patience} s is killed"),
                "The liveness probe asks from the start. Add a startup probe, or a longer initial delay.",
            ));
        }
        if spec
            .readiness
            .as_ref()
            .is_some_and(|r| r.action == liveness.action && r.failure_threshold * r.period_s >= liveness.failure_threshold * liveness.period_s)
        {
            found.push(warn(
                "liveness.failureThreshold",
                "Liveness gives up as early as readiness",
                "A short trouble restarts the app instead of resting it. Let liveness be more patient.",
            ));
        }
    }
    found
}

fn rest(spec: &AppSpec) -> Vec<Check> {
    let mut found = Vec::new();
    if spec.replicas == 1 && spec.service.is_some() {
        found.push(warn("replicas", "There is only 1 replica", "While its node is serviced nothing answers. Run 2 if that matters."));
    }
    if matches!(spec.service, Some(ServiceSpec::NodePort(Some(_)))) {
        found.push(warn("nodePort", "The node port is fixed", "No other service of the cluster may have it. Leave it empty to get a free one."));
    }
    if spec.ingress.as_ref().is_some_and(|i| i.tls_secret.is_none()) {
        found.push(warn("ingressTlsSecret", "The ingress has no TLS", "Calls go unencrypted unless the controller adds a certificate. Name a TLS secret."));
    }
    for (i, e) in spec.env.iter().enumerate() {
        let name = e.name.as_str().to_ascii_uppercase();
        let telling = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "PRIVATE_KEY"].iter().any(|w| name.contains(w));
        if telling && matches!(&e.source, EnvSource::Value(v) if !v.is_empty()) {
            found.push(warn(
                &format!("env.{i}.from"),
                format!("{} looks like a secret", e.name),
                "Whoever may read the deployment with kubectl can read its value. Put it into a secret.",
            ));
        }
    }
    found
}
