//! Probes that fail.

use super::{moment, subject};
use crate::UnixMs;
use crate::cause::{AskedProbe, ProbeKind, ProbeSaid, ProbeStage, ProbeThen, Speaks, Who};
use crate::english::Words;
use crate::english::text::{and, clip, squeeze, times};
use crate::time::short;

pub(crate) const fn probe_kind(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Liveness => "liveness",
        ProbeKind::Readiness => "readiness",
        ProbeKind::Startup => "startup",
    }
}

/// What came of a probe, in words.
pub(crate) struct Said {
    /// For a reason: `503`, `refused`.
    pub(crate) short: String,
    /// For a sentence whose subject is the probe: `returned 503`.
    pub(crate) words: String,
    /// The end of that sentence: `: nothing listens on port 8080`, or nothing.
    pub(crate) why: String,
    /// What to do.
    pub(crate) advice: String,
}

/// What came of a probe.
pub(crate) fn probe_said(said: &ProbeSaid) -> Said {
    let say = |short: &str, words: String, advice: &str| Said { short: short.into(), words, why: String::new(), advice: advice.into() };
    let within = |limit: Option<u32>| limit.map_or_else(String::new, |s| format!(" within {s} s"));
    match said {
        ProbeSaid::Status(code) => {
            let code = clip(code, 10);
            let advice = match code.as_str() {
                "400" => "Check the path and the Host header that the app expects. If the port speaks HTTPS, set the probe's scheme to HTTPS.",
                "404" => "Correct the path of the probe.",
                "401" | "403" => "Point the probe at a path that needs no authentication.",
                _ => "Check the log to see what the app is missing.",
            };
            say(&code, format!("returned {code}"), advice)
        }
        ProbeSaid::Refused(Some(port)) => Said {
            why: format!(": nothing listens on port {port}"),
            advice: format!("Make the app listen on port {port} on all addresses, or correct the probe's port."),
            ..say("refused", "was refused".into(), "")
        },
        ProbeSaid::Refused(None) => Said { why: ": nothing listens there".into(), ..say("refused", "was refused".into(), "Correct the probe's port.") },
        ProbeSaid::Redirected(port) => say(
            "redirected",
            format!("was redirected to port {port}, where nothing listens"),
            "Let the app answer the probe without a redirect, for example by leaving its path out of the redirect to HTTPS.",
        ),
        ProbeSaid::RedirectLoop => {
            say("redirect loop", "was redirected in a loop".into(), "Point the probe at a path that the app answers without a redirect.")
        }
        ProbeSaid::NoGrpcHealth => say("no gRPC health", "found no gRPC health service".into(), "Serve grpc.health.v1.Health in the app, or use a TCP probe."),
        ProbeSaid::UnknownService => {
            say("wrong service", "asked for a gRPC service that the app doesn't know".into(), "Correct the probe's service name, or leave it out.")
        }
        ProbeSaid::NotConnected(limit) => {
            say("can't connect", format!("couldn't connect{}", within(*limit)), "Check that the app listens on the probe's port on all addresses.")
        }
        ProbeSaid::NotHttp(speaks) => {
            let advice = match speaks {
                Speaks::Http2 => "The port speaks HTTP/2, as gRPC does: use a gRPC or TCP probe.",
                Speaks::Https => "The port speaks HTTPS: set the probe's scheme to HTTPS.",
                Speaks::Other => "Point the probe at a port that speaks HTTP, or use a TCP probe.",
            };
            say("not HTTP", "got an answer that isn't HTTP".into(), advice)
        }
        ProbeSaid::NotHttps => say("not HTTPS", "expected HTTPS but got HTTP".into(), "Set the probe's scheme to HTTP."),
        ProbeSaid::NotServing => say("not serving", "returned NOT_SERVING".into(), "Check the log to see what the app is missing."),
        ProbeSaid::Timeout(limit) => say("timeout", format!("got no response{}", within(*limit)), "Respond faster, or raise the probe's timeout."),
        ProbeSaid::NoSuchPort(port) => {
            let port = port.as_ref().map_or_else(String::new, |p| format!(" {}", clip(p, 40)));
            say(
                "no such port",
                format!("asks for port{port}, but the container has no port with that name"),
                "Use a port name that the container declares, or a number.",
            )
        }
        ProbeSaid::CutOff => say("cut off", "was cut off before a response".into(), "Check that the port speaks the probe's protocol."),
        ProbeSaid::CommandMissing(told) => {
            Said { why: format!(": {}", squeeze(told, 160)), ..say("bad command", "couldn't run".into(), "Correct the probe's command.") }
        }
        ProbeSaid::CommandDenied(told) => Said {
            why: format!(": {}", squeeze(told, 160)),
            ..say("not executable", "couldn't run".into(), "Make the probe's command executable in the image (chmod +x).")
        },
        ProbeSaid::HostUnknown => {
            say("host unknown", "couldn't find the host that it names".into(), "Leave out the probe's host: the kubelet then asks the pod itself.")
        }
        ProbeSaid::Unreachable => say("unreachable", "couldn't reach the pod from its node".into(), "Ask an administrator to check the node's pod network."),
        ProbeSaid::Silent => say("fails", "failed without a message".into(), "Run the probe's command in the container to see why."),
        ProbeSaid::Other(told) => say("fails", format!("said \u{201c}{}\u{201d}", squeeze(told, 160)), "Check the log to see what the app is missing."),
    }
}

