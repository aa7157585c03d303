//! Every page as a person reads it, with hostile text in every place that somebody else can fill.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod every_page;
mod list;
mod pages;
mod said;

use crate::page::{AppTab, Assets, Frame, Page};
use domain::account::{Me, NamespaceAccess, Role, User};
use domain::operation::{ChangeAction, OperationId, State};
use domain::status::{Evidence, Status, Word};
use domain::view::{
    AppDetail, AppRow, Bounds, ClusterHealth, ContainerRow, Endpoint, EndpointKind, EventRow, Happening, LastChange, LastLines, NextStep, OperationView, Pip,
    PodRow, ProgressView, ReferenceRow, Referent, RemarkRow, SettingLine, StillRuns, Usage, VerdictView,
};
use domain::{Action, AppId, BasePath, Code, FieldError, Kind, Language, MilliCpu, Namespace, ProblemDetails, TeamName, Tone, UnixMs, Username, WorkloadName};
use std::collections::BTreeMap;
use std::sync::Arc;

const EVIL: &str = "<script>alert(1)</script>\" onload='x' \u{202e}&";
pub(crate) const NOW: UnixMs = UnixMs(1_790_000_000_000);

/// A page that nobody has signed in for, and with nothing beside it.
pub(crate) fn bare_frame(path: &str) -> Frame {
    Frame {
        base: BasePath::lenient("/team/portal").unwrap(),
        nonce: "n".into(),
        language: Language::English,
        me: None,
        path: path.into(),
        query: Vec::new(),
        embed: false,
        theme: None,
        assets: Assets::default(),
        notices: Vec::new(),
        health: ClusterHealth::default(),
        now: UnixMs(0),
    }
}

pub(crate) fn frame(path: &str) -> Frame {
    let web = Namespace::parse("web").unwrap();
    let me = Me {
        user_id: 1,
        name: Username::parse("mara").unwrap(),
        display: EVIL.into(),
        admin: true,
        namespaces: vec![NamespaceAccess { namespace: web, team: TeamName::parse("Data platform").ok(), role: Role::Owner }],
    };
    Frame {
        nonce: "n0nce".into(),
        me: Some(Arc::new(me)),
        query: crate::links::decode(path.split_once('?').map_or("", |(_, q)| q)),
        embed: path.contains("embed=1"),
        assets: Assets { css: "/pkg/q.1.css".into(), js: "/pkg/q.1.js".into(), wasm: "/pkg/q.1.wasm".into(), chart_js: "/chart.1.js".into() },
        health: ClusterHealth { ready: true, ..ClusterHealth::default() },
        now: NOW,
        ..bare_frame(path)
    }
}

fn id(name: &str) -> AppId {
    AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() }
}

fn remark() -> RemarkRow {
    let evidence = vec![Evidence::Object { label: EVIL.into(), path: "/apps/web".into() }];
    RemarkRow { code: "template_waits".into(), reason: EVIL.into(), text: format!("Remarked: {EVIL}"), remedy: EVIL.into(), evidence }
}

fn row(name: &str, word: Word) -> AppRow {
    AppRow {
        id: id(name),
        team: None,
        release: Some(EVIL.into()),
        status: Status {
            word,
            code: None,
            reason: EVIL.into(),
            sentence: format!("It fails. {EVIL}"),
            since: Some(NOW.plus(-120_000)),
            evidence: vec![Evidence::Log { label: EVIL.into(), pod: "p-1".into(), container: "c".into(), previous: true, at: Some(NOW) }],
        },
        remarks: vec![remark(), remark()],
        ready: 0,
        wanted: 1,
        pips: vec![Pip::Failing],
        images: vec![format!("registry/x/{EVIL}:1")],
        restarts: 3,
        usage: Usage { cpu: Some(MilliCpu(212)), memory: None, cpu_spark: vec![1, 50, 100], memory_spark: vec![] },
        created: NOW.plus(-41 * 86_400_000),
        changed: Some(LastChange { at: NOW.plus(-60_000 * 26), by: EVIL.into() }),
    }
}

