//! `POST /apps/{ns}/{kind}/{name}/{action}`: changes of an app by plain forms.

use super::{app_page, apps};
use crate::web::body::Fields;
use crate::web::cx::app_id;
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::AppId;
use domain::form::{Field, Finding, RequestWrong};
use service::access::Operator;

/// Does what the last part of the path says, then shows the app (or, when it is deleted, the list).
pub async fn act(signed: Signed, Path((ns, kind, name)): Path<(String, String, String)>, fields: Fields) -> Answer {
    let id = app_id((&ns, &kind, &name))?;
    let operator = signed.portal().operator(&signed.actor, &id.namespace)?;
    let action = signed.uri.path().rsplit('/').next().unwrap_or_default();
    // The page that has the form.
    let tab = if action == "rollback" { "history" } else { "" };
    match done(&signed, &operator, &id, action, &fields).await {
        Ok(Done::Changed) => Ok(signed.see(&id.path())),
        Ok(Done::Deleted(None)) => Ok(signed.see(&format!("/apps/{}", id.namespace))),
        Ok(Done::Deleted(stayed)) => apps::after_deletion(&signed, id.namespace.clone(), stayed),
        Err(Refusal(problem)) => app_page::again(&signed, &id, tab, problem).await,
    }
}

enum Done {
    Changed,
    /// With what stayed of it.
    Deleted(Option<String>),
}

async fn done(signed: &Signed, operator: &Operator<'_>, id: &AppId, action: &str, fields: &Fields) -> Result<Done, Refusal> {
    let portal = signed.portal();
    match action {
        "restart" => portal.restart(operator, id).await?,
        "scale" => portal.scale(operator, id, number(fields, Field::Replicas, RequestWrong::NoReplicas)?).await?,
        "pause" => portal.set_paused(operator, id, true).await?,
        "resume" => portal.set_paused(operator, id, false).await?,
        "rollback" => portal.rollback(operator, id, number(fields, Field::Revision, RequestWrong::NoRevision)?).await?,
        "delete" => return Ok(Done::Deleted(portal.delete(operator, id, fields.text("confirm").trim()).await?)),
        _ => return Err(Refusal::not_found()),
    }
    Ok(Done::Changed)
}

fn number<T: std::str::FromStr>(fields: &Fields, field: Field, wrong: RequestWrong) -> Result<T, Refusal> {
    fields.text(&field.to_string()).trim().parse().map_err(|_| Refusal::new(Finding::new(field, wrong)))
}
