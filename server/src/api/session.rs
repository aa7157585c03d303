//! `/api/v1/session`: sign in, who am I, sign out.

use super::ok;
use crate::web::body::Body;
use crate::web::{Answer, Cx, Signed};
use axum::response::IntoResponse as _;
use domain::secret::SecretText;
use http::StatusCode;
use serde::Deserialize;

/// Name and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    username: String,
    password: SecretText,
}

/// `POST /api/v1/session`.
pub async fn sign_in(cx: Cx, Body(credentials): Body<Credentials>) -> Answer {
    let signed_in = cx.portal().sessions.sign_in(credentials.username.trim(), credentials.password, &cx.origin()).await?;
    cx.portal().sessions.leave_behind(cx.actor.as_ref()).await;
    let mut response = (StatusCode::CREATED, axum::Json(&signed_in.me)).into_response();
    cx.put_session(&mut response, signed_in.token.expose());
    Ok(response)
}

/// `GET /api/v1/session`.
pub async fn who(signed: Signed) -> Answer {
    ok(signed.actor.me())
}

/// `DELETE /api/v1/session`.
pub async fn sign_out(signed: Signed) -> Answer {
    signed.portal().sessions.sign_out(&signed.actor).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    signed.put_session(&mut response, "");
    Ok(response)
}
