//! Reads the form of a new app: every field becomes a type that can only hold a right value, and all that is wrong is
//! told at once. The limits of single fields are those of the API server; the numbers of entries are the portal's own.

use super::probe::probe;
use super::{AppForm, AppSpec, EnvForm, EnvSource, EnvSpec, IngressSpec, ParsedApp, PortForm, PortSpec, Resources, ServiceSpec};
use crate::{AppName, Bytes, ConfigMapName, EnvName, FieldError, ImageRef, IngressClass, IngressHost, IngressPath, KeyName, MilliCpu, Namespace, Port, PortName, SecretName};

/// Most replicas.
pub const MAX_REPLICAS: u32 = 1000;
/// Most container ports.
pub const MAX_PORTS: usize = 20;
/// Most variables.
pub const MAX_ENV: usize = 200;
/// Most bytes of the value of a variable.
pub const MAX_VALUE: usize = 32 * 1024;
/// Most lines of a command or of arguments.
pub const MAX_LINES: usize = 100;
/// Most bytes of one line of a command.
const MAX_LINE: usize = 8 * 1024;

/// Findings while a form is read.
#[derive(Default)]
pub(super) struct Findings(pub(super) Vec<FieldError>);

impl Findings {
    /// Adds one.
    pub(super) fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// The value, or a finding.
    pub(super) fn take<T>(&mut self, field: &str, read: Result<T, impl std::fmt::Display>) -> Option<T> {
        read.map_err(|e| self.add(field, e.to_string())).ok()
    }
}

/// What a field holds, without the blanks around it; `None` where it is empty.
pub(super) fn filled(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

impl AppForm {
    /// Reads every field and tells all that is wrong at once.
    ///
    /// # Errors
    /// One sentence per field, with paths such as `env.2.key`.
    pub fn parse(&self, namespace: Namespace) -> ParsedApp {
        let f = &mut Findings::default();
        let name = f.take("name", AppName::parse(self.name.trim()));
        let image = f.take("image", ImageRef::parse(self.image.trim()));
        let pull_secret = filled(&self.pull_secret).and_then(|t| f.take("pullSecret", SecretName::parse(t)));
        let replicas = whole(f, "replicas", &self.replicas, 1, 0, MAX_REPLICAS);
        let command = lines(f, "command", &self.command);
        let args = lines(f, "args", &self.args);
        let ports = ports(f, &self.ports);
        let env = env(f, &self.env);
        let resources = resources(f, self);
        let liveness = probe(f, "liveness", &self.liveness, &ports);
        let readiness = probe(f, "readiness", &self.readiness, &ports);
        let startup = probe(f, "startup", &self.startup, &ports);
        let service = service(f, self);
        let ingress = ingress(f, self);
        match (name, image) {
            (Some(name), Some(image)) if f.0.is_empty() => Ok(AppSpec {
                namespace,
                name,
                image,
                pull_secret,
                replicas,
                command,
                args,
                ports,
                env,
                resources,
                liveness,
                readiness,
                startup,
                service,
                ingress,
            }),
            _ => Err(std::mem::take(&mut f.0)),
        }
    }
}

/// A whole number within bounds; `empty` where nothing is typed.
pub(super) fn whole(f: &mut Findings, field: &str, text: &str, empty: u32, least: u32, most: u32) -> u32 {
    let Some(text) = filled(text) else { return empty };
    match text.parse::<u32>() {
        Ok(n) if text.bytes().all(|b| b.is_ascii_digit()) && (least..=most).contains(&n) => n,
        _ => {
            let number = text.bytes().all(|b| b.is_ascii_digit());
            f.add(
                field,
                if number { format!("Enter a number from {least} to {most}.") } else { format!("{text:?} isn't a number. Enter one from {least} to {most}.") },
            );
            empty
        }
    }
}

/// One argument per line; empty lines at the end do not count.
pub(super) fn lines(f: &mut Findings, field: &str, text: &str) -> Vec<String> {
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        return Vec::new();
    }
    let lines: Vec<_> = text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l).to_owned()).collect();
    if lines.len() > MAX_LINES {
        f.add(field, format!("Use at most {MAX_LINES} lines, one argument per line ({} now).", lines.len()));
    } else if let Some(i) = lines.iter().position(|l| l.len() > MAX_LINE) {
        f.add(field, format!("Line {} is longer than {MAX_LINE} bytes. Move it to a config map or script.", i + 1));
    } else if text.contains('\0') {
        f.add(field, "Arguments can't contain a null byte. Remove it.");
    }
    lines
}

