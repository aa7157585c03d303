//! Operations: lists, one, and what becomes of one as lines for `curl -N`.

mod events;

pub use events::stream;

use super::list::Asked;
use super::{asked_switch, ok};
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::form::{Field, Finding, RequestWrong};
use domain::operation::OperationId;
use domain::problem::RequestProblem;
use domain::{AppId, Namespace, english};
use service::ports::OperationQuery;

/// `GET /api/v1/operations`: of all namespaces of this person, or of one, or of one app; newest first.
pub async fn list(signed: Signed) -> Answer {
    let at = |name: &str, wrong| Refusal::new(Finding::new(Field::Sent(name.to_owned()), wrong));
    let not_a_name = |_| at("namespace", RequestWrong::NotAName("namespace".to_owned()));
    let namespace = signed.given("namespace").map(|text| Namespace::parse(&text).map_err(not_a_name)).transpose()?;
    let app = signed.given("app").map(|text| AppId::parse(&text).ok_or_else(|| at("app", RequestWrong::NotAnApp))).transpose()?;
    let open = asked_switch(&signed, "open")?;
    let asked = Asked::of(&signed)?;
    let before = asked.after.as_deref().map(|text| whole_number(text).ok_or_else(|| Refusal::new(RequestProblem::ContinueTokenInvalid))).transpose()?;
    let portal = signed.portal();
    for namespace in namespace.iter().chain(app.as_ref().map(|app| &app.namespace)) {
        portal.access.viewer(&signed.actor, namespace)?;
    }
    let query = OperationQuery { namespaces: namespace.into_iter().collect(), app, open, before, limit: asked.limit + 1 };
    let found = portal.operations.list(&signed.actor, query).await?;
    ok(&asked.piece(found.iter().map(english::operation::view).collect(), |operation| operation.id.to_string()))
}

/// `GET /api/v1/operations/{id}`.
pub async fn one(signed: Signed, Path(id): Path<String>) -> Answer {
    let found = signed.portal().operations.read(&signed.actor, number(&id)?).await?;
    ok(&english::operation::view(&found))
}

/// The operation of a path.
fn number(text: &str) -> Result<OperationId, Refusal> {
    whole_number(text).ok_or_else(Refusal::not_found)
}

fn whole_number(text: &str) -> Option<OperationId> {
    Some(text).filter(|text| text.bytes().all(|b| b.is_ascii_digit())).and_then(|text| text.parse().ok()).map(OperationId)
}
