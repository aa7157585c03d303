//! What a right form still does unwisely.

use super::{AppSpec, EnvSource, EnvSpec, PortRef, ProbeAction, ProbeSpec, ServiceSpec};
use crate::Bytes;
use crate::cause::ProbeKind;
use crate::check::{Check, CheckCode};
use crate::form::{EnvPart, Field, ProbePart};
use crate::redact;
use crate::view::Remedy;

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

/// A warning about a field, with a button that puts these texts into fields.
fn mended(field: Field, code: CheckCode, set: &[(&str, &str)]) -> Check {
    Check::warn(code).at(field).mended_by(Remedy::set(set))
}

// The registry is not asked; nothing may look as if it were.
fn image_unseen(spec: &AppSpec) -> Check {
    Check::skip(CheckCode::ImageNotChecked { image: spec.image.clone(), pull_secret: spec.pull_secret.clone() }).at(Field::Image)
}

fn image(spec: &AppSpec) -> Option<Check> {
    let text = spec.image.as_str();
    let last = text.rsplit('/').next().unwrap_or(text);
    if text.contains('@') {
        return None;
    }
    match last.split_once(':') {
        None => Some(Check::warn(CheckCode::ImageWithoutTag { image: spec.image.clone() }).at(Field::Image)),
        Some((_, "latest")) => Some(Check::warn(CheckCode::ImageTaggedLatest).at(Field::Image)),
        Some(_) => None,
    }
}

fn resources(spec: &AppSpec) -> Vec<Check> {
    let r = spec.resources;
    let mut found = Vec::new();
    match r.memory_limit {
        None => found.push(mended(Field::MemoryLimit, CheckCode::NoMemoryLimit, &[("memoryLimit", &above(r.memory_request))])),
        Some(limit) if limit.0 < 4 * 1024 * 1024 => {
            let meant = if limit.0 < 4096 { format!("{}Mi", limit.0) } else { above(r.memory_request) };
            found.push(mended(Field::MemoryLimit, CheckCode::MemoryLimitTiny { limit }, &[("memoryLimit", &meant)]));
        }
        Some(_) => {}
    }
    if r.memory_request.is_none() && r.memory_limit.is_none() {
        found.push(mended(Field::MemoryRequest, CheckCode::NoMemoryRequest, &[("memoryRequest", "128Mi")]));
    }
    if r.cpu_request.is_none() && r.cpu_limit.is_none() {
        found.push(mended(Field::CpuRequest, CheckCode::NoCpuRequest, &[("cpuRequest", "100m")]));
    }
    if let Some(limit) = r.cpu_limit.filter(|limit| limit.0 < 10) {
        found.push(mended(Field::CpuLimit, CheckCode::CpuLimitTiny { limit }, &[("cpuLimit", "100m")]));
    }
    if let (Some(request), Some(limit)) = (r.memory_request, r.memory_limit)
        && request.0 > 0
        && limit.0 / request.0 >= 8
    {
        found.push(Check::warn(CheckCode::MemoryLimitFarAboveRequest { limit, request }).at(Field::MemoryLimit));
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
        // That the port takes connections is what every app has in common; a path is its own.
        let port = spec.ports.first().map_or("", |p| p.name.as_str());
        found.push(mended(
            Field::Probe(ProbeKind::Readiness, ProbePart::Kind),
            CheckCode::NoReadinessProbe,
            &[("readiness.kind", "tcp"), ("readiness.port", port)],
        ));
    }
    if let Some(liveness) = &spec.liveness {
        let patience_s = liveness.initial_delay_s + liveness.period_s * liveness.failure_threshold;
        if spec.startup.is_none() && patience_s < 30 {
            found.push(
                Check::warn(CheckCode::StartupKilled { patience_s }).at(Field::Probe(ProbeKind::Liveness, ProbePart::Kind)).mended_by(startup_as(liveness)),
            );
        }
        if spec
            .readiness
            .as_ref()
            .is_some_and(|r| r.action == liveness.action && r.failure_threshold * r.period_s >= liveness.failure_threshold * liveness.period_s)
        {
            let readiness_s = spec.readiness.as_ref().map_or(0, |r| r.failure_threshold * r.period_s);
            let failures = (readiness_s / liveness.period_s + 1).to_string();
            found.push(mended(
                Field::Probe(ProbeKind::Liveness, ProbePart::FailureThreshold),
                CheckCode::LivenessAsEarlyAsReadiness,
                &[("liveness.failureThreshold", &failures)],
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
        found.push(mended(Field::Replicas, CheckCode::SingleReplica, &[("replicas", "2")]));
    }
    if matches!(spec.service, Some(ServiceSpec::NodePort(Some(_)))) {
        found.push(mended(Field::NodePort, CheckCode::FixedNodePort, &[("nodePort", "")]));
    }
    if spec.ingress.as_ref().is_some_and(|i| i.tls_secret.is_none()) {
        found.push(Check::warn(CheckCode::IngressWithoutTls).at(Field::IngressTlsSecret));
    }
    found.extend(secrets_in_the_open(spec));
    found
}

/// Variables that look like secrets. One button moves them all.
fn secrets_in_the_open(spec: &AppSpec) -> Vec<Check> {
    let found = spec.env.iter().enumerate().filter(|(_, e)| matches!(&e.source, EnvSource::Value(v) if redact::value(e.name.as_str(), v) != v.as_str()));
    let rows: Vec<u32> = found.clone().filter_map(|(i, _)| u32::try_from(i).ok()).collect();
    let remedy = Remedy::MoveToSecret { name: spec.name.to_string(), rows };
    let warning = |(i, e): (usize, &EnvSpec)| {
        Check::warn(CheckCode::SecretInTheOpen { variable: e.name.clone() }).at(Field::Env(i, EnvPart::From)).mended_by(remedy.clone())
    };
    found.map(warning).collect()
}
