//! Secrets. Values go in and never come out: no answer has a place for one.

use super::list::piece;
use super::ok;
use crate::pages::secrets::{after_creation, secret_name};
use crate::web::body::Body;
use crate::web::cx::namespace;
use crate::web::{Answer, Signed};
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use domain::SecretName;
use domain::live::PAGE_HEADER;
use domain::secret::{SecretEntry, SecretForm, SecretInfo};
use http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use service::access::Operator;

/// Keys to set and to remove; all others stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    #[serde(default)]
    entries: Vec<SecretEntry>,
    #[serde(default)]
    remove: Vec<String>,
    /// Only while the secret is at this version.
    #[serde(default)]
    version: Option<String>,
}

/// `GET /api/v1/namespaces/{ns}/secrets`.
pub async fn list(signed: Signed, Path(ns): Path<String>) -> Answer {
    let viewer_of = namespace(&ns)?;
    let viewer = signed.portal().access.viewer(&signed.actor, &viewer_of)?;
    let list = signed.portal().secrets.list(&viewer).await?;
    let mut answer = ok(&piece(&signed, list.items, |s| s.name.clone())?)?;
    if list.cut {
        answer.headers_mut().insert(header::WARNING, http::HeaderValue::from_static("299 - \"Only the first 500 secrets are listed.\""));
    }
    Ok(answer)
}

/// `GET …/secrets/{name}`.
pub async fn one(signed: Signed, Path((ns, name)): Path<(String, String)>) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    let viewer = signed.portal().access.viewer(&signed.actor, &ns)?;
    ok(&signed.portal().secrets.detail(&viewer, &name).await?)
}

/// `POST /api/v1/namespaces/{ns}/secrets`.
pub async fn create(signed: Signed, Path(ns): Path<String>, Body(form): Body<SecretForm>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    let name = signed.portal().secrets.create(&operator, form).await?;
    let place = signed.context.base.link(&format!("/api/v1/namespaces/{ns}/secrets/{name}"));
    let page = HeaderName::from_static(PAGE_HEADER);
    let location = [(header::LOCATION, place), (page, after_creation(&signed, &ns, &name))];
    Ok(match read_back(&signed, &operator, &name).await {
        Some(info) => (StatusCode::CREATED, location, Json(info)).into_response(),
        None => (StatusCode::CREATED, location).into_response(),
    })
}

/// The secret after a change that is done. That it cannot be read is no failure of the change; the answer then has no body.
async fn read_back(signed: &Signed, operator: &Operator<'_>, name: &SecretName) -> Option<SecretInfo> {
    let read = signed.portal().secrets.detail(&operator.viewer(), name).await;
    read.inspect_err(|failure| tracing::warn!(%failure, "a secret could not be read after its change")).ok()
}

/// `PUT …/secrets/{name}`: sets and removes keys, all of them or none.
pub async fn change(signed: Signed, Path((ns, name)): Path<(String, String)>, Body(change): Body<Change>) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    signed.portal().secrets.change(&operator, &name, &change.entries, &change.remove, change.version).await?;
    match read_back(&signed, &operator, &name).await {
        Some(info) => ok(&info),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// `DELETE …/secrets/{name}`; `confirm`, where given, must be the name.
pub async fn delete(signed: Signed, Path((ns, name)): Path<(String, String)>) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    let confirm = signed.given("confirm").unwrap_or_else(|| name.to_string());
    signed.portal().secrets.delete(&operator, &name, &confirm).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
