//! What can be done in the portal and is recorded.

use super::names::Names;
use crate::account::Role;
use crate::secret::SecretKind;
use crate::{AppId, TeamName};
use serde::{Deserialize, Serialize};

/// What was done or tried, with what no [`Target`](super::Target) says of it. It is stored: a variant or field may be added, but
/// none renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Creates an app.
    CreateApp {
        /// The image that it runs.
        image: String,
    },
    /// Starts all pods of an app anew.
    RestartApp,
    /// Sets the number of an app's replicas.
    Scale {
        /// How many it had.
        from: u32,
        /// How many it is to have.
        to: u32,
    },
    /// Holds a rollout, a job or a schedule.
    PauseApp,
    /// Lets it go on.
    ResumeApp,
    /// Goes back to an earlier revision.
    RollBack {
        /// Number of the revision to return to.
        to: u64,
    },
    /// Deletes an app.
    DeleteApp,
    /// Creates a secret.
    CreateSecret {
        /// Its type.
        kind: SecretKind,
        /// The names of its keys.
        keys: Names,
    },
    /// Sets keys of a secret, and may remove others.
    SetSecretKeys {
        /// Names of the keys that get a new value.
        set: Names,
        /// Names of the keys that go.
        #[serde(default, skip_serializing_if = "Names::is_empty")]
        removed: Names,
    },
    /// Removes keys of a secret.
    RemoveSecretKeys {
        /// Their names.
        keys: Names,
    },
    /// Deletes a secret.
    DeleteSecret {
        /// Apps that used it, the first few.
        used_by: Vec<AppId>,
    },
    /// Creates a user.
    CreateUser {
        /// As what.
        kind: NewUserKind,
    },
    /// Changes a user.
    UpdateUser {
        /// Whether the user is a portal admin from then on.
        admin: bool,
        /// Whether the user is disabled from then on.
        disabled: bool,
    },
    /// Sets a password and ends sessions.
    SetPassword {
        /// Who did it, and how.
        by: PasswordSetBy,
    },
    /// Signs in.
    SignIn,
    /// Signs out.
    SignOut,
    /// Ends one of one's own sessions.
    EndSession,
    /// Ends all of one's own sessions but the current one.
    EndOtherSessions,
    /// Gives a wrong name or password.
    WrongCredentials,
    /// Tries to set the portal up with a wrong or used token.
    WrongSetUpToken,
    /// Creates a team.
    CreateTeam {
        /// Its namespaces.
        namespaces: Names,
    },
    /// Renames a team or changes its namespaces.
    UpdateTeam {
        /// Its new name, where it gets one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        renamed_to: Option<TeamName>,
        /// Namespaces that come.
        #[serde(default, skip_serializing_if = "Names::is_empty")]
        added: Names,
        /// Namespaces that go.
        #[serde(default, skip_serializing_if = "Names::is_empty")]
        removed: Names,
    },
    /// Deletes a team.
    DeleteTeam {
        /// The namespaces that it had.
        namespaces: Names,
    },
    /// Gives a member of a team a role.
    SetMember {
        /// The role; `None` takes the member out.
        role: Option<Role>,
    },
    /// Asks for something in a namespace without the role for it.
    NeedsNamespace(RoleLack),
    /// Asks for what only portal admins may do.
    NeedsPortalAdmin,
    /// Asks for what only owners of the team may do.
    NeedsTeamOwner,
}

impl Act {
    /// The code by which entries are stored, searched and exported.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::CreateApp { .. } => "app.create",
            Self::RestartApp => "app.restart",
            Self::Scale { .. } => "app.scale",
            Self::PauseApp => "app.pause",
            Self::ResumeApp => "app.resume",
            Self::RollBack { .. } => "app.rollback",
            Self::DeleteApp => "app.delete",
            Self::CreateSecret { .. } => "secret.create",
            Self::SetSecretKeys { .. } => "secret.set",
            Self::RemoveSecretKeys { .. } => "secret.remove_key",
            Self::DeleteSecret { .. } => "secret.delete",
            Self::CreateUser { .. } => "user.create",
            Self::UpdateUser { .. } => "user.update",
            Self::SetPassword { .. } => "user.password",
            Self::SignIn => "session.start",
            Self::SignOut | Self::EndSession | Self::EndOtherSessions => "session.end",
            Self::WrongCredentials => "session.refused",
            Self::WrongSetUpToken => "set-up.refused",
            Self::CreateTeam { .. } => "team.create",
            Self::UpdateTeam { .. } => "team.update",
            Self::DeleteTeam { .. } => "team.delete",
            Self::SetMember { .. } => "team.member",
            Self::NeedsNamespace(_) => "namespace.role",
            Self::NeedsPortalAdmin => "portal.admin",
            Self::NeedsTeamOwner => "team.own",
        }
    }
}

/// What a new user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewUserKind {
    /// A user without rights of its own.
    User,
    /// A portal admin.
    Admin,
    /// The portal admin who set the portal up.
    FirstAdmin,
}

/// How a password was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordSetBy {
    /// By its owner; the other sessions ended.
    Owner,
    /// By a portal admin; all sessions ended.
    Admin,
    /// To a random one by the command line; all sessions ended.
    CommandLine,
}

/// Why something in a namespace was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleLack {
    /// The person has a role there, but too weak a one.
    Role {
        /// The one that the person has.
        has: Role,
        /// The weakest that would do.
        needs: Role,
    },
    /// The portal was not told to serve this namespace.
    NotServed,
    /// The person has no role there.
    NoAccess,
}
