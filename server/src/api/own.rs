//! The portal itself: `/up`, `/healthy`, `/metrics`.

use crate::state::App;
use crate::web::{Answer, Refusal, bearer_token};
use axum::extract::State;
use axum::response::IntoResponse as _;
use domain::problem::SignInProblem;
use http::{HeaderMap, StatusCode, header};
use service::health::{Fault, Health};
use service::token::same;

/// `GET /up`: HTTP is served.
pub async fn up() -> &'static str {
    "up\n"
}

/// `GET /healthy`: 200, with a warning where something is wrong that no restart mends; 503 with the reason where one does.
pub async fn healthy(State(app): State<App>) -> Answer {
    Ok(match app.portal.health.check().await {
        Health::Well => "healthy\n".into_response(),
        Health::Hindered(trouble) => format!("warning: {} {}\n", trouble.sentence(), trouble.remedy()).into_response(),
        Health::Broken(fault) => {
            let sentence = match fault {
                Fault::StandsStill => "The portal's background tasks have stopped. Restart the portal; its log says why.",
                Fault::Connections => "The portal's database connections are broken. Restart the portal; its log says why.",
            };
            (StatusCode::SERVICE_UNAVAILABLE, format!("{sentence}\n")).into_response()
        }
    })
}

/// `GET /metrics`: Prometheus text.
pub async fn metrics(State(app): State<App>, headers: HeaderMap) -> Answer {
    if !app.config.metrics.enabled {
        return Err(Refusal::not_found());
    }
    if let Some(token) = &app.config.metrics.token {
        let given = bearer_token(&headers).unwrap_or_default();
        if !same(given.as_bytes(), token.expose().as_bytes()) {
            return Err(Refusal::new(SignInProblem::MetricsTokenNeeded));
        }
    }
    let board = app.portal.app_list.board().borrow().clone();
    let text = app.numbers.text(&board, app.portal.storage.trouble(), app.portal.storage.kept_numbers());
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
