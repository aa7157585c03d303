//! What can be wrong with the form of a new app.

use super::into;
use crate::names::{NameError, PortError};
use crate::quantity::QuantityError;
use crate::{Bytes, EnvName, MilliCpu, Port, PortName};

/// What is wrong with a field of a new app. The browser reads this form too and links no other sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppWrong {
    /// A name that breaks a rule.
    Name(NameError),
    /// A whole number.
    Number(NumberWrong),
    /// A text with one argument per line.
    Lines(LinesWrong),
    /// A container port.
    Port(PortWrong),
    /// A variable.
    Env(EnvWrong),
    /// Requests and limits.
    Resources(ResourcesWrong),
    /// A probe.
    Probe(ProbeWrong),
    /// The service or the ingress.
    Network(NetworkWrong),
}

/// What is wrong with a whole number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberWrong {
    /// It is out of bounds.
    OutOfRange {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
    },
    /// It is none.
    NotANumber {
        /// What was typed.
        typed: String,
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
    },
}

/// What is wrong with a command or with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinesWrong {
    /// There are too many lines.
    TooMany {
        /// Most lines.
        most: usize,
        /// Lines that there are.
        now: usize,
    },
    /// A line is too long.
    TooLong {
        /// Its number, from 1.
        line: usize,
        /// Most bytes.
        most: usize,
    },
    /// There is a null byte.
    NullByte,
}

/// What is wrong with a container port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortWrong {
    /// There are too many.
    TooMany {
        /// Most ports.
        most: usize,
        /// Ports that there are.
        now: usize,
    },
    /// The row is empty.
    Missing,
    /// It is no port.
    Number(PortError),
    /// This is neither TCP nor UDP.
    Protocol(String),
    /// Another port has the name.
    NameTaken {
        /// The other port.
        by: Port,
        /// The name.
        name: PortName,
    },
    /// It stands there already.
    Twice(Port),
}

/// What is wrong with a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvWrong {
    /// There are too many.
    TooMany {
        /// Most variables.
        most: usize,
        /// Variables that there are.
        now: usize,
    },
    /// It stands there already.
    Twice(EnvName),
    /// Its value is too long.
    TooLong {
        /// Most bytes.
        most: usize,
        /// Bytes that it has.
        now: usize,
    },
    /// Its value has a null byte.
    NullByte,
    /// A value cannot come from this.
    Source(String),
}

/// What is wrong with requests and limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourcesWrong {
    /// It is no amount.
    Quantity(QuantityError),
    /// The CPU limit is 0.
    NoCpu,
    /// The memory limit is 0.
    NoMemory,
    /// The CPU limit is below the request.
    CpuBelowRequest {
        /// The limit.
        limit: MilliCpu,
        /// The request.
        request: MilliCpu,
    },
    /// The memory limit is below the request.
    MemoryBelowRequest {
        /// The limit.
        limit: Bytes,
        /// The request.
        request: Bytes,
    },
}

/// What is wrong with a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeWrong {
    /// This is no type of probe.
    Kind(String),
    /// It has no command to run.
    NoCommand,
    /// Its path with the query is too long or has blanks.
    PathOrQuery,
    /// The app has no port that it could ask.
    NoPort,
    /// The app has no port of the name.
    UnknownPort {
        /// The name.
        name: PortName,
        /// Names of the app's ports.
        known: Vec<PortName>,
    },
}

/// What is wrong with the service or the ingress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkWrong {
    /// This is no type of service.
    Service(String),
    /// The service has no port to lead to.
    ServiceWithoutPort,
    /// This is no node port.
    NodePort(String),
    /// The service is of a type that has no node port.
    NodePortUnused,
    /// It is for an ingress, and there is none.
    WithoutIngress,
    /// The ingress has no service to lead to.
    IngressWithoutService,
    /// The first port, to which the ingress leads, is UDP.
    IngressToUdp,
}

into! {
    NameError => AppWrong::Name,
    NumberWrong => AppWrong::Number,
    LinesWrong => AppWrong::Lines,
    PortWrong => AppWrong::Port,
    EnvWrong => AppWrong::Env,
    ResourcesWrong => AppWrong::Resources,
    ProbeWrong => AppWrong::Probe,
    NetworkWrong => AppWrong::Network,
}

impl From<PortError> for AppWrong {
    fn from(error: PortError) -> Self {
        Self::Port(PortWrong::Number(error))
    }
}

impl From<QuantityError> for AppWrong {
    fn from(error: QuantityError) -> Self {
        Self::Resources(ResourcesWrong::Quantity(error))
    }
}

impl AppWrong {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name(error) => error.code(),
            Self::Number(wrong) => wrong.code(),
            Self::Lines(LinesWrong::TooMany { .. }) => "lines_too_many",
            Self::Lines(LinesWrong::TooLong { .. }) => "line_too_long",
            Self::Lines(LinesWrong::NullByte) => "lines_null_byte",
            Self::Port(PortWrong::TooMany { .. }) => "ports_too_many",
            Self::Port(PortWrong::Missing) => "port_missing",
            Self::Port(PortWrong::Number(error)) => error.code(),
            Self::Port(PortWrong::Protocol(_)) => "port_protocol",
            Self::Port(PortWrong::NameTaken { .. }) => "port_name_taken",
            Self::Port(PortWrong::Twice(_)) => "port_twice",
            Self::Env(EnvWrong::TooMany { .. }) => "env_too_many",
            Self::Env(EnvWrong::Twice(_)) => "env_twice",
            Self::Env(EnvWrong::TooLong { .. }) => "env_too_long",
            Self::Env(EnvWrong::NullByte) => "env_null_byte",
            Self::Env(EnvWrong::Source(_)) => "env_source",
            Self::Resources(ResourcesWrong::Quantity(error)) => error.code(),
            Self::Resources(ResourcesWrong::NoCpu) => "cpu_limit_zero",
            Self::Resources(ResourcesWrong::NoMemory) => "memory_limit_zero",
            Self::Resources(ResourcesWrong::CpuBelowRequest { .. }) => "cpu_limit_below_request",
            Self::Resources(ResourcesWrong::MemoryBelowRequest { .. }) => "memory_limit_below_request",
            Self::Probe(ProbeWrong::Kind(_)) => "probe_kind",
            Self::Probe(ProbeWrong::NoCommand) => "probe_no_command",
            Self::Probe(ProbeWrong::PathOrQuery) => "probe_path_or_query",
            Self::Probe(ProbeWrong::NoPort) => "probe_no_port",
            Self::Probe(ProbeWrong::UnknownPort { .. }) => "probe_unknown_port",
            Self::Network(NetworkWrong::Service(_)) => "service_type",
            Self::Network(NetworkWrong::ServiceWithoutPort) => "service_without_port",
            Self::Network(NetworkWrong::NodePort(_)) => "node_port",
            Self::Network(NetworkWrong::NodePortUnused) => "node_port_unused",
            Self::Network(NetworkWrong::WithoutIngress) => "without_ingress",
            Self::Network(NetworkWrong::IngressWithoutService) => "ingress_without_service",
            Self::Network(NetworkWrong::IngressToUdp) => "ingress_to_udp",
        }
    }
}

impl NumberWrong {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "number_out_of_range",
            Self::NotANumber { .. } => "number_not_a_number",
        }
    }
}
