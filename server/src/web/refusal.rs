//! A problem on its way out. The handler only says it; [`front`](super::front) paints it as a page or as JSON.

use axum::response::{IntoResponse, Response};
use domain::{Code, Problem};
use http::StatusCode;
use service::Failure;

/// What handlers give back.
pub type Answer = Result<Response, Refusal>;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Refusal(pub Problem);

impl Refusal {
    /// With its code and sentence.
    pub fn new(code: Code, sentence: impl Into<String>) -> Self {
        Self(Problem::new(code, sentence))
    }

    /// No such page or object.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "Nothing at this address. Check it, or start from the list of apps.")
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self(failure.problem())
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
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
