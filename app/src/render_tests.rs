//! Every page as a person reads it, with hostile text in every place that somebody else can fill.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::page::{AppTab, Assets, Frame, Page, Refused};
use crate::render;
use domain::account::{AuditRow, Me, Member, NamespaceAccess, Role, SessionInfo, Team, User};
use domain::draft::SecretDraft;
use domain::live::LogQuery;
use domain::metrics::AppMetrics;
use domain::operation::{Ending, Interruption, Notice, Piece, Touched};
use domain::secret::{KeyInfo, SecretInfo, SecretUser};
use domain::spec::AppForm;
use domain::status::{Evidence, Status, Word};
use domain::storage::{StorageNotice, StorageTrouble};
use domain::view::{
    AppDetail, AppRow, Bounds, Check, ClusterHealth, ContainerConfig, ContainerRow, DiffLine, Endpoint, EnvRow, EventRow, Happening, LastLines, NextStep,
    Outcome, Pip, Plan, PodRow, ReferenceRow, Referent, RemarkRow, Revision, StillRuns, Usage,
};
use domain::{AppId, BasePath, Code, FieldError, Kind, MilliCpu, Namespace, Problem, TeamName, UnixMs, Username, WorkloadName};
use std::collections::BTreeMap;
use std::sync::Arc;

const EVIL: &str = "<script>alert(1)</script>\" onload='x' \u{202e}&";
pub(crate) const NOW: UnixMs = UnixMs(1_790_000_000_000);

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
        base: BasePath::lenient("/team/portal").unwrap(),
        nonce: "n0nce".into(),
        me: Some(me),
        path: path.into(),
        query: crate::links::decode(path.split_once('?').map_or("", |(_, q)| q)),
        embed: path.contains("embed=1"),
        theme: None,
        assets: Assets { css: "/pkg/q.1.css".into(), js: "/pkg/q.1.js".into(), wasm: "/pkg/q.1.wasm".into(), chart_js: "/chart.1.js".into() },
        notices: Vec::new(),
        health: ClusterHealth { ready: true, ..ClusterHealth::default() },
        now: NOW,
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
        changed: Some((NOW.plus(-60_000 * 26), EVIL.into())),
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
        story: vec![Happening { at: NOW, tone: "bad".into(), sentence: EVIL.into() }],
        events: vec![EventRow { object: EVIL.into(), reason: EVIL.into(), message: EVIL.into(), warning: true, count: 2, last: NOW }],
        endpoints: vec![
            Endpoint { kind: "ingress".into(), address: format!("https://{EVIL}"), sentence: EVIL.into(), broken: true },
            Endpoint { kind: "ingress".into(), address: "javascript:alert(1)".into(), sentence: String::new(), broken: false },
        ],
        actions: BTreeMap::from([
            ("restart".into(), None),
            ("scale".into(), Some("Ilse can grant it.".into())),
            ("pause".into(), None),
            ("rollback".into(), None),
            ("delete".into(), None),
        ]),
        notes: BTreeMap::from([("restart".into(), EVIL.into())]),
        role: Role::Viewer,
        paused: false,
        revision: Some(7),
        settings: vec![("CPU".into(), EVIL.into())],
        references: vec![ReferenceRow { kind: Referent::Secret, name: EVIL.into() }, ReferenceRow { kind: Referent::ConfigMap, name: EVIL.into() }],
        still_runs: vec![StillRuns { container: EVIL.into(), image: EVIL.into(), pods: 3 }],
        last_lines: Some(LastLines { pod: EVIL.into(), container: EVIL.into(), previous: true, lines: vec![EVIL.into(), "line 2".into()] }),
        next: Some(NextStep::See { evidence: 0 }),
        row,
    }
}

fn problem() -> Problem {
    Problem { fields: vec![FieldError::new("name", EVIL), FieldError::new("password", "Too short.")], ..Problem::new(Code::Invalid, EVIL) }
}

fn user() -> User {
    User { id: 2, name: Username::parse("tomas").unwrap(), display: EVIL.into(), admin: false, disabled: false, created: NOW, last_seen: None }
}

fn app(tab: AppTab) -> Page {
    Page::App { detail: Box::new(detail(Word::Failing)), tab, problem: Some(problem()) }
}

fn refused(form: &str) -> Option<Refused> {
    Some(Refused {
        form: form.into(),
        problem: problem(),
        typed: vec![("name".into(), EVIL.into()), ("key".into(), EVIL.into()), ("namespaces".into(), EVIL.into())],
    })
}

