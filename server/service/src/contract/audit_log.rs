//! Who did what.

use super::{Store, app, namespace, promises};
use crate::ports::NewAudit;
use domain::audit::{Act, AuditOutcome, AuditRow, Deed, RoleLack, Target};
use domain::{TeamName, UnixMs, Username};
use std::sync::Arc;

promises![
    entries_are_read_newest_first_page_by_page_and_by_a_text,
    an_entry_says_who_did_what_when_and_how_it_ended,
    an_act_is_one_row_and_one_that_never_ended_stays_to_be_seen,
    a_start_ends_the_intents_before_it_that_have_no_end,
    a_team_sees_what_was_done_to_it_and_in_its_namespaces,
];

fn entry(actor: &str, act: Act, target: Target, outcome: AuditOutcome, intent: Option<i64>) -> NewAudit {
    NewAudit { at: UnixMs(1), actor: actor.into(), address: "10.0.0.1".into(), deed: Deed::new(act, target), outcome, detail: String::new(), intent }
}

fn restart(name: &str, outcome: AuditOutcome, intent: Option<i64>) -> NewAudit {
    entry("Ilse", Act::RestartApp, Target::App(app("web", name)), outcome, intent)
}

fn targets(rows: &[AuditRow]) -> Vec<&str> {
    rows.iter().map(|row| row.target.as_str()).collect()
}

async fn entries_are_read_newest_first_page_by_page_and_by_a_text(store: Arc<dyn Store>) {
    assert_eq!(store.newest_audit().await.unwrap(), 0);
    let mut newest = 0;
    for n in 0..5 {
        newest = store.audit(&restart(&format!("app-{n}"), AuditOutcome::Done, None)).await.unwrap();
    }
    assert_eq!(store.newest_audit().await.unwrap(), newest);
    let rows = store.audit_rows(None, "", 2).await.unwrap();
    assert_eq!(targets(&rows), ["web/deployment/app-4", "web/deployment/app-3"]);
    assert_eq!(targets(&store.audit_rows(Some(rows[1].id), "", 2).await.unwrap()), ["web/deployment/app-2", "web/deployment/app-1"]);
    for (filter, found) in [("DEPLOYMENT/APP-1", 1), ("ilse", 5), ("app.rest", 5), ("done", 5), ("don", 0), ("Restarted", 0)] {
        assert_eq!(store.audit_rows(None, filter, 9).await.unwrap().len(), found, "{filter}");
    }
}

async fn an_entry_says_who_did_what_when_and_how_it_ended(store: Arc<dyn Store>) {
    let target = Target::Namespace { namespace: namespace("web"), request: Some("GET /api/v1/namespaces/web/apps".into()) };
    let refused = entry("dora", Act::NeedsNamespace(RoleLack::NoAccess), target, AuditOutcome::Refused, None);
    let id = store.audit(&NewAudit { at: UnixMs(77), detail: "said".into(), ..refused.clone() }).await.unwrap();
    let row = store.audit_rows(None, "/namespaces/web/apps", 9).await.unwrap().remove(0);
    let expected = AuditRow {
        id,
        at: UnixMs(77),
        actor: "dora".into(),
        address: "10.0.0.1".into(),
        action: "namespace.role".into(),
        target: "web: GET /api/v1/namespaces/web/apps".into(),
        outcome: AuditOutcome::Refused,
        detail: "said".into(),
        deed: Some(refused.deed),
    };
    assert_eq!(row, expected);
}

async fn an_act_is_one_row_and_one_that_never_ended_stays_to_be_seen(store: Arc<dyn Store>) {
    let ended = store.audit(&restart("a", AuditOutcome::Intent, None)).await.unwrap();
    store.audit(&restart("b", AuditOutcome::Intent, None)).await.unwrap();
    store.audit(&restart("a", AuditOutcome::Done, Some(ended))).await.unwrap();
    let rows = store.audit_rows(None, "", 9).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|r| (r.target.as_str(), r.outcome)).collect();
    assert_eq!(rows, [("web/deployment/a", AuditOutcome::Done), ("web/deployment/b", AuditOutcome::Intent)]);
}

async fn a_start_ends_the_intents_before_it_that_have_no_end(store: Arc<dyn Store>) {
    let ended = store.audit(&restart("a", AuditOutcome::Intent, None)).await.unwrap();
    store.audit(&restart("a", AuditOutcome::Done, Some(ended))).await.unwrap();
    store.audit(&restart("b", AuditOutcome::Intent, None)).await.unwrap();
    let last = store.newest_audit().await.unwrap();
    store.audit(&restart("c", AuditOutcome::Intent, None)).await.unwrap();
    assert_eq!(store.end_intents(last, UnixMs(9), "not seen").await.unwrap(), 1);
    assert_eq!(store.end_intents(last, UnixMs(9), "not seen").await.unwrap(), 0);
    let rows = store.audit_rows(None, "", 9).await.unwrap();
    assert_eq!(targets(&rows), ["web/deployment/b", "web/deployment/c", "web/deployment/a"]);
    assert_eq!((rows[0].outcome, rows[0].detail.as_str(), rows[0].at), (AuditOutcome::Unknown, "not seen", UnixMs(9)));
    assert_eq!(rows[0].deed, Some(restart("b", AuditOutcome::Intent, None).deed), "the end says what it is the end of");
}

async fn a_team_sees_what_was_done_to_it_and_in_its_namespaces(store: Arc<dyn Store>) {
    let (web, web_two) = (TeamName::parse("Web").unwrap(), TeamName::parse("Web two").unwrap());
    let member = |team: &TeamName| Target::Member { team: team.clone(), user: Username::parse("ben").unwrap() };
    let done = |act, target| entry("ann", act, target, AuditOutcome::Done, None);
    let ended = store.audit(&restart("shop", AuditOutcome::Intent, None)).await.unwrap();
    for new in [
        restart("shop", AuditOutcome::Done, Some(ended)),
        done(Act::RestartApp, Target::App(app("data", "db"))),
        done(Act::SetMember { role: None }, member(&web)),
        done(Act::SetMember { role: None }, member(&web_two)),
        done(Act::DeleteTeam { namespaces: Default::default() }, Target::Team(web.clone())),
        done(Act::SignIn, Target::Portal),
    ] {
        store.audit(&new).await.unwrap();
    }
    let rows = store.team_activity(&web, &[namespace("web"), namespace("other")], None, 9).await.unwrap();
    assert_eq!(targets(&rows), ["Web", "Web: ben", "web/deployment/shop"]);
    assert_eq!(targets(&store.team_activity(&web, &[], Some(rows[0].id), 1).await.unwrap()), ["Web: ben"]);
}
