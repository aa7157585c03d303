//! Complaints of the API server, told next to the field of the form that they are about.

use super::checks::fail;
use super::found::{About, Found};
use crate::text::cut;
use domain::FieldError;
use domain::english::cluster::sentence;
use domain::view::Check;

/// Longest title of a check.
const TITLE: usize = 300;

/// The findings in one refusal.
pub(super) fn found(kind: &str, text: &str, causes: &[FieldError]) -> Vec<Found> {
    if let Some(check) = quota(text) {
        return vec![Found { about: About::Quota, check }];
    }
    if causes.is_empty() {
        return vec![Found::other(fail(cut(without_name(text), TITLE), "Change this and check again.", None))];
    }
    let one = |c: &FieldError| {
        let field = form_field(kind, &c.field);
        let is_port = field.as_deref() == Some("nodePort") && c.message.contains("already allocated");
        let check = fail(cut(sentence(&c.message).trim_end_matches('.'), TITLE), "Change this and check again.", field.as_deref());
        Found { about: if is_port { About::NodePort } else { About::Other }, check }
    };
    causes.iter().map(one).collect()
}

// `Pods "a-" is forbidden: violates PodSecurity …` begins with a name that a person never chose.
fn without_name(text: &str) -> String {
    match text.split_once(" is forbidden: ") {
        Some((_, why)) => sentence(why).trim_end_matches('.').to_owned(),
        None => text.trim_end_matches('.').to_owned(),
    }
}

/// `… exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1` and
/// `… failed quota: small: must specify limits.cpu for: main` (plugin/pkg/admission/resourcequota of Kubernetes).
fn quota(text: &str) -> Option<Check> {
    if let Some((_, rest)) = text.split_once("failed quota: ") {
        let (name, what) = rest.split_once(':')?;
        let field = [("limits.cpu", "cpuLimit"), ("limits.memory", "memoryLimit"), ("requests.cpu", "cpuRequest"), ("requests.memory", "memoryRequest")];
        let field = field.iter().find(|(amount, _)| what.contains(amount)).map(|(_, field)| *field);
        return Some(fail(format!("Quota {name} requires more: {}", what.trim().trim_end_matches('.')), "Fill in this field.", field));
    }
    let (_, rest) = text.split_once("exceeded quota: ")?;
    let (name, rest) = rest.split_once(", requested: ")?;
    let (requested, rest) = rest.split_once(", used: ")?;
    let (used, limited) = rest.split_once(", limited: ")?;
    let limited = limited.trim_end_matches('.');
    let title = format!("Quota {name} is used up: requested {requested}, used {used}, limit {limited}");
    Some(fail(cut(title, TITLE), "Request less, delete something, or have the quota raised.", quota_field(requested)))
}

fn quota_field(requested: &str) -> Option<&'static str> {
    let known = [
        ("limits.cpu", "cpuLimit"),
        ("limits.memory", "memoryLimit"),
        ("cpu", "cpuRequest"),
        ("memory", "memoryRequest"),
        ("pods", "replicas"),
        ("services.nodeports", "service"),
        ("services", "service"),
        ("ingresses", "ingressHost"),
    ];
    known.iter().find(|(amount, _)| requested.contains(amount)).map(|(_, field)| *field)
}

/// The form's field for a path in an object.
pub(super) fn form_field(kind: &str, path: &str) -> Option<String> {
    if path == "metadata.name" || path == "metadata.generateName" {
        return Some("name".into());
    }
    match kind {
        "Service" => Some(if path.contains("nodePort") {
            "nodePort".into()
        } else {
            indexed(path, "spec.ports").map_or_else(|| "service".into(), |(i, _)| format!("ports.{i}.port"))
        }),
        "Ingress" => Some(ingress_field(path).into()),
        _ => pod_field(path.strip_prefix("spec.template.").unwrap_or(path)),
    }
}

