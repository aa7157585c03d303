//! Problems in words: what happened, and what to do about it. The browser reads what the server has written and links none
//! of this.

mod access;
mod account;
mod app;
mod body;
mod cluster;
mod limit;
mod portal;
mod request;
mod secret;

use super::form::told;
use crate::problem::{AppProblem, LookAt, Problem};
use crate::{FieldError, ProblemDetails};

/// A problem as the API answers and the pages show it.
#[must_use]
pub fn problem(problem: &Problem) -> ProblemDetails {
    let detail = match problem {
        Problem::Access(problem) => access::sentence(problem),
        Problem::Account(problem) => account::sentence(problem),
        Problem::App(problem) => app::sentence(problem),
        Problem::Body(problem) => body::sentence(problem),
        Problem::Cluster(problem) => cluster::sentence(problem),
        Problem::Fault(problem) => portal::fault(*problem).to_owned(),
        Problem::Form(found) => return ProblemDetails::invalid(told(found)),
        Problem::Limit(problem) => limit::sentence(*problem),
        Problem::Log(problem) => app::log_sentence(problem),
        Problem::Request(problem) => request::sentence(problem),
        Problem::Secret(problem) => secret::sentence(problem),
        Problem::SignIn(problem) => account::sign_in_sentence(*problem).to_owned(),
        Problem::Storage(problem) => portal::storage_sentence(*problem),
        Problem::WebSocket(problem) => request::web_socket_sentence(*problem).to_owned(),
    };
    let fields = if let Problem::App(AppProblem::ChecksFailed(checks)) = problem {
        app::beside_fields(checks)
    } else if let Problem::Cluster(problem) = problem {
        cluster::beside_fields(problem)
    } else {
        problem.field().map(|field| FieldError::new(field, detail.clone())).into_iter().collect()
    };
    ProblemDetails {
        code: problem.code(),
        reason: problem.reason().into(),
        status: problem.http_status(),
        fields,
        retry_after_s: problem.retry_after_s(),
        detail,
    }
}

/// What a person looks at to see whether a change was made, for the log.
#[must_use]
pub const fn thing(look_at: LookAt) -> &'static str {
    cluster::thing(look_at)
}
