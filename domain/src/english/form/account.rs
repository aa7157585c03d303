//! Users, accounts and signing in.

use crate::form::{AccountWrong, PasswordWrong};

/// What is said of a field of a user, an account or a session.
#[must_use]
pub fn account(wrong: &AccountWrong) -> String {
    match wrong {
        AccountWrong::NameTaken(name) => format!("User {name} already exists. Choose another name."),
        AccountWrong::Display(most) => format!("Names can have at most {most} characters, with no line breaks or invisible characters."),
        AccountWrong::Password(wrong) => password(*wrong),
        AccountWrong::PasswordsDiffer => "The passwords don't match.".to_owned(),
        AccountWrong::NoCurrentPassword => "Enter your current password.".to_owned(),
        AccountWrong::WrongCurrentPassword => "Wrong current password.".to_owned(),
        AccountWrong::NoUsername => "Enter your username.".to_owned(),
        AccountWrong::NoPassword => "Enter your password.".to_owned(),
        AccountWrong::SetUpToken => "Wrong setup token. Copy it from the portal's log. It changes with each start and works once.".to_owned(),
    }
}

fn password(wrong: PasswordWrong) -> String {
    match wrong {
        PasswordWrong::TooShort { least, now } => format!("Use at least {least} characters ({now} now). Four random words work well."),
        PasswordWrong::TooLong(most) => format!("Passwords can have at most {most} bytes."),
        PasswordWrong::EasyToGuess => "This password is easy to guess. Use unrelated words that aren't in the name.".to_owned(),
    }
}
