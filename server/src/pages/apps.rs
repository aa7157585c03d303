//! `/apps`: the list, of one namespace or of all.

use crate::web::cx::namespace;
use crate::web::{Answer, Cx, Signed};
use app::page::Page;
use axum::extract::Path;
use axum::response::Response;
use domain::Namespace;
use http::StatusCode;
use service::access::Actor;

/// `GET /`.
pub async fn start(cx: Cx) -> Answer {
    let query = cx.uri.query().map(|q| format!("?{q}")).unwrap_or_default();
    Ok(cx.see(&format!("/apps{query}")))
}

/// `GET /apps`.
pub async fn all(signed: Signed) -> Answer {
    if let Some(page) = without_namespaces(&signed).await? {
        return Ok(page);
    }
    let rows = signed.portal().apps.list(&signed.actor).named();
    Ok(signed.page(StatusCode::OK, &Page::Apps { namespace: None, rows, stayed: None }))
}

/// `GET /apps/{ns}`.
pub async fn of_namespace(signed: Signed, Path(ns): Path<String>) -> Answer {
    let ns = namespace(&ns)?;
    after_deletion(&signed, ns, None)
}

/// The list of a namespace, with what stayed of an app that was just deleted.
pub fn after_deletion(signed: &Signed, ns: Namespace, stayed: Option<String>) -> Answer {
    let viewer = signed.portal().access.viewer(&signed.actor, &ns)?;
    let rows = signed.portal().apps.list_in(&viewer).named();
    Ok(signed.page(StatusCode::OK, &Page::Apps { namespace: Some(ns), rows, stayed }))
}

/// The page that says how to get a namespace, for somebody without one.
///
/// # Errors
/// Where the names of the admins cannot be read.
pub async fn without_namespaces(signed: &Signed) -> Result<Option<Response>, crate::web::Refusal> {
    let me = signed.actor.me();
    if me.admin || !me.namespaces.is_empty() {
        return Ok(None);
    }
    let admins = signed.portal().accounts.admin_names().await?;
    Ok(Some(signed.page(StatusCode::OK, &Page::NoNamespaces { admins })))
}

/// Namespaces in which somebody may change things.
#[must_use]
pub fn may_change(actor: &Actor) -> Vec<Namespace> {
    actor.me().namespaces.iter().filter(|n| n.role >= domain::account::Role::Operator).map(|n| n.namespace.clone()).collect()
}
