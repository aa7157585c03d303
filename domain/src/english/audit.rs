//! What an audit entry says, as a sentence without its subject: *"Scaled shop from 2 to 3 replicas"*.

use crate::account::AuditRow;
use crate::{AppId, Kind, Namespace, WorkloadName};

/// An entry in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What was done or tried.
    pub sentence: String,
    /// The page of the object, below the base path.
    pub path: Option<String>,
    /// What the sentence does not say: the entry's own detail.
    pub detail: String,
}

/// The words for an entry. An action that this portal does not know is told by its code.
#[must_use]
pub fn act(row: &AuditRow) -> Act {
    let object = object(&row.target);
    let (verb, rest, detail) = verb(row, &object);
    let (base, past) = verb.forms();
    let sentence = match row.outcome.as_str() {
        "done" => format!("{past} {rest}"),
        "refused" => format!("Refused: {base} {rest}"),
        "intent" => format!("Started: {base} {rest}"),
        "unknown" => format!("Asked to {base} {rest}"),
        _ => format!("Tried to {base} {rest}"),
    };
    Act { sentence: sentence.trim_end().to_owned(), path: object.path, detail }
}

/// What an entry is about.
struct Object {
    /// As it is read: `shop in web`.
    words: String,
    path: Option<String>,
}

fn object(target: &str) -> Object {
    let parts: Vec<&str> = target.split('/').collect();
    let plain = || Object { words: target.to_owned(), path: None };
    let [namespace, kind, name] = parts.as_slice() else { return plain() };
    let Ok(space) = Namespace::parse(*namespace) else { return plain() };
    if *kind == "secret" {
        return Object { words: format!("{name} in {space}"), path: Some(format!("/secrets/{space}/{name}")) };
    }
    match (Kind::from_slug(kind), WorkloadName::parse(*name)) {
        (Some(kind), Ok(name)) => {
            let words = format!("{name} in {space}");
            Object { words, path: Some(AppId { namespace: space, kind, name }.path()) }
        }
        _ => plain(),
    }
}

/// Verb, what follows it, and what is left to say.
fn verb(row: &AuditRow, object: &Object) -> (Verb, String, String) {
    let (of, detail) = (object.words.as_str(), row.detail.as_str());
    let done = row.outcome == "done" || row.outcome == "intent";
    // The detail of an entry that did not end well says why, and not what.
    let with = |verb, rest: String, said: bool| (verb, rest, if said && done { String::new() } else { detail.to_owned() });
    let also = |text: String| if done && !detail.is_empty() { text } else { of.to_owned() };
    match row.action.as_str() {
        "app.create" => with(Verb::Create, also(format!("{of} ({detail})")), true),
        "app.restart" => with(Verb::Restart, of.to_owned(), false),
        "app.scale" => with(Verb::Scale, also(format!("{of} {detail}")), true),
        "app.pause" => with(Verb::Pause, of.to_owned(), false),
        "app.resume" => with(Verb::Resume, of.to_owned(), false),
        "app.rollback" => with(Verb::RollBack, also(format!("{of} {detail}")), true),
        "app.delete" => with(Verb::Delete, of.to_owned(), false),
        "secret.create" => with(Verb::Create, format!("secret {of}"), false),
        "secret.set" | "secret.remove_key" => with(Verb::Change, format!("secret {of}"), false),
        "secret.delete" => with(Verb::Delete, format!("secret {of}"), false),
        "user.create" => with(Verb::Create, format!("user {of}"), false),
        "user.update" => with(Verb::Change, format!("user {of}"), false),
        "user.password" => with(Verb::Set, format!("the password of {of}"), false),
        "session.start" => with(Verb::SignIn, String::new(), true),
        "session.end" => with(Verb::SignOut, String::new(), true),
        "session.refused" => (Verb::SignIn, format!("as {of}"), detail.to_owned()),
        "set-up.refused" => (Verb::SetUp, "the portal".to_owned(), detail.to_owned()),
        "team.create" => with(Verb::Create, format!("team {of}"), false),
        "team.update" => with(Verb::Change, format!("team {of}"), false),
        "team.delete" => with(Verb::Delete, format!("team {of}"), false),
        "team.member" => member(row),
        "namespace.role" => (Verb::Access, of.to_owned(), detail.to_owned()),
        other => (Verb::Do, format!("{other} {of}"), detail.to_owned()),
    }
}

