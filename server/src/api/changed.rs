//! Answers to changes of apps: each has the number of its operation.

use crate::web::Signed;
use axum::response::{IntoResponse, Response};
use domain::operation::OperationId;
use http::{HeaderName, HeaderValue, StatusCode, header};

/// The header with the number of the operation that a change is.
pub(crate) const OPERATION: HeaderName = HeaderName::from_static("quayside-operation");
/// RFC 7240: how the caller prefers to be answered, and which preference was followed.
const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The caller asks for the operation afterwards.
const RESPOND_ASYNC: &str = "respond-async";

/// `done` with the number of the operation; 202 with its address where the caller prefers that.
pub(super) fn changed(signed: &Signed, operation: OperationId, done: impl IntoResponse) -> Response {
    let mut response = if prefers_async(signed) {
        let place = signed.context.base.link(&format!("/api/v1/operations/{operation}"));
        let applied = HeaderValue::from_static(RESPOND_ASYNC);
        (StatusCode::ACCEPTED, [(header::LOCATION, place)], [(PREFERENCE_APPLIED, applied)]).into_response()
    } else {
        done.into_response()
    };
    response.headers_mut().insert(OPERATION, operation.0.into());
    response
}

fn prefers_async(signed: &Signed) -> bool {
    let all = signed.headers.get_all(PREFER).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split([',', ';'])).any(|preference| preference.trim().eq_ignore_ascii_case(RESPOND_ASYNC))
}
