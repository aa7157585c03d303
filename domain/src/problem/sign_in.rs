//! Why somebody isn't signed in.

use crate::Code;

/// Why a request has no person, or why a sign-in failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInProblem {
    /// The request has no session, or one that the portal doesn't know.
    NotSignedIn,
    /// The session isn't valid any more.
    SessionInvalid,
    /// Name or password is wrong; which isn't said.
    WrongCredentials,
    /// The portal has its first admin already.
    SetUpAlready,
    /// The browser didn't keep the cookie of a sign-in.
    CookieNotKept,
    /// The metrics need their own token.
    MetricsTokenNeeded,
}

impl SignInProblem {
    pub(super) const fn code(self) -> Code {
        match self {
            Self::NotSignedIn | Self::SessionInvalid | Self::CookieNotKept | Self::MetricsTokenNeeded => Code::Unauthenticated,
            Self::WrongCredentials => Code::WrongCredentials,
            Self::SetUpAlready => Code::Conflict,
        }
    }

    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::SessionInvalid => "session_invalid",
            Self::WrongCredentials => "wrong_credentials",
            Self::SetUpAlready => "set_up_already",
            Self::CookieNotKept => "cookie_not_kept",
            Self::MetricsTokenNeeded => "metrics_token_needed",
        }
    }
}
