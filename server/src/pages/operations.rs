//! `/operations`: changes of apps that are under way or ended lately. With `part` only what the browser reads again of a page.

use super::apps::without_namespaces;
use crate::web::{Answer, Refusal, Signed};
use app::page::{Page, Part};
use domain::english::operation::view;
use domain::view::OperationView;
use domain::{AppId, UnixMs};
use http::StatusCode;
use service::Outcome;
use service::access::Viewer;
use service::ports::OperationQuery;

/// Most changes that are listed of those under way, and of those that ended.
const SHOWN: u32 = 200;
/// The page of an app tells how its newest change ended for this long.
const JUST_NOW_MS: i64 = 5 * 60_000;

/// `GET /operations`.
pub async fn show(signed: Signed) -> Answer {
    match signed.asked("part").as_deref() {
        Some("app") => of_app(&signed).await,
        Some(_) => Ok(signed.part(&Part::Operations(&listed(&signed).await?))),
        None => match without_namespaces(&signed).await? {
            Some(page) => Ok(page),
            None => Ok(signed.page(StatusCode::OK, &Page::Operations(listed(&signed).await?))),
        },
    }
}

/// Those under way, then those that have ended, each the newest first.
async fn listed(signed: &Signed) -> Outcome<Vec<OperationView>> {
    let all = async |open| signed.portal().operations.list(&signed.actor, OperationQuery { open, limit: SHOWN, ..OperationQuery::default() }).await;
    let (open, newest) = (all(true).await?, all(false).await?);
    Ok(open.iter().chain(newest.iter().filter(|operation| !operation.is_open())).map(view).collect())
}

async fn of_app(signed: &Signed) -> Answer {
    let id = signed.asked("app").and_then(|text| AppId::parse(&text)).ok_or_else(Refusal::not_found)?;
    let viewer = signed.portal().access.viewer(&signed.actor, &id.namespace)?;
    let newest = newest(signed, &viewer, &id).await;
    Ok(signed.part(&Part::OfApp(&id, newest.as_ref())))
}

/// The newest change of an app, where that is under way or ended just now. A page tells how its app is also where this cannot be
/// read.
pub async fn newest(signed: &Signed, viewer: &Viewer<'_>, id: &AppId) -> Option<OperationView> {
    let found = signed.portal().operations.newest_of(viewer, id).await.unwrap_or_else(|error| {
        tracing::warn!(%error, app = %id, "the newest change of an app could not be read");
        None
    });
    found.filter(|operation| operation.is_open() || is_recent(operation.moved, signed.portal().clock.now())).map(|operation| view(&operation))
}

const fn is_recent(moved: UnixMs, now: UnixMs) -> bool {
    now.since(moved) < JUST_NOW_MS
}
