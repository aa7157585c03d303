//! What the server writes, read out of plain JSON values in the browser.
//!
//! Derived readers are compiled for every type and every way to read it; these few functions are a fraction of that
//! code, which counts on the way to the browser. A test reads what serde writes and compares.

use domain::account::Role;
use domain::live::{Bye, ServerFrame};
use domain::status::{Evidence, Status, Word};
use domain::storage::{StorageNotice, StorageTrouble};
use domain::view::{
    AppDetail, AppRow, Bounds, ClusterHealth, ContainerRow, Endpoint, EndpointKind, EventRow, Happening, LastChange, LastLines, NextStep, Pip, PodRow,
    ReferenceRow, Referent, RemarkRow, SettingLine, StillRuns, Usage,
};
use domain::{Action, AppId, Bytes, Kind, MilliCpu, Namespace, TeamName, Tone, UnixMs, WorkloadName};
pub(crate) use leptos::serde_json::Value;
use leptos::serde_json::from_str;

/// Any JSON.
pub(crate) fn value(text: &str) -> Option<Value> {
    from_str(text).ok()
}

/// A text frame; `None` for what this page does not know.
pub(crate) fn frame(json: &str) -> Option<ServerFrame> {
    let v = &value(json)?;
    let id = small(v, "id");
    Some(match v["t"].as_str()? {
        "hello" => ServerFrame::Hello { version: text(v, "version"), now: ms(v, "now") },
        "apps" => ServerFrame::Apps { id, rows: rows(v, "rows"), health: health(&v["health"]) },
        "apps_delta" => ServerFrame::AppsDelta { id, set: rows(v, "set"), gone: list(v, "gone", app_id), health: some(v, "health").map(health) },
        "app" => {
            // Only the server's own word says that an app is gone.
            let detail = match some(v, "detail") {
                Some(there) => Some(Box::new(detail(there)?)),
                None => None,
            };
            ServerFrame::App { id, detail, health: health(&v["health"]) }
        }
        "app_delta" => {
            let order = some(v, "order").map(|_| texts(v, "order"));
            ServerFrame::AppDelta { id, detail: Box::new(detail(&v["detail"])?), pods: list(v, "pods", pod), order, health: health(&v["health"]) }
        }
        "log_source" => ServerFrame::LogSource { id, source: source(v), pod: text(v, "pod"), container: text(v, "container") },
        "log_note" => ServerFrame::LogNote { id, source: source(v), at: ms(v, "at"), tone: tone(v)?, text: text(v, "text") },
        "stale" => ServerFrame::Stale { id },
        "denied" => ServerFrame::Denied { id, problem: from_str(&v["problem"].to_string()).ok()? },
        "ping" => ServerFrame::Ping { now: ms(v, "now") },
        "bye" => ServerFrame::Bye { reason: Bye::from_slug(v["reason"].as_str()?)? },
        _ => return None,
    })
}

/// Rows of the list.
pub(crate) fn rows(v: &Value, key: &str) -> Vec<AppRow> {
    list(v, key, row)
}

/// A text; empty where there is none.
pub(crate) fn text(v: &Value, key: &str) -> String {
    opt_text(v, key).unwrap_or_default()
}

