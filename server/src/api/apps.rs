//! Apps: lists, one, create, delete.

use super::changed::changed;
use super::list::piece;
use super::{app_of, asked_switch, ok};
use crate::web::body::Body;
use crate::web::cx::namespace;
use crate::web::{Answer, Signed};
use axum::Json;
use axum::extract::Path;
use domain::account::Role;
use domain::spec::AppForm;
use domain::view::{AppDetail, AppRow, ClusterHealth};
use http::{StatusCode, header};
use serde::Serialize;
use std::sync::Arc;

/// An answer with how the portal stands to the cluster.
#[derive(Serialize)]
struct Standing<T> {
    #[serde(flatten)]
    answer: T,
    health: ClusterHealth,
}

/// The page of an app with the role of who reads it.
#[derive(Serialize)]
struct OneApp {
    #[serde(flatten)]
    detail: AppDetail,
    role: Role,
}

fn standing<T: Serialize>(signed: &Signed, answer: T) -> Answer {
    ok(&Standing { answer, health: signed.portal().app_list.health(Some(&signed.actor)) })
}

fn rows(signed: &Signed, rows: Vec<Arc<AppRow>>) -> Answer {
    standing(signed, piece(signed, rows, |row| row.id.to_string())?)
}

/// `GET /api/v1/apps`: of all namespaces of this person.
pub async fn all(signed: Signed) -> Answer {
    rows(&signed, signed.portal().apps.list(&signed.actor).named())
}

/// `GET /api/v1/namespaces/{ns}/apps`.
pub async fn list(signed: Signed, Path(ns): Path<String>) -> Answer {
    let ns = namespace(&ns)?;
    let viewer = signed.portal().access.viewer(&signed.actor, &ns)?;
    rows(&signed, signed.portal().apps.list_in(&viewer).named())
}

/// `GET /api/v1/namespaces/{ns}/apps/{kind}/{name}`.
pub async fn one(signed: Signed, Path(path): Path<(String, String, String)>) -> Answer {
    let id = app_of(&path)?;
    let viewer = signed.portal().access.viewer(&signed.actor, &id.namespace)?;
    let detail = signed.portal().apps.detail(&viewer, &id)?;
    standing(&signed, OneApp { detail, role: viewer.role() })
}

/// `POST /api/v1/namespaces/{ns}/apps`; with `dryRun=true` only the verdict.
pub async fn create(signed: Signed, Path(ns): Path<String>, Body(form): Body<AppForm>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    // `All` is the word of Kubernetes for it.
    if signed.asked("dryRun").as_deref() == Some("All") || asked_switch(&signed, "dryRun")? {
        return ok(&signed.portal().new_apps.dry_run(&operator, &form).await?);
    }
    let made = signed.portal().new_apps.create(&operator, &form).await?;
    let place = signed.context.base.link(&made.answer.api_path());
    Ok(changed(&signed, made.operation, (StatusCode::CREATED, [(header::LOCATION, place)], Json(made.answer))))
}

/// `DELETE /api/v1/namespaces/{ns}/apps/{kind}/{name}`; `confirm`, where given, must be the name. The answer
/// has a `note` where a service or ingress of the app could not be deleted along with it.
pub async fn delete(signed: Signed, Path(path): Path<(String, String, String)>) -> Answer {
    let id = app_of(&path)?;
    let operator = signed.portal().access.operator(&signed.actor, &id.namespace)?;
    let confirm = signed.given("confirm").unwrap_or_else(|| id.name.to_string());
    let made = signed.portal().changes.delete(&operator, &id, &confirm).await?;
    Ok(match made.answer {
        None => changed(&signed, made.operation, StatusCode::NO_CONTENT),
        // The app is gone, something of it is not.
        Some(note) => changed(&signed, made.operation, Json(serde_json::json!({ "note": note }))),
    })
}
