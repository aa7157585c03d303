//! Drafts of forms: kept while a person types, gone once the form is sent.

use super::ok;
use crate::web::body::Body;
use crate::web::cx::namespace;
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use axum::response::IntoResponse as _;
use domain::draft::{DraftOf, SecretDraft};
use domain::spec::AppForm;
use domain::{FieldError, Problem, UnixMs};
use http::StatusCode;

/// `PUT /api/v1/namespaces/{ns}/drafts/new-app`.
pub async fn keep_app(signed: Signed, Path(ns): Path<String>, Body(typed): Body<AppForm>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().operator(&signed.actor, &ns)?;
    ok(&signed.portal().keep_app_draft(&operator, typed, seen(&signed)?).await?)
}

/// `PUT /api/v1/namespaces/{ns}/drafts/new-secret`.
pub async fn keep_secret(signed: Signed, Path(ns): Path<String>, Body(typed): Body<SecretDraft>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().operator(&signed.actor, &ns)?;
    ok(&signed.portal().keep_secret_draft(&operator, typed, seen(&signed)?).await?)
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
    let operator = signed.portal().operator(&signed.actor, &ns)?;
    signed.portal().discard_draft(&operator, form).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Latest moment that a browser can say exactly.
const LATEST: i64 = 9_007_199_254_740_991;

/// When the draft was changed that the page has seen.
fn seen(signed: &Signed) -> Result<Option<UnixMs>, Refusal> {
    let Some(text) = signed.given("seen") else { return Ok(None) };
    let read = Some(&text).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse().ok()).filter(|ms| *ms <= LATEST);
    let wrong = || Problem::invalid(vec![FieldError::new("seen", format!("seen must be a whole number from 0 to {LATEST}."))]);
    Ok(Some(UnixMs(read.ok_or_else(wrong)?)))
}