/// `Data: mara` and the role, `none` where she was taken out.
fn member(row: &AuditRow) -> (Verb, String, String) {
    let (team, user) = row.target.split_once(": ").unwrap_or((row.target.as_str(), "someone"));
    match row.detail.as_str() {
        "none" => (Verb::Remove, format!("{user} from {team}"), String::new()),
        role @ ("viewer" | "operator" | "owner") => (Verb::Make, format!("{user} {role} of {team}"), String::new()),
        other => (Verb::Change, format!("{user} in {team}"), other.to_owned()),
    }
}

#[derive(Clone, Copy)]
enum Verb {
    Create,
    Restart,
    Scale,
    Pause,
    Resume,
    RollBack,
    Delete,
    Change,
    Set,
    SignOut,
    Remove,
    Make,
    SignIn,
    SetUp,
    Access,
    Do,
}

impl Verb {
    /// Infinitive and past.
    const fn forms(self) -> (&'static str, &'static str) {
        match self {
            Self::Create => ("create", "Created"),
            Self::Restart => ("restart", "Restarted"),
            Self::Scale => ("scale", "Scaled"),
            Self::Pause => ("pause", "Paused"),
            Self::Resume => ("resume", "Resumed"),
            Self::RollBack => ("roll back", "Rolled back"),
            Self::Delete => ("delete", "Deleted"),
            Self::Change => ("change", "Changed"),
            Self::Set => ("set", "Set"),
            Self::SignOut => ("sign out", "Signed out"),
            Self::Remove => ("remove", "Removed"),
            Self::Make => ("make", "Made"),
            Self::SignIn => ("sign in", "Signed in"),
            Self::SetUp => ("set up", "Set up"),
            Self::Access => ("access", "Accessed"),
            Self::Do => ("do", "Did"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMs;

    fn said(action: &str, target: &str, outcome: &str, detail: &str) -> (String, Option<String>, String) {
        let text = |t: &str| t.to_owned();
        let row = AuditRow {
            id: 1,
            at: UnixMs(0),
            actor: text("mara"),
            address: String::new(),
            action: text(action),
            target: text(target),
            outcome: text(outcome),
            detail: text(detail),
        };
        let Act { sentence, path, detail } = act(&row);
        (sentence, path, detail)
    }

    #[test]
    fn an_entry_says_what_was_done_and_leads_to_it() {
        let shop = Some("/apps/web/deployment/shop".to_owned());
        let none = String::new;
        assert_eq!(
            said("app.scale", "web/deployment/shop", "done", "from 2 to 3 replicas"),
            ("Scaled shop in web from 2 to 3 replicas".into(), shop.clone(), none())
        );
        assert_eq!(said("app.create", "web/deployment/shop", "done", "image shop:2"), ("Created shop in web (image shop:2)".into(), shop.clone(), none()));
        assert_eq!(
            said("app.rollback", "web/deployment/shop", "intent", "to revision 3"),
            ("Started: roll back shop in web to revision 3".into(), shop, none())
        );
        assert_eq!(
            said("secret.set", "web/secret/db", "done", "key password"),
            ("Changed secret db in web".into(), Some("/secrets/web/db".into()), "key password".into())
        );
        assert_eq!(said("team.member", "Data: mara", "done", "operator"), ("Made mara operator of Data".into(), None, none()));
        assert_eq!(said("team.member", "Data: mara", "done", "none").0, "Removed mara from Data");
    }

    #[test]
    fn what_did_not_happen_is_not_told_as_done() {
        assert_eq!(
            said("app.scale", "web/deployment/shop", "failed", "Quota exceeded."),
            ("Tried to scale shop in web".into(), Some("/apps/web/deployment/shop".into()), "Quota exceeded.".into())
        );
        assert_eq!(said("namespace.role", "web: DELETE /api/v1/x", "refused", "is viewer").0, "Refused: access web: DELETE /api/v1/x");
        assert_eq!(said("session.start", "session", "done", "signed in"), ("Signed in".into(), None, String::new()));
        assert_eq!(said("session.end", "session", "done", "signed out"), ("Signed out".into(), None, String::new()));
        assert_eq!(said("session.refused", "mara", "refused", "wrong name or password").0, "Refused: sign in as mara");
        assert_eq!(said("app.restart", "web/deployment/shop", "unknown", "No answer came.").0, "Asked to restart shop in web");
        assert_eq!(said("zebra.ride", "x", "done", "").0, "Did zebra.ride x");
    }
}
