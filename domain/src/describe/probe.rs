//! What probes answer. The texts are those of the kubelet's prober (`pkg/kubelet/prober/prober.go` and `pkg/probe`).

use super::text::{capital, who};
use super::trouble::{Tone, Trouble, event_link, events_of_container};
use crate::UnixMs;
use crate::cause::{Cause, ProbeKind, ProbeSaid, ProbeStage, ProbeThen, Speaks};
use crate::english::{self, probe_kind, probe_words};
use crate::facts::{AppFacts, Container, ContainerSpec, Event, Pod, Probe};
use crate::status::Evidence;
use crate::time::short;

/// The newest answer of a failing probe.
pub(crate) struct Answer<'a> {
    /// What came of it.
    pub(crate) said: ProbeSaid,
    /// The event that tells it.
    pub(crate) event: &'a Event,
}

impl Answer<'_> {
    /// The port on which nothing listens.
    pub(crate) const fn refused(&self) -> Option<u16> {
        if let ProbeSaid::Refused(port) = self.said { port } else { None }
    }
}

/// The container's part of the template.
pub(crate) fn spec_of<'a>(c: &Container, facts: &'a AppFacts) -> Option<&'a ContainerSpec> {
    facts.workload.containers.iter().find(|s| s.name == c.name)
}

/// The container's probe of that kind.
pub(crate) const fn of(kind: ProbeKind, spec: &ContainerSpec) -> Option<&Probe> {
    match kind {
        ProbeKind::Liveness => spec.liveness.as_ref(),
        ProbeKind::Readiness => spec.readiness.as_ref(),
        ProbeKind::Startup => spec.startup.as_ref(),
    }
}

