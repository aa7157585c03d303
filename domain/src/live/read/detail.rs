//! The page of an app.

use super::row::{row, status};
use super::value::{cpu, flag, list, memory, ms, opt_text, small, some, text, texts, tone};
use crate::view::{
    AppDetail, Bounds, ContainerRow, Endpoint, EndpointKind, EventRow, Happening, LastLines, NextStep, PodRow, ReferenceRow, Referent, SettingLine, StillRuns,
};
use crate::{Action, Bytes, MilliCpu};
use serde_json::Value;

/// The page of an app.
#[must_use]
pub fn detail(v: &Value) -> Option<AppDetail> {
    Some(AppDetail {
        row: row(&v["row"])?,
        story: list(v, "story", |h| Some(Happening { at: ms(h, "at"), tone: tone(h)?, sentence: text(h, "sentence") })),
        pods: list(v, "pods", pod),
        events: list(v, "events", |e| Some(event(e))),
        endpoints: list(v, "endpoints", |e| {
            Some(Endpoint {
                kind: EndpointKind::from_slug(e["kind"].as_str()?)?,
                address: text(e, "address"),
                sentence: text(e, "sentence"),
                broken: flag(e, "broken"),
            })
        }),
        actions: v["actions"].as_object()?.iter().filter_map(|(k, why)| Some((Action::from_slug(k)?, why.as_str().map(str::to_owned)))).collect(),
        notes: v["notes"].as_object().into_iter().flatten().filter_map(|(k, note)| Some((Action::from_slug(k)?, note.as_str()?.to_owned()))).collect(),
        paused: flag(v, "paused"),
        revision: v["revision"].as_u64(),
        settings: list(v, "settings", |s| Some(SettingLine { label: s[0].as_str()?.to_owned(), text: s[1].as_str()?.to_owned() })),
        references: list(v, "references", |r| {
            let kind = r["kind"].as_str()?;
            Some(ReferenceRow { kind: Referent::ALL.into_iter().find(|k| k.slug() == kind)?, name: text(r, "name") })
        }),
        still_runs: list(v, "still_runs", |s| Some(StillRuns { container: text(s, "container"), image: text(s, "image"), pods: small(s, "pods") })),
        last_lines: some(v, "last_lines").map(|l| LastLines {
            pod: text(l, "pod"),
            container: text(l, "container"),
            previous: flag(l, "previous"),
            lines: texts(l, "lines"),
        }),
        next: some(v, "next").and_then(next_step),
    })
}

fn next_step(v: &Value) -> Option<NextStep> {
    Some(match v["do"].as_str()? {
        "see" => NextStep::See { evidence: u16::try_from(small(v, "evidence")).ok()? },
        "roll_back" => NextStep::RollBack { revision: v["revision"].as_u64()? },
        "resume" => NextStep::Resume,
        "scale_up" => NextStep::ScaleUp,
        _ => return None,
    })
}

pub(super) fn pod(v: &Value) -> Option<PodRow> {
    Some(PodRow {
        name: text(v, "name"),
        status: status(&v["status"])?,
        ready: small(v, "ready"),
        containers: list(v, "containers", |c| Some(container(c))),
        restarts: small(v, "restarts"),
        cpu: cpu(v),
        memory: memory(v),
        bounds: bounds(&v["bounds"]),
        node: opt_text(v, "node"),
        ip: opt_text(v, "ip"),
        created: ms(v, "created"),
    })
}

fn bounds(v: &Value) -> Bounds {
    let number = |key: &str| v[key].as_u64();
    Bounds {
        cpu_request: number("cpu_request").map(MilliCpu),
        cpu_limit: number("cpu_limit").map(MilliCpu),
        memory_request: number("memory_request").map(Bytes),
        memory_limit: number("memory_limit").map(Bytes),
    }
}

fn container(v: &Value) -> ContainerRow {
    ContainerRow {
        name: text(v, "name"),
        image: text(v, "image"),
        init: flag(v, "init"),
        ephemeral: flag(v, "ephemeral"),
        sidecar: flag(v, "sidecar"),
        ready: flag(v, "ready"),
        restarts: small(v, "restarts"),
        state: text(v, "state"),
        last: opt_text(v, "last"),
        has_previous: flag(v, "has_previous"),
    }
}

fn event(v: &Value) -> EventRow {
    EventRow {
        object: text(v, "object"),
        reason: text(v, "reason"),
        message: text(v, "message"),
        warning: flag(v, "warning"),
        count: small(v, "count"),
        last: ms(v, "last"),
    }
}
