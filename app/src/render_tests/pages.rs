//! Every page and every tab, with hostile text in each.

use super::{EVIL, NOW, app, id, operation, problem, row, user};
use crate::page::{AppTab, Page, Refused};
use domain::account::{Member, Role, SessionInfo, Team};
use domain::audit::{AuditOutcome, AuditRow};
use domain::draft::SecretDraft;
use domain::live::LogQuery;
use domain::metrics::AppMetrics;
use domain::operation::State;
use domain::secret::{KeyInfo, SecretInfo, SecretUser};
use domain::spec::AppForm;
use domain::status::Word;
use domain::view::{CheckView, ContainerConfig, DiffLine, EnvRow, Outcome, Plan, Revision};
use domain::{Code, Namespace, ProblemDetails, Tab, TeamName, Username};
use std::sync::Arc;

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
        AppTab::Yaml(_) => AppTab::Broken(Tab::History, problem()),
        AppTab::Broken(..) => return None,
    })
}

/// A page for each, likewise.
pub(super) fn page_after(page: Option<&Page>) -> Option<(&'static str, Page)> {
    let web = || Namespace::parse("web").unwrap();
    let Some(page) = page else { return Some(("/signin", Page::SignIn { next: EVIL.into(), name: EVIL.into(), problem: Some(problem()), ended: true })) };
    Some(match page {
        Page::SignIn { .. } => ("/setup", Page::SetUp { token: EVIL.into(), name: EVIL.into(), display: EVIL.into(), problem: Some(problem()) }),
        Page::SetUp { .. } => {
            let rows = vec![Arc::new(row("kpow", Word::Failing)), Arc::new(row("ecr", Word::Running))];
            ("/apps?q=%3Cscript%3E", Page::Apps { namespace: None, rows, stayed: Some(EVIL.into()) })
        }
        Page::Apps { .. } => ("/apps/web/deployment/kpow", app(AppTab::Events)),
        Page::App { .. } => ("/operations", Page::Operations(vec![operation(State::Waiting), operation(State::TakenBack)])),
        // Its name can hold nothing hostile.
        Page::Operations(_) => ("/apps/web/deployment/kpow?created=1", Page::Coming(id("kpow"))),
        Page::Coming(_) => {
            let form = AppForm { name: EVIL.into(), image: EVIL.into(), command: EVIL.into(), ..AppForm::default() };
            let check =
                CheckView { outcome: Outcome::Warn, code: EVIL.into(), title: EVIL.into(), advice: EVIL.into(), field: Some("image".into()), remedy: None };
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
        Page::NoNamespaces { .. } => ("/x", Page::Problem(ProblemDetails::new(Code::NotFound, "evil", EVIL))),
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
        outcome: AuditOutcome::Refused,
        detail: EVIL.into(),
        deed: None,
    }
}

/// Every page, and every tab of an app's.
pub(super) fn pages() -> Vec<(String, Page)> {
    let pages = std::iter::successors(page_after(None), |(_, page)| page_after(Some(page))).map(|(path, page)| (path.to_owned(), page));
    let tabs = std::iter::successors(tab_after(None), |tab| tab_after(Some(tab)));
    pages.chain(tabs.map(|tab| (tab.tab().path(&id("kpow")), app(tab)))).collect()
}
