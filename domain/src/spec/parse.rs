//! Reads the form of a new app: every field becomes a type that can only hold a right value, and all that is wrong is
//! told at once. The limits of single fields are those of the API server; the numbers of entries are the portal's own.

use super::fields::{Findings, filled, lines, whole};
use super::probe::probe;
use super::{AppForm, AppSpec, EnvForm, EnvSource, EnvSpec, IngressSpec, ParsedApp, PortForm, PortSpec, Resources, ServiceSpec, ServiceType, Source};
use crate::cause::ProbeKind;
use crate::form::{EnvPart, EnvWrong, Field, NetworkWrong, PortPart, PortWrong, ResourcesWrong};
use crate::{
    AppName, Bytes, ConfigMapName, EnvName, ImageRef, IngressClass, IngressHost, IngressPath, KeyName, MilliCpu, Namespace, Port, PortName, SecretName,
};

/// Most replicas.
pub const MAX_REPLICAS: u32 = 1000;
/// Most container ports.
pub const MAX_PORTS: usize = 20;
/// Most variables.
pub const MAX_ENV: usize = 200;
/// Most bytes of the value of a variable.
pub const MAX_VALUE: usize = 32 * 1024;

impl AppForm {
    /// Reads every field and tells all that is wrong at once.
    ///
    /// # Errors
    /// All that is wrong, in the order of the form.
    pub fn parse(&self, namespace: Namespace) -> ParsedApp {
        let f = &mut Findings::default();
        let name = f.take(Field::Name, AppName::parse(self.name.trim()));
        let image = f.take(Field::Image, ImageRef::parse(self.image.trim()));
        let pull_secret = filled(&self.pull_secret).and_then(|t| f.take(Field::PullSecret, SecretName::parse(t)));
        let replicas = whole(f, Field::Replicas, &self.replicas, 1, 0, MAX_REPLICAS);
        let command = lines(f, Field::Command, &self.command);
        let args = lines(f, Field::Args, &self.args);
        let ports = ports(f, &self.ports);
        let env = env(f, &self.env);
        let resources = resources(f, self);
        let liveness = probe(f, ProbeKind::Liveness, &self.liveness, &ports);
        let readiness = probe(f, ProbeKind::Readiness, &self.readiness, &ports);
        let startup = probe(f, ProbeKind::Startup, &self.startup, &ports);
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

fn ports(f: &mut Findings, forms: &[PortForm]) -> Vec<PortSpec> {
    if forms.len() > MAX_PORTS {
        f.add(Field::Ports, PortWrong::TooMany { most: MAX_PORTS, now: forms.len() });
        return Vec::new();
    }
    let mut ports: Vec<PortSpec> = Vec::new();
    for (i, form) in forms.iter().enumerate() {
        let at = |part| Field::Port(i, part);
        if form == &PortForm::default() {
            f.add(at(PortPart::Port), PortWrong::Missing);
            continue;
        }
        let number = f.take(at(PortPart::Port), Port::parse(&form.port));
        let udp = match form.protocol.as_str() {
            "" | "TCP" | "tcp" => false,
            "UDP" | "udp" => true,
            other => {
                f.add(at(PortPart::Protocol), PortWrong::Protocol(other.to_owned()));
                false
            }
        };
        // A service with several ports needs names; one without gets its number.
        let named = match (filled(&form.name), number) {
            (Some(name), _) => f.take(at(PortPart::Name), PortName::parse(name)),
            (None, Some(n)) => PortName::parse(format!("{}-{}", if udp { "udp" } else { "tcp" }, n.get())).ok(),
            (None, None) => None,
        };
        let (Some(name), Some(port)) = (named, number) else { continue };
        if let Some(j) = ports.iter().position(|p| p.name == name) {
            f.add(at(PortPart::Name), PortWrong::NameTaken { by: ports[j].port, name });
        } else if ports.iter().any(|p| p.port == port && p.udp == udp) {
            f.add(at(PortPart::Port), PortWrong::Twice(port));
        } else {
            ports.push(PortSpec { name, port, udp });
        }
    }
    ports
}

fn env(f: &mut Findings, forms: &[EnvForm]) -> Vec<EnvSpec> {
    if forms.len() > MAX_ENV {
        f.add(Field::Environment, EnvWrong::TooMany { most: MAX_ENV, now: forms.len() });
        return Vec::new();
    }
    let mut env: Vec<EnvSpec> = Vec::new();
    for (i, form) in forms.iter().enumerate() {
        let at = |part| Field::Env(i, part);
        let name = f.take(at(EnvPart::Name), EnvName::parse(form.name.trim()));
        let source = source(f, form, at);
        let (Some(name), Some(source)) = (name, source) else { continue };
        if env.iter().any(|e| e.name == name) {
            f.add(at(EnvPart::Name), EnvWrong::Twice(name));
        } else {
            env.push(EnvSpec { name, source });
        }
    }
    env
}

fn source(f: &mut Findings, form: &EnvForm, at: impl Fn(EnvPart) -> Field) -> Option<EnvSource> {
    let key = |f: &mut Findings| f.take(at(EnvPart::Key), KeyName::parse(form.key.trim()));
    match Source::chosen(&form.from) {
        Some(Source::Value) => {
            if form.value.len() > MAX_VALUE {
                f.add(at(EnvPart::Value), EnvWrong::TooLong { most: MAX_VALUE, now: form.value.len() });
                return None;
            }
            if form.value.contains('\0') {
                f.add(at(EnvPart::Value), EnvWrong::NullByte);
                return None;
            }
            Some(EnvSource::Value(form.value.clone()))
        }
        Some(Source::Secret) => {
            let (name, key) = (f.take(at(EnvPart::Value), SecretName::parse(form.value.trim())), key(f));
            Some(EnvSource::Secret(name?, key?))
        }
        Some(Source::ConfigMap) => {
            let (name, key) = (f.take(at(EnvPart::Value), ConfigMapName::parse(form.value.trim())), key(f));
            Some(EnvSource::ConfigMap(name?, key?))
        }
        None => {
            f.add(at(EnvPart::From), EnvWrong::Source(form.from.clone()));
            None
        }
    }
}

fn resources(f: &mut Findings, form: &AppForm) -> Resources {
    let mut cpu = |field, text: &str| filled(text).and_then(|t| f.take(field, MilliCpu::parse(t)));
    let (cpu_request, cpu_limit) = (cpu(Field::CpuRequest, &form.cpu_request), cpu(Field::CpuLimit, &form.cpu_limit));
    let mut memory = |field, text: &str| filled(text).and_then(|t| f.take(field, Bytes::parse(t)));
    let (memory_request, memory_limit) = (memory(Field::MemoryRequest, &form.memory_request), memory(Field::MemoryLimit, &form.memory_limit));
    if cpu_limit.is_some_and(|l| l.0 == 0) {
        f.add(Field::CpuLimit, ResourcesWrong::NoCpu);
    }
    if memory_limit.is_some_and(|l| l.0 == 0) {
        f.add(Field::MemoryLimit, ResourcesWrong::NoMemory);
    }
    if let (Some(r), Some(l)) = (cpu_request, cpu_limit)
        && l < r
        && l.0 > 0
    {
        f.add(Field::CpuLimit, ResourcesWrong::CpuBelowRequest { limit: l, request: r });
    }
    if let (Some(r), Some(l)) = (memory_request, memory_limit)
        && l < r
        && l.0 > 0
    {
        f.add(Field::MemoryLimit, ResourcesWrong::MemoryBelowRequest { limit: l, request: r });
    }
    Resources { cpu_request, cpu_limit, memory_request, memory_limit }
}

/// The API server's default range of node ports (`--service-node-port-range`).
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30_000..=32_767;

fn service(f: &mut Findings, form: &AppForm) -> Option<ServiceSpec> {
    let node_port = filled(&form.node_port);
    let service = match ServiceType::chosen(&form.service) {
        Some(ServiceType::None) => None,
        Some(ServiceType::ClusterIp) => Some(ServiceSpec::ClusterIp),
        Some(ServiceType::NodePort) => Some(ServiceSpec::NodePort(node_port.and_then(|t| match t.parse::<u16>() {
            Ok(n) if t.bytes().all(|b| b.is_ascii_digit()) && NODE_PORTS.contains(&n) => Port::try_from(n).ok(),
            _ => {
                f.add(Field::NodePort, NetworkWrong::NodePort(t.to_owned()));
                None
            }
        }))),
        None => {
            f.add(Field::Service, NetworkWrong::Service(form.service.clone()));
            None
        }
    };
    if node_port.is_some() && matches!(service, Some(ServiceSpec::ClusterIp)) {
        f.add(Field::NodePort, NetworkWrong::NodePortUnused);
    }
    if service.is_some() && form.ports.is_empty() {
        f.add(Field::Service, NetworkWrong::ServiceWithoutPort);
    }
    service
}

fn ingress(f: &mut Findings, form: &AppForm) -> Option<IngressSpec> {
    let class = filled(&form.ingress_class).and_then(|t| f.take(Field::IngressClass, IngressClass::parse(t)).map(String::from));
    let Some(host) = filled(&form.ingress_host) else {
        for (field, text) in [(Field::IngressPath, &form.ingress_path), (Field::IngressTlsSecret, &form.ingress_tls_secret)] {
            if filled(text).is_some_and(|t| t != "/") {
                f.add(field, NetworkWrong::WithoutIngress);
            }
        }
        return None;
    };
    if ServiceType::chosen(form.service.trim()) == Some(ServiceType::None) {
        f.add(Field::Service, NetworkWrong::IngressWithoutService);
    } else if form.ports.first().is_some_and(|p| p.protocol.trim().eq_ignore_ascii_case("UDP")) {
        f.add(Field::Port(0, PortPart::Protocol), NetworkWrong::IngressToUdp);
    }
    let host = f.take(Field::IngressHost, IngressHost::parse(host));
    let path = f.take(Field::IngressPath, IngressPath::parse(filled(&form.ingress_path).unwrap_or("/")));
    let tls_secret = filled(&form.ingress_tls_secret).and_then(|t| f.take(Field::IngressTlsSecret, SecretName::parse(t)));
    Some(IngressSpec { host: host?, path: path?, class, tls_secret })
}
