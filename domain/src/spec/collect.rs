//! Fields with paths (`env.0.name`) as the nested form that the API takes, and back from the paths of its errors. The
//! page without scripts and the one that is checked while it is filled read their fields here alike.

use super::{AppForm, EnvForm, PortForm, ProbeForm};
use crate::FieldError;

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
            if let Some(place) = place(&mut form, name.as_ref()) {
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
        if form.ports.is_empty() && form.service == "ClusterIP" {
            "none".clone_into(&mut form.service);
        }
        form
    }

    /// The field of the page that an error is about.
    #[must_use]
    pub fn field(&self, path: &str) -> String {
        let found = || {
            let (table, rest) = path.split_once('.')?;
            let (number, f) = rest.split_once('.')?;
            let rows = match table {
                "ports" => &self.ports,
                "env" => &self.env,
                _ => return None,
            };
            Some(format!("{table}.{}.{f}", rows.get(number.parse::<usize>().ok()?)?))
        };
        found().unwrap_or_else(|| path.to_owned())
    }

    /// Errors with the fields of the page.
    #[must_use]
    pub fn on_page(&self, errors: &[FieldError]) -> Vec<FieldError> {
        errors.iter().map(|e| FieldError::new(self.field(&e.field), e.message.clone())).collect()
    }
}

/// Most rows of a list: as many as a form has fields, so that what is too much is told and not left out.
const MOST_ROWS: usize = 1000;

fn row<T: Default>(rows: &mut Vec<T>, number: &str) -> Option<usize> {
    let number: usize = number.parse().ok().filter(|n| *n < MOST_ROWS)?;
    while rows.len() <= number {
        rows.push(T::default());
    }
    Some(number)
}

/// The text of a form at a path.
pub(super) fn place<'a>(form: &'a mut AppForm, name: &str) -> Option<&'a mut String> {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["name"] => Some(&mut form.name),
        ["image"] => Some(&mut form.image),
        ["pullSecret"] => Some(&mut form.pull_secret),
        ["replicas"] => Some(&mut form.replicas),
        ["command"] => Some(&mut form.command),
        ["args"] => Some(&mut form.args),
        ["cpuRequest"] => Some(&mut form.cpu_request),
        ["cpuLimit"] => Some(&mut form.cpu_limit),
        ["memoryRequest"] => Some(&mut form.memory_request),
        ["memoryLimit"] => Some(&mut form.memory_limit),
        ["service"] => Some(&mut form.service),
        ["nodePort"] => Some(&mut form.node_port),
        ["ingressHost"] => Some(&mut form.ingress_host),
        ["ingressPath"] => Some(&mut form.ingress_path),
        ["ingressClass"] => Some(&mut form.ingress_class),
        ["ingressTlsSecret"] => Some(&mut form.ingress_tls_secret),
        ["liveness", f] => probe(&mut form.liveness, f),
        ["readiness", f] => probe(&mut form.readiness, f),
        ["startup", f] => probe(&mut form.startup, f),
        ["ports", n, f] => {
            let n = row(&mut form.ports, n)?;
            port(form.ports.get_mut(n)?, f)
        }
        ["env", n, f] => {
            let n = row(&mut form.env, n)?;
            variable(form.env.get_mut(n)?, f)
        }
        _ => None,
    }
}

fn probe<'a>(probe: &'a mut ProbeForm, f: &str) -> Option<&'a mut String> {
    match f {
        "kind" => Some(&mut probe.kind),
        "path" => Some(&mut probe.path),
        "port" => Some(&mut probe.port),
        "command" => Some(&mut probe.command),
        "initialDelaySeconds" => Some(&mut probe.initial_delay_seconds),
        "periodSeconds" => Some(&mut probe.period_seconds),
        "failureThreshold" => Some(&mut probe.failure_threshold),
        _ => None,
    }
}

fn port<'a>(port: &'a mut PortForm, f: &str) -> Option<&'a mut String> {
    match f {
        "name" => Some(&mut port.name),
        "port" => Some(&mut port.port),
        "protocol" => Some(&mut port.protocol),
        _ => None,
    }
}

fn variable<'a>(variable: &'a mut EnvForm, f: &str) -> Option<&'a mut String> {
    match f {
        "name" => Some(&mut variable.name),
        "from" => Some(&mut variable.from),
        "value" => Some(&mut variable.value),
        "key" => Some(&mut variable.key),
        _ => None,
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
        assert_eq!(got.field("ports.0.port"), "ports.1.port");
        assert_eq!(got.field("env.0.key"), "env.2.key");
        assert_eq!(got.field("env.7.key"), "env.7.key");
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
            assert!(place(&mut form, &path).is_some(), "{path}");
        }
    }
}