fn ingress_field(path: &str) -> &'static str {
    if path.starts_with("spec.tls") {
        "ingressTlsSecret"
    } else if path.starts_with("spec.ingressClassName") || path.contains("ingress.class") {
        "ingressClass"
    } else if path.contains(".path") {
        "ingressPath"
    } else {
        "ingressHost"
    }
}

fn pod_field(path: &str) -> Option<String> {
    if path == "spec.replicas" {
        return Some("replicas".into());
    }
    if path.starts_with("spec.imagePullSecrets") {
        return Some("pullSecret".into());
    }
    let rest = path.strip_prefix("spec.containers[0]")?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    if let Some((i, rest)) = indexed(rest, "env") {
        let part = if rest.ends_with("key") {
            "key"
        } else if rest.contains("valueFrom") || rest == "value" {
            "value"
        } else {
            "name"
        };
        return Some(format!("env.{i}.{part}"));
    }
    if let Some((i, rest)) = indexed(rest, "ports") {
        let part = match rest {
            "name" => "name",
            "protocol" => "protocol",
            _ => "port",
        };
        return Some(format!("ports.{i}.{part}"));
    }
    for (probe, field) in [("livenessProbe", "liveness"), ("readinessProbe", "readiness"), ("startupProbe", "startup")] {
        if let Some(rest) = rest.strip_prefix(probe) {
            return Some(format!("{field}.{}", probe_part(rest)));
        }
    }
    if let Some(rest) = rest.strip_prefix("resources") {
        let amount = if rest.contains("memory") { "memory" } else { "cpu" };
        return Some(format!("{amount}{}", if rest.contains("limits") { "Limit" } else { "Request" }));
    }
    ["image", "command", "args", "name"].into_iter().find(|f| rest.starts_with(f)).map(str::to_owned)
}

fn probe_part(rest: &str) -> &'static str {
    let parts = [
        ("httpGet.path", "path"),
        ("port", "port"),
        ("exec", "command"),
        ("initialDelaySeconds", "initialDelaySeconds"),
        ("periodSeconds", "periodSeconds"),
        ("failureThreshold", "failureThreshold"),
    ];
    parts.iter().find(|(path, _)| rest.contains(path)).map_or("kind", |(_, part)| part)
}

/// `ports[2].name` as 2 and `name`.
fn indexed<'a>(path: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let (index, rest) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_finds_its_field() {
        let at = |kind, path| form_field(kind, path).unwrap_or_default();
        assert_eq!(at("Deployment", "spec.template.spec.containers[0].image"), "image");
        assert_eq!(at("Deployment", "spec.template.spec.containers[0].env[3].valueFrom.secretKeyRef.key"), "env.3.key");
        assert_eq!(at("Deployment", "spec.template.spec.containers[0].env[0].name"), "env.0.name");
        assert_eq!(at("Deployment", "spec.template.spec.containers[0].ports[1].containerPort"), "ports.1.port");
        assert_eq!(at("Deployment", "spec.template.spec.containers[0].resources.requests[memory]"), "memoryRequest");
        assert_eq!(at("Deployment", "spec.template.spec.containers[0].livenessProbe.httpGet.port"), "liveness.port");
        assert_eq!(at("Pod", "spec.containers[0].resources.limits[cpu]"), "cpuLimit");
        assert_eq!(at("Service", "spec.ports[0].nodePort"), "nodePort");
        assert_eq!(at("Ingress", "spec.rules[0].http.paths[0].path"), "ingressPath");
        assert_eq!(at("Ingress", "spec.rules[0].host"), "ingressHost");
        assert_eq!(at("Deployment", "metadata.name"), "name");
    }

    #[test]
    fn a_quota_is_told_with_its_numbers() {
        let text = "Pods \"a-x\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1.";
        let found = found("Pod", text, &[]).remove(0);
        assert_eq!(found.about, About::Quota);
        assert_eq!(found.check.title, "Quota small is used up: requested pods=1, used pods=1, limit pods=1");
        assert_eq!(found.check.field.as_deref(), Some("replicas"));
    }
}
