//! What can be wrong with teams.

use crate::Namespace;
use crate::names::NameError;

/// What is wrong with a field of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamWrong {
    /// Another team has the name.
    NameTaken,
    /// One of its namespaces is no name.
    Namespace {
        /// What was typed.
        typed: String,
        /// The rule that it breaks.
        error: NameError,
    },
    /// It has too many namespaces.
    TooManyNamespaces {
        /// Most namespaces.
        most: usize,
        /// Namespaces that there are.
        now: usize,
    },
    /// The portal does not serve one of its namespaces.
    NotServed {
        /// The namespace.
        namespace: Namespace,
        /// Some that it serves.
        served: Vec<Namespace>,
    },
    /// There is no user of this name.
    UnknownUser(String),
    /// No role was chosen.
    NoRole,
}

impl TeamWrong {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NameTaken => "team_name_taken",
            Self::Namespace { .. } => "team_namespace",
            Self::TooManyNamespaces { .. } => "team_too_many_namespaces",
            Self::NotServed { .. } => "team_namespace_not_served",
            Self::UnknownUser(_) => "team_unknown_user",
            Self::NoRole => "team_no_role",
        }
    }
}
