//! `/apps/{ns}/{kind}/{name}` and its tabs.

use super::{operations, status_of};
use crate::api::logs::last_lines;
use crate::web::cx::{AppPath, app_id};
use crate::web::log_query::log_query;
use crate::web::{Answer, Signed};
use app::page::{AppTab, Page};
use axum::extract::Path;
use domain::metrics::{Range, Span, Window};
use domain::view::AppDetail;
use domain::{AppId, Code, Problem, ProblemDetails, Tab, UnixMs};
use http::StatusCode;
use service::Outcome;
use service::access::Viewer;

/// `GET /apps/{ns}/{kind}/{name}`, and one below it for each other tab.
pub async fn tab(signed: Signed, Path((ns, kind, name)): AppPath, tab: Tab) -> Answer {
    show(&signed, &app_id((&ns, &kind, &name))?, tab).await
}

async fn show(signed: &Signed, id: &AppId, tab: Tab) -> Answer {
    let viewer = signed.portal().access.viewer(&signed.actor, &id.namespace)?;
    let created = signed.asked("created").is_some();
    let detail = match signed.portal().apps.detail(&viewer, id).map_err(Problem::from) {
        // The flag goes once it has done its work: what is deleted later is gone and not coming.
        Ok(_) if created => {
            let query = signed.query();
            let kept: Vec<_> = query.iter().filter(|(n, _)| n != "created").map(|(n, v)| (n.as_str(), v.as_str())).collect();
            return Ok(signed.see(&format!("{}{}", tab.path(id), app::links::query(&kept))));
        }
        Ok(detail) => Box::new(detail),
        Err(problem) if created && problem.code() == Code::NotFound => return Ok(signed.page(StatusCode::OK, &Page::Coming(id.clone()))),
        Err(problem) => return Err(problem.into()),
    };
    painted(signed, &viewer, id, tab, detail, None).await
}

/// The app again, after what was asked for was not done. Where there is no app any more the problem stands alone, and so
/// does a fault of the portal, which is written to the log on its way out.
pub async fn again(signed: &Signed, id: &AppId, tab: Tab, problem: Problem) -> Answer {
    let viewer = signed.portal().access.viewer(&signed.actor, &id.namespace)?;
    match signed.portal().apps.detail(&viewer, id) {
        Ok(detail) if problem.code() != Code::Internal => painted(signed, &viewer, id, tab, Box::new(detail), Some(signed.told(problem))).await,
        _ => Err(problem.into()),
    }
}

async fn painted(signed: &Signed, viewer: &Viewer<'_>, id: &AppId, tab: Tab, detail: Box<AppDetail>, problem: Option<ProblemDetails>) -> Answer {
    // Where only the tab's own content fails, the page around it still tells how the app is.
    let tab = match content(signed, viewer, id, tab).await.map_err(|failure| signed.told(failure)) {
        Ok(content) => content,
        Err(problem) => AppTab::Broken(tab, ProblemDetails { fields: Vec::new(), ..problem }),
    };
    let status = problem.as_ref().map_or(StatusCode::OK, status_of);
    let operation = operations::newest(signed, viewer, id).await.map(Box::new);
    Ok(signed.page(status, &Page::App { detail, tab, operation, problem }))
}

async fn content(signed: &Signed, viewer: &Viewer<'_>, id: &AppId, tab: Tab) -> Outcome<AppTab> {
    let portal = signed.portal();
    Ok(match tab {
        Tab::Logs => {
            let query = log_query(&signed.query());
            // Only a browser without scripts asks so: for all others the lines are streamed.
            let lines = if signed.asked("plain").is_some() { Some(last_lines(portal, signed.app.language(), viewer, id, &query).await?) } else { None };
            AppTab::Logs(query, lines)
        }
        Tab::Metrics => AppTab::Metrics(Box::new(portal.metrics.chart(viewer, id, span(&signed.query())).await?)),
        Tab::Events => AppTab::Events,
        Tab::Configuration => AppTab::Configuration(portal.apps.configuration(viewer, id).await?),
        Tab::History => {
            let (revisions, difference) = portal.apps.history(viewer, id, signed.asked("diff").and_then(|n| n.parse().ok())).await?;
            AppTab::History(revisions, difference)
        }
        Tab::Yaml => AppTab::Yaml(portal.apps.yaml(viewer, id).await?),
        Tab::Overview => AppTab::Overview(Box::new(portal.metrics.chart(viewer, id, Range::H1).await?)),
    })
}

/// What part of the past the charts show. A window that cannot be is left out, and the range shown instead.
fn span(query: &[(String, String)]) -> Span {
    let text = |name: &str| query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let moment = |name: &str| text(name).and_then(|t| t.parse().ok()).map(UnixMs);
    let window = moment("from").zip(moment("to")).and_then(|(from, to)| Window::new(from, to));
    Span { range: text("range").and_then(Range::from_slug).unwrap_or_default(), window }
}
