//! The words for an act and its arguments.

use super::verb::Verb;
use super::{Phrase, is_under_way_or_done};
use crate::audit::{Act, AuditOutcome, Deed, Names, NewUserKind, PasswordSetBy, RoleLack, Target, WhyFailed};
use crate::english::cluster;

/// All that is told of an entry beside action, target and outcome: its arguments where it went well or was refused, and `also`,
/// what was recorded along with it: why it failed, or that it was interrupted.
#[must_use]
pub fn detail(deed: &Deed, outcome: AuditOutcome, also: &str) -> String {
    let failed = deed.failed.as_ref().map(why_failed);
    let also = failed.as_deref().unwrap_or(also);
    let arguments = match outcome {
        AuditOutcome::Intent | AuditOutcome::Done | AuditOutcome::Refused => arguments(deed),
        // Why it was not done counts for more than what was to be done.
        AuditOutcome::Failed | AuditOutcome::Unknown => String::new(),
    };
    match (arguments.is_empty(), also.is_empty()) {
        (true, _) => also.to_owned(),
        (false, true) => arguments,
        (false, false) => format!("{arguments}. {also}"),
    }
}

pub(super) fn phrase(deed: &Deed, outcome: AuditOutcome, also: &str) -> Phrase {
    let (of, detail) = (object(&deed.target), detail(deed, outcome, also));
    let (verb, rest, in_the_sentence) = verb(deed, outcome, &of, &detail);
    Phrase { verb, rest, path: path(&deed.target), detail: if in_the_sentence { String::new() } else { detail } }
}

/// Verb, what follows it, and whether that says the detail as well.
fn verb(deed: &Deed, outcome: AuditOutcome, of: &str, detail: &str) -> (Verb, String, bool) {
    let went_well = is_under_way_or_done(outcome);
    match &deed.act {
        Act::CreateApp { .. } if went_well => (Verb::Create, format!("{of} ({detail})"), true),
        Act::Scale { .. } if went_well => (Verb::Scale, format!("{of} {detail}"), true),
        Act::RollBack { .. } if went_well => (Verb::RollBack, format!("{of} {detail}"), true),
        Act::CreateApp { .. } => (Verb::Create, of.to_owned(), false),
        Act::Scale { .. } => (Verb::Scale, of.to_owned(), false),
        Act::RollBack { .. } => (Verb::RollBack, of.to_owned(), false),
        Act::RestartApp => (Verb::Restart, of.to_owned(), false),
        Act::PauseApp => (Verb::Pause, of.to_owned(), false),
        Act::ResumeApp => (Verb::Resume, of.to_owned(), false),
        Act::DeleteApp => (Verb::Delete, of.to_owned(), false),
        Act::CreateSecret { .. } => (Verb::Create, format!("secret {of}"), false),
        Act::SetSecretKeys { .. } | Act::RemoveSecretKeys { .. } => (Verb::Change, format!("secret {of}"), false),
        Act::DeleteSecret { .. } => (Verb::Delete, format!("secret {of}"), false),
        Act::CreateUser { .. } => (Verb::Create, format!("user {of}"), false),
        Act::UpdateUser { .. } => (Verb::Change, format!("user {of}"), false),
        Act::SetPassword { .. } => (Verb::Set, format!("the password of {of}"), false),
        Act::SignIn => (Verb::SignIn, String::new(), went_well),
        Act::SignOut | Act::EndSession | Act::EndOtherSessions => (Verb::SignOut, String::new(), went_well),
        Act::WrongCredentials => (Verb::SignIn, format!("as {of}"), false),
        Act::WrongSetUpToken => (Verb::SetUp, "the portal".to_owned(), false),
        Act::CreateTeam { .. } => (Verb::Create, format!("team {of}"), false),
        Act::UpdateTeam { .. } => (Verb::Change, format!("team {of}"), false),
        Act::DeleteTeam { .. } => (Verb::Delete, format!("team {of}"), false),
        Act::SetMember { role } => {
            let (user, team) = if let Target::Member { team, user } = &deed.target { (user.as_str(), team.as_str()) } else { ("someone", of) };
            match role {
                Some(role) if went_well => (Verb::Make, format!("{user} {} of {team}", role.slug()), true),
                None if went_well => (Verb::Remove, format!("{user} from {team}"), true),
                Some(_) | None => (Verb::Change, format!("{user} in {team}"), false),
            }
        }
        Act::NeedsNamespace(_) => (Verb::Access, of.to_owned(), false),
        Act::NeedsPortalAdmin | Act::NeedsTeamOwner => (Verb::Do, format!("{} {of}", deed.act.slug()), false),
    }
}

/// What it was done to, as it is read: `shop in web`.
fn object(target: &Target) -> String {
    match target {
        Target::App(app) => format!("{} in {}", app.name, app.namespace),
        Target::Secret { namespace, name } => format!("{name} in {namespace}"),
        Target::Namespace { .. }
        | Target::User(_)
        | Target::UnknownUser
        | Target::Team(_)
        | Target::TeamNumber(_)
        | Target::Member { .. }
        | Target::OwnSession
        | Target::SessionNumber(_)
        | Target::OtherSessions
        | Target::Portal
        | Target::More => target.to_string(),
    }
}

