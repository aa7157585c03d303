//! `POST /apps/{ns}/{kind}/{name}/{action}`: changes of an app by plain forms.

use super::{app_page, apps};
use crate::web::body::Fields;
use crate::web::cx::{AppPath, app_id};
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::form::{Field, Finding, RequestWrong};
use domain::{Action, AppId, Tab};
use service::access::Operator;

/// Does it, then shows the app (or, when it is deleted, the list).
pub async fn act(signed: Signed, Path((ns, kind, name)): AppPath, fields: Fields, action: Action) -> Answer {
    let id = app_id((&ns, &kind, &name))?;
    let operator = signed.portal().access.operator(&signed.actor, &id.namespace)?;
    // The page that has the form.
    let tab = match action {
        Action::RollBack => Tab::History,
        Action::Restart | Action::Scale | Action::Pause | Action::Resume | Action::Delete => Tab::Overview,
    };
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

async fn done(signed: &Signed, operator: &Operator<'_>, id: &AppId, action: Action, fields: &Fields) -> Result<Done, Refusal> {
    let portal = signed.portal();
    match action {
        Action::Restart => portal.changes.restart(operator, id).await?,
        Action::Scale => portal.changes.scale(operator, id, number(fields, Field::Replicas, RequestWrong::NoReplicas)?).await?,
        Action::Pause => portal.changes.set_paused(operator, id, true).await?,
        Action::Resume => portal.changes.set_paused(operator, id, false).await?,
        Action::RollBack => portal.changes.rollback(operator, id, number(fields, Field::Revision, RequestWrong::NoRevision)?).await?,
        Action::Delete => return Ok(Done::Deleted(portal.changes.delete(operator, id, fields.text("confirm").trim()).await?.answer)),
    };
    Ok(Done::Changed)
}

fn number<T: std::str::FromStr>(fields: &Fields, field: Field, wrong: RequestWrong) -> Result<T, Refusal> {
    fields.text(&field.to_string()).trim().parse().map_err(|_| Refusal::new(Finding::new(field, wrong)))
}
