//! The token of an `Authorization` header (RFC 6750).

use http::{HeaderMap, header};

/// What stands behind `Bearer`; `None` where there is no such header, or one of another scheme.
#[must_use]
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
