//! Probes that fail.

use super::Moment;
use serde::{Deserialize, Serialize};

/// A kind of probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// Restarts the container.
    Liveness,
    /// Takes the pod out of its services.
    Readiness,
    /// Holds the other two back.
    Startup,
}

/// What a failing probe led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeThen {
    /// The container was killed.
    Killed(Moment),
    /// The container runs and is not ready: how often the probe failed, and in which time.
    NotReady {
        /// Failures.
        times: u32,
        /// Time from the first to the last.
        within: i64,
    },
}

/// What came of a probe that fails, from the words of the kubelet's prober (`pkg/kubelet/prober/prober.go` and `pkg/probe`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeSaid {
    /// An HTTP status that is no success, as the kubelet writes it.
    Status(String),
    /// The connection was refused; the port where nothing listens, where the kubelet names it.
    Refused(Option<u16>),
    /// The answer led on to this port, where nothing listens.
    Redirected(u16),
    /// The answers led in a loop.
    RedirectLoop,
    /// The app serves no gRPC health service.
    NoGrpcHealth,
    /// The gRPC health service does not know the service that the probe names.
    UnknownService,
    /// No gRPC connection within this many seconds.
    NotConnected(Option<u32>),
    /// The answer is not HTTP, but begins as that of this protocol.
    NotHttp(Speaks),
    /// The app speaks HTTP where the probe wants HTTPS.
    NotHttps,
    /// The gRPC health service says NOT_SERVING.
    NotServing,
    /// No answer within this many seconds.
    Timeout(Option<u32>),
    /// The container has no port of this name.
    NoSuchPort(Option<String>),
    /// The connection ended before an answer.
    CutOff,
    /// The command is not in the container; the runtime's words.
    CommandMissing(String),
    /// The command may not be executed; the runtime's words.
    CommandDenied(String),
    /// The host that the probe names is not known.
    HostUnknown,
    /// The node has no way to the pod.
    Unreachable,
    /// The command failed and said nothing.
    Silent,
    /// Anything else, in the words of the command or of the kubelet.
    Other(String),
}

/// The protocol of a port that a probe takes for HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaks {
    /// HTTP/2 without TLS, as gRPC does.
    Http2,
    /// HTTP over TLS.
    Https,
    /// Something else.
    Other,
}

/// How far a container has come whose probe fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeStage {
    /// It has not passed its startup probe yet.
    Starting,
    /// It has started, and is not ready.
    Running,
}
