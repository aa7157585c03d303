//! Drafts of forms: kept while a person types, gone once the form is sent.

use super::{asked_moment, ok};
use crate::web::body::Body;
use crate::web::cx::namespace;
use crate::web::{Answer, Signed};
use axum::extract::Path;
use axum::response::IntoResponse as _;
use domain::draft::{DraftOf, SecretDraft};
use domain::spec::AppForm;

use http::StatusCode;

/// `PUT /api/v1/namespaces/{ns}/drafts/new-app`.
pub async fn keep_app(signed: Signed, Path(ns): Path<String>, Body(typed): Body<AppForm>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    ok(&signed.portal().drafts.keep_app(&operator, typed, asked_moment(&signed, "seen")?).await?)
}

/// `PUT /api/v1/namespaces/{ns}/drafts/new-secret`.
pub async fn keep_secret(signed: Signed, Path(ns): Path<String>, Body(typed): Body<SecretDraft>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    ok(&signed.portal().drafts.keep_secret(&operator, typed, asked_moment(&signed, "seen")?).await?)
}

/// `DELETE /api/v1/namespaces/{ns}/drafts/new-app`.
pub async fn discard_app(signed: Signed, path: Path<String>) -> Answer {
    discard(&signed, path, DraftOf::NewApp).await
}

/// `DELETE /api/v1/namespaces/{ns}/drafts/new-secret`.
pub async fn discard_secret(signed: Signed, path: Path<String>) -> Answer {
    discard(&signed, path, DraftOf::NewSecret).await
}

async fn discard(signed: &Signed, Path(ns): Path<String>, form: DraftOf) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    signed.portal().drafts.discard(&operator, form).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
