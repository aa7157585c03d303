//! The words for entries that have no typed act, because a portal before migration 11 wrote them, or another version with an act
//! that this one does not know. This is the only place that reads the texts of target and detail.

use super::verb::Verb;
use super::{Phrase, is_under_way_or_done};
use crate::audit::{Act, AuditRow, Deed, Target};
use crate::operation::Work;
use crate::{AppId, Kind, Namespace, WorkloadName};

/// What an operation does whose intent has no typed act; the detail of a creation named its image.
#[must_use]
pub fn deed_before_codes(app: &AppId, work: &Work, detail: &str) -> Deed {
    let act = match work {
        Work::Create { .. } => Act::CreateApp { image: detail.strip_prefix("image ").unwrap_or(detail).to_owned() },
        Work::Delete { .. } => Act::DeleteApp,
        Work::Restart { .. } => Act::RestartApp,
        Work::Scale { from, to, .. } => Act::Scale { from: *from, to: *to },
        Work::Pause { paused: true, .. } => Act::PauseApp,
        Work::Pause { paused: false, .. } => Act::ResumeApp,
        Work::RollBack { to, .. } => Act::RollBack { to: *to },
    };
    Deed::new(act, Target::App(app.clone()))
}

pub(super) fn phrase(row: &AuditRow) -> Phrase {
    let Object { words, path } = object(&row.target);
    let (verb, rest, detail) = verb(row, &words);
    Phrase { verb, rest, path, detail }
}

/// What an entry is about.
struct Object {
    /// As it is read: `shop in web`.
    words: String,
    /// Its page, below the base path.
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
fn verb(row: &AuditRow, of: &str) -> (Verb, String, String) {
    let (detail, done) = (row.detail.as_str(), is_under_way_or_done(row.outcome));
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
