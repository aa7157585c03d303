//! How an app is reached: through which services and ingresses, and where they lead nowhere. Names are the cluster's and are
//! clipped when they are said.

use crate::Namespace;
use crate::cause::Mismatch;
use crate::view::EndpointKind;

/// A way to reach an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Where callers ask.
    pub at: Address,
    /// What they come through.
    pub through: Through,
}

/// Where callers ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A web address.
    Url {
        /// It is served with TLS.
        tls: bool,
        /// The host; none where any host is served.
        host: Option<String>,
        /// The path, `/` at least.
        path: String,
    },
    /// A name within the cluster.
    Inside {
        /// Name of the service.
        service: String,
        /// Its namespace.
        namespace: Namespace,
        /// The port, by number; none where callers choose.
        port: Option<String>,
    },
    /// A host outside of the cluster, or the name of a service that has none yet.
    Outside {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// A port on every node.
    AnyNode {
        /// The port.
        port: u16,
    },
}

/// What callers come through, and what is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// A port of a service.
    Port {
        /// How the service is reached.
        service: ServiceKind,
        /// The protocol where it isn't TCP; most tools that call an address speak TCP.
        protocol: Option<String>,
        /// The port of the pods, by number or name.
        target: String,
        /// What is behind the service.
        behind: Behind,
        /// Containers declare ports, and none of them this one.
        undeclared: bool,
    },
    /// A port of a service that leads to a name that no container has.
    TargetMissing {
        /// How the service is reached.
        service: ServiceKind,
        /// The name.
        target: String,
    },
    /// A headless service without ports: a name for the addresses of the pods.
    NameOnly {
        /// What is behind it.
        behind: Behind,
    },
    /// A load balancer that has no address yet.
    NoAddressYet,
    /// A rule of an ingress.
    Ingress {
        /// Name of the ingress.
        ingress: String,
        /// Name of the service.
        service: String,
        /// What is behind the service.
        behind: Behind,
        /// What the ingress lacks.
        lacks: Option<IngressLack>,
    },
    /// A rule of an ingress whose service doesn't exist.
    ServiceMissing {
        /// Name of the ingress.
        ingress: String,
        /// The name that it gives the service.
        service: String,
    },
    /// A rule of an ingress whose service doesn't have the port.
    ServicePortMissing {
        /// Name of the ingress.
        ingress: String,
        /// Name of the service.
        service: String,
        /// The port, by number or name.
        port: String,
        /// Ports that the service has, 5 at most.
        has: Vec<u16>,
    },
}

/// How a port of a service is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// By the service's address in the cluster.
    Service,
    /// By the addresses of the pods.
    Headless,
    /// From outside, by a load balancer.
    LoadBalancer,
    /// By a port on every node.
    NodePort,
}

/// What is behind a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behind {
    /// A name outside the cluster.
    ExternalName,
    /// No pod, because its selector matches none.
    NoMatch(Mismatch),
    /// No pod, because the app is scaled to 0.
    ScaledToZero,
    /// No pod yet.
    NoPods,
    /// Pods of which none is ready.
    NoneReady {
        /// How many there are.
        pods: u32,
    },
    /// Pods that serve.
    Serving {
        /// Those that are ready.
        ready: u32,
        /// All of them.
        pods: u32,
    },
}

/// What an ingress lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IngressLack {
    /// The class that it names doesn't exist.
    Class(String),
    /// It names no class, and the cluster has no default.
    DefaultClass,
    /// The secret with its certificate doesn't exist.
    Certificate {
        /// Name of the secret.
        secret: String,
    },
    /// No controller has given it an address.
    Address,
}

impl Through {
    /// Through what, as the API tells it.
    #[must_use]
    pub const fn kind(&self) -> EndpointKind {
        match self {
            Self::Port { service, .. } | Self::TargetMissing { service, .. } => match service {
                ServiceKind::Service | ServiceKind::Headless => EndpointKind::Service,
                ServiceKind::LoadBalancer => EndpointKind::LoadBalancer,
                ServiceKind::NodePort => EndpointKind::NodePort,
            },
            Self::NameOnly { .. } => EndpointKind::Service,
            Self::NoAddressYet => EndpointKind::LoadBalancer,
            Self::Ingress { .. } | Self::ServiceMissing { .. } | Self::ServicePortMissing { .. } => EndpointKind::Ingress,
        }
    }

    /// Whether it leads nowhere.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        match self {
            Self::Port { behind, .. } | Self::NameOnly { behind } => behind.is_nothing(),
            Self::Ingress { behind, lacks, .. } => behind.is_nothing() || matches!(lacks, Some(IngressLack::Class(_) | IngressLack::DefaultClass)),
            Self::TargetMissing { .. } | Self::NoAddressYet | Self::ServiceMissing { .. } | Self::ServicePortMissing { .. } => true,
        }
    }
}

impl Behind {
    /// Whether nobody answers.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        match self {
            Self::NoMatch(_) | Self::ScaledToZero | Self::NoPods | Self::NoneReady { .. } => true,
            Self::ExternalName | Self::Serving { .. } => false,
        }
    }
}
