//! The page of an app: live parts, tabs, and what the chosen tab shows.

mod configuration;
mod history;
mod yaml;

use super::{metrics, operations, refused};
use crate::detail::Part;
use crate::icons::icon;
use crate::islands::app::{LiveApp, shown};
use crate::list::Around;
use crate::page::{AppTab, Frame};
use crate::parts::{empty, problem};
use domain::view::{AppDetail, OperationView};
use domain::{AppId, ProblemDetails, Tab};
use leptos::prelude::*;

/// What stands above the head of the page.
#[derive(Clone, Copy)]
pub(super) struct Above<'a> {
    /// Why what was just asked for was not done.
    pub(super) problem: Option<&'a ProblemDetails>,
    /// The newest change.
    pub(super) operation: Option<&'a OperationView>,
}

/// The page with a tab of this room.
pub(super) fn tab(frame: &Frame, d: &AppDetail, tab: &AppTab, above: Above<'_>) -> AnyView {
    let content = match tab {
        AppTab::Overview(m) => view! {
            <div class="app-grid">
                <div class="grid gap-4 content-start min-w-0">{live(frame, d, Part::Overview)}{metrics::charts(frame, m)}</div>
                <aside class="grid gap-4 content-start min-w-0" aria-label="About this app">{live(frame, d, Part::Side)}</aside>
            </div>
        }
        .into_any(),
        AppTab::Metrics(m) => metrics::view(frame, d, m),
        AppTab::Events => view! { <div class="mt-4">{live(frame, d, Part::Events)}</div> }.into_any(),
        AppTab::Configuration(containers) => configuration::view(frame, d, containers),
        AppTab::History(revisions, difference) => history::view(frame, d, revisions, difference.as_ref()),
        AppTab::Yaml(text) => yaml::view(d.row.id.name.as_str(), text),
        AppTab::Broken(_, problem) => view! { <div class="mt-4">{empty("info", refused::title(problem), problem.detail.clone(), ())}</div> }.into_any(),
        AppTab::Logs(..) => ().into_any(),
    };
    view(frame, d, tab.tab(), above, content)
}

/// The page until the cluster tells of an app that was just asked for.
pub(super) fn coming(frame: &Frame, app: &AppId) -> AnyView {
    let again = frame.links().to(&format!("{}?created=1", app.path()));
    let action = view! { <a class="btn btn-sm mt-1" href=again>{icon("rotate-cw")}"Reload"</a> };
    let text = "The cluster hasn't reported it yet. This page updates as soon as it does.";
    view! {
        <div class="wrap grid gap-3.5" data-coming=""><h1 class="h1 mono-h break-all">{app.name.to_string()}</h1>
            {empty("box", "Creating", text, action)}
            <LiveApp app=app.clone() which=Part::Head>""</LiveApp>
        </div>
    }
    .into_any()
}

/// Head and tabs around a tab's content, and above all why what was just asked for was not done, and the newest change. The log
/// has no room for either.
pub(super) fn view(frame: &Frame, d: &AppDetail, shown_tab: Tab, above: Above<'_>, content: AnyView) -> AnyView {
    let name = d.row.id.name.to_string();
    let link = |tab: Tab, text: &'static str| {
        let count = (tab == Tab::Events).then(|| live(frame, d, Part::EventCount));
        view! { <a href=frame.links().to(&tab.path(&d.row.id)) aria-current=(tab == shown_tab).then_some("page")>{text}{count}</a> }
    };
    let tabs = view! {
        <nav class="tabs" data-of-app="" aria-label=format!("Parts of {name}")>
            {link(Tab::Overview, "Overview")}{link(Tab::Logs, "Logs")}{link(Tab::Metrics, "Metrics")}{link(Tab::Events, "Events")}{link(Tab::Configuration, "Configuration")}{link(Tab::History, "History")}{link(Tab::Yaml, "YAML")}
        </nav>
    };
    if shown_tab == Tab::Logs {
        return view! { <div class="logs-page"><div class="logs-pad"><div class="app-head is-compact logs-head">{live(frame, d, Part::Head)}{tabs}</div></div>{content}</div> }.into_any();
    }
    let newest = view! { <div data-of-app="">{operations::strip(frame, &d.row.id, above.operation)}</div> };
    view! { <div class="wrap pt-4">{above.problem.map(|p| view! { <div class="mb-3.5">{problem(Some(p))}</div> })}{newest}<div class="app-head">{live(frame, d, Part::Head)}{tabs}</div><div data-of-app="">{content}</div></div> }.into_any()
}

fn live(frame: &Frame, d: &AppDetail, which: Part) -> impl IntoView + use<> {
    let shown = shown(which, d, &frame.health, &Around { links: frame.links(), now: frame.now, spaces: false, creates: false });
    view! { <LiveApp app=d.row.id.clone() which=which>{shown}</LiveApp> }
}
