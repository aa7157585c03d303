//! Reads the probes of the form.

use super::parse::{Findings, filled, lines, whole};
use super::{PortRef, PortSpec, ProbeAction, ProbeForm, ProbeSpec};
use crate::{IngressPath, Port, PortName};

/// A probe; `None` where there is none or where it is wrong.
pub(super) fn probe(f: &mut Findings, name: &str, form: &ProbeForm, ports: &[PortSpec]) -> Option<ProbeSpec> {
    let at = |part: &str| format!("{name}.{part}");
    let before = f.0.len();
    let action = match form.kind.as_str() {
        "" | "none" => return None,
        "http" => {
            let path = http_path(f, &at("path"), &form.path);
            let port = port(f, &at("port"), &form.port, ports);
            path.zip(port).map(|(path, port)| ProbeAction::Http(path, port))
        }
        "tcp" => port(f, &at("port"), &form.port, ports).map(ProbeAction::Tcp),
        "command" => {
            let command = lines(f, &at("command"), &form.command);
            if command.is_empty() {
                f.add(at("command"), "Enter a command, one argument per line.");
            }
            Some(ProbeAction::Command(command))
        }
        other => {
            f.add(at("kind"), format!("{other:?} isn't a probe type. Choose none, http, tcp, or command."));
            None
        }
    };
    // The defaults of the API server.
    let initial_delay_s = whole(f, &at("initialDelaySeconds"), &form.initial_delay_seconds, 0, 0, 3600);
    let period_s = whole(f, &at("periodSeconds"), &form.period_seconds, 10, 1, 3600);
    let failure_threshold = whole(f, &at("failureThreshold"), &form.failure_threshold, 3, 1, 1000);
    action.filter(|_| f.0.len() == before).map(|action| ProbeSpec { action, initial_delay_s, period_s, failure_threshold })
}

/// A path may have a query; the rest follows the rules of an ingress path.
fn http_path(f: &mut Findings, field: &str, text: &str) -> Option<String> {
    let text = filled(text).unwrap_or("/");
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    if text.len() > 1024 || query.chars().any(|c| c.is_whitespace() || c.is_control()) {
        f.add(field, "The path and its query can have at most 1,024 characters and no spaces.");
        return None;
    }
    f.take(field, IngressPath::parse(path)).map(|_| text.to_owned())
}

fn port(f: &mut Findings, field: &str, text: &str, ports: &[PortSpec]) -> Option<PortRef> {
    let Some(text) = filled(text) else {
        return match ports {
            [] => {
                f.add(field, "Enter a port for the probe.");
                None
            }
            [first, ..] => Some(PortRef::Name(first.name.clone())),
        };
    };
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return f.take(field, Port::parse(text)).map(PortRef::Number);
    }
    let name = f.take(field, PortName::parse(text))?;
    if ports.iter().any(|p| p.name == name) {
        return Some(PortRef::Name(name));
    }
    let known: Vec<_> = ports.iter().map(|p| p.name.as_str()).collect();
    let known = if known.is_empty() { "The app has no ports yet".to_owned() } else { format!("The app has {}", known.join(", ")) };
    f.add(field, format!("No port is named {name}. {known}. Use one of its port names or a number."));
    None
}