fn ports(f: &mut Findings, forms: &[PortForm]) -> Vec<PortSpec> {
    if forms.len() > MAX_PORTS {
        f.add("ports", format!("Use at most {MAX_PORTS} ports ({} now).", forms.len()));
        return Vec::new();
    }
    let mut ports: Vec<PortSpec> = Vec::new();
    for (i, form) in forms.iter().enumerate() {
        let at = |part: &str| format!("ports.{i}.{part}");
        if form == &PortForm::default() {
            f.add(at("port"), "Enter a port number, or remove this row.");
            continue;
        }
        let number = f.take(&at("port"), Port::parse(&form.port));
        let udp = match form.protocol.as_str() {
            "" | "TCP" | "tcp" => false,
            "UDP" | "udp" => true,
            other => {
                f.add(at("protocol"), format!("{other:?} isn't a supported protocol. Choose TCP or UDP."));
                false
            }
        };
        // A service with several ports needs names; one without gets its number.
        let named = match (filled(&form.name), number) {
            (Some(name), _) => f.take(&at("name"), PortName::parse(name)),
            (None, Some(n)) => PortName::parse(format!("{}-{}", if udp { "udp" } else { "tcp" }, n.get())).ok(),
            (None, None) => None,
        };
        let (Some(name), Some(port)) = (named, number) else { continue };
        if let Some(j) = ports.iter().position(|p| p.name == name) {
            f.add(at("name"), format!("Port {} is already named {name}. Give each port its own name.", ports[j].port.get()));
        } else if ports.iter().any(|p| p.port == port && p.udp == udp) {
            f.add(at("port"), format!("Port {} is listed twice. Remove one.", port.get()));
        } else {
            ports.push(PortSpec { name, port, udp });
        }
    }
    ports
}

fn env(f: &mut Findings, forms: &[EnvForm]) -> Vec<EnvSpec> {
    if forms.len() > MAX_ENV {
        f.add("env", format!("Use at most {MAX_ENV} variables ({} now). Move the rest to a config map.", forms.len()));
        return Vec::new();
    }
    let mut env: Vec<EnvSpec> = Vec::new();
    for (i, form) in forms.iter().enumerate() {
        let at = |part: &str| format!("env.{i}.{part}");
        let name = f.take(&at("name"), EnvName::parse(form.name.trim()));
        let source = source(f, form, &at);
        let (Some(name), Some(source)) = (name, source) else { continue };
        if env.iter().any(|e| e.name == name) {
            f.add(at("name"), format!("Variable {name} is listed twice. Remove one."));
        } else {
            env.push(EnvSpec { name, source });
        }
    }
    env
}

fn source(f: &mut Findings, form: &EnvForm, at: &dyn Fn(&str) -> String) -> Option<EnvSource> {
    let key = |f: &mut Findings| f.take(&at("key"), KeyName::parse(form.key.trim()));
    match form.from.as_str() {
        "" | "value" => {
            if form.value.len() > MAX_VALUE {
                f.add(at("value"), format!("Values can have at most {MAX_VALUE} bytes ({} now). Move longer ones to a config map.", form.value.len()));
                return None;
            }
            if form.value.contains('\0') {
                f.add(at("value"), "Values can't contain a null byte. Store it as a file in a secret.");
                return None;
            }
            Some(EnvSource::Value(form.value.clone()))
        }
        "secret" => {
            let (name, key) = (f.take(&at("value"), SecretName::parse(form.value.trim())), key(f));
            Some(EnvSource::Secret(name?, key?))
        }
        "configMap" => {
            let (name, key) = (f.take(&at("value"), ConfigMapName::parse(form.value.trim())), key(f));
            Some(EnvSource::ConfigMap(name?, key?))
        }
        other => {
            f.add(at("from"), format!("{other:?} isn't a valid source. Choose value, secret, or configMap."));
            None
        }
    }
}

