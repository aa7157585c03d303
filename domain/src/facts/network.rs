//! How callers reach an app: its services and ingresses.

use super::{ClassState, Labels};
use crate::UnixMs;
use crate::kubernetes::words::{Protocol, ServiceType};
use serde::{Deserialize, Serialize};

/// A service, with what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// `metadata.name` of the service.
    pub name: String,
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`.
    pub kind: ServiceType,
    /// Its address within the cluster (`spec.clusterIP`).
    pub cluster_ip: Option<String>,
    /// Addresses that a load balancer gave it.
    pub external: Vec<String>,
    /// Ports that it offers to callers.
    pub ports: Vec<ServicePort>,
    /// Which pods it leads to; empty where somebody else keeps its endpoints.
    pub selector: Labels,
    /// Ready addresses behind it, from its endpoint slices.
    pub ready_endpoints: u32,
    /// Addresses behind it that are not ready.
    pub unready_endpoints: u32,
    /// Whether its selector matches the pods of the app in whose facts it stands.
    pub matches: bool,
    /// It is headless: callers get the addresses of the pods, and ports are theirs.
    #[serde(default)]
    pub headless: bool,
    /// Its uid, by which its events are found.
    #[serde(default)]
    pub uid: String,
    /// When it was last changed, and by which field manager.
    #[serde(default)]
    pub changed: Option<(UnixMs, String)>,
    /// When it was created.
    #[serde(default)]
    pub created: UnixMs,
}

/// A port of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePort {
    /// Its name, where it has one; a service with several ports names each.
    pub name: Option<String>,
    /// The port that callers use.
    pub port: u16,
    /// Port or port name of the pod.
    pub target: String,
    /// Port on every node.
    pub node_port: Option<u16>,
    /// `TCP` or `UDP`.
    pub protocol: Protocol,
}

/// An ingress, with what it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingress {
    /// `metadata.name` of the ingress.
    pub name: String,
    /// Its class (`spec.ingressClassName`); none where it leaves that to the cluster's default.
    pub class: Option<String>,
    /// Rules: host, path, service, service port.
    pub rules: Vec<IngressRule>,
    /// Hosts with TLS and the secret that holds the certificate.
    pub tls: Vec<(Vec<String>, Option<String>)>,
    /// Addresses that a controller gave it.
    pub addresses: Vec<String>,
    /// Whether its class exists.
    #[serde(default)]
    pub class_state: ClassState,
    /// Names of secrets for its certificates that do not exist; 10 at most.
    #[serde(default)]
    pub lost_secrets: Vec<String>,
    /// Its uid, by which its events are found.
    #[serde(default)]
    pub uid: String,
    /// When it was last changed, and by which field manager.
    #[serde(default)]
    pub changed: Option<(UnixMs, String)>,
    /// When it was created.
    #[serde(default)]
    pub created: UnixMs,
}

/// A rule of an ingress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngressRule {
    /// Host, empty for any.
    pub host: String,
    /// Path that requests have, or begin with.
    pub path: String,
    /// Service it leads to.
    pub service: String,
    /// Port or port name of the service.
    pub port: String,
}
