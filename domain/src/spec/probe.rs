//! Reads the probes of the form.

use super::fields::{Findings, filled, lines, whole};
use super::{PortRef, PortSpec, ProbeAction, ProbeForm, ProbeSpec, ProbeType};
use crate::cause::ProbeKind;
use crate::form::{Field, ProbePart, ProbeWrong};
use crate::{IngressPath, Port, PortName};

/// A probe; `None` where there is none or where it is wrong.
pub(super) fn probe(f: &mut Findings, probe: ProbeKind, form: &ProbeForm, ports: &[PortSpec]) -> Option<ProbeSpec> {
    let at = |part| Field::Probe(probe, part);
    let before = f.0.len();
    let action = match ProbeType::chosen(&form.kind) {
        Some(ProbeType::None) => return None,
        Some(ProbeType::Http) => {
            let path = http_path(f, at(ProbePart::Path), &form.path);
            let port = port(f, at(ProbePart::Port), &form.port, ports);
            path.zip(port).map(|(path, port)| ProbeAction::Http(path, port))
        }
        Some(ProbeType::Tcp) => port(f, at(ProbePart::Port), &form.port, ports).map(ProbeAction::Tcp),
        Some(ProbeType::Command) => {
            let command = lines(f, at(ProbePart::Command), &form.command);
            if command.is_empty() {
                f.add(at(ProbePart::Command), ProbeWrong::NoCommand);
            }
            Some(ProbeAction::Command(command))
        }
        None => {
            f.add(at(ProbePart::Kind), ProbeWrong::Kind(form.kind.clone()));
            None
        }
    };
    // The defaults of the API server.
    let initial_delay_s = whole(f, at(ProbePart::InitialDelay), &form.initial_delay_seconds, 0, 0, 3600);
    let period_s = whole(f, at(ProbePart::Period), &form.period_seconds, 10, 1, 3600);
    let failure_threshold = whole(f, at(ProbePart::FailureThreshold), &form.failure_threshold, 3, 1, 1000);
    action.filter(|_| f.0.len() == before).map(|action| ProbeSpec { action, initial_delay_s, period_s, failure_threshold })
}

/// A path may have a query; the rest follows the rules of an ingress path.
fn http_path(f: &mut Findings, field: Field, text: &str) -> Option<String> {
    let text = filled(text).unwrap_or("/");
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    if text.len() > 1024 || query.chars().any(|c| c.is_whitespace() || c.is_control()) {
        f.add(field, ProbeWrong::PathOrQuery);
        return None;
    }
    f.take(field, IngressPath::parse(path)).map(|_| text.to_owned())
}

fn port(f: &mut Findings, field: Field, text: &str, ports: &[PortSpec]) -> Option<PortRef> {
    let Some(text) = filled(text) else {
        return match ports {
            [] => {
                f.add(field, ProbeWrong::NoPort);
                None
            }
            [first, ..] => Some(PortRef::Name(first.name.clone())),
        };
    };
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return f.take(field, Port::parse(text)).map(PortRef::Number);
    }
    let name = f.take(field.clone(), PortName::parse(text))?;
    if ports.iter().any(|p| p.name == name) {
        return Some(PortRef::Name(name));
    }
    f.add(field, ProbeWrong::UnknownPort { name, known: ports.iter().map(|p| p.name.clone()).collect() });
    None
}
