//! The pages: a handler loads what a page shows and lets `app::render` paint it.
//!
//! Forms are plain: a success is a 303, a failure the page again with the problem and its status.

pub mod account;
pub mod actions;
pub mod app_page;
pub mod apps;
pub mod audit;
pub mod new_app;
pub mod new_secret;
pub mod secrets;
pub mod session;
pub mod set_up;
pub mod teams;
pub mod theme;
pub mod users;

use domain::Problem;
use http::StatusCode;

/// The status of a page that says a problem.
#[must_use]
pub fn status_of(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What was just done, for the page after a redirect. The words stand here, so that a link cannot bring its own.
#[must_use]
pub fn done(slug: Option<String>) -> Option<String> {
    let sentence = match slug?.as_str() {
        "password" => "Your password is changed. Your other sessions have ended.",
        "session" => "The session has ended.",
        "sessions" => "All your other sessions have ended.",
        "user-created" => "The user is created.",
        "user-changed" => "The user is changed.",
        "user-password" => "The user's password is changed, and all their sessions have ended.",
        "team-created" => "The team is created.",
        "team-changed" => "The team is changed.",
        "team-deleted" => "The team is deleted.",
        "member" => "The members are changed.",
        _ => return None,
    };
    Some(sentence.to_owned())
}
