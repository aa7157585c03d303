//! The pages: a handler loads what a page shows and lets `app::render` paint it.
//!
//! Forms are plain: a success is a 303, a failure the page again with the problem and its status.

pub mod account;
pub mod actions;
pub mod app_page;
pub mod apps;
pub mod audit;
pub mod done;
pub mod forms;
pub mod new_app;
pub mod new_secret;
pub mod operations;
pub mod secret_form;
pub mod secrets;
pub mod session;
pub mod set_up;
pub mod teams;
pub mod theme;
pub mod users;

use domain::ProblemDetails;
use http::StatusCode;

/// The status of a page that says a problem.
#[must_use]
pub fn status_of(problem: &ProblemDetails) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
