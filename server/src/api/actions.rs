//! Actions on an app. 204: the cluster has taken it; what comes of it is told of its operation.

use super::app_of;
use super::changed::changed;
use crate::web::body::Body;
use crate::web::{Answer, Signed};
use axum::extract::Path;
use http::StatusCode;
use serde::Deserialize;

type Three = Path<(String, String, String)>;

/// How many replicas an app is to have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    replicas: u32,
}

/// Body of a rollback: the number of the revision to return to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollback {
    revision: u64,
}

/// `POST …/restart`.
pub async fn restart(signed: Signed, Path(path): Three) -> Answer {
    let id = app_of(&path)?;
    let operator = signed.portal().access.operator(&signed.actor, &id.namespace)?;
    let made = signed.portal().changes.restart(&operator, &id).await?;
    Ok(changed(&signed, made.operation, StatusCode::NO_CONTENT))
}

/// `POST …/scale` `{replicas}`.
pub async fn scale(signed: Signed, Path(path): Three, Body(body): Body<Scale>) -> Answer {
    let id = app_of(&path)?;
    let operator = signed.portal().access.operator(&signed.actor, &id.namespace)?;
    let made = signed.portal().changes.scale(&operator, &id, body.replicas).await?;
    Ok(changed(&signed, made.operation, StatusCode::NO_CONTENT))
}

/// `POST …/rollback` `{revision}`.
pub async fn rollback(signed: Signed, Path(path): Three, Body(body): Body<Rollback>) -> Answer {
    let id = app_of(&path)?;
    let operator = signed.portal().access.operator(&signed.actor, &id.namespace)?;
    let made = signed.portal().changes.rollback(&operator, &id, body.revision).await?;
    Ok(changed(&signed, made.operation, StatusCode::NO_CONTENT))
}

/// `POST …/pause`.
pub async fn pause(signed: Signed, path: Three) -> Answer {
    set_paused(signed, path, true).await
}

/// `POST …/resume`.
pub async fn resume(signed: Signed, path: Three) -> Answer {
    set_paused(signed, path, false).await
}

async fn set_paused(signed: Signed, Path(path): Three, paused: bool) -> Answer {
    let id = app_of(&path)?;
    let operator = signed.portal().access.operator(&signed.actor, &id.namespace)?;
    let made = signed.portal().changes.set_paused(&operator, &id, paused).await?;
    Ok(changed(&signed, made.operation, StatusCode::NO_CONTENT))
}
