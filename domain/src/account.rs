//! People, teams and roles: the portal's own things.

use crate::{Namespace, TeamName, UnixMs, Username};
use serde::{Deserialize, Serialize};

/// How the line of the log begins that says how to make the first user.
pub const NO_USERS: &str = "There are no users yet.";

/// What a member may do in the namespaces of a team. Each role includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees apps, logs, metrics and the names of secrets.
    Viewer,
    /// Changes apps and secrets.
    Operator,
    /// Also manages the members of the team.
    Owner,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Owner];

    /// As stored and written.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Owner => "owner",
        }
    }

    /// Reads what is stored or typed.
    #[must_use]
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.slug() == text)
    }
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Number of the row.
    pub id: i64,
    /// Name to sign in with.
    pub name: Username,
    /// Name that people read.
    pub display: String,
    /// Manages users and teams, and may do everything in every namespace.
    pub admin: bool,
    /// May not sign in.
    pub disabled: bool,
    /// When it was made.
    pub created: UnixMs,
    /// Last sign-in.
    pub last_seen: Option<UnixMs>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Number of the row.
    pub id: i64,
    /// The name by which people know it.
    pub name: TeamName,
    /// Namespaces it works in.
    pub namespaces: Vec<Namespace>,
    /// People in it.
    pub members: Vec<Member>,
}

/// A person in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The user's number.
    pub user_id: i64,
    /// The user's name.
    pub user: Username,
    /// Name that people read.
    pub display: String,
    /// Role.
    pub role: Role,
}

/// A namespace that somebody may see, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceAccess {
    /// The namespace.
    pub namespace: Namespace,
    /// The team through which; `None` for a portal admin without one.
    pub team: Option<TeamName>,
    /// The strongest role in it.
    pub role: Role,
}

/// A session, as its owner sees it on the account page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// Number of the row (not the secret).
    pub id: i64,
    /// This very session.
    pub current: bool,
    /// Start.
    pub created: UnixMs,
    /// Last request.
    pub last_seen: UnixMs,
    /// Address it was started from.
    pub address: String,
    /// Browser it was started with, 200 characters at most.
    pub agent: String,
}

/// Who is signed in, for pages and `GET /api/v1/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Number of the user.
    pub user_id: i64,
    /// Name to sign in with.
    pub name: Username,
    /// Name that people read.
    pub display: String,
    /// Portal admin.
    pub admin: bool,
    /// Namespaces with team and role, sorted by name.
    pub namespaces: Vec<NamespaceAccess>,
}
