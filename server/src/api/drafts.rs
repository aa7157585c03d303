//! Drafts of forms: kept while a person types, gone once the form is sent.

use crate::web::body::Body;
use crate::web::cx::namespace;
use crate::web::{Answer, Signed};
use axum::extract::Path;
use axum::response::IntoResponse as _;
use domain::draft::DraftOf;
use domain::spec::AppForm;
use http::StatusCode;

/// `PUT /api/v1/namespaces/{ns}/drafts/new-app`.
pub async fn keep(signed: Signed, Path(ns): Path<String>, Body(typed): Body<AppForm>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().operator(&signed.actor, &ns)?;
    signed.portal().keep_app_draft(&operator, typed).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE /api/v1/namespaces/{ns}/drafts/new-app`.
pub async fn discard(signed: Signed, Path(ns): Path<String>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().operator(&signed.actor, &ns)?;
    signed.portal().discard_draft(&operator, DraftOf::NewApp).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
