//! What the forms for a new app and for a new secret have in common.

use super::apps::{may_change, without_namespaces};
use crate::web::cx::namespace;
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::draft::DraftOf;
use domain::problem::AccessProblem;

/// Leads to the form in the first namespace in which somebody may change things.
pub async fn pick(signed: &Signed, form: DraftOf, query: &str) -> Answer {
    match signed.portal().teams.first_seen(&may_change(&signed.actor)) {
        Some(ns) => Ok(signed.see(&format!("/{}/{ns}{query}", form.slug()))),
        None => match without_namespaces(signed).await? {
            Some(page) => Ok(page),
            None => Err(Refusal::new(AccessProblem::ViewerEverywhere)),
        },
    }
}

/// Throws the draft away and leads to the empty form.
pub async fn discard(signed: &Signed, Path(ns): Path<String>, form: DraftOf) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    signed.portal().drafts.discard(&operator, form).await?;
    Ok(signed.see(&format!("/{}/{ns}", form.slug())))
}