pub(crate) fn detail(word: Word) -> AppDetail {
    let row = row("kpow", word);
    AppDetail {
        pods: vec![PodRow {
            name: "kpow-1".into(),
            status: row.status.clone(),
            ready: 0,
            containers: vec![ContainerRow {
                name: "app".into(),
                image: EVIL.into(),
                init: false,
                ephemeral: true,
                sidecar: false,
                ready: false,
                restarts: 3,
                state: format!("waits {EVIL}"),
                last: Some("exited with code 3".into()),
                has_previous: true,
            }],
            restarts: 3,
            cpu: None,
            memory: None,
            bounds: Bounds::default(),
            node: Some(EVIL.into()),
            ip: None,
            created: NOW,
        }],
        story: vec![Happening { at: NOW, tone: Tone::Bad, sentence: EVIL.into() }],
        events: vec![EventRow { object: EVIL.into(), reason: EVIL.into(), message: EVIL.into(), warning: true, count: 2, last: NOW }],
        endpoints: vec![
            Endpoint { kind: EndpointKind::Ingress, address: format!("https://{EVIL}"), sentence: EVIL.into(), broken: true },
            Endpoint { kind: EndpointKind::Ingress, address: "javascript:alert(1)".into(), sentence: String::new(), broken: false },
        ],
        actions: BTreeMap::from([
            (Action::Restart, None),
            (Action::Scale, Some("Ilse can grant it.".into())),
            (Action::Pause, None),
            (Action::RollBack, None),
            (Action::Delete, None),
        ]),
        notes: BTreeMap::from([(Action::Restart, EVIL.into())]),
        paused: false,
        revision: Some(7),
        settings: vec![SettingLine { label: "CPU".into(), text: EVIL.into() }],
        references: vec![ReferenceRow { kind: Referent::Secret, name: EVIL.into() }, ReferenceRow { kind: Referent::ConfigMap, name: EVIL.into() }],
        still_runs: vec![StillRuns { container: EVIL.into(), image: EVIL.into(), pods: 3 }],
        last_lines: Some(LastLines { pod: EVIL.into(), container: EVIL.into(), previous: true, lines: vec![EVIL.into(), "line 2".into()] }),
        next: Some(NextStep::See { evidence: 0 }),
        row,
    }
}

fn problem() -> ProblemDetails {
    ProblemDetails {
        fields: vec![FieldError::new("name", EVIL), FieldError::new("password", "Too short.")],
        ..ProblemDetails::new(Code::Invalid, "evil", EVIL)
    }
}

fn user() -> User {
    User { id: 2, name: Username::parse("tomas").unwrap(), display: EVIL.into(), admin: false, disabled: false, created: NOW, last_seen: None }
}

fn app(tab: AppTab) -> Page {
    Page::App { detail: Box::new(detail(Word::Failing)), tab, operation: Some(Box::new(operation(State::Failed))), problem: Some(problem()) }
}

/// A restart of `kpow` in this state, with a verdict where that is an end.
pub(crate) fn operation(state: State) -> OperationView {
    let evidence = vec![Evidence::Event { label: EVIL.into(), reason: EVIL.into(), name: "kpow-1".into() }];
    let sentence = format!("Rolled out: {EVIL}");
    OperationView {
        id: OperationId(4711),
        app: id("kpow"),
        action: ChangeAction::Restart,
        title: "Restart".into(),
        by: EVIL.into(),
        why: Some(EVIL.into()),
        state,
        begun: NOW.plus(-60_000),
        moved: NOW.plus(-5_000),
        progress: vec![ProgressView { at: NOW, code: "pods".into(), sentence: format!("1 of 2 pods ready. {EVIL}") }],
        verdict: state.is_end().then(|| VerdictView { code: "rolled_out".into(), cause: None, sentence, evidence, there: Vec::new() }),
    }
}

// The text of a page without its tags, as a person reads it.
pub(crate) fn text(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, b)| b);
    let mut out = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    unquoted(&out)
}

// With apostrophes as people read them.
fn unquoted(html: &str) -> String {
    html.replace("&#x27;", "'").replace("&#39;", "'")
}
