//! The form as the API takes it, out of the fields of the page, and back from the paths of its errors.

use domain::FieldError;
use domain::spec::{AppForm, EnvForm, PortForm, ProbeForm};

/// A form out of the fields, and which row of the page each of its rows is: rows left empty do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Collected {
    /// The form.
    pub(super) form: AppForm,
    ports: Vec<usize>,
    env: Vec<usize>,
}

impl Collected {
    /// Reads pairs of name and value.
    #[must_use]
    pub(super) fn read(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = AppForm::default();
        for (name, value) in fields {
            if let Some(place) = place(&mut form, &name) {
                *place = value;
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
        // A service needs a port to lead to; nobody has to switch it off for an app without.
        if form.ports.is_empty() && form.service == "ClusterIP" {
            "none".clone_into(&mut form.service);
        }
        Self { form, ports, env }
    }

    /// The field of the page that an error is about.
    #[must_use]
    pub(super) fn field(&self, path: &str) -> String {
        let mut parts = path.splitn(3, '.');
        let rows = match parts.next() {
            Some("ports") => &self.ports,
            Some("env") => &self.env,
            _ => return path.to_owned(),
        };
        let row = parts.next().and_then(|n| n.parse::<usize>().ok()).and_then(|n| rows.get(n));
        match (row, path.split('.').next(), path.splitn(3, '.').nth(2)) {
            (Some(row), Some(table), Some(f)) => format!("{table}.{row}.{f}"),
            _ => path.to_owned(),
        }
    }

    /// Errors with the fields of the page.
    #[must_use]
    pub(super) fn on_page(&self, errors: &[FieldError]) -> Vec<FieldError> {
        errors.iter().map(|e| FieldError::new(self.field(&e.field), e.message.clone())).collect()
    }
}

/// Most rows that a form has.
const ROWS: usize = 500;

fn row<T: Default>(rows: &mut Vec<T>, number: &str) -> Option<usize> {
    let number: usize = number.parse().ok().filter(|n| *n < ROWS)?;
    while rows.len() <= number {
        rows.push(T::default());
    }
    Some(number)
}

fn place<'a>(form: &'a mut AppForm, name: &str) -> Option<&'a mut String> {
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

    fn read(fields: &[(&str, &str)]) -> Collected {
        Collected::read(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn rows_left_empty_do_not_count_and_errors_find_their_row() {
        let got = read(&[
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
    fn an_app_without_ports_gets_no_service() {
        assert_eq!(read(&[("service", "ClusterIP")]).form.service, "none");
        assert_eq!(read(&[("service", "ClusterIP"), ("ports.0.port", "80")]).form.service, "ClusterIP");
        assert_eq!(read(&[("service", "NodePort")]).form.service, "NodePort");
    }
}
