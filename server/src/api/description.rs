//! `GET /api/v1/openapi.json`.

use crate::web::{Answer, Cx};
use axum::response::IntoResponse as _;
use http::header;
use std::sync::LazyLock;

static TEXT: LazyLock<String> = LazyLock::new(crate::openapi::json);

/// The API's description.
pub async fn get(_cx: Cx) -> Answer {
    Ok(([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response())
}
