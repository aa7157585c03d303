//! The form for a new app, and what it becomes when every field is right.

use crate::form::{AppWrong, Finding};
use crate::{AppName, Bytes, ConfigMapName, EnvName, ImageRef, IngressHost, IngressPath, KeyName, MilliCpu, Namespace, Port, PortName, SecretName};
use serde::{Deserialize, Serialize};

mod advice;
mod choices;
mod collect;
mod fields;
mod parse;
mod probe;
mod repair;
#[cfg(test)]
mod tests;

pub use advice::advice;
pub use choices::{ProbeType, ServiceType, Source};
pub use collect::Collected;
pub use fields::MAX_LINES;
pub use parse::{MAX_ENV, MAX_PORTS, MAX_REPLICAS, MAX_VALUE};
pub use repair::repair;

/// The form as text, as the person typed it and as the API takes it. [`AppForm::parse`] makes an [`AppSpec`] of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AppForm {
    /// Name of the deployment and its service.
    pub name: String,
    /// Image reference.
    pub image: String,
    /// Image pull secret; empty for none.
    pub pull_secret: String,
    /// Replicas; empty means 1.
    pub replicas: String,
    /// Command, one argument per line; empty for the image's own.
    pub command: String,
    /// Arguments, one per line.
    pub args: String,
    /// Container ports.
    pub ports: Vec<PortForm>,
    /// Environment.
    pub env: Vec<EnvForm>,
    /// Requested CPU, such as `100m`.
    pub cpu_request: String,
    /// CPU above which it is slowed down, such as `500m`; empty for no limit.
    pub cpu_limit: String,
    /// Requested memory, such as `128Mi`.
    pub memory_request: String,
    /// Memory above which it is killed, such as `256Mi`; empty for no limit.
    pub memory_limit: String,
    /// Restarts the container where it fails.
    pub liveness: ProbeForm,
    /// Keeps callers away from the pod while it fails.
    pub readiness: ProbeForm,
    /// Holds the other probes back until it succeeds.
    pub startup: ProbeForm,
    /// `none`, `ClusterIP` or `NodePort`.
    pub service: String,
    /// Node port of the first port; empty lets the cluster choose.
    pub node_port: String,
    /// Ingress host; empty for no ingress.
    pub ingress_host: String,
    /// Ingress path; empty means `/`.
    pub ingress_path: String,
    /// Ingress class; empty for the cluster's default.
    pub ingress_class: String,
    /// TLS secret of the ingress; empty for none.
    pub ingress_tls_secret: String,
}

/// A port in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PortForm {
    /// Name, such as `http`.
    pub name: String,
    /// Number.
    pub port: String,
    /// `TCP` or `UDP`; empty means TCP.
    pub protocol: String,
}

/// A variable in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvForm {
    /// Variable.
    pub name: String,
    /// `value`, `secret` or `configMap`; empty means value.
    pub from: String,
    /// The value, or the name of the secret or config map.
    pub value: String,
    /// The key, for secret and config map.
    pub key: String,
}

/// A probe in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ProbeForm {
    /// `none`, `http`, `tcp` or `command`; empty means none.
    pub kind: String,
    /// http: path.
    pub path: String,
    /// http and tcp: port number or name.
    pub port: String,
    /// command: one argument per line.
    pub command: String,
    /// Seconds before the first try.
    pub initial_delay_seconds: String,
    /// Seconds between tries.
    pub period_seconds: String,
    /// Failures in a row that count.
    pub failure_threshold: String,
}

/// A new app in which every field is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSpec {
    /// Where.
    pub namespace: Namespace,
    /// Name of the deployment and of all that is created with it.
    pub name: AppName,
    /// Image.
    pub image: ImageRef,
    /// Pull secret.
    pub pull_secret: Option<SecretName>,
    /// Replicas, 0 to 1000.
    pub replicas: u32,
    /// Command.
    pub command: Vec<String>,
    /// Arguments.
    pub args: Vec<String>,
    /// Ports that the container listens on.
    pub ports: Vec<PortSpec>,
    /// Environment.
    pub env: Vec<EnvSpec>,
    /// Requests and limits.
    pub resources: Resources,
    /// Restarts the container where it fails.
    pub liveness: Option<ProbeSpec>,
    /// Keeps callers away from the pod while it fails.
    pub readiness: Option<ProbeSpec>,
    /// Holds the other probes back until it succeeds.
    pub startup: Option<ProbeSpec>,
    /// Service.
    pub service: Option<ServiceSpec>,
    /// Ingress.
    pub ingress: Option<IngressSpec>,
}

/// A container port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortSpec {
    /// The name by which services and probes can ask for it.
    pub name: PortName,
    /// Number.
    pub port: Port,
    /// UDP instead of TCP.
    pub udp: bool,
}

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvSpec {
    /// Variable.
    pub name: EnvName,
    /// Where its value comes from.
    pub source: EnvSource,
}

/// Where the value of a variable comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvSource {
    /// Written in the template.
    Value(String),
    /// A key of a secret.
    Secret(SecretName, KeyName),
    /// A key of a config map.
    ConfigMap(ConfigMapName, KeyName),
}

/// Requests and limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// CPU that the node keeps for it.
    pub cpu_request: Option<MilliCpu>,
    /// CPU above which it is slowed down.
    pub cpu_limit: Option<MilliCpu>,
    /// Memory that the node keeps for it.
    pub memory_request: Option<Bytes>,
    /// Memory above which it is killed.
    pub memory_limit: Option<Bytes>,
}

/// A probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeSpec {
    /// What is asked.
    pub action: ProbeAction,
    /// Seconds before the first try.
    pub initial_delay_s: u32,
    /// Seconds between tries.
    pub period_s: u32,
    /// Failures in a row that count.
    pub failure_threshold: u32,
}

/// What a probe asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeAction {
    /// GET this path on this port (number or port name).
    Http(String, PortRef),
    /// Connect to this port.
    Tcp(PortRef),
    /// Run this in the container.
    Command(Vec<String>),
}

/// A port by number or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortRef {
    /// By number.
    Number(Port),
    /// By name.
    Name(PortName),
}

/// A service for all ports of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceSpec {
    /// Inside the cluster.
    ClusterIp,
    /// On every node too; the first port under this number, if one is given.
    NodePort(Option<Port>),
}

/// An ingress to the first port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngressSpec {
    /// Host.
    pub host: IngressHost,
    /// Path prefix.
    pub path: IngressPath,
    /// Class.
    pub class: Option<String>,
    /// Secret with the certificate.
    pub tls_secret: Option<SecretName>,
}

/// What [`AppForm::parse`] gives back.
pub type ParsedApp = Result<AppSpec, Vec<Finding<AppWrong>>>;
