//! The form of a new app.

use super::{name, port, quantity};
use crate::PortName;
use crate::form::{AppWrong, EnvWrong, LinesWrong, NetworkWrong, NumberWrong, PortWrong, ProbeWrong, ResourcesWrong};

/// What is said of a field of a new app.
#[must_use]
pub fn app(wrong: &AppWrong) -> String {
    match wrong {
        AppWrong::Name(error) => name(error),
        AppWrong::Number(wrong) => number(wrong),
        AppWrong::Lines(wrong) => lines(wrong),
        AppWrong::Port(wrong) => container_port(wrong),
        AppWrong::Env(wrong) => variable(wrong),
        AppWrong::Resources(wrong) => resources(wrong),
        AppWrong::Probe(wrong) => probe(wrong),
        AppWrong::Network(wrong) => network(wrong),
    }
}

pub(super) fn number(wrong: &NumberWrong) -> String {
    match wrong {
        NumberWrong::OutOfRange { least, most } => format!("Enter a number from {least} to {most}."),
        NumberWrong::NotANumber { typed, least, most } => format!("{typed:?} isn't a number. Enter one from {least} to {most}."),
    }
}

fn lines(wrong: &LinesWrong) -> String {
    match wrong {
        LinesWrong::TooMany { most, now } => format!("Use at most {most} lines, one argument per line ({now} now)."),
        LinesWrong::TooLong { line, most } => format!("Line {line} is longer than {most} bytes. Move it to a config map or script."),
        LinesWrong::NullByte => "Arguments can't contain a null byte. Remove it.".to_owned(),
    }
}

fn container_port(wrong: &PortWrong) -> String {
    match wrong {
        PortWrong::TooMany { most, now } => format!("Use at most {most} ports ({now} now)."),
        PortWrong::Missing => "Enter a port number, or remove this row.".to_owned(),
        PortWrong::Number(error) => port(error),
        PortWrong::Protocol(typed) => format!("{typed:?} isn't a supported protocol. Choose TCP or UDP."),
        PortWrong::NameTaken { by, name } => format!("Port {} is already named {name}. Give each port its own name.", by.get()),
        PortWrong::Twice(port) => format!("Port {} is listed twice. Remove one.", port.get()),
    }
}

fn variable(wrong: &EnvWrong) -> String {
    match wrong {
        EnvWrong::TooMany { most, now } => format!("Use at most {most} variables ({now} now). Move the rest to a config map."),
        EnvWrong::Twice(name) => format!("Variable {name} is listed twice. Remove one."),
        EnvWrong::TooLong { most, now } => format!("Values can have at most {most} bytes ({now} now). Move longer ones to a config map."),
        EnvWrong::NullByte => "Values can't contain a null byte. Store it as a file in a secret.".to_owned(),
        EnvWrong::Source(typed) => format!("{typed:?} isn't a valid source. Choose value, secret, or configMap."),
    }
}

fn resources(wrong: &ResourcesWrong) -> String {
    let zero = |what: &str| format!("With a {what} limit of 0 nothing can run. Raise it, or leave it empty for no limit.");
    let below =
        |what: &str, limit: String, request: String| format!("The {what} limit {limit} is below the request {request}. Raise the limit or lower the request.");
    match wrong {
        ResourcesWrong::Quantity(error) => quantity(error),
        ResourcesWrong::NoCpu => zero("CPU"),
        ResourcesWrong::NoMemory => zero("memory"),
        ResourcesWrong::CpuBelowRequest { limit, request } => below("CPU", limit.to_string(), request.to_string()),
        ResourcesWrong::MemoryBelowRequest { limit, request } => below("memory", limit.to_string(), request.to_string()),
    }
}

fn probe(wrong: &ProbeWrong) -> String {
    match wrong {
        ProbeWrong::Kind(typed) => format!("{typed:?} isn't a probe type. Choose none, http, tcp, or command."),
        ProbeWrong::NoCommand => "Enter a command, one argument per line.".to_owned(),
        ProbeWrong::PathOrQuery => "The path and its query can have at most 1,024 characters and no spaces.".to_owned(),
        ProbeWrong::NoPort => "Enter a port for the probe.".to_owned(),
        ProbeWrong::UnknownPort { name, known } => {
            let known: Vec<_> = known.iter().map(PortName::as_str).collect();
            let known = if known.is_empty() { "The app has no ports yet".to_owned() } else { format!("The app has {}", known.join(", ")) };
            format!("No port is named {name}. {known}. Use one of its port names or a number.")
        }
    }
}

fn network(wrong: &NetworkWrong) -> String {
    match wrong {
        NetworkWrong::Service(typed) => format!("{typed:?} isn't a supported service type. Choose none, ClusterIP, or NodePort."),
        NetworkWrong::ServiceWithoutPort => "A service needs a port. Add one.".to_owned(),
        NetworkWrong::NodePort(typed) => format!("{typed:?} isn't a node port. Enter a number from 30000 to 32767, or leave it empty."),
        NetworkWrong::NodePortUnused => "Only NodePort services have a node port. Choose NodePort, or clear this field.".to_owned(),
        NetworkWrong::WithoutIngress => "This needs an ingress. Enter a host, or clear this field.".to_owned(),
        NetworkWrong::IngressWithoutService => "An ingress needs a service. Choose ClusterIP.".to_owned(),
        NetworkWrong::IngressToUdp => "An ingress routes to the first port, which must be TCP. Move a TCP port to the top.".to_owned(),
    }
}
