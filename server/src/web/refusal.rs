//! A problem on its way out. The handler only says which; [`front`](super::front) puts it into words, as a page or as JSON.

use axum::response::{IntoResponse, Response};
use domain::Problem;
use domain::problem::RequestProblem;
use http::StatusCode;
use service::Failure;

/// What handlers give back.
pub type Answer = Result<Response, Refusal>;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Refusal(pub Problem);

impl Refusal {
    /// For this problem.
    pub fn new(problem: impl Into<Problem>) -> Self {
        Self(problem.into())
    }

    /// No such page or object.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(RequestProblem::NothingHere)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self(failure.into_problem())
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::new(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
