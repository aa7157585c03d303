//! Paths in objects, such as `spec.template.spec.containers[0].image`, as fields of the form for a new app.

use super::AppObject;
use crate::cause::ProbeKind;
use crate::form::{EnvPart, Field, PortPart, ProbePart};
use crate::operation::Piece;

/// The field of the form that a path in an object is about.
#[must_use]
pub fn form_field(object: AppObject, path: &str) -> Option<Field> {
    if path == "metadata.name" || path == "metadata.generateName" {
        return Some(Field::Name);
    }
    match object {
        AppObject::Piece(Piece::Service) => Some(service_field(path)),
        AppObject::Piece(Piece::Ingress) => Some(ingress_field(path)),
        AppObject::Piece(Piece::Deployment) | AppObject::TrialPod => pod_field(path.strip_prefix("spec.template.").unwrap_or(path)),
    }
}

fn service_field(path: &str) -> Field {
    if path.contains("nodePort") {
        return Field::NodePort;
    }
    indexed(path, "spec.ports").map_or(Field::Service, |(row, _)| Field::Port(row, PortPart::Port))
}

fn ingress_field(path: &str) -> Field {
    if path.starts_with("spec.tls") {
        Field::IngressTlsSecret
    } else if path.starts_with("spec.ingressClassName") || path.contains("ingress.class") {
        Field::IngressClass
    } else if path.contains(".path") {
        Field::IngressPath
    } else {
        Field::IngressHost
    }
}

fn pod_field(path: &str) -> Option<Field> {
    if path == "spec.replicas" {
        return Some(Field::Replicas);
    }
    if path.starts_with("spec.imagePullSecrets") {
        return Some(Field::PullSecret);
    }
    let rest = path.strip_prefix("spec.containers[0]")?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    if let Some((row, rest)) = indexed(rest, "env") {
        let part = if rest.ends_with("key") {
            EnvPart::Key
        } else if rest.contains("valueFrom") || rest == "value" {
            EnvPart::Value
        } else {
            EnvPart::Name
        };
        return Some(Field::Env(row, part));
    }
    if let Some((row, rest)) = indexed(rest, "ports") {
        let part = match rest {
            "name" => PortPart::Name,
            "protocol" => PortPart::Protocol,
            _ => PortPart::Port,
        };
        return Some(Field::Port(row, part));
    }
    for (probe, kind) in [("livenessProbe", ProbeKind::Liveness), ("readinessProbe", ProbeKind::Readiness), ("startupProbe", ProbeKind::Startup)] {
        if let Some(rest) = rest.strip_prefix(probe) {
            return Some(Field::Probe(kind, probe_part(rest)));
        }
    }
    if let Some(rest) = rest.strip_prefix("resources") {
        return Some(match (rest.contains("memory"), rest.contains("limits")) {
            (true, true) => Field::MemoryLimit,
            (true, false) => Field::MemoryRequest,
            (false, true) => Field::CpuLimit,
            (false, false) => Field::CpuRequest,
        });
    }
    let words = [("image", Field::Image), ("command", Field::Command), ("args", Field::Args), ("name", Field::Name)];
    words.into_iter().find(|(word, _)| rest.starts_with(word)).map(|(_, field)| field)
}

fn probe_part(rest: &str) -> ProbePart {
    let parts = [
        ("httpGet.path", ProbePart::Path),
        ("port", ProbePart::Port),
        ("exec", ProbePart::Command),
        ("initialDelaySeconds", ProbePart::InitialDelay),
        ("periodSeconds", ProbePart::Period),
        ("failureThreshold", ProbePart::FailureThreshold),
    ];
    parts.into_iter().find(|(path, _)| rest.contains(path)).map_or(ProbePart::Kind, |(_, part)| part)
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
        let at = |object, path| form_field(object, path).map_or_else(String::new, |field| field.to_string());
        let (deployment, service, ingress) = (AppObject::Piece(Piece::Deployment), AppObject::Piece(Piece::Service), AppObject::Piece(Piece::Ingress));
        assert_eq!(at(deployment, "spec.template.spec.containers[0].image"), "image");
        assert_eq!(at(deployment, "spec.template.spec.containers[0].env[3].valueFrom.secretKeyRef.key"), "env.3.key");
        assert_eq!(at(deployment, "spec.template.spec.containers[0].env[0].name"), "env.0.name");
        assert_eq!(at(deployment, "spec.template.spec.containers[0].ports[1].containerPort"), "ports.1.port");
        assert_eq!(at(deployment, "spec.template.spec.containers[0].resources.requests[memory]"), "memoryRequest");
        assert_eq!(at(deployment, "spec.template.spec.containers[0].livenessProbe.httpGet.port"), "liveness.port");
        assert_eq!(at(AppObject::TrialPod, "spec.containers[0].resources.limits[cpu]"), "cpuLimit");
        assert_eq!(at(service, "spec.ports[0].nodePort"), "nodePort");
        assert_eq!(at(ingress, "spec.rules[0].http.paths[0].path"), "ingressPath");
        assert_eq!(at(ingress, "spec.rules[0].host"), "ingressHost");
        assert_eq!(at(deployment, "metadata.name"), "name");
        assert_eq!(at(deployment, "metadata.namespace"), "", "the form asks for none");
    }
}
