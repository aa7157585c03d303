//! The page of an app.

use super::text::count;
use super::{action, endpoint, next, remarks};
use crate::account::Role;
use crate::english;
use crate::facts::{AppFacts, Container, Pod, Probe};
use crate::view::{AppDetail, AppRow, Bounds, ContainerRow, EventRow, PodRow, ReferenceRow, Referent, SettingLine, StillRuns};
use crate::{Bytes, MilliCpu, UnixMs};
use std::collections::BTreeMap;

/// The page.
pub(crate) fn detail(facts: &AppFacts, row: AppRow, usage_by_pod: &BTreeMap<String, (MilliCpu, Bytes)>, role: Role, now: UnixMs) -> AppDetail {
    let actions = action::actions(facts, role);
    AppDetail {
        next: next::step(facts, &row.status, &actions, now),
        last_lines: next::last_lines(facts, &row.status),
        row,
        story: super::story(facts, now),
        pods: facts.pods.iter().map(|p| pod_row(p, facts, usage_by_pod.get(&p.name), now)).collect(),
        events: facts.events.iter().map(|e| event_row(e)).collect(),
        endpoints: endpoint::endpoints(facts),
        actions: actions.into_iter().map(|(action, why)| (action, why.as_ref().map(english::action::refusal))).collect(),
        notes: action::notes(facts),
        role,
        paused: facts.workload.paused,
        revision: facts.workload.revision,
        settings: settings(facts),
        references: references(facts),
        still_runs: still_runs(facts),
    }
}

/// Most rows of what pods still run.
const STILL_RUNS: usize = 20;

/// Images that pods run in place of the template's.
fn still_runs(facts: &AppFacts) -> Vec<StillRuns> {
    let mut found: Vec<StillRuns> = Vec::new();
    let live = facts.pods.iter().filter(|p| p.deleting.is_none() && p.phase != "Failed" && p.phase != "Succeeded");
    for c in live.flat_map(|p| &p.containers) {
        let written = facts.workload.containers.iter().find(|w| w.name == c.name);
        if written.is_none_or(|w| w.image == c.image) {
            continue;
        }
        match found.iter().position(|s| s.container == c.name && s.image == c.image) {
            Some(place) => found[place].pods += 1,
            None if found.len() < STILL_RUNS => found.push(StillRuns { container: c.name.clone(), image: c.image.clone(), pods: 1 }),
            None => {}
        }
    }
    found
}

fn references(facts: &AppFacts) -> Vec<ReferenceRow> {
    let w = &facts.workload;
    let of = |kind: Referent, name: &str| ReferenceRow { kind, name: name.to_owned() };
    let mut all: Vec<ReferenceRow> = w.secrets.iter().map(|r| of(Referent::Secret, &r.name)).collect();
    all.extend(w.config_maps.iter().map(|r| of(Referent::ConfigMap, &r.name)));
    all.extend(w.pull_secrets.iter().map(|name| of(Referent::PullSecret, name)));
    all.extend(w.claims.iter().map(|name| of(Referent::Claim, name)));
    all.sort_unstable();
    all.dedup();
    all
}

fn event_row(e: &crate::facts::Event) -> EventRow {
    EventRow {
        object: format!("{}/{}", e.kind.to_lowercase(), e.name),
        reason: e.reason.clone(),
        message: e.message.clone(),
        warning: e.warning,
        count: e.count,
        last: e.last,
    }
}

fn pod_row(pod: &Pod, facts: &AppFacts, usage: Option<&(MilliCpu, Bytes)>, now: UnixMs) -> PodRow {
    PodRow {
        name: pod.name.clone(),
        status: super::pod_status(pod, facts, now),
        ready: u32::try_from(pod.containers.iter().filter(|c| !c.init && c.ready).count()).unwrap_or(u32::MAX),
        containers: pod.containers.iter().map(|c| container_row(c, false, now)).chain(pod.ephemeral().iter().map(|c| container_row(c, true, now))).collect(),
        restarts: pod.restarts(),
        cpu: usage.map(|(cpu, _)| *cpu),
        memory: usage.map(|(_, memory)| *memory),
        bounds: if usage.is_some() && facts.runs_newest(pod) { facts.workload.bounds() } else { Bounds::default() },
        node: pod.node.clone(),
        ip: pod.ip.clone(),
        created: pod.created,
    }
}

