//! Teams.

use super::name;
use crate::Namespace;
use crate::form::TeamWrong;

/// What is said of a field of a team.
#[must_use]
pub fn team(wrong: &TeamWrong) -> String {
    match wrong {
        TeamWrong::NameTaken => "A team with that name already exists. Choose another.".to_owned(),
        TeamWrong::Namespace { typed, error } => format!("{typed:?}: {}", name(error)),
        TeamWrong::TooManyNamespaces { most, now } => format!("Teams can have at most {most} namespaces ({now} now)."),
        TeamWrong::NotServed { namespace, served } => {
            let served = served.iter().map(Namespace::as_str).collect::<Vec<_>>().join(", ");
            format!("This portal doesn't serve {namespace}. It serves namespaces such as {served}; its operator can add more to QUAYSIDE_NAMESPACES.")
        }
        TeamWrong::UnknownUser(name) => format!("No user {name:?}. A portal admin can create one."),
        TeamWrong::NoRole => "Choose viewer, operator, or owner.".to_owned(),
    }
}
