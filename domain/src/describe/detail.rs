//! The page of an app.

use super::{action, endpoint, next, settings};
use crate::facts::{AppFacts, Container, Pod};
use crate::view::{AppDetail, AppRow, Bounds, ContainerRow, EventRow, PodRow, ReferenceRow, Referent};
use crate::{Bytes, Language, MilliCpu, UnixMs};
use std::collections::BTreeMap;

/// The page.
pub(crate) fn detail(facts: &AppFacts, row: AppRow, usage_by_pod: &BTreeMap<String, (MilliCpu, Bytes)>, now: UnixMs, language: Language) -> AppDetail {
    let actions = action::actions(facts);
    AppDetail {
        next: next::step(facts, &row.status, &actions, now),
        last_lines: next::last_lines(facts, &row.status),
        row,
        story: super::story(facts, now, language),
        pods: facts.pods.iter().map(|p| pod_row(p, facts, usage_by_pod.get(&p.name), now, language)).collect(),
        events: facts.events.iter().map(|e| event_row(e)).collect(),
        endpoints: endpoint::endpoints(facts).iter().map(|reach| language.endpoint(reach)).collect(),
        actions: actions.into_iter().map(|(action, why)| (action, why.as_ref().map(|why| language.action_refusal(why)))).collect(),
        notes: action::notes(facts).iter().map(|(action, note)| (*action, language.action_note(note))).collect(),
        paused: facts.workload.paused,
        revision: facts.workload.revision,
        settings: settings::settings(facts).iter().map(|setting| language.setting(setting)).collect(),
        references: references(facts),
        still_runs: settings::still_runs(facts),
    }
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
        object: format!("{}/{}", e.kind.word().to_lowercase(), e.name),
        reason: e.reason.word().to_owned(),
        message: e.message.clone(),
        warning: e.warning,
        count: e.count,
        last: e.last,
    }
}

fn pod_row(pod: &Pod, facts: &AppFacts, usage: Option<&(MilliCpu, Bytes)>, now: UnixMs, language: Language) -> PodRow {
    PodRow {
        name: pod.name.clone(),
        status: super::pod_status(pod, facts, now, language),
        ready: u32::try_from(pod.containers.iter().filter(|c| !c.init && c.ready).count()).unwrap_or(u32::MAX),
        containers: pod
            .containers
            .iter()
            .map(|c| container_row(c, false, now, language))
            .chain(pod.ephemeral().iter().map(|c| container_row(c, true, now, language)))
            .collect(),
        restarts: pod.restarts(),
        cpu: usage.map(|(cpu, _)| *cpu),
        memory: usage.map(|(_, memory)| *memory),
        bounds: if usage.is_some() && facts.runs_newest(pod) { facts.workload.bounds() } else { Bounds::default() },
        node: pod.node.clone(),
        ip: pod.ip.clone(),
        created: pod.created,
    }
}

fn container_row(c: &Container, ephemeral: bool, now: UnixMs, language: Language) -> ContainerRow {
    ContainerRow {
        name: c.name.clone(),
        image: c.image.clone(),
        init: c.init,
        ephemeral,
        sidecar: c.sidecar,
        ready: c.ready,
        restarts: c.restarts,
        state: language.container_state(&c.state, c.sidecar, now),
        last: c.last.as_ref().map(|e| language.container_ended(e, now)),
        has_previous: c.last.is_some(),
    }
}
