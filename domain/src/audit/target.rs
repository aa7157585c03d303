//! What an act is done to.

use crate::{AppId, Namespace, SecretName, TeamName, Username};
use serde::{Deserialize, Serialize};
use std::fmt::{Display, Formatter, Result};

/// What an act is done to. It is stored: a variant may be added, but none renamed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An app.
    App(AppId),
    /// A secret.
    Secret {
        /// Its namespace.
        namespace: Namespace,
        /// Its name.
        name: SecretName,
    },
    /// A namespace, where something in it was refused.
    Namespace {
        /// Its name.
        namespace: Namespace,
        /// What was asked for there, where it is known: method and path.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<String>,
    },
    /// A user.
    User(Username),
    /// A user that does not exist. What was typed is not kept: people type passwords into that field.
    UnknownUser,
    /// A team.
    Team(TeamName),
    /// A team by its number, which may not exist.
    TeamNumber(i64),
    /// A member of a team, or somebody who is to be one.
    Member {
        /// The team.
        team: TeamName,
        /// The user.
        user: Username,
    },
    /// The session with which the request came, or that it began.
    OwnSession,
    /// A session by its number.
    SessionNumber(i64),
    /// All sessions of the person but the one with which the request came.
    OtherSessions,
    /// The portal itself.
    Portal,
    /// More than is recorded one by one: a person had too many requests refused within a minute.
    More,
}

impl Target {
    /// The namespace that it lies in, by which owners of a team find it.
    #[must_use]
    pub const fn namespace(&self) -> Option<&Namespace> {
        match self {
            Self::App(app) => Some(&app.namespace),
            Self::Secret { namespace, .. } | Self::Namespace { namespace, .. } => Some(namespace),
            Self::User(_)
            | Self::UnknownUser
            | Self::Team(_)
            | Self::TeamNumber(_)
            | Self::Member { .. }
            | Self::OwnSession
            | Self::SessionNumber(_)
            | Self::OtherSessions
            | Self::Portal
            | Self::More => None,
        }
    }

    /// Method and path of a request that was refused.
    #[must_use]
    pub fn request(&self) -> Option<&str> {
        if let Self::Namespace { request, .. } = self { request.as_deref() } else { None }
    }
}

/// As it is stored, searched and exported: `web/deployment/shop`, `Data: mara`, `web: GET /api/v1/x`.
impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::App(app) => write!(f, "{app}"),
            Self::Secret { namespace, name } => write!(f, "{namespace}/secret/{name}"),
            Self::Namespace { namespace, request: None } => write!(f, "{namespace}"),
            Self::Namespace { namespace, request: Some(request) } => write!(f, "{namespace}: {request}"),
            Self::User(name) => write!(f, "{name}"),
            Self::UnknownUser => f.write_str("a name that does not exist"),
            Self::Team(name) => write!(f, "{name}"),
            Self::TeamNumber(number) => write!(f, "team {number}"),
            Self::Member { team, user } => write!(f, "{team}: {user}"),
            Self::OwnSession => f.write_str("session"),
            Self::SessionNumber(number) => write!(f, "session {number}"),
            Self::OtherSessions => f.write_str("other sessions"),
            Self::Portal => f.write_str("portal"),
            Self::More => f.write_str("more"),
        }
    }
}
