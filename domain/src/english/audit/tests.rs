use super::*;
use crate::account::Role;
use crate::audit::{Act, Deed, Names, RoleLack, Target, WhyFailed};
use crate::kubernetes::{Object, Resource};
use crate::secret::SecretKind;
use crate::{AppId, Namespace, SecretName, TeamName, UnixMs, Username};

fn row(action: &str, target: &str, outcome: AuditOutcome, detail: &str, deed: Option<Deed>) -> AuditRow {
    let text = str::to_owned;
    AuditRow { id: 1, at: UnixMs(0), actor: text("mara"), address: text(""), action: text(action), target: text(target), outcome, detail: text(detail), deed }
}

/// What is said of an entry with codes, and its detail in the export.
fn typed(act: Act, target: Target, outcome: AuditOutcome, also: &str) -> (EntryWords, String) {
    let (action, of) = (act.slug(), target.to_string());
    let row = row(action, &of, outcome, also, Some(Deed::new(act, target)));
    (words(&row), exported_detail(&row))
}

fn namespace(name: &str) -> Namespace {
    Namespace::parse(name).unwrap()
}

fn shop() -> Target {
    Target::App(AppId::parse("web/deployment/shop").unwrap())
}

fn db() -> Target {
    Target::Secret { namespace: namespace("web"), name: SecretName::parse("db").unwrap() }
}

fn member() -> Target {
    Target::Member { team: TeamName::parse("Data").unwrap(), user: Username::parse("mara").unwrap() }
}

fn create() -> Act {
    Act::CreateApp { image: "shop:2".into() }
}

#[test]
fn an_entry_says_what_was_done_and_leads_to_it() {
    use AuditOutcome::{Done, Intent};
    let says = |act, target, outcome, sentence: &str, path: Option<&str>, detail: &str, exported: &str| {
        let (said, told) = typed(act, target, outcome, "");
        assert_eq!((said.sentence.as_str(), said.path.as_deref(), said.detail.as_str(), told.as_str()), (sentence, path, detail, exported));
    };
    let page = Some("/apps/web/deployment/shop");
    says(Act::Scale { from: 2, to: 3 }, shop(), Done, "Scaled shop in web from 2 to 3 replicas", page, "", "from 2 to 3 replicas");
    says(create(), shop(), Done, "Created shop in web (image shop:2)", page, "", "image shop:2");
    says(Act::RollBack { to: 3 }, shop(), Intent, "Started: roll back shop in web to revision 3", page, "", "to revision 3");
    says(Act::RestartApp, shop(), Done, "Restarted shop in web", page, "", "");
    let changed = Act::SetSecretKeys { set: Names::of(["a", "b"]), removed: Names::of(["old"]) };
    says(changed, db(), Done, "Changed secret db in web", Some("/secrets/web/db"), "key a, b; removed old", "key a, b; removed old");
    let created = Act::CreateSecret { kind: SecretKind::Tls, keys: Names::of(["tls.crt"]) };
    says(created, db(), Done, "Created secret db in web", Some("/secrets/web/db"), "kubernetes.io/tls with tls.crt", "kubernetes.io/tls with tls.crt");
    says(Act::SetMember { role: Some(Role::Operator) }, member(), Done, "Made mara operator of Data", None, "", "operator");
    says(Act::SetMember { role: None }, member(), Done, "Removed mara from Data", None, "", "none");
    says(Act::SignIn, Target::OwnSession, Done, "Signed in", None, "", "signed in");
    says(Act::EndOtherSessions, Target::OtherSessions, Done, "Signed out", None, "", "own sessions");
    let renamed = Act::UpdateTeam { renamed_to: Some(TeamName::parse("Shop").unwrap()), added: Names::of(["data", "mqtt"]), removed: Names::of(["old"]) };
    let told = "renamed to Shop; added data, mqtt; removed old";
    says(renamed, Target::Team(TeamName::parse("Web").unwrap()), Done, "Changed team Web", None, told, told);
}