/// A probe by its kind and what it asks: `readiness probe GET /healthy on 8080`.
pub(crate) fn probe_words(kind: ProbeKind, what: &str) -> String {
    match what {
        "" => format!("{} probe", probe_kind(kind)),
        what => format!("{} probe {}", probe_kind(kind), clip(what, 80)),
    }
}

/// How often a probe has failed, and over which time.
pub(super) struct Often {
    pub(super) times: u32,
    pub(super) within: i64,
    pub(super) ago: i64,
}

/// A probe that keeps a container from being ready.
pub(super) fn fails(who: &Who, (kind, what): (ProbeKind, &str), stage: ProbeStage, said: &ProbeSaid, often: &Often) -> Words {
    let Said { short: reason, words, why, advice } = probe_said(said);
    let state = match stage {
        ProbeStage::Starting => "is starting",
        ProbeStage::Running => "is running but not ready",
    };
    let last = format!("{} ago", short(often.ago));
    let often = match often.times {
        0 | 1 => last,
        n => format!("{} in {}, last {last}", times(n), short(often.within.max(1000))),
    };
    let sentence = format!("{} {state}: its {} {words}, {often}{why}", subject(who), probe_words(kind, what));
    Words::new(format!("{} {reason}", probe_kind(kind)), sentence, advice)
}

/// A container that is not ready, and of which no answer of a probe is known.
pub(super) fn not_ready(who: &Who, running: i64, probe: Option<&AskedProbe>, patient: bool) -> Words {
    let (subject, running) = (subject(who), short(running));
    let (reason, advice) = if patient { ("starting", "") } else { ("not ready", "Check its log to see what it's waiting for.") };
    let sentence = match probe {
        Some(AskedProbe { kind, what }) => format!("{subject} has been running for {running} without passing its {}", probe_words(*kind, what)),
        None => format!("{subject} has been running for {running} but isn't ready yet"),
    };
    Words::new(reason, sentence, advice)
}

/// `the container declares port 80, and its readiness probe asks 9090`.
pub(super) fn other_ports(declared: &[u16], other: Option<&(ProbeKind, String)>) -> String {
    let ports: Vec<_> = declared.iter().map(u16::to_string).collect();
    let declares = (!ports.is_empty()).then(|| format!("the container declares {} {}", if ports.len() == 1 { "port" } else { "ports" }, and(&ports, 4)));
    let asks = other.map(|(kind, port)| format!("its {} probe uses {}", probe_kind(*kind), clip(port, 40)));
    declares.into_iter().chain(asks).collect::<Vec<_>>().join(", and ")
}

/// A probe that asks another port than the one on which the app listens.
pub(super) fn other_port(who: &Who, probe: ProbeKind, what: &str, asked: &str, ports: &str, then: &ProbeThen, now: UnixMs) -> Words {
    let (kind, what, asked) = (probe_kind(probe), clip(what, 80), clip(asked, 40));
    let sentence = match then {
        ProbeThen::Killed(when) => {
            format!("{} was killed{} because its {kind} probe {what} was refused: nothing listens on port {asked}; {ports}", subject(who), moment(*when, now))
        }
        ProbeThen::NotReady { times: n, within } => {
            let often = if *n > 1 { format!(", {} in {}", times(*n), short((*within).max(1000))) } else { String::new() };
            format!("{} is running but not ready: its {kind} probe {what} was refused{often}: nothing listens on port {asked}; {ports}", subject(who))
        }
    };
    Words::new(format!("{kind}: wrong port"), sentence, format!("Point the {kind} probe at the port the app listens on."))
}
