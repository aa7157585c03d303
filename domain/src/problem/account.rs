//! What doesn't fit a user, or a user's session.

use crate::{Code, Username};

/// Why an account stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountProblem {
    /// The person's password was changed elsewhere while this change was under way.
    PasswordChangedElsewhere,
    /// The session that was to be ended has ended already.
    SessionEnded,
    /// No portal admin would be left.
    LastPortalAdmin,
    /// There is no such user; said on the command line.
    UserNotFound {
        /// The name as it was typed, in small letters.
        name: String,
        /// Some portal admins who are enabled.
        admins: Vec<Username>,
    },
    /// The user is disabled, so that a new password wouldn't help; said on the command line.
    UserDisabled {
        /// The user's name.
        name: String,
    },
}

impl AccountProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::PasswordChangedElsewhere | Self::LastPortalAdmin | Self::UserDisabled { .. } => Code::Conflict,
            Self::SessionEnded | Self::UserNotFound { .. } => Code::NotFound,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::PasswordChangedElsewhere => "password_changed_elsewhere",
            Self::SessionEnded => "session_ended",
            Self::LastPortalAdmin => "last_portal_admin",
            Self::UserNotFound { .. } => "user_not_found",
            Self::UserDisabled { .. } => "user_disabled",
        }
    }
}