fn secret() -> SecretInfo {
    SecretInfo {
        namespace: Namespace::parse("web").unwrap(),
        name: EVIL.into(),
        kind: "Opaque".into(),
        created: NOW,
        keys: vec![KeyInfo { key: EVIL.into(), size: 24, binary: false, fingerprint: "9f2ce710aa10".into() }],
        users: vec![SecretUser { app: id("kpow"), how: EVIL.into(), old: true }],
        managed_by: Some(EVIL.into()),
        immutable: false,
        version: "77".into(),
        hosts: vec![EVIL.into()],
        certificate: Some(domain::secret::CertificateInfo { names: vec![EVIL.into()], expires: NOW }),
        changed: Some(NOW),
        fault: None,
    }
}

/// A tab for each, one behind the other. Without `_`, so that no new one can be forgotten.
fn tab_after(tab: Option<&AppTab>) -> Option<AppTab> {
    let Some(tab) = tab else { return Some(AppTab::Overview(Box::default())) };
    Some(match tab {
        AppTab::Overview(_) => AppTab::Logs(LogQuery { pod: Some(EVIL.into()), container: Some(EVIL.into()), ..LogQuery::default() }, Some(EVIL.into())),
        AppTab::Logs(..) => AppTab::Metrics(Box::<AppMetrics>::default()),
        AppTab::Metrics(_) => AppTab::Events,
        AppTab::Events => AppTab::Configuration(vec![ContainerConfig {
            name: EVIL.into(),
            image: EVIL.into(),
            command: vec![EVIL.into()],
            env: vec![EnvRow { name: EVIL.into(), value: None, from: EVIL.into(), missing: true, secret: Some(EVIL.into()) }],
            ..ContainerConfig::default()
        }]),
        AppTab::Configuration(_) => {
            let one = Revision { number: 6, created: Some(NOW), images: vec![EVIL.into()], cause: Some(EVIL.into()), current: false, template: EVIL.into() };
            AppTab::History(vec![one], Some((6, vec![DiffLine { sign: '+', text: EVIL.into() }])))
        }
        AppTab::History(..) => AppTab::Yaml(format!("a: {EVIL}\n{EVIL}")),
        AppTab::Yaml(_) => AppTab::Broken("history", problem()),
        AppTab::Broken(..) => return None,
    })
}

/// A page for each, likewise.
fn page_after(page: Option<&Page>) -> Option<(&'static str, Page)> {
    let web = || Namespace::parse("web").unwrap();
    let Some(page) = page else { return Some(("/signin", Page::SignIn { next: EVIL.into(), name: EVIL.into(), problem: Some(problem()), ended: true })) };
    Some(match page {
        Page::SignIn { .. } => ("/setup", Page::SetUp { token: EVIL.into(), name: EVIL.into(), display: EVIL.into(), problem: Some(problem()) }),
        Page::SetUp { .. } => {
            let rows = vec![Arc::new(row("kpow", Word::Failing)), Arc::new(row("ecr", Word::Running))];
            ("/apps?q=%3Cscript%3E", Page::Apps { namespace: None, rows, stayed: Some(EVIL.into()) })
        }
        Page::Apps { .. } => ("/apps/web/deployment/kpow", app(AppTab::Events)),
        // Its name can hold nothing hostile.
        Page::App { .. } => ("/apps/web/deployment/kpow?created=1", Page::Coming(id("kpow"))),
        Page::Coming(_) => {
            let form = AppForm { name: EVIL.into(), image: EVIL.into(), command: EVIL.into(), ..AppForm::default() };
            let check = Check { outcome: Outcome::Warn, title: EVIL.into(), advice: EVIL.into(), field: Some("image".into()), remedy: None };
            let new = Page::NewApp {
                draft: None,
                left_out: vec![EVIL.into()],
                namespace: web(),
                namespaces: vec![web()],
                form: Box::new(form),
                errors: problem().fields,
                plan: Some(Plan { checks: vec![check], yaml: EVIL.into() }),
                secrets: vec![(EVIL.into(), "Opaque".into(), vec![EVIL.into()])],
                config_maps: vec![(EVIL.into(), vec![EVIL.into()])],
                incomplete: None,
            };
            ("/new-app/web", new)
        }
        Page::NewApp { .. } => {
            ("/secrets", Page::Secrets { namespace: None, secrets: vec![secret()], namespaces: vec![web()], problems: vec![(web(), problem())], done: None })
        }
        Page::Secrets { .. } => {
            ("/secrets/web/es", Page::Secret { secret: Box::new(secret()), may_change: true, done: Some(EVIL.into()), refused: refused("add") })
        }
        Page::Secret { .. } => {
            let (namespaces, errors) = (vec![web()], problem().fields);
            let typed = SecretDraft { name: EVIL.into(), keys: vec![EVIL.into()], server: EVIL.into(), ..SecretDraft::default() };
            ("/new-secret/web", Page::NewSecret { namespace: web(), draft: Some(NOW), namespaces, typed: Box::new(typed), errors })
        }
        Page::NewSecret { .. } => {
            let session = SessionInfo { id: 3, current: false, created: NOW, last_seen: NOW, address: EVIL.into(), agent: EVIL.into() };
            ("/account", Page::Account { sessions: vec![session], done: Some(EVIL.into()), problem: Some(problem()) })
        }
        Page::Account { .. } => ("/users", Page::Users { users: vec![user()], teams: Vec::new(), done: Some(EVIL.into()), refused: refused("new") }),
        Page::Users { .. } => {
            ("/teams", Page::Teams { teams: vec![team()], users: vec![user()], namespaces: vec![], unseen: vec![web()], done: None, refused: refused("1") })
        }
        Page::Teams { .. } => ("/teams/1/activity", Page::Activity { team: team(), rows: vec![entry()], older: Some(9) }),
        Page::Activity { .. } => ("/audit", Page::Audit { rows: vec![entry()], filter: EVIL.into(), older: Some(9) }),
        Page::Audit { .. } => ("/apps", Page::NoNamespaces { admins: vec![EVIL.into(), "ilse".into()] }),
        Page::NoNamespaces { .. } => ("/x", Page::Problem(Problem::new(Code::NotFound, EVIL))),
        Page::Problem(_) => return None,
    })
}

