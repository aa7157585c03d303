use super::super::{Bye, ServerFrame};
use super::frame;
use crate::account::Role;
use crate::status::{Evidence, Status, Word};
use crate::storage::{StorageNotice, StorageTrouble};
use crate::view::{
    AppDetail, AppRow, Bounds, ClusterHealth, ContainerRow, Endpoint, EndpointKind, EventRow, Happening, LastChange, LastLines, NextStep, OwnTeams, Pip,
    PodRow, Reader, ReferenceRow, Referent, RemarkRow, SettingLine, SharedApp, StillRuns, Usage,
};
use crate::{Action, AppId, Bytes, Code, Kind, MilliCpu, Namespace, ProblemDetails, TeamName, Tone, UnixMs, WorkloadName};
use serde_json::to_string;

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

fn page(detail: AppDetail) -> ServerFrame {
    let team = TeamName::parse("Data platform").ok().filter(|_| detail.next == sample_detail().next);
    ServerFrame::App { id: 3, page: Some(Box::new(SharedApp { reader: Reader { role: Role::Operator, team }, detail })) }
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
        page(detail)
    };
    let frames = [
        ServerFrame::Hello { version: "0.1.0".into(), now: UnixMs(1) },
        ServerFrame::Health { health: sample_health() },
        ServerFrame::Health { health: ClusterHealth::default() },
        ServerFrame::Apps { id: 1, teams: OwnTeams::new(), rows: vec![sample_row()] },
        ServerFrame::Apps { id: 1, teams: [(Namespace::parse("web").unwrap(), TeamName::parse("Web").unwrap())].into(), rows: vec![] },
        ServerFrame::AppsDelta { id: 2, set: vec![sample_row()], gone: vec![sample_row().id] },
        ServerFrame::AppsDelta { id: 2, set: vec![], gone: vec![] },
        page(sample_detail()),
        ServerFrame::App { id: 3, page: None },
        next(NextStep::See { evidence: 3 }),
        next(NextStep::Resume),
        next(NextStep::ScaleUp),
        ServerFrame::AppDelta { id: 3, detail: Box::new(sample_detail()), pods: sample_detail().pods, order: Some(vec!["p".into()]) },
        ServerFrame::AppDelta { id: 3, detail: Box::new(sample_detail()), pods: vec![], order: None },
        ServerFrame::LogSource { id: 4, source: 65_535, pod: "p".into(), container: "c".into() },
        ServerFrame::LogNote { id: 4, source: 1, at: UnixMs(1), tone: Tone::End, code: "pod_gone".into(), text: "t".into() },
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
    assert_eq!(frame("{\"t\":\"app\",\"id\":1,\"page\":{\"reader\":{\"role\":\"viewer\"},\"detail\":{\"row\":{}}}}"), None);
}