fn resources(f: &mut Findings, form: &AppForm) -> Resources {
    let mut cpu = |field: &str, text: &str| filled(text).and_then(|t| f.take(field, MilliCpu::parse(t)));
    let (cpu_request, cpu_limit) = (cpu("cpuRequest", &form.cpu_request), cpu("cpuLimit", &form.cpu_limit));
    let mut memory = |field: &str, text: &str| filled(text).and_then(|t| f.take(field, Bytes::parse(t)));
    let (memory_request, memory_limit) = (memory("memoryRequest", &form.memory_request), memory("memoryLimit", &form.memory_limit));
    if cpu_limit.is_some_and(|l| l.0 == 0) {
        f.add("cpuLimit", "With a CPU limit of 0 nothing can run. Raise it, or leave it empty for no limit.");
    }
    if memory_limit.is_some_and(|l| l.0 == 0) {
        f.add("memoryLimit", "With a memory limit of 0 nothing can run. Raise it, or leave it empty for no limit.");
    }
    if let (Some(r), Some(l)) = (cpu_request, cpu_limit)
        && l < r
        && l.0 > 0
    {
        f.add("cpuLimit", format!("The CPU limit {l} is below the request {r}. Raise the limit or lower the request."));
    }
    if let (Some(r), Some(l)) = (memory_request, memory_limit)
        && l < r
        && l.0 > 0
    {
        f.add("memoryLimit", format!("The memory limit {l} is below the request {r}. Raise the limit or lower the request."));
    }
    Resources { cpu_request, cpu_limit, memory_request, memory_limit }
}

/// The API server's default range of node ports (`--service-node-port-range`).
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30_000..=32_767;

fn service(f: &mut Findings, form: &AppForm) -> Option<ServiceSpec> {
    let node_port = filled(&form.node_port);
    let service = match form.service.as_str() {
        "" | "none" => None,
        "ClusterIP" => Some(ServiceSpec::ClusterIp),
        "NodePort" => Some(ServiceSpec::NodePort(node_port.and_then(|t| match t.parse::<u16>() {
            Ok(n) if t.bytes().all(|b| b.is_ascii_digit()) && NODE_PORTS.contains(&n) => Port::try_from(n).ok(),
            _ => {
                f.add("nodePort", format!("{t:?} isn't a node port. Enter a number from 30000 to 32767, or leave it empty."));
                None
            }
        }))),
        other => {
            f.add("service", format!("{other:?} isn't a supported service type. Choose none, ClusterIP, or NodePort."));
            None
        }
    };
    if node_port.is_some() && matches!(service, Some(ServiceSpec::ClusterIp)) {
        f.add("nodePort", "Only NodePort services have a node port. Choose NodePort, or clear this field.");
    }
    if service.is_some() && form.ports.is_empty() {
        f.add("service", "A service needs a port. Add one.");
    }
    service
}

fn ingress(f: &mut Findings, form: &AppForm) -> Option<IngressSpec> {
    let class = filled(&form.ingress_class).and_then(|t| f.take("ingressClass", IngressClass::parse(t)).map(String::from));
    let Some(host) = filled(&form.ingress_host) else {
        for (field, text) in [("ingressPath", &form.ingress_path), ("ingressTlsSecret", &form.ingress_tls_secret)] {
            if filled(text).is_some_and(|t| t != "/") {
                f.add(field, "This needs an ingress. Enter a host, or clear this field.");
            }
        }
        return None;
    };
    if matches!(form.service.trim(), "" | "none") {
        f.add("service", "An ingress needs a service. Choose ClusterIP.");
    } else if form.ports.first().is_some_and(|p| p.protocol.trim().eq_ignore_ascii_case("UDP")) {
        f.add("ports.0.protocol", "An ingress routes to the first port, which must be TCP. Move a TCP port to the top.");
    }
    let host = f.take("ingressHost", IngressHost::parse(host));
    let path = f.take("ingressPath", IngressPath::parse(filled(&form.ingress_path).unwrap_or("/")));
    let tls_secret = filled(&form.ingress_tls_secret).and_then(|t| f.take("ingressTlsSecret", SecretName::parse(t)));
    Some(IngressSpec { host: host?, path: path?, class, tls_secret })
}
