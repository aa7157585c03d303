//! Fields with paths (`env.0.name`) as the nested form that the API takes, and back from the paths of its errors. The
//! page without scripts and the one that is checked while it is filled read their fields here alike.

use super::{AppForm, EnvForm, PortForm, ProbeForm, ServiceType};
use crate::FieldError;
use crate::cause::ProbeKind;
use crate::form::{EnvPart, Field, PortPart, ProbePart};

/// A form out of the fields, and which row of the page each of its rows is: rows left empty do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// The form as it was typed.
    pub form: AppForm,
    ports: Vec<usize>,
    env: Vec<usize>,
}

impl Collected {
    /// Reads pairs of name and value. Buttons and whatever else a form sends are left out.
    #[must_use]
    pub fn read(fields: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Self {
        let mut form = AppForm::default();
        for (name, value) in fields {
            if let Some(place) = Field::parse(name.as_ref()).and_then(|field| place(&mut form, &field)) {
                *place = value.as_ref().replace("\r\n", "\n");
            }
        }
        let mut ports = Vec::new();
        let mut env = Vec::new();
        let (old_ports, old_env) = (std::mem::take(&mut form.ports), std::mem::take(&mut form.env));
        for (row, port) in old_ports.into_iter().enumerate() {
            if !(port.name.trim().is_empty() && port.port.trim().is_empty()) {
                ports.push(row);
                form.ports.push(port);
            }
        }
        for (row, var) in old_env.into_iter().enumerate() {
            if !(var.name.trim().is_empty() && var.value.trim().is_empty() && var.key.trim().is_empty()) {
                env.push(row);
                form.env.push(var);
            }
        }
        Self { form, ports, env }
    }

    /// The form as it is meant: a service needs a port to lead to, and nobody has to switch it off for an app without.
    #[must_use]
    pub fn meant(&self) -> AppForm {
        let mut form = self.form.clone();
        if form.ports.is_empty() && ServiceType::chosen(&form.service) == Some(ServiceType::ClusterIp) {
            ServiceType::None.slug().clone_into(&mut form.service);
        }
        form
    }

    /// The field of the page that a finding is about.
    #[must_use]
    pub fn field(&self, field: &Field) -> Field {
        if let Field::Port(row, part) = field {
            return Field::Port(self.ports.get(*row).copied().unwrap_or(*row), *part);
        }
        if let Field::Env(row, part) = field {
            return Field::Env(self.env.get(*row).copied().unwrap_or(*row), *part);
        }
        field.clone()
    }

    /// Likewise for the path of a field as the API writes it.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        Field::parse(path).map_or_else(|| path.to_owned(), |field| self.field(&field).to_string())
    }

    /// Errors of the API with the fields of the page.
    #[must_use]
    pub fn on_page(&self, errors: &[FieldError]) -> Vec<FieldError> {
        errors.iter().map(|e| FieldError::new(self.path(&e.field), e.message.clone())).collect()
    }
}

/// Most rows of a list: as many as a form has fields, so that what is too much is told and not left out.
const MOST_ROWS: usize = 1000;

fn row<T: Default>(rows: &mut Vec<T>, number: usize) -> Option<&mut T> {
    if number >= MOST_ROWS {
        return None;
    }
    while rows.len() <= number {
        rows.push(T::default());
    }
    rows.get_mut(number)
}

/// The text of a field of the form; `None` for a table as a whole and for fields of other forms.
#[allow(clippy::wildcard_enum_match_arm, reason = "all others are tables, or of other forms")]
pub(super) fn place<'a>(form: &'a mut AppForm, field: &Field) -> Option<&'a mut String> {
    match field {
        Field::Name => Some(&mut form.name),
        Field::Image => Some(&mut form.image),
        Field::PullSecret => Some(&mut form.pull_secret),
        Field::Replicas => Some(&mut form.replicas),
        Field::Command => Some(&mut form.command),
        Field::Args => Some(&mut form.args),
        Field::CpuRequest => Some(&mut form.cpu_request),
        Field::CpuLimit => Some(&mut form.cpu_limit),
        Field::MemoryRequest => Some(&mut form.memory_request),
        Field::MemoryLimit => Some(&mut form.memory_limit),
        Field::Service => Some(&mut form.service),
        Field::NodePort => Some(&mut form.node_port),
        Field::IngressHost => Some(&mut form.ingress_host),
        Field::IngressPath => Some(&mut form.ingress_path),
        Field::IngressClass => Some(&mut form.ingress_class),
        Field::IngressTlsSecret => Some(&mut form.ingress_tls_secret),
        Field::Probe(ProbeKind::Liveness, part) => Some(probe(&mut form.liveness, *part)),
        Field::Probe(ProbeKind::Readiness, part) => Some(probe(&mut form.readiness, *part)),
        Field::Probe(ProbeKind::Startup, part) => Some(probe(&mut form.startup, *part)),
        Field::Port(number, part) => Some(port(row(&mut form.ports, *number)?, *part)),
        Field::Env(number, part) => Some(variable(row(&mut form.env, *number)?, *part)),
        // Tables, and what other forms have.
        _ => None,
    }
}

