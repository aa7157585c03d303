//! A problem on its way out, put into words. The handler only says which; [`front`](super::front) paints it as a page or as
//! JSON.

use axum::response::{IntoResponse, Response};
use domain::english::problem::problem as words_of;
use domain::problem::RequestProblem;
use domain::{Problem, ProblemDetails};
use http::StatusCode;
use service::Failure;

/// What handlers give back.
pub type Answer = Result<Response, Refusal>;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Refusal(pub ProblemDetails);

impl Refusal {
    /// For this problem.
    pub fn new(problem: impl Into<Problem>) -> Self {
        Self(words_of(&problem.into()))
    }

    /// No such page or object.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(RequestProblem::NothingHere)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self(failure.problem())
    }
}

impl From<ProblemDetails> for Refusal {
    fn from(problem: ProblemDetails) -> Self {
        Self(problem)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::new(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