fn team() -> Team {
    Team {
        id: 1,
        name: TeamName::parse("Data platform").unwrap(),
        namespaces: vec![Namespace::parse("web").unwrap()],
        members: vec![Member { user_id: 2, user: Username::parse("tomas").unwrap(), display: EVIL.into(), role: Role::Operator }],
    }
}

fn entry() -> AuditRow {
    AuditRow {
        id: 1,
        at: NOW,
        actor: EVIL.into(),
        address: EVIL.into(),
        action: EVIL.into(),
        target: EVIL.into(),
        outcome: "refused".into(),
        detail: EVIL.into(),
    }
}

/// Every page, and every tab of an app's.
fn pages() -> Vec<(String, Page)> {
    let pages = std::iter::successors(page_after(None), |(_, page)| page_after(Some(page))).map(|(path, page)| (path.to_owned(), page));
    let tabs = std::iter::successors(tab_after(None), |tab| tab_after(Some(tab)));
    pages.chain(tabs.map(|tab| (crate::page::tab_path(&id("kpow"), tab.slug()), app(tab)))).collect()
}

// The text of a page without its tags, as a person reads it.
fn text(html: &str) -> String {
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

// What stands in tags outside of quoted values.
fn names_of_attributes(html: &str) -> String {
    let (mut out, mut tag, mut quote) = (String::new(), false, false);
    for c in html.chars() {
        match c {
            '<' if !tag => tag = true,
            '>' if tag && !quote => tag = false,
            '"' if tag => quote = !quote,
            c if tag && !quote => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn hostile_text_never_becomes_html() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        assert!(!html.contains("<script>"), "{path} lets a script through");
        assert!(!names_of_attributes(&html).contains("onload"), "{path} lets a quote end an attribute");
        assert!(!html.contains("href=\"javascript:"), "{path} links to a script");
        assert!(html.contains("&lt;script&gt;"), "{path} does not show the text at all");
    }
}

#[test]
fn every_page_has_one_heading_one_main_and_a_title() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert_eq!(html.matches("<main").count(), 1, "{path}");
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\""), "{path}");
        assert!(html.contains(" – Quayside</title>"), "{path}: {}", &html[..html.len().min(900)]);
    }
}