/// The page of the object, below the base path.
fn path(target: &Target) -> Option<String> {
    match target {
        Target::App(app) => Some(app.path()),
        Target::Secret { namespace, name } => Some(format!("/secrets/{namespace}/{name}")),
        Target::Namespace { .. }
        | Target::User(_)
        | Target::UnknownUser
        | Target::Team(_)
        | Target::TeamNumber(_)
        | Target::Member { .. }
        | Target::OwnSession
        | Target::SessionNumber(_)
        | Target::OtherSessions
        | Target::Portal
        | Target::More => None,
    }
}

/// What the act's code and target leave unsaid.
fn arguments(deed: &Deed) -> String {
    if deed.target == Target::More {
        return "more requests were refused in this minute than are listed".to_owned();
    }
    match &deed.act {
        Act::CreateApp { image } => format!("image {image}"),
        Act::Scale { from, to } => format!("from {from} to {to} replicas"),
        Act::RollBack { to } => format!("to revision {to}"),
        Act::RestartApp | Act::PauseApp | Act::ResumeApp | Act::DeleteApp => String::new(),
        Act::CreateSecret { kind, keys } => format!("{} with {}", kind.kubernetes(), listed(keys)),
        Act::SetSecretKeys { set, removed } if removed.is_empty() => format!("key {}", listed(set)),
        Act::SetSecretKeys { set, removed } => format!("key {}; removed {}", listed(set), listed(removed)),
        Act::RemoveSecretKeys { keys } => format!("key {}", listed(keys)),
        Act::DeleteSecret { used_by } if used_by.is_empty() => "no app used it".to_owned(),
        Act::DeleteSecret { used_by } => format!("used by {}", used_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        Act::CreateUser { kind } => match kind {
            NewUserKind::User => "user",
            NewUserKind::Admin => "portal admin",
            NewUserKind::FirstAdmin => "first admin",
        }
        .to_owned(),
        Act::UpdateUser { admin, disabled } => format!("admin {admin}, disabled {disabled}"),
        Act::SetPassword { by } => match by {
            PasswordSetBy::Owner => "own password; other sessions ended",
            PasswordSetBy::Admin => "set by an admin; all sessions ended",
            PasswordSetBy::CommandLine => "set to a random one; all sessions ended",
        }
        .to_owned(),
        Act::SignIn => "signed in".to_owned(),
        Act::SignOut => "signed out".to_owned(),
        Act::EndSession => "own session".to_owned(),
        Act::EndOtherSessions => "own sessions".to_owned(),
        Act::WrongCredentials => "wrong name or password".to_owned(),
        Act::WrongSetUpToken => "wrong or used token".to_owned(),
        Act::CreateTeam { namespaces } | Act::DeleteTeam { namespaces } => listed(namespaces),
        Act::UpdateTeam { renamed_to, added, removed } => {
            let renamed = renamed_to.as_ref().map(|name| format!("renamed to {name}"));
            let changed = |how, names: &Names| (!names.is_empty()).then(|| format!("{how} {}", listed(names)));
            [renamed, changed("added", added), changed("removed", removed)].into_iter().flatten().collect::<Vec<_>>().join("; ")
        }
        Act::SetMember { role } => role.map_or("none", crate::account::Role::slug).to_owned(),
        Act::NeedsNamespace(RoleLack::Role { has, needs }) => format!("is {}, needs {}", has.slug(), needs.slug()),
        Act::NeedsNamespace(RoleLack::NotServed) => "not served".to_owned(),
        Act::NeedsNamespace(RoleLack::NoAccess) => "no access".to_owned(),
        Act::NeedsPortalAdmin => "not a portal admin".to_owned(),
        Act::NeedsTeamOwner => "not a team owner".to_owned(),
    }
}

/// `a, b`, and how many more there were.
fn listed(names: &Names) -> String {
    let kept = names.kept().join(", ");
    match names.left_out() {
        0 => kept,
        more => format!("{kept} and {more} more"),
    }
}

/// Why it was not done.
fn why_failed(why: &WhyFailed) -> String {
    match why {
        WhyFailed::Missing(what) => cluster::missing(what),
        WhyFailed::Exists(object) => cluster::exists(object),
        WhyFailed::Changed(object) => cluster::changed(object),
        WhyFailed::Refused(why) => cluster::refused(why),
        WhyFailed::NotAllowed(why) => cluster::not_allowed(why),
        WhyFailed::ClusterAway => "The cluster didn't answer.".to_owned(),
        WhyFailed::Unanswered => "The cluster didn't answer. It may have been done.".to_owned(),
        WhyFailed::Unwritable(trouble) => trouble.sentence().to_owned(),
        WhyFailed::StoreRefused => "The database refused it. The portal's log says why.".to_owned(),
        WhyFailed::Fault => "Something went wrong in the portal. Its log has the details.".to_owned(),
        WhyFailed::Problem { said, .. } => said.clone(),
    }
}
