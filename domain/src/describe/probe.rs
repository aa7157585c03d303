//! Probes that fail, and what follows from it.

use super::text::who;
use super::trouble::{Tone, Trouble, current_log, event_link, events_of_container};
use crate::UnixMs;
use crate::cause::{AskedProbe, Cause, ProbeKind, ProbeSaid, ProbeStage, ProbeThen};
use crate::facts::{AppFacts, Container, ContainerSpec, Event, Pod, Probe};
use crate::kubernetes::probe::{Asked, failed, said};
use crate::kubernetes::words::{ConditionType, EventReason, Protocol};

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
    let unhealthy = events_of_container(c, pod, facts).filter(|e| e.reason == EventReason::Unhealthy);
    let of_kind = unhealthy.filter_map(|e| Some((e, failed(&e.message).filter(|(found, _)| *found == kind)?.1)));
    let (event, told) = of_kind.max_by_key(|(e, _)| e.last)?;
    // Of a pod of an older template the probe may be another one.
    let sure = event.container.is_some() && facts.runs_newest(pod);
    let asked = Asked { port: probe.map(|p| p.port.as_str()), timeout_s: probe.map(|p| p.timeout_s.max(1)), sure };
    Some(Answer { said: said(told, asked), event })
}

/// Where nothing listens on the port that a probe asks, and the container's own ports or another probe tell of another.
pub(crate) fn other_port(kind: ProbeKind, answer: &Answer<'_>, then: ProbeThen, c: &Container, pod: &Pod, facts: &AppFacts) -> Option<Cause> {
    let (asked, spec) = (answer.refused()?, spec_of(c, facts)?);
    let declared: Vec<u16> = spec.ports.iter().filter(|(_, _, protocol)| *protocol == Protocol::Tcp).map(|(_, n, _)| *n).collect();
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
    let who = who(c, pod, facts);
    let starting = !c.started && spec.is_some_and(|s| s.startup.is_some());
    let kind = if starting { ProbeKind::Startup } else { ProbeKind::Readiness };
    let probe = spec.and_then(|s| of(kind, s));
    let lost = pod.conditions.iter().find(|k| k.kind == ConditionType::ContainersReady && k.status != Some(true)).and_then(|k| k.since);
    // It was ready once since it started: then there is nothing to be patient about.
    let was_ready = matches!((lost, since), (Some(lost), Some(since)) if lost.0 > since.0 + 2000);
    let running = since.map_or(0, |s| now.since(s));
    let patient = !was_ready && running < patience(probe);
    // A startup probe has a patience of its own, which may be days; nobody waits for that without a word.
    let tone = if patient || (starting && running < SLOW_START) { Tone::Wait } else { Tone::Bad };
    let log = current_log(c, pod);
    let found = answer(kind, probe, c, pod, facts).filter(|a| since.is_none_or(|s| a.event.last >= s));
    let what = probe.map_or_else(String::new, |p| p.what.clone());
    let Some(a) = found else {
        let probe = probe.map(|_| AskedProbe { kind, what });
        return Trouble::of(tone, &Cause::NotReady { who, since, probe, patient }).since(lost).see([log]);
    };
    let within = a.event.last.since(a.event.first);
    if let Some(cause) = other_port(kind, &a, ProbeThen::NotReady { times: a.event.count, within }, c, pod, facts).filter(|_| !starting) {
        return Trouble::of(tone, &cause).since(lost).see([event_link(a.event), log]);
    }
    let stage = if starting { ProbeStage::Starting } else { ProbeStage::Running };
    let (times, last) = (a.event.count, a.event.last);
    let cause = Cause::ProbeFails { who, probe: kind, what, stage, said: a.said, times, within, last };
    Trouble::of(tone, &cause).since(lost).see([event_link(a.event), log])
}