fn container_row(c: &Container, ephemeral: bool, now: UnixMs) -> ContainerRow {
    ContainerRow {
        name: c.name.clone(),
        image: c.image.clone(),
        init: c.init,
        ephemeral,
        sidecar: c.sidecar,
        ready: c.ready,
        restarts: c.restarts,
        state: english::container::state(&c.state, c.sidecar, now),
        last: c.last.as_ref().map(|e| english::container::ended(e, now)),
        has_previous: c.last.is_some(),
    }
}

/// Resources and probes of the main container, and what the app needs.
fn settings(facts: &AppFacts) -> Vec<SettingLine> {
    let w = &facts.workload;
    let mut lines = Vec::new();
    let mut add = |label: &str, text: String| lines.push(SettingLine { label: label.to_owned(), text });
    if let Some(c) = w.containers.iter().find(|c| !c.init && !c.sidecar) {
        let pair = |request: Option<String>, limit: Option<String>| match (request, limit) {
            (None, None) => "No request, no limit".to_owned(),
            (Some(r), None) => format!("{r} requested, no limit"),
            (None, Some(l)) => format!("{l} limit"),
            (Some(r), Some(l)) => format!("{r} requested, {l} limit"),
        };
        let image = crate::told_image(&c.image);
        let waits = remarks::waiting_template(facts).map(|(runs, _)| format!("{} running; {image} waits until the rollout resumes", runs.join(", ")));
        let still = || {
            let other = |s: StillRuns| format!("{} still {} {}", count(s.pods, "pod"), if s.pods == 1 { "runs" } else { "run" }, crate::told_image(&s.image));
            still_runs(facts).into_iter().filter(|s| s.container == c.name).map(other).collect::<Vec<_>>()
        };
        add("Image", waits.unwrap_or_else(|| std::iter::once(image.clone()).chain(still()).collect::<Vec<_>>().join("; ")));
        add("CPU", pair(c.cpu_request.map(|q| q.to_string()), c.cpu_limit.map(|q| q.to_string())));
        add("Memory", pair(c.memory_request.map(|q| q.to_string()), c.memory_limit.map(|q| q.to_string())));
        for (label, probe) in [("Liveness", &c.liveness), ("Readiness", &c.readiness), ("Startup", &c.startup)] {
            add(label, probe.as_ref().map_or_else(|| "None".to_owned(), probe_text));
        }
        let ports: Vec<_> = c
            .ports
            .iter()
            .map(|(name, n, protocol)| format!("{n}/{protocol}{}", name.as_ref().map_or_else(String::new, |name| format!(" ({name})"))))
            .collect();
        if !ports.is_empty() {
            add("Ports", ports.join(", "));
        }
    }
    let sidecars: Vec<_> = w.containers.iter().filter(|c| c.sidecar).map(|c| c.name.as_str()).collect();
    if !sidecars.is_empty() {
        add("Sidecars", sidecars.join(", "));
    }
    if let Some(cron) = &w.cron {
        add("Schedule", format!("{}{}", cron.schedule, cron.time_zone.as_ref().map_or_else(String::new, |z| format!(" ({z})"))));
    }
    if let Some(job) = &w.job {
        add("Completions", format!("{} needed, {} failures allowed", job.completions, job.backoff_limit));
    }
    lines
}

fn probe_text(p: &Probe) -> String {
    let delay = if p.initial_delay_s > 0 { format!(", starts after {} s", p.initial_delay_s) } else { String::new() };
    format!("{} every {} s, fails after {}{delay}", p.what, p.period_s, p.failure_threshold)
}
