//! `/new-app/{ns}`: the form for a new app.

use super::apps::may_change;
use super::{forms, status_of};
use crate::web::body::Fields;
use crate::web::cx::namespace;
use crate::web::{Answer, Signed};
use app::page::Page;
use axum::extract::Path;
use domain::draft::{AppDraft, DraftOf};
use domain::spec::{AppForm, Collected};
use domain::view::Plan;
use domain::{FieldError, ProblemDetails, UnixMs};
use http::StatusCode;
use service::access::Operator;

/// `GET /new-app`.
pub async fn pick(signed: Signed) -> Answer {
    forms::pick(&signed, DraftOf::NewApp, "").await
}

/// `GET /new-app/{ns}`; `draft=no` begins with an empty form and leaves the draft as it is.
pub async fn show(signed: Signed, Path(ns): Path<String>) -> Answer {
    let ns = namespace(&ns)?;
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    // The form works without its draft.
    let draft = if signed.asked("draft").as_deref() == Some("no") { None } else { signed.portal().drafts.app(&operator).await.unwrap_or_default() };
    let (kept, draft) = draft.map_or((None, AppDraft::default()), |d| (Some(d.changed), d.draft));
    page(&signed, &operator, StatusCode::OK, kept, draft, Vec::new(), None).await
}

/// `POST /new-app/{ns}/discard`: throws the draft away.
pub async fn discard(signed: Signed, path: Path<String>) -> Answer {
    forms::discard(&signed, path, DraftOf::NewApp).await
}

/// `POST /new-app/{ns}`: `intent=check` shows the verdict, everything else creates.
pub async fn make(signed: Signed, Path(ns): Path<String>, fields: Fields) -> Answer {
    let ns = namespace(&ns)?;
    let portal = signed.portal();
    let operator = portal.access.operator(&signed.actor, &ns)?;
    let got = Collected::read(fields.texts.iter().map(|(name, text)| (name, text.expose())));
    let (meant, form) = (got.meant(), got.form);
    if fields.text("intent") == "check" {
        return match portal.new_apps.dry_run(&operator, &meant).await.map_err(|failure| signed.told(failure)) {
            Ok(plan) => page(&signed, &operator, StatusCode::OK, None, typed(form), Vec::new(), Some(plan)).await,
            Err(problem) => page(&signed, &operator, status_of(&problem), None, typed(form), errors(problem), None).await,
        };
    }
    match portal.new_apps.create(&operator, &meant).await.map_err(|failure| signed.told(failure)) {
        Ok(made) => Ok(signed.see(&format!("{}?created=1", made.answer.path()))),
        Err(problem) => page(&signed, &operator, status_of(&problem), None, typed(form), errors(problem), None).await,
    }
}

/// A form that comes back as it was sent.
fn typed(form: AppForm) -> AppDraft {
    AppDraft { form, left_out: Vec::new() }
}

/// A problem without fields is about the whole form.
fn errors(problem: ProblemDetails) -> Vec<FieldError> {
    if problem.fields.is_empty() { vec![FieldError::new("", problem.detail)] } else { problem.fields }
}

async fn page(
    signed: &Signed,
    operator: &Operator<'_>,
    status: StatusCode,
    draft: Option<UnixMs>,
    begins: AppDraft,
    errors: Vec<FieldError>,
    plan: Option<Plan>,
) -> Answer {
    // The form works without choices: names can be typed.
    let (choices, incomplete) = match signed.portal().new_apps.choices(operator).await {
        Ok(choices) => {
            let cut = choices.cut.then_some("This namespace has more secrets or config maps than fit here. Type the name of any that are missing.");
            (choices, cut)
        }
        Err(_) => (Default::default(), Some("Couldn't list secrets and config maps. Type their names.")),
    };
    let page = Page::NewApp {
        namespace: operator.namespace().clone(),
        draft,
        left_out: begins.left_out,
        namespaces: may_change(&signed.actor),
        form: Box::new(begins.form),
        errors,
        plan,
        secrets: choices.secrets,
        config_maps: choices.config_maps,
        incomplete,
    };
    Ok(signed.page(status, &page))
}
