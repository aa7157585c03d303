//! A row of the list, and what the page of an app shares with it.

use super::value::{cpu, flag, list, memory, ms, opt_text, small, some, text, texts};
use crate::status::{Evidence, Status, Word};
use crate::view::{AppRow, LastChange, Pip, RemarkRow, Usage};
use crate::{AppId, Kind, Namespace, TeamName, UnixMs, WorkloadName};
use serde_json::Value;

pub(super) fn row(v: &Value) -> Option<AppRow> {
    let usage = &v["usage"];
    Some(AppRow {
        id: app_id(&v["id"])?,
        team: opt_text(v, "team").and_then(|t| TeamName::parse(t).ok()),
        release: opt_text(v, "release"),
        status: status(&v["status"])?,
        remarks: list(v, "remarks", |r| {
            let (code, reason) = (text(r, "code"), text(r, "reason"));
            Some(RemarkRow { code, reason, text: text(r, "text"), remedy: text(r, "remedy"), evidence: list(r, "evidence", evidence) })
        }),
        ready: small(v, "ready"),
        wanted: small(v, "wanted"),
        pips: list(v, "pips", pip),
        images: texts(v, "images"),
        restarts: small(v, "restarts"),
        usage: Usage { cpu: cpu(usage), memory: memory(usage), cpu_spark: spark(usage, "cpu_spark"), memory_spark: spark(usage, "memory_spark") },
        created: ms(v, "created"),
        changed: some(v, "changed").and_then(|c| Some(LastChange { at: UnixMs(c[0].as_i64()?), by: c[1].as_str()?.to_owned() })),
    })
}

pub(super) fn app_id(v: &Value) -> Option<AppId> {
    Some(AppId {
        namespace: Namespace::parse(v["namespace"].as_str()?).ok()?,
        kind: Kind::from_slug(v["kind"].as_str()?)?,
        name: WorkloadName::parse(v["name"].as_str()?).ok()?,
    })
}

pub(super) fn status(v: &Value) -> Option<Status> {
    let word = v["word"].as_str()?;
    Some(Status {
        word: Word::ALL.into_iter().find(|w| w.text().eq_ignore_ascii_case(word))?,
        code: opt_text(v, "code").map(Into::into),
        reason: text(v, "reason"),
        sentence: text(v, "sentence"),
        since: some(v, "since").and_then(Value::as_i64).map(UnixMs),
        evidence: list(v, "evidence", evidence),
    })
}

pub(super) fn evidence(v: &Value) -> Option<Evidence> {
    let label = text(v, "label");
    Some(match v["kind"].as_str()? {
        "log" => {
            let at = some(v, "at").and_then(Value::as_i64).map(UnixMs);
            Evidence::Log { label, pod: text(v, "pod"), container: text(v, "container"), previous: flag(v, "previous"), at }
        }
        "chart" => Evidence::Chart { label, at: ms(v, "at") },
        "event" => Evidence::Event { label, reason: text(v, "reason"), name: text(v, "name") },
        "object" => Evidence::Object { label, path: text(v, "path") },
        "command" => Evidence::Command { label, text: text(v, "text") },
        _ => return None,
    })
}

fn pip(v: &Value) -> Option<Pip> {
    Some(match v.as_str()? {
        "ready" => Pip::Ready,
        "starting" => Pip::Starting,
        "not_ready" => Pip::NotReady,
        "failing" => Pip::Failing,
        _ => Pip::Missing,
    })
}

fn spark(v: &Value, key: &str) -> Vec<u8> {
    list(v, key, |p| p.as_u64().and_then(|p| u8::try_from(p).ok()))
}