const fn probe(probe: &mut ProbeForm, part: ProbePart) -> &mut String {
    match part {
        ProbePart::Kind => &mut probe.kind,
        ProbePart::Path => &mut probe.path,
        ProbePart::Port => &mut probe.port,
        ProbePart::Command => &mut probe.command,
        ProbePart::InitialDelay => &mut probe.initial_delay_seconds,
        ProbePart::Period => &mut probe.period_seconds,
        ProbePart::FailureThreshold => &mut probe.failure_threshold,
    }
}

const fn port(port: &mut PortForm, part: PortPart) -> &mut String {
    match part {
        PortPart::Name => &mut port.name,
        PortPart::Port => &mut port.port,
        PortPart::Protocol => &mut port.protocol,
    }
}

const fn variable(variable: &mut EnvForm, part: EnvPart) -> &mut String {
    match part {
        EnvPart::Name => &mut variable.name,
        EnvPart::From => &mut variable.from,
        EnvPart::Value => &mut variable.value,
        EnvPart::Key => &mut variable.key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn rows_left_empty_do_not_count_and_errors_find_their_row() {
        let got = Collected::read([
            ("name", "web"),
            ("service", "ClusterIP"),
            ("ports.0.name", ""),
            ("ports.0.port", " "),
            ("ports.0.protocol", "TCP"),
            ("ports.1.port", "80"),
            ("env.0.from", "value"),
            ("env.1.name", ""),
            ("env.2.name", "A"),
            ("env.2.from", "secret"),
            ("env.2.key", "k"),
            ("liveness.periodSeconds", "5"),
            ("intent", "create"),
            ("ports.99999999999.port", "1"),
        ]);
        assert_eq!((got.form.ports.len(), got.form.env.len()), (1, 1));
        assert_eq!(got.form.env[0].from, "secret");
        assert_eq!(got.form.liveness.period_seconds, "5");
        assert_eq!(got.path("ports.0.port"), "ports.1.port");
        assert_eq!(got.path("env.0.key"), "env.2.key");
        assert_eq!(got.path("env.7.key"), "env.7.key");
        assert_eq!(got.path("spec.replicas"), "spec.replicas");
        assert_eq!(got.field(&Field::Env(0, EnvPart::Value)), Field::Env(2, EnvPart::Value));
        assert_eq!(
            got.on_page(&[FieldError::new("name", "n"), FieldError::new("env.0.value", "v")]),
            [FieldError::new("name", "n"), FieldError::new("env.2.value", "v")]
        );
    }

    #[test]
    fn lines_are_the_same_from_every_browser() {
        assert_eq!(Collected::read([("command", "sh\r\n-c")]).form.command, "sh\n-c");
    }

    #[test]
    fn an_app_without_ports_gets_no_service_and_the_page_keeps_what_was_chosen() {
        let got = Collected::read([("service", "ClusterIP")]);
        assert_eq!((got.meant().service.as_str(), got.form.service.as_str()), ("none", "ClusterIP"));
        assert_eq!(Collected::read([("service", "ClusterIP"), ("ports.0.port", "80")]).meant().service, "ClusterIP");
        assert_eq!(Collected::read([("service", "NodePort")]).meant().service, "NodePort");
    }

    /// Paths of all texts within a form.
    fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
        let within = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") };
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, inner)| paths(inner, &within(name), found)),
            Value::Array(rows) => rows.iter().enumerate().for_each(|(row, inner)| paths(inner, &within(&row.to_string()), found)),
            _ => found.push(path.to_owned()),
        }
    }

    #[test]
    fn every_field_that_the_api_takes_can_be_typed() {
        let all = AppForm { ports: vec![PortForm::default()], env: vec![EnvForm::default()], ..AppForm::default() };
        let mut found = Vec::new();
        paths(&serde_json::to_value(&all).unwrap(), "", &mut found);
        assert!(found.len() > 40 && found.contains(&"env.0.key".to_owned()), "{found:?}");
        for path in found {
            let mut form = all.clone();
            assert!(Field::parse(&path).is_some_and(|field| place(&mut form, &field).is_some()), "{path}");
        }
    }
}
