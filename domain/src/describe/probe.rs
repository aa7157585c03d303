//! What probes answer. The texts are those of the kubelet's prober (`pkg/kubelet/prober/prober.go` and `pkg/probe`).

use super::text::{ago, capital, clip, container_name, squeeze, times, who};
use super::trouble::{Tone, Trouble, event_link, events_of_container};
use crate::UnixMs;
use crate::cause::{Cause, ProbeKind, ProbeThen};
use crate::facts::{AppFacts, Container, ContainerSpec, Event, Pod, Probe};
use crate::status::Evidence;
use crate::time::short;

/// The newest answer of a failing probe.
pub(crate) struct Answer<'a> {
    /// For a reason: `503`, `refused`.
    pub(crate) short: String,
    /// For a sentence: `returned 503`.
    pub(crate) words: String,
    /// The end of that sentence: `: nothing listens on port 8080`, or nothing.
    pub(crate) why: String,
    /// The port on which nothing listens.
    pub(crate) refused: Option<u16>,
    /// What to do.
    pub(crate) advice: String,
    /// The event that tells it.
    pub(crate) event: &'a Event,
}

/// The container's part of the template.
pub(crate) fn spec_of<'a>(c: &Container, facts: &'a AppFacts) -> Option<&'a ContainerSpec> {
    facts.workload.containers.iter().find(|s| s.name == c.name)
}

/// `liveness`.
pub(crate) const fn name(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Liveness => "liveness",
        ProbeKind::Readiness => "readiness",
        ProbeKind::Startup => "startup",
    }
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
    let kind = capital(name(kind));
    let of_kind = |e: &&std::sync::Arc<Event>| e.reason == "Unhealthy" && e.message.strip_prefix(&kind).is_some_and(|m| m.starts_with(" probe "));
    let event = events_of_container(c, pod, facts).filter(of_kind).max_by_key(|e| e.last)?;
    let told = event.message.split_once(": ").map_or("", |(_, t)| t);
    // Of a pod of an older template the probe may be another one.
    if let Some(port) = redirected(told, probe).filter(|_| event.container.is_some() && facts.runs_newest(pod)) {
        let words = format!("was redirected to port {port}, where nothing listens");
        let advice = "Let the app answer the probe without a redirect, for example by leaving its path out of the redirect to HTTPS.".to_owned();
        return Some(Answer { short: "redirected".into(), words, why: String::new(), refused: None, advice, event });
    }
    let (short, words, advice) = read(told, probe);
    let (words, why) = words.split_once(": ").map_or((words.clone(), String::new()), |(w, y)| (w.to_owned(), format!(": {y}")));
    Some(Answer { short, words, why, refused: refused(told), advice, event })
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
    let (asked, spec) = (answer.refused?, spec_of(c, facts)?);
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