#[test]
fn what_did_not_happen_is_not_told_as_done() {
    use AuditOutcome::{Done, Failed, Refused, Unknown};
    let says = |act, target, outcome, also: &str, sentence: &str, detail: &str| {
        let (said, exported) = typed(act, target, outcome, also);
        assert_eq!((said.sentence.as_str(), said.detail.as_str(), exported.as_str()), (sentence, detail, detail));
    };
    says(Act::Scale { from: 2, to: 3 }, shop(), Failed, "Quota exceeded.", "Tried to scale shop in web", "Quota exceeded.");
    says(Act::RestartApp, shop(), Unknown, "No answer came.", "Asked to restart shop in web", "No answer came.");
    says(Act::SetMember { role: None }, member(), Failed, "The database refused it.", "Tried to change mara in Data", "The database refused it.");
    let request = Target::Namespace { namespace: namespace("web"), request: Some("DELETE /api/v1/x".into()) };
    let lack = Act::NeedsNamespace(RoleLack::Role { has: Role::Viewer, needs: Role::Operator });
    says(lack.clone(), request, Refused, "", "Refused: access web: DELETE /api/v1/x", "is viewer, needs operator");
    says(lack, Target::More, Refused, "", "Refused: access more", "more requests were refused in this minute than are listed");
    says(Act::WrongCredentials, Target::UnknownUser, Refused, "", "Refused: sign in as a name that does not exist", "wrong name or password");
    says(Act::NeedsTeamOwner, Target::TeamNumber(7), Refused, "", "Refused: do team.own team 7", "not a team owner");
    let (said, exported) = typed(create(), shop(), Done, "Interrupted, but the app is complete.");
    assert_eq!(said.sentence, "Created shop in web (image shop:2. Interrupted, but the app is complete.)");
    assert_eq!(exported, "image shop:2. Interrupted, but the app is complete.");
}

#[test]
fn why_a_change_failed_is_told_in_the_words_of_now() {
    let why = WhyFailed::Changed(Object::of(Resource::Deployments, &namespace("web"), "shop"));
    let deed = Deed::new(Act::RestartApp, shop()).failed(why);
    let row = row("app.restart", "web/deployment/shop", AuditOutcome::Failed, "Words of then.", Some(deed));
    let now = "Deployment shop was just changed by someone else. Reload the page and try again.";
    assert_eq!((words(&row).detail.as_str(), exported_detail(&row).as_str()), (now, now));
}

#[test]
fn a_list_that_was_cut_says_so() {
    let many = Names::of((0..200).map(|n| format!("namespace-{n:03}")));
    let (said, _) = typed(Act::DeleteTeam { namespaces: many }, Target::Team(TeamName::parse("Web").unwrap()), AuditOutcome::Done, "");
    assert!(said.detail.ends_with("namespace-035 and 164 more"), "{}", said.detail);
}

#[test]
fn entries_from_before_the_codes_are_told_as_ever() {
    use AuditOutcome::{Done, Failed, Intent, Refused, Unknown};
    let says = |action: &str, target: &str, outcome, detail: &str, sentence: &str, path: Option<&str>, left: &str| {
        let row = row(action, target, outcome, detail, None);
        let said = words(&row);
        assert_eq!((said.sentence.as_str(), said.path.as_deref(), said.detail.as_str()), (sentence, path, left));
        assert_eq!(exported_detail(&row), detail);
    };
    let page = Some("/apps/web/deployment/shop");
    let shop = "web/deployment/shop";
    says("app.scale", shop, Done, "from 2 to 3 replicas", "Scaled shop in web from 2 to 3 replicas", page, "");
    says("app.create", shop, Done, "image shop:2", "Created shop in web (image shop:2)", page, "");
    says("app.rollback", shop, Intent, "to revision 3", "Started: roll back shop in web to revision 3", page, "");
    says("secret.set", "web/secret/db", Done, "key password", "Changed secret db in web", Some("/secrets/web/db"), "key password");
    says("team.member", "Data: mara", Done, "operator", "Made mara operator of Data", None, "");
    says("team.member", "Data: mara", Done, "none", "Removed mara from Data", None, "");
    says("app.scale", shop, Failed, "Quota exceeded.", "Tried to scale shop in web", page, "Quota exceeded.");
    says("namespace.role", "web: DELETE /api/v1/x", Refused, "is viewer", "Refused: access web: DELETE /api/v1/x", None, "is viewer");
    says("session.start", "session", Done, "signed in", "Signed in", None, "");
    says("session.end", "session", Done, "signed out", "Signed out", None, "");
    says("session.refused", "mara", Refused, "wrong name or password", "Refused: sign in as mara", None, "wrong name or password");
    says("app.restart", shop, Unknown, "No answer came.", "Asked to restart shop in web", page, "No answer came.");
    says("zebra.ride", "x", Done, "", "Did zebra.ride x", None, "");
}