#[test]
fn links_stay_below_the_base_path_and_embedded() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        for attribute in ["href=\"/", "action=\"/", "src=\"/"] {
            for rest in html.split(attribute).skip(1) {
                assert!(rest.starts_with("team/portal/"), "{path} leaves the base path: {attribute}{}", &rest[..rest.len().min(40)]);
            }
        }
    }
    let inside = render(
        &frame("/apps?embed=1"),
        &page_after(Some(&Page::SetUp { token: String::new(), name: String::new(), display: String::new(), problem: None })).unwrap().1,
    );
    assert!(!inside.contains("class=\"rail\"") && inside.contains("/team/portal/apps/web/deployment/kpow?embed=1"));
}

#[test]
fn ids_are_not_used_twice() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        let html = html.split_once("</svg></div>").map_or(html.as_str(), |(_, rest)| rest);
        let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|r| r.split('"').next()).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect();
        assert!(twice.is_empty(), "{path}: {twice:?}");
    }
}

/// The forms of a page, each from its tag to its end.
fn forms(html: &str) -> impl Iterator<Item = &str> {
    html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next())
}

#[test]
fn every_form_of_an_embedded_page_leads_to_an_embedded_page() {
    for (path, page) in pages() {
        let html = render(&Frame { embed: true, ..frame(&path) }, &page);
        // A dialog's form only closes it.
        for form in forms(&html).filter(|f| !f.contains("method=\"dialog\"")) {
            let head = form.split('>').next().unwrap();
            let keeps = head.contains("embed=1") || form.contains("name=\"embed\" value=\"1\"");
            assert!(keeps || head.contains("/theme") || head.contains("/signin") || head.contains("/setup"), "{path}: {form}");
        }
    }
}

#[test]
fn what_a_form_lacks_is_said_by_the_page_and_not_by_the_browser() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        for form in forms(&html).filter(|f| f.contains(" required")) {
            assert!(form.split('>').next().unwrap().contains("novalidate"), "{path}: {form}");
        }
    }
}

#[test]
fn the_first_wrong_field_and_no_other_takes_the_focus() {
    let two = Problem::invalid(vec![FieldError::new("name", "Taken."), FieldError::new("password", "Too short.")]);
    let users = Page::Users {
        users: vec![user()],
        teams: Vec::new(),
        done: None,
        refused: Some(Refused { form: "new".into(), problem: two.clone(), typed: Vec::new() }),
    };
    let sign_in = Page::SignIn { next: "/".into(), name: "mara".into(), problem: Some(two), ended: false };
    for (page, id) in [(users, "f-new-name"), (sign_in, "f-name")] {
        let html = render(&frame("/x"), &page);
        assert_eq!(html.matches(" autofocus").count(), 1);
        let field = html.split("<input").find(|f| f.contains(&format!("id=\"{id}\""))).unwrap();
        assert!(field.split('>').next().unwrap().contains(" autofocus"), "{field}");
    }
}

#[test]
fn the_sign_in_page_needs_no_script_and_says_what_was_wrong() {
    let html = render(
        &frame("/signin"),
        &Page::SignIn {
            next: "/apps".into(),
            name: "mara".into(),
            problem: Some(Problem::new(Code::WrongCredentials, "Wrong username or password.")),
            ended: true,
        },
    );
    assert!(!html.contains("<script") && !html.contains(".wasm"));
    assert!(html.contains("action=\"/team/portal/signin\"") && html.contains("value=\"mara\""));
    assert!(text(&html).contains("Wrong username or password."));
    assert!(html.len() < 6000, "{}", html.len());
}

#[test]
fn the_set_up_page_quotes_the_line_of_the_log() {
    let html = render(&frame("/setup"), &Page::SetUp { token: String::new(), name: String::new(), display: String::new(), problem: None });
    assert!(text(&html).contains(domain::account::NO_USERS));
}

#[test]
fn the_list_says_what_needs_attention_and_shows_numbers() {
    let html = render(
        &frame("/apps"),
        &Page::Apps { namespace: None, rows: vec![Arc::new(row("kpow", Word::Failing)), Arc::new(row("ecr", Word::Running))], stayed: None },
    );
    let said = text(&html);
    for part in ["Needs attention", "1 of 2 apps", "It fails.", "2 min ago", "0/1", "212m", "41 d", "26 min"] {
        assert!(said.contains(part), "{part} is missing");
    }
    assert!(html.contains("/logs?pod=p-1&amp;container=c&amp;previous=true&amp;at=1790000000000"));
    assert!(html.contains("nonce=\"n0nce\"") && html.contains("const js=\"/team/portal/pkg/q.1.js\""));
}

fn list(path: &str, rows: Vec<AppRow>) -> String {
    render(&frame(path), &Page::Apps { namespace: None, rows: rows.into_iter().map(Arc::new).collect(), stayed: None })
}

