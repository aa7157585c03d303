//! What can be wrong with users, accounts and signing in.

use super::into;
use crate::Username;

/// What is wrong with a field of a user, an account or a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountWrong {
    /// Somebody has the name.
    NameTaken(Username),
    /// The name that people read has more characters than these, or some that nobody sees.
    Display(usize),
    /// The new password breaks a rule.
    Password(PasswordWrong),
    /// The new password was typed in two ways.
    PasswordsDiffer,
    /// The current password was not typed.
    NoCurrentPassword,
    /// What was typed is not the current password.
    WrongCurrentPassword,
    /// Signing in without a name.
    NoUsername,
    /// Signing in without a password.
    NoPassword,
    /// The token of the set-up is wrong or used.
    SetUpToken,
}

/// The rule that a new password breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordWrong {
    /// It is too short.
    TooShort {
        /// Fewest characters.
        least: usize,
        /// Characters that it has.
        now: usize,
    },
    /// It has more bytes than these.
    TooLong(usize),
    /// It has few different characters, or little beside the person's name and words that everybody tries.
    EasyToGuess,
}

into! {
    PasswordWrong => AccountWrong::Password,
}

impl AccountWrong {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NameTaken(_) => "user_name_taken",
            Self::Display(_) => "user_display",
            Self::Password(PasswordWrong::TooShort { .. }) => "password_too_short",
            Self::Password(PasswordWrong::TooLong(_)) => "password_too_long",
            Self::Password(PasswordWrong::EasyToGuess) => "password_easy_to_guess",
            Self::PasswordsDiffer => "passwords_differ",
            Self::NoCurrentPassword => "no_current_password",
            Self::WrongCurrentPassword => "wrong_current_password",
            Self::NoUsername => "no_username",
            Self::NoPassword => "no_password",
            Self::SetUpToken => "set_up_token",
        }
    }
}
