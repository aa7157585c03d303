//! What probes answer, and the kills that follow. The texts are those of the kubelet's prober
//! (`pkg/kubelet/prober/prober.go`, `pkg/probe`) and of `pkg/kubelet/kuberuntime`.

use crate::cause::{ProbeKind, ProbeSaid, Speaks};

/// What is known of the probe that an answer is of. Without it a text tells less.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The port that it asks, by number or name.
    pub port: Option<&'a str>,
    /// Seconds until a try is given up.
    pub timeout_s: Option<u32>,
    /// The answer is surely of this probe, and not of one of another container or an older template.
    pub sure: bool,
}

/// The kind of probe and what came of it, from the message of an `Unhealthy` event:
/// `Readiness probe failed: HTTP probe failed with statuscode: 503`.
#[must_use]
pub fn failed(message: &str) -> Option<(ProbeKind, &str)> {
    let kinds = [("Liveness", ProbeKind::Liveness), ("Readiness", ProbeKind::Readiness), ("Startup", ProbeKind::Startup)];
    let kind = kinds.into_iter().find(|(word, _)| message.strip_prefix(word).is_some_and(|rest| rest.starts_with(" probe "))).map(|(_, kind)| kind)?;
    Some((kind, message.split_once(": ").map_or("", |(_, told)| told)))
}

/// The probe for which a container was killed and the container's name, from the message of a `Killing` event:
/// `Container main failed liveness probe, will be restarted`.
#[must_use]
pub fn killed(message: &str) -> Option<(ProbeKind, &str)> {
    // Sidecars are init containers to the kubelet.
    let rest = message.strip_prefix("Container ").or_else(|| message.strip_prefix("Init container "))?;
    let (container, rest) = rest.split_once(" failed ")?;
    let kinds = [("liveness probe", ProbeKind::Liveness), ("readiness probe", ProbeKind::Readiness), ("startup probe", ProbeKind::Startup)];
    kinds.into_iter().find(|(word, _)| rest.starts_with(word)).map(|(_, kind)| (kind, container))
}

/// What the prober's words say.
#[must_use]
pub fn said(told: &str, asked: Asked<'_>) -> ProbeSaid {
    if let Some(port) = redirected(told, asked) {
        return ProbeSaid::Redirected(port);
    }
    let has = |words: &[&str]| words.iter().any(|w| told.contains(w));
    let of_command = || told.rsplit("exec: ").next().unwrap_or(told).to_owned();
    if let Some(code) = told.split("statuscode: ").nth(1) {
        return ProbeSaid::Status(code.to_owned());
    }
    if has(&["connection refused"]) {
        return ProbeSaid::Refused(refused(told));
    }
    if has(&["grpc health protocol"]) {
        return ProbeSaid::NoGrpcHealth;
    }
    if has(&["failed to connect service"]) {
        return ProbeSaid::NotConnected(asked.timeout_s);
    }
    if has(&["code = NotFound desc = unknown service"]) {
        return ProbeSaid::UnknownService;
    }
    if has(&["malformed HTTP response"]) {
        // The first bytes of HTTP/2's settings frame, and those of a TLS alert.
        return ProbeSaid::NotHttp(match told {
            t if t.contains(r"\x00\x00") => Speaks::Http2,
            t if t.contains(r"\x15\x03") => Speaks::Https,
            _ => Speaks::Other,
        });
    }
    if has(&["redirects"]) && has(&["stopped after"]) {
        return ProbeSaid::RedirectLoop;
    }
    if has(&["deadline exceeded", "Client.Timeout", "timed out", "i/o timeout", "timeout:"]) {
        return ProbeSaid::Timeout(asked.timeout_s);
    }
    // The kubelet looks for the port's name among those of the container, and takes what it does not find for a number.
    if has(&["strconv."]) && has(&["invalid syntax"]) {
        return ProbeSaid::NoSuchPort(asked.port.map(str::to_owned));
    }
    if has(&["HTTP response to HTTPS client"]) {
        return ProbeSaid::NotHttps;
    }
    if has(&["NOT_SERVING"]) {
        return ProbeSaid::NotServing;
    }
    if has(&["EOF", "connection reset"]) {
        return ProbeSaid::CutOff;
    }
    if has(&["no such file", "not found in $PATH"]) {
        return ProbeSaid::CommandMissing(of_command());
    }
    if has(&["exec: "]) && has(&["permission denied"]) {
        return ProbeSaid::CommandDenied(of_command());
    }
    if has(&["no such host"]) {
        return ProbeSaid::HostUnknown;
    }
    if has(&["no route to host", "network is unreachable"]) {
        return ProbeSaid::Unreachable;
    }
    if told.trim().is_empty() { ProbeSaid::Silent } else { ProbeSaid::Other(told.to_owned()) }
}

/// The port at which a connection was refused.
fn refused(told: &str) -> Option<u16> {
    if !told.contains("connection refused") {
        return None;
    }
    told.split("dial tcp ").nth(1)?.split(": ").next()?.rsplit(':').next()?.parse().ok()
}

/// The port to which an answer sent the probe on, where nothing listens. The kubelet follows redirects on the same host
/// (`pkg/probe/http/http.go`).
fn redirected(told: &str, asked: Asked<'_>) -> Option<u16> {
    let port: u16 = asked.port.filter(|_| asked.sure)?.parse().ok()?;
    refused(told).filter(|refused| *refused != port && told.starts_with("Get \""))
}