#[test]
fn the_newest_trouble_is_told_first_and_one_link_leads_to_all_of_it() {
    let rows = || {
        (0..7).map(|n| AppRow {
            status: Status { since: Some(NOW.plus(-1000 * n)), ..row("x", Word::Failing).status },
            ..row(&format!("app-{}", 6 - n), Word::Failing)
        })
    };
    let html = list("/apps", rows().collect());
    let panel = html.split("class=\"attn\"").nth(1).unwrap().split("</section>").next().unwrap();
    let told: Vec<_> = panel.split("mono font-medium\">").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(told, ["app-6", "app-5", "app-4", "app-3", "app-2"], "the one that fails for longest is behind the link");
    assert!(text(&format!("<body>{panel}")).contains("7 of 7 apps") && panel.contains(">2 more<"), "{panel}");
    let all = "/apps?status=failing,degraded,unknown&amp;group=none";
    assert!(panel.contains(&format!("href=\"/team/portal{all}\"")), "{panel}");

    let html = list(&all.replace("&amp;", "&"), rows().chain([row("well", Word::Running)]).collect());
    assert_eq!(html.matches("data-row=").count(), 7, "the list is all of them");
    assert_eq!(html.matches("It fails.").count(), 7, "and none is told twice");
    assert!(html.contains("href=\"/team/portal/apps\">Show all apps</a>"));
}

#[test]
fn a_collapsed_group_shows_its_head_and_no_row() {
    let mut other = row("shop", Word::Degraded);
    other.id.namespace = Namespace::parse("mqtt").unwrap();
    let html = list("/apps?collapsed=web", vec![row("kpow", Word::Failing), row("ecr", Word::Running), other]);
    let group = |name: &str| html.split(&format!("data-group=\"{name}\"")).nth(1).unwrap().split("</tbody>").next().unwrap().to_owned();
    let web = group("web");
    assert!(!web.contains("data-row") && web.contains("aria-expanded=\"false\"") && web.contains("href=\"/team/portal/apps\""), "{web}");
    let said = text(&format!("<body>{web}"));
    assert!(said.contains("web2 apps") && said.contains("Failing 1") && said.contains("Running 1"), "{said}");
    let mqtt = group("mqtt");
    assert!(
        mqtt.contains("data-row") && mqtt.contains("aria-expanded=\"true\"") && mqtt.contains("href=\"/team/portal/apps?collapsed=mqtt&amp;collapsed=web\""),
        "{mqtt}"
    );
}

#[test]
fn an_empty_list_says_why() {
    let said = |path: &str, rows| text(&render(&frame(path), &Page::Apps { namespace: Namespace::parse("web").ok(), rows, stayed: None }));
    assert!(said("/apps/web", vec![]).contains("No apps in web"));
    let mut away = frame("/apps/web");
    away.health = ClusterHealth { away_since: Some(NOW.plus(-180_000)), ready: true, ..ClusterHealth::default() };
    assert!(text(&render(&away, &Page::Apps { namespace: None, rows: vec![], stayed: None })).contains("The cluster hasn't responded for 3 min."));
}

#[test]
fn a_full_disk_is_told_once_on_every_page_with_what_to_do_for_admins() {
    let notice = |admin| Some(StorageNotice { trouble: StorageTrouble::Full, admin });
    let no_apps = Page::Apps { namespace: None, rows: vec![], stayed: None };
    for page in [no_apps, app(AppTab::Overview(Box::default())), Page::NoNamespaces { admins: vec![] }] {
        let mut frame = frame("/apps");
        assert!(!text(&render(&frame, &page)).contains("The disk of the portal"));
        frame.health.storage = notice(true);
        let said = text(&render(&frame, &page));
        assert_eq!(said.matches("The disk of the portal's database is full.").count(), 1);
        assert!(said.contains(StorageTrouble::Full.remedy()));
        frame.health.storage = notice(false);
        let said = text(&render(&frame, &page));
        assert!(said.contains("A portal admin can fix it.") && !said.contains(StorageTrouble::Full.remedy()));
    }
}