fn read(told: &str, probe: Option<&Probe>) -> (String, String, String) {
    let say = |s: &str, w: String, a: &str| (s.to_owned(), w, a.to_owned());
    if let Some(code) = told.split("statuscode: ").nth(1) {
        let code = clip(code, 10);
        let advice = match code.as_str() {
            "400" => "Check the path and the Host header that the app expects. If the port speaks HTTPS, set the probe's scheme to HTTPS.",
            "404" => "Correct the path of the probe.",
            "401" | "403" => "Point the probe at a path that needs no authentication.",
            _ => "Check the log to see what the app is missing.",
        };
        return (code.clone(), format!("returned {code}"), advice.to_owned());
    }
    if told.contains("connection refused") {
        return match refused(told) {
            Some(port) => say(
                "refused",
                format!("was refused: nothing listens on port {port}"),
                &format!("Make the app listen on port {port} on all addresses, or correct the probe's port."),
            ),
            None => say("refused", "was refused: nothing listens there".into(), "Correct the probe's port."),
        };
    }
    if told.contains("grpc health protocol") {
        return say("no gRPC health", "found no gRPC health service".into(), "Serve grpc.health.v1.Health in the app, or use a TCP probe.");
    }
    if told.contains("failed to connect service") {
        let limit = probe.map_or_else(String::new, |p| format!(" within {} s", p.timeout_s.max(1)));
        return say("can't connect", format!("couldn't connect{limit}"), "Check that the app listens on the probe's port on all addresses.");
    }
    if told.contains("code = NotFound desc = unknown service") {
        return say("wrong service", "asked for a gRPC service that the app doesn't know".into(), "Correct the probe's service name, or leave it out.");
    }
    if told.contains("malformed HTTP response") {
        // The first bytes of HTTP/2's settings frame, and those of a TLS alert.
        let advice = match told {
            t if t.contains(r"\x00\x00") => "The port speaks HTTP/2, as gRPC does: use a gRPC or TCP probe.",
            t if t.contains(r"\x15\x03") => "The port speaks HTTPS: set the probe's scheme to HTTPS.",
            _ => "Point the probe at a port that speaks HTTP, or use a TCP probe.",
        };
        return say("not HTTP", "got an answer that isn't HTTP".into(), advice);
    }
    if told.contains("redirects") && told.contains("stopped after") {
        return say("redirect loop", "was redirected in a loop".into(), "Point the probe at a path that the app answers without a redirect.");
    }
    if ["deadline exceeded", "Client.Timeout", "timed out", "i/o timeout", "timeout:"].iter().any(|t| told.contains(t)) {
        let limit = probe.map_or_else(String::new, |p| format!(" within {} s", p.timeout_s.max(1)));
        return say("timeout", format!("got no response{limit}"), "Respond faster, or raise the probe's timeout.");
    }
    // The kubelet looks for the port's name among those of the container, and takes what it does not find for a number.
    if told.contains("strconv.") && told.contains("invalid syntax") {
        let port = probe.map_or_else(String::new, |p| format!(" {}", clip(&p.port, 40)));
        return say(
            "no such port",
            format!("asks for port{port}, but the container has no port with that name"),
            "Use a port name that the container declares, or a number.",
        );
    }
    if told.contains("HTTP response to HTTPS client") {
        return say("not HTTPS", "expected HTTPS but got HTTP".into(), "Set the probe's scheme to HTTP.");
    }
    if told.contains("NOT_SERVING") {
        return say("not serving", "returned NOT_SERVING".into(), "Check the log to see what the app is missing.");
    }
    if told.contains("EOF") || told.contains("connection reset") {
        return say("cut off", "was cut off before a response".into(), "Check that the port speaks the probe's protocol.");
    }
    if told.contains("no such file") || told.contains("not found in $PATH") {
        return say("bad command", format!("couldn't run: {}", squeeze(told.rsplit("exec: ").next().unwrap_or(told), 160)), "Correct the probe's command.");
    }
    if told.contains("exec: ") && told.contains("permission denied") {
        return say(
            "not executable",
            format!("couldn't run: {}", squeeze(told.rsplit("exec: ").next().unwrap_or(told), 160)),
            "Make the probe's command executable in the image (chmod +x).",
        );
    }
    if told.contains("no such host") {
        return say("host unknown", "couldn't find the host that it names".into(), "Leave out the probe's host: the kubelet then asks the pod itself.");
    }
    if told.contains("no route to host") || told.contains("network is unreachable") {
        return say("unreachable", "couldn't reach the pod from its node".into(), "Ask an administrator to check the node's pod network.");
    }
    if told.trim().is_empty() {
        return say("fails", "failed without a message".into(), "Run the probe's command in the container to see why.");
    }
    say("fails", format!("said \u{201c}{}\u{201d}", squeeze(told, 160)), "Check the log to see what the app is missing.")
}

/// A probe by its kind and what it asks: `readiness probe GET /healthy on 8080`.
pub(crate) fn probe_words(kind: ProbeKind, probe: Option<&Probe>) -> String {
    match probe {
        Some(p) if !p.what.is_empty() => format!("{} probe {}", name(kind), clip(&p.what, 80)),
        _ => format!("{} probe", name(kind)),
    }
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
    let who = capital(&container_name(c, pod, facts));
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
    let state = if starting { "is starting" } else { "is running but not ready" };
    let log = Evidence::Log { label: "Current log".into(), pod: pod.name.clone(), container: c.name.clone(), previous: false, at: None };
    let found = answer(kind, probe, c, pod, facts).filter(|a| since.is_none_or(|s| a.event.last >= s));
    let what = probe_words(kind, probe);
    let Some(a) = found else {
        let (reason, advice) = if patient { ("starting", "") } else { ("not ready", "Check its log to see what it's waiting for.") };
        let cause = if probe.is_some() {
            format!("{who} has been running for {} without passing its {what}", short(running))
        } else {
            format!("{who} has been running for {} but isn't ready yet", short(running))
        };
        return Trouble::new(tone, reason, cause, advice).since(lost).see([log]);
    };
    let within = a.event.last.since(a.event.first);
    if let Some(cause) = other_port(kind, &a, ProbeThen::NotReady { times: a.event.count, within }, c, pod, facts).filter(|_| !starting) {
        return Trouble::of(tone, &cause).since(lost).see([event_link(a.event), log]);
    }
    let reason = format!("{} {}", name(kind), a.short);
    let often = match a.event.count {
        0 | 1 => ago(a.event.last, now),
        n => format!("{} in {}, last {}", times(n), short(a.event.last.since(a.event.first).max(1000)), ago(a.event.last, now)),
    };
    let cause = format!("{who} {state}: its {what} {}, {often}{}", a.words, a.why);
    Trouble::new(tone, reason, cause, a.advice).since(lost).see([event_link(a.event), log])
}