/// The page of an app.
pub(crate) fn detail(v: &Value) -> Option<AppDetail> {
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
        role: Role::from_slug(v["role"].as_str()?)?,
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

fn row(v: &Value) -> Option<AppRow> {
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

fn app_id(v: &Value) -> Option<AppId> {
    Some(AppId {
        namespace: Namespace::parse(v["namespace"].as_str()?).ok()?,
        kind: Kind::from_slug(v["kind"].as_str()?)?,
        name: WorkloadName::parse(v["name"].as_str()?).ok()?,
    })
}

fn status(v: &Value) -> Option<Status> {
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

fn evidence(v: &Value) -> Option<Evidence> {
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

fn pod(v: &Value) -> Option<PodRow> {
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

/// How the portal stands to the cluster.
pub(crate) fn health(v: &Value) -> ClusterHealth {
    ClusterHealth {
        ready: flag(v, "ready"),
        away_since: some(v, "away_since").and_then(Value::as_i64).map(UnixMs),
        refusals: texts(v, "refusals"),
        metrics: v["metrics"].as_bool(),
        storage: some(v, "storage").and_then(storage),
    }
}

fn storage(v: &Value) -> Option<StorageNotice> {
    Some(StorageNotice { trouble: StorageTrouble::from_slug(v["trouble"].as_str()?)?, admin: flag(v, "admin") })
}

fn some<'a>(v: &'a Value, key: &str) -> Option<&'a Value> {
    v.get(key).filter(|v| !v.is_null())
}

fn opt_text(v: &Value, key: &str) -> Option<String> {
    v[key].as_str().map(str::to_owned)
}

fn texts(v: &Value, key: &str) -> Vec<String> {
    list(v, key, |t| t.as_str().map(str::to_owned))
}

fn list<T>(v: &Value, key: &str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    v[key].as_array().map(|all| all.iter().filter_map(read).collect()).unwrap_or_default()
}

fn ms(v: &Value, key: &str) -> UnixMs {
    UnixMs(v[key].as_i64().unwrap_or_default())
}

fn small(v: &Value, key: &str) -> u32 {
    v[key].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or_default()
}

fn source(v: &Value) -> u16 {
    u16::try_from(small(v, "source")).unwrap_or_default()
}

fn tone(v: &Value) -> Option<Tone> {
    Tone::from_slug(v["tone"].as_str()?)
}

fn flag(v: &Value, key: &str) -> bool {
    v[key].as_bool().unwrap_or_default()
}

fn cpu(v: &Value) -> Option<MilliCpu> {
    v["cpu"].as_u64().map(MilliCpu)
}

fn memory(v: &Value) -> Option<Bytes> {
    v["memory"].as_u64().map(Bytes)
}

fn spark(v: &Value, key: &str) -> Vec<u8> {
    list(v, key, |p| p.as_u64().and_then(|p| u8::try_from(p).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Code, ProblemDetails};
    use leptos::serde_json::to_string;

    fn sample_row() -> AppRow {
        let evidence = vec![
            Evidence::Log { label: "a".into(), pod: "b".into(), container: "c".into(), previous: true, at: Some(UnixMs(7)) },
            Evidence::Log { label: "a".into(), pod: "b".into(), container: "c".into(), previous: false, at: None },
            Evidence::Chart { label: "d".into(), at: UnixMs(-8) },
            Evidence::Event { label: "e".into(), reason: "f".into(), name: "g".into() },
            Evidence::Object { label: "h".into(), path: "/i".into() },
            Evidence::Command { label: "j".into(), text: "k".into() },
        ];
        AppRow {
            id: AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::CronJob, name: WorkloadName::parse("x").unwrap() },
            team: TeamName::parse("Data platform").ok(),
            release: None,
            remarks: vec![RemarkRow { code: "c".into(), reason: "r".into(), text: "t".into(), remedy: "m".into(), evidence: evidence.clone() }],
            status: Status {
                word: Word::Progressing,
                code: Some("evicted".into()),
                reason: "r\"".into(),
                sentence: "ä <".into(),
                since: Some(UnixMs(1)),
                evidence,
            },
            ready: 1,
            wanted: 2,
            pips: vec![Pip::Ready, Pip::Starting, Pip::NotReady, Pip::Failing, Pip::Missing],
            images: vec!["i".into()],
            restarts: 4_000_000_000,
            usage: Usage { cpu: Some(MilliCpu(5)), memory: Some(Bytes(1 << 40)), cpu_spark: vec![0, 100], memory_spark: vec![] },
            created: UnixMs(1_790_000_000_000),
            changed: Some(LastChange { at: UnixMs(3), by: "kubectl".into() }),
        }
    }

    fn sample_detail() -> AppDetail {
        let c = ContainerRow {
            name: "c".into(),
            image: "i".into(),
            init: true,
            ephemeral: true,
            sidecar: true,
            ready: false,
            restarts: 3,
            state: "s".into(),
            last: Some("l".into()),
            has_previous: true,
        };
        AppDetail {
            story: Tone::ALL.iter().map(|tone| Happening { at: UnixMs(1), tone: *tone, sentence: "s".into() }).collect(),
            pods: vec![PodRow {
                name: "p".into(),
                status: sample_row().status,
                ready: 1,
                containers: vec![c],
                restarts: 2,
                cpu: None,
                memory: Some(Bytes(9)),
                bounds: Bounds { cpu_request: Some(MilliCpu(1)), cpu_limit: Some(MilliCpu(2)), memory_request: None, memory_limit: Some(Bytes(3)) },
                node: None,
                ip: Some("10.0.0.1".into()),
                created: UnixMs(2),
            }],
            events: vec![EventRow { object: "o".into(), reason: "r".into(), message: "m".into(), warning: true, count: 5, last: UnixMs(6) }],
            endpoints: EndpointKind::ALL.iter().map(|kind| Endpoint { kind: *kind, address: "a:80".into(), sentence: "s".into(), broken: true }).collect(),
            actions: Action::ALL.iter().map(|action| (*action, (*action == Action::Scale).then(|| "why".to_owned()))).collect(),
            notes: [(Action::Scale, "note".to_owned())].into(),
            role: Role::Operator,
            paused: true,
            revision: Some(7),
            settings: vec![SettingLine { label: "CPU".into(), text: "1".into() }],
            references: Referent::ALL.map(|kind| ReferenceRow { kind, name: "n".into() }).into(),
            still_runs: vec![StillRuns { container: "c".into(), image: "i".into(), pods: 2 }],
            last_lines: Some(LastLines { pod: "p".into(), container: "c".into(), previous: true, lines: vec!["l".into()] }),
            next: Some(NextStep::RollBack { revision: 6 }),
            row: sample_row(),
        }
    }

    fn sample_health() -> ClusterHealth {
        ClusterHealth {
            ready: true,
            away_since: Some(UnixMs(1)),
            refusals: vec!["no".into()],
            metrics: Some(false),
            storage: Some(StorageNotice { trouble: StorageTrouble::ReadOnly, admin: true }),
        }
    }

    #[test]
    fn every_frame_reads_as_it_was_written() {
        let next = |step| {
            let detail = AppDetail { next: Some(step), ..sample_detail() };
            ServerFrame::App { id: 3, detail: Some(Box::new(detail)), health: sample_health() }
        };
        let frames = [
            ServerFrame::Hello { version: "0.1.0".into(), now: UnixMs(1) },
            ServerFrame::Apps { id: 1, rows: vec![sample_row()], health: sample_health() },
            ServerFrame::AppsDelta { id: 2, set: vec![sample_row()], gone: vec![sample_row().id], health: None },
            ServerFrame::AppsDelta { id: 2, set: vec![], gone: vec![], health: Some(ClusterHealth::default()) },
            ServerFrame::App { id: 3, detail: Some(Box::new(sample_detail())), health: sample_health() },
            ServerFrame::App { id: 3, detail: None, health: ClusterHealth::default() },
            next(NextStep::See { evidence: 3 }),
            next(NextStep::Resume),
            next(NextStep::ScaleUp),
            ServerFrame::AppDelta {
                id: 3,
                detail: Box::new(sample_detail()),
                pods: sample_detail().pods,
                order: Some(vec!["p".into()]),
                health: sample_health(),
            },
            ServerFrame::AppDelta { id: 3, detail: Box::new(sample_detail()), pods: vec![], order: None, health: ClusterHealth::default() },
            ServerFrame::LogSource { id: 4, source: 65_535, pod: "p".into(), container: "c".into() },
            ServerFrame::LogNote { id: 4, source: 1, at: UnixMs(1), tone: Tone::End, text: "t".into() },
            ServerFrame::Stale { id: 5 },
            ServerFrame::Denied { id: 6, problem: ProblemDetails::new(Code::Forbidden, "portal_admins_only", "no") },
            ServerFrame::Ping { now: UnixMs(9) },
            ServerFrame::Bye { reason: Bye::Restarting },
            ServerFrame::Bye { reason: Bye::SignedOut },
        ];
        for sent in frames {
            assert_eq!(frame(&to_string(&sent).unwrap()), Some(sent));
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        assert_eq!(frame("{\"t\":\"later\"}"), None);
        assert_eq!(frame("not json"), None);
    }

    #[test]
    fn an_app_that_cannot_be_read_is_not_told_as_gone() {
        assert_eq!(frame("{\"t\":\"app\",\"id\":1,\"detail\":{\"row\":{}}}"), None);
    }
}