#[test]
fn an_interrupted_change_is_told_on_every_page_with_a_way_to_dismiss_it() {
    let told = |ending| Notice { id: 7, told: Interruption { app: id("shop"), ending } };
    let undone = Ending::Undone { removed: vec![Piece::Service], left: vec![Touched { piece: Piece::Ingress, by: EVIL.into() }] };
    for page in [app(AppTab::Overview(Box::default())), Page::NoNamespaces { admins: vec![] }] {
        let frame = Frame { notices: vec![told(undone.clone()), told(Ending::Created)], ..frame("/apps?q=a") };
        let html = render(&frame, &page);
        assert!(text(&html).contains("Removed its service.") && text(&html).contains("but the app is complete."));
        assert_eq!(html.matches("action=\"/team/portal/account/dismiss-notice\"").count(), 2);
        assert_eq!(html.matches("name=\"id\" value=\"7\"").count(), 2);
        assert!(html.contains("name=\"next\" value=\"/apps?q=a\"") && !html.contains("<script>alert"));
    }
}

#[test]
fn every_tab_says_that_the_cluster_is_away() {
    for tab in [AppTab::Overview(Box::default()), AppTab::Logs(LogQuery::default(), None), AppTab::Yaml(String::new())] {
        let mut away = frame("/apps/web/deployment/kpow");
        away.health = ClusterHealth { away_since: Some(NOW.plus(-180_000)), ready: true, ..ClusterHealth::default() };
        assert_eq!(text(&render(&away, &app(tab))).matches("The cluster hasn't responded for 3 min.").count(), 1);
    }
}

#[test]
fn who_may_create_nothing_is_told_why_and_who_can_change_it() {
    let web = Namespace::parse("web").unwrap();
    let page = |role| {
        let mut frame = frame("/apps/web");
        if let Some(me) = &mut frame.me {
            me.namespaces = vec![NamespaceAccess { namespace: web.clone(), team: None, role }];
        }
        unquoted(&render(&frame, &Page::Apps { namespace: Some(web.clone()), rows: Vec::new(), stayed: None }))
    };
    let refused = "New app isn't available: Needs the operator role. Ask a team owner.";
    assert!(page(Role::Viewer).contains(refused));
    assert!(!page(Role::Viewer).contains("/new-app/web\""));
    assert!(!page(Role::Operator).contains(refused));
    assert!(page(Role::Operator).contains("/new-app/web\""));
}

#[test]
fn what_is_not_allowed_is_named_with_the_reason() {
    let html = render(&frame("/apps/web/deployment/kpow"), &app(AppTab::Events)).replace("<!>", "");
    assert!(html.contains("<b>Scale</b><span> Ilse can grant it.</span>"));
    assert!(html.contains("action=\"/team/portal/apps/web/deployment/kpow/restart\""));
    assert!(!html.contains("/kpow/resume"), "resume is not offered while nothing is paused");
}

#[test]
fn a_link_cannot_bring_words_of_its_own() {
    for (path, page) in pages() {
        let path = format!("{path}{}done=Your+session+ended&problem=Your+session+ended", if path.contains('?') { '&' } else { '?' });
        assert!(!text(&render(&frame(&path), &page)).contains("Your session ended"), "{path}");
    }
}

#[test]
fn what_was_done_is_said_by_its_name() {
    let html = render(&frame("/apps/web/deployment/kpow"), &app(AppTab::Events));
    assert!(html.contains("data-done=\"Restarted kpow\"") && html.contains("data-done=\"Paused kpow\""));
}

#[test]
fn somebody_without_a_team_reads_whom_to_ask() {
    let mut f = frame("/apps");
    if let Some(me) = f.me.as_mut() {
        me.admin = false;
    }
    let said = text(&render(&f, &Page::NoNamespaces { admins: vec!["ilse".into(), "jonas".into()] }));
    assert!(said.contains("Ask ilse or jonas to add you to one"));
}

/// How long it takes is a number to look at: `cargo test --release -p quayside-app --features ssr a_list_of_five -- --nocapture`.
#[test]
fn a_list_of_five_hundred_apps_has_a_row_for_each() {
    let rows: Vec<_> = (0..500).map(|i| Arc::new(row(&format!("app-{i}"), if i % 50 == 0 { Word::Failing } else { Word::Running }))).collect();
    let page = Page::Apps { namespace: None, rows, stayed: None };
    let f = frame("/apps");
    let mut times: Vec<_> = (0..9)
        .map(|_| {
            let begin = std::time::Instant::now();
            let html = render(&f, &page);
            (begin.elapsed(), html.len(), html.matches("data-row").count())
        })
        .collect();
    times.sort();
    println!("500 apps: {:?}, {} bytes", times[4].0, times[4].1);
    assert_eq!(times[4].2, 500);
}
