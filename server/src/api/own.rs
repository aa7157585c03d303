//! The portal itself: `/up`, `/healthy`, `/metrics`.

use crate::state::App;
use crate::web::{Answer, Refusal};
use axum::extract::State;
use axum::response::IntoResponse as _;
use domain::Code;
use http::{HeaderMap, StatusCode, header};
use service::sessions::same;

/// `GET /up`: HTTP is served.
pub async fn up() -> &'static str {
    "up\n"
}

/// `GET /healthy`: 200, or 503 with the reason.
pub async fn healthy(State(app): State<App>) -> Answer {
    Ok(match app.portal.healthy().await {
        Ok(()) => (StatusCode::OK, "healthy\n".to_owned()).into_response(),
        Err(sentence) => (StatusCode::SERVICE_UNAVAILABLE, format!("{sentence}\n")).into_response(),
    })
}

/// `GET /metrics`: Prometheus text.
pub async fn metrics(State(app): State<App>, headers: HeaderMap) -> Answer {
    if !app.config.metrics {
        return Err(Refusal::not_found());
    }
    if let Some(token) = &app.config.metrics_token {
        let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default();
        if !same(given.as_bytes(), token.expose().as_bytes()) {
            return Err(Refusal::new(Code::Unauthenticated, "Send the metrics token as Authorization: Bearer …"));
        }
    }
    let board = app.portal.board().borrow().clone();
    let text = app.numbers.text(&board);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
