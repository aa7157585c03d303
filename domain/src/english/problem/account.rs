//! What is said of accounts, and of signing in.

use crate::Username;
use crate::problem::{AccountProblem, SignInProblem};

pub(super) fn sentence(problem: &AccountProblem) -> String {
    match problem {
        AccountProblem::PasswordChangedElsewhere => "Your password was just changed elsewhere. Sign in again.".to_owned(),
        AccountProblem::SessionEnded => "That session has already ended.".to_owned(),
        AccountProblem::LastPortalAdmin => "This is the last portal admin. Make another user an admin first.".to_owned(),
        AccountProblem::UserNotFound { name, admins } => format!("No user {name}. {}", whom_to_choose(admins)),
        AccountProblem::UserDisabled { name } => {
            format!("{name} is disabled, so no password works. A portal admin can enable the account on the Users page.")
        }
    }
}

fn whom_to_choose(admins: &[Username]) -> String {
    if admins.is_empty() {
        return "There are no users yet. Start the portal to create the first one.".to_owned();
    }
    let names: Vec<_> = admins.iter().map(Username::to_string).collect();
    format!("Portal admins are: {}.", names.join(", "))
}

pub(super) const fn sign_in_sentence(problem: SignInProblem) -> &'static str {
    match problem {
        SignInProblem::NotSignedIn => "You aren't signed in, or your session ended. Sign in and try again.",
        SignInProblem::SessionInvalid => "Sign in to continue.",
        SignInProblem::WrongCredentials => "Wrong username or password.",
        SignInProblem::SetUpAlready => "The portal is already set up. Sign in, or ask its admin for an account.",
        SignInProblem::CookieNotKept => {
            "Your browser didn't keep the portal's cookie, so you aren't signed in. Allow cookies. Embedded in another site, \
             the portal needs HTTPS; over HTTP, open it in its own tab."
        }
        SignInProblem::MetricsTokenNeeded => "Send the metrics token as Authorization: Bearer …",
    }
}
