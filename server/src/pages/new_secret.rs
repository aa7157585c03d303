//! `/new-secret/{ns}`: the form for a new secret. Names come back, values never do.

use super::apps::may_change;
use super::secret_form::{form, kind};
use super::{forms, secrets, status_of};
use crate::web::body::Fields;
use crate::web::cx::namespace;
use crate::web::{Answer, Signed};
use app::page::Page;
use axum::extract::Path;
use domain::draft::{DraftOf, SecretDraft};
use domain::secret::{MAX_KEYS, SecretForm, SecretText};
use domain::{FieldError, Namespace, UnixMs};
use http::StatusCode;

/// `GET /new-secret`.
pub async fn pick(signed: Signed) -> Answer {
    let query = signed.uri.query().map(|q| format!("?{q}")).unwrap_or_default();
    forms::pick(&signed, DraftOf::NewSecret, &query).await
}

/// `GET /new-secret/{ns}`; `kind` and `name` begin the form. `draft=no` begins without the draft and leaves it as it is; so does
/// the name of another secret than the draft's.
pub async fn show(signed: Signed, Path(ns): Path<String>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    let name: String = signed.asked("name").unwrap_or_default().chars().take(253).collect();
    let asked = SecretDraft { kind: signed.asked("kind").as_deref().and_then(kind).unwrap_or_default(), name, ..SecretDraft::default() };
    // The form works without its draft.
    let draft = if signed.asked("draft").as_deref() == Some("no") { None } else { signed.portal().drafts.secret(&operator).await.unwrap_or_default() };
    let draft = draft.filter(|kept| asked.name.is_empty() || kept.draft.name.trim() == asked.name);
    let kept = draft.as_ref().map(|kept| kept.changed);
    let typed = draft.map_or(asked, |kept| kept.draft);
    Ok(page(&signed, ns, kept, typed, Vec::new(), StatusCode::OK))
}

/// `POST /new-secret/{ns}/discard`: throws the draft away.
pub async fn discard(signed: Signed, path: Path<String>) -> Answer {
    forms::discard(&signed, path, DraftOf::NewSecret).await
}

/// `POST /new-secret/{ns}`.
pub async fn make(signed: Signed, Path(ns): Path<String>, fields: Fields) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    let kind = kind(fields.text("kind")).or_else(|| signed.asked("kind").as_deref().and_then(kind)).unwrap_or_default();
    let form = form(kind, &fields);
    let typed = names(&form);
    match signed.portal().secrets.create(&operator, form).await.map_err(|failure| signed.told(failure)) {
        Ok(name) => Ok(signed.see(&secrets::after_creation(&signed, &ns, &name))),
        Err(problem) => {
            let status = status_of(&problem);
            let errors = if problem.fields.is_empty() { vec![FieldError::new("", problem.detail)] } else { problem.fields };
            Ok(page(&signed, ns.clone(), None, typed, errors, status))
        }
    }
}

fn page(
    signed: &Signed,
    namespace: Namespace,
    draft: Option<UnixMs>,
    typed: SecretDraft,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> axum::response::Response {
    signed.page(status, &Page::NewSecret { namespace, draft, namespaces: may_change(&signed.actor), typed: Box::new(typed), errors })
}

/// What of a form may come back: names, and which values were there.
fn names(form: &SecretForm) -> SecretDraft {
    let is_there = |text: Option<&SecretText>| text.is_some_and(|t| !t.expose().is_empty());
    let rows = form.entries.iter().enumerate().filter(|(_, e)| !e.value.expose().is_empty()).map(|(row, _)| format!("entries.{row}.value"));
    let others =
        [("password", is_there(form.password.as_ref())), ("certificate", !form.certificate.is_empty()), ("private_key", is_there(form.private_key.as_ref()))];
    SecretDraft {
        name: form.name.clone(),
        kind: form.kind,
        // As many rows as one form is shown with.
        keys: form.entries.iter().take(MAX_KEYS).map(|e| e.key.clone()).collect(),
        server: form.server.clone(),
        username: form.username.clone(),
        email: form.email.clone(),
        filled: rows.chain(others.into_iter().filter(|(_, there)| *there).map(|(field, _)| field.to_owned())).collect(),
    }
}