/// The newest `Unhealthy` event of a kind of probe.
pub(crate) fn answer<'a>(kind: ProbeKind, probe: Option<&Probe>, c: &Container, pod: &'a Pod, facts: &'a AppFacts) -> Option<Answer<'a>> {
    let kind = capital(probe_kind(kind));
    let of_kind = |e: &&std::sync::Arc<Event>| e.reason == "Unhealthy" && e.message.strip_prefix(&kind).is_some_and(|m| m.starts_with(" probe "));
    let event = events_of_container(c, pod, facts).filter(of_kind).max_by_key(|e| e.last)?;
    let told = event.message.split_once(": ").map_or("", |(_, t)| t);
    // Of a pod of an older template the probe may be another one.
    let redirect = redirected(told, probe).filter(|_| event.container.is_some() && facts.runs_newest(pod));
    let said = redirect.map_or_else(|| said(told, probe), ProbeSaid::Redirected);
    Some(Answer { said, event })
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
fn redirected(told: &str, probe: Option<&Probe>) -> Option<u16> {
    let asked: u16 = probe?.port.parse().ok()?;
    refused(told).filter(|port| *port != asked && told.starts_with("Get \""))
}

/// Where nothing listens on the port that a probe asks, and the container's own ports or another probe tell of another.
pub(crate) fn other_port(kind: ProbeKind, answer: &Answer<'_>, then: ProbeThen, c: &Container, pod: &Pod, facts: &AppFacts) -> Option<Cause> {
    let (asked, spec) = (answer.refused()?, spec_of(c, facts)?);
    let declared: Vec<u16> = spec.ports.iter().filter(|(_, _, protocol)| protocol == "TCP").map(|(_, n, _)| *n).collect();
    let number = |p: &Probe| p.port.parse().ok().or_else(|| spec.ports.iter().find(|(n, _, _)| n.as_deref() == Some(p.port.as_str())).map(|(_, n, _)| *n));
    // An event that does not say of which container it is may tell of another one's probe.
    if declared.contains(&asked) || of(kind, spec).and_then(number) != Some(asked) {
        return None;
    }
    let kinds = [ProbeKind::Readiness, ProbeKind::Liveness, ProbeKind::Startup].into_iter().filter(|k| *k != kind);
    let other = kinds.filter_map(|k| Some((k, number(of(k, spec)?)?))).find(|(_, port)| *port != asked);
    if declared.is_empty() && other.is_none() {
        return None;
    }
    let what = of(kind, spec).map_or_else(String::new, |p| p.what.clone());
    let other = other.map(|(k, port)| (k, port.to_string()));
    Some(Cause::ProbeAsksOtherPort { who: who(c, pod, facts), probe: kind, what, asked: asked.to_string(), declared, other, then })
}

/// What the prober's words say.
fn said(told: &str, probe: Option<&Probe>) -> ProbeSaid {
    let has = |words: &[&str]| words.iter().any(|w| told.contains(w));
    let limit = || probe.map(|p| p.timeout_s.max(1));
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
        return ProbeSaid::NotConnected(limit());
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
        return ProbeSaid::Timeout(limit());
    }
    // The kubelet looks for the port's name among those of the container, and takes what it does not find for a number.
    if has(&["strconv."]) && has(&["invalid syntax"]) {
        return ProbeSaid::NoSuchPort(probe.map(|p| p.port.clone()));
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

/// A start that takes longer than this is a trouble also where its probe would wait on.
const SLOW_START: i64 = 30 * 60_000;

/// How long a container may stay not ready before that is a trouble: its probe's own patience, 30 s at least.
fn patience(probe: Option<&Probe>) -> i64 {
    let own = probe.map_or(0, |p| i64::from(p.initial_delay_s) + i64::from(p.period_s.max(1)) * (i64::from(p.failure_threshold.max(1)) + 1));
    own.clamp(30, 3600) * 1000
}

/// Why a container that runs is not ready.
pub(crate) fn not_ready(c: &Container, since: Option<UnixMs>, pod: &Pod, facts: &AppFacts, now: UnixMs) -> Trouble {
    let spec = spec_of(c, facts);
    let of_whom = who(c, pod, facts);
    let who = english::subject(&of_whom);
    let starting = !c.started && spec.is_some_and(|s| s.startup.is_some());
    let kind = if starting { ProbeKind::Startup } else { ProbeKind::Readiness };
    let probe = spec.and_then(|s| of(kind, s));
    let lost = pod.conditions.iter().find(|k| k.kind == "ContainersReady" && k.status != Some(true)).and_then(|k| k.since);
    // It was ready once since it started: then there is nothing to be patient about.
    let was_ready = matches!((lost, since), (Some(lost), Some(since)) if lost.0 > since.0 + 2000);
    let running = since.map_or(0, |s| now.since(s));
    let patient = !was_ready && running < patience(probe);
    // A startup probe has a patience of its own, which may be days; nobody waits for that without a word.
    let tone = if patient || (starting && running < SLOW_START) { Tone::Wait } else { Tone::Bad };
    let log = Evidence::Log { label: "Current log".into(), pod: pod.name.clone(), container: c.name.clone(), previous: false, at: None };
    let found = answer(kind, probe, c, pod, facts).filter(|a| since.is_none_or(|s| a.event.last >= s));
    let what = probe.map_or_else(String::new, |p| p.what.clone());
    let Some(a) = found else {
        let (reason, advice) = if patient { ("starting", "") } else { ("not ready", "Check its log to see what it's waiting for.") };
        let cause = if probe.is_some() {
            format!("{who} has been running for {} without passing its {}", short(running), probe_words(kind, &what))
        } else {
            format!("{who} has been running for {} but isn't ready yet", short(running))
        };
        return Trouble::new(tone, reason, cause, advice).since(lost).see([log]);
    };
    let within = a.event.last.since(a.event.first);
    if let Some(cause) = other_port(kind, &a, ProbeThen::NotReady { times: a.event.count, within }, c, pod, facts).filter(|_| !starting) {
        return Trouble::of(tone, &cause).since(lost).see([event_link(a.event), log]);
    }
    let stage = if starting { ProbeStage::Starting } else { ProbeStage::Running };
    let (times, ago) = (a.event.count, now.since(a.event.last));
    let cause = Cause::ProbeFails { who: of_whom, probe: kind, what, stage, said: a.said, times, within, ago };
    Trouble::of(tone, &cause).since(lost).see([event_link(a.event), log])
}
