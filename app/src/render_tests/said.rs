//! What single pages say, and to whom.

use super::{EVIL, NOW, app, frame, id, text, user};
use crate::page::{AppTab, Frame, Page, Refused};
use crate::render;
use domain::live::LogQuery;
use domain::operation::{Ending, Interruption, Notice, OperationId, Piece, Touched};
use domain::storage::{StorageNotice, StorageTrouble};
use domain::view::ClusterHealth;
use domain::{Code, FieldError, ProblemDetails};
use std::sync::Arc;

#[test]
fn the_first_wrong_field_and_no_other_takes_the_focus() {
    let two = ProblemDetails::invalid(vec![FieldError::new("name", "Taken."), FieldError::new("password", "Too short.")]);
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
            problem: Some(ProblemDetails::new(Code::WrongCredentials, "wrong_credentials", "Wrong username or password.")),
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
    let told = |ending| Notice { id: OperationId(7), told: Interruption { app: id("shop"), ending } };
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
fn what_is_not_allowed_is_named_with_the_reason() {
    let html = render(&frame("/apps/web/deployment/kpow"), &app(AppTab::Events)).replace("<!>", "");
    assert!(html.contains("<b>Scale</b><span>: Ilse can grant it.</span>"));
    assert!(html.contains("action=\"/team/portal/apps/web/deployment/kpow/restart\""));
    assert!(!html.contains("/kpow/resume"), "resume is not offered while nothing is paused");
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
        Arc::make_mut(me).admin = false;
    }
    let said = text(&render(&f, &Page::NoNamespaces { admins: vec!["ilse".into(), "jonas".into()] }));
    assert!(said.contains("Ask ilse or jonas to add you to one"));
}
