//! `POST /apps/{ns}/{kind}/{name}/{action}`: changes of an app by plain forms.

use crate::web::body::Fields;
use crate::web::cx::app_id;
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::{FieldError, Problem};

/// Does what the last part of the path says, then shows the app (or, when it is deleted, the list).
pub async fn act(signed: Signed, Path((ns, kind, name)): Path<(String, String, String)>, fields: Fields) -> Answer {
    let id = app_id((&ns, &kind, &name))?;
    let portal = signed.portal();
    let action = signed.uri.path().rsplit('/').next().unwrap_or_default();
    let operator = portal.operator(&signed.actor, &id.namespace)?;
    match action {
        "restart" => portal.restart(&operator, &id).await?,
        "scale" => portal.scale(&operator, &id, number(&fields, "replicas", "How many replicas? Give a whole number, such as 3.")?).await?,
        "pause" => portal.set_paused(&operator, &id, true).await?,
        "resume" => portal.set_paused(&operator, &id, false).await?,
        "rollback" => portal.rollback(&operator, &id, number(&fields, "revision", "To which revision? Give its number.")?).await?,
        "delete" => {
            portal.delete(&operator, &id, fields.text("confirm").trim()).await?;
            return Ok(signed.see(&format!("/apps/{}", id.namespace)));
        }
        _ => return Err(Refusal::not_found()),
    }
    Ok(signed.see(&id.path()))
}

fn number<T: std::str::FromStr>(fields: &Fields, name: &str, wants: &str) -> Result<T, Refusal> {
    fields.text(name).trim().parse().map_err(|_| Problem::invalid(vec![FieldError::new(name, wants)]).into())
}
