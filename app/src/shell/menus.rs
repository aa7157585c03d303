//! The top bar: where one is, how live the page is, the theme, the keys.

use crate::icons::icon;
use crate::islands::live_state::LiveState;
use crate::page::{Frame, Page};
use domain::account::NamespaceAccess;
use domain::{AppId, Namespace};
use leptos::prelude::*;

/// The bar above the content.
pub(super) fn bar(frame: &Frame, page: &Page) -> AnyView {
    let live = matches!(page, Page::Apps { .. } | Page::App { .. } | Page::Coming(_)).then(|| view! { <LiveState/> });
    let menu = (!frame.embed).then(|| view! { <a class="btn btn-ghost btn-icon menu-btn" href="#nav" aria-label="Open navigation">{icon("menu")}</a> });
    let end = if frame.embed {
        let here = frame.path.split('?').next().unwrap_or("/").to_owned();
        view! { <a class="link text-xs" href=frame.base.link(&here) target="_blank" rel="noopener" title="Open in Quayside"><span>"Open in Quayside"</span>{icon("external-link")}</a> }.into_any()
    } else {
        theme(frame).into_any()
    };
    let find = view! {
        <button type="button" class="find js" data-palette="" aria-label="Find a page or action" aria-keyshortcuts="Control+K Meta+K">{icon("search")}<span>"Search or run…"</span><kbd class="kbd" aria-hidden="true">"Ctrl K"</kbd></button>
    };
    view! { <header class="bar">{menu}<nav class="crumbs" aria-label="Breadcrumb"><ol>{crumbs(frame, page)}</ol></nav>{live}{find}{end}</header> }.into_any()
}

fn crumbs(frame: &Frame, page: &Page) -> Vec<AnyView> {
    let links = frame.links();
    let here = |text: &str, mono: bool| {
        let class = if mono { "crumb mono" } else { "crumb" };
        view! { <li><span class=class aria-current="page"><span class="trunc">{text.to_owned()}</span></span></li> }.into_any()
    };
    let up = |path: &str, text: &'static str| view! { <li><a class="crumb" href=links.to(path)><span class="trunc">{text}</span></a></li> }.into_any();
    let apps = |ns: &Namespace| format!("/apps/{ns}");
    let secrets = |ns: &Namespace| format!("/secrets/{ns}");
    let one = |id: &AppId| vec![switcher(frame, Some(&id.namespace), "/apps"), up(&apps(&id.namespace), "Apps"), here(id.name.as_str(), true)];
    match page {
        Page::Apps { namespace, .. } => vec![switcher(frame, namespace.as_ref(), "/apps"), here("Apps", false)],
        Page::App { detail, .. } => one(&detail.row.id),
        Page::Coming(app) => one(app),
        Page::NewApp { namespace, .. } => vec![switcher(frame, Some(namespace), "/new-app"), up(&apps(namespace), "Apps"), here("New app", false)],
        Page::Secrets { namespace, .. } => vec![switcher(frame, namespace.as_ref(), "/secrets"), here("Secrets", false)],
        Page::Secret { secret, .. } => {
            vec![switcher(frame, Some(&secret.namespace), "/secrets"), up(&secrets(&secret.namespace), "Secrets"), here(secret.name.as_str(), true)]
        }
        Page::NewSecret { namespace, .. } => {
            vec![switcher(frame, Some(namespace), "/new-secret"), up(&secrets(namespace), "Secrets"), here("New secret", false)]
        }
        Page::SignIn { .. }
        | Page::SetUp { .. }
        | Page::Operations(_)
        | Page::Account { .. }
        | Page::Users { .. }
        | Page::Teams { .. }
        | Page::Audit { .. }
        | Page::Activity { .. }
        | Page::NoNamespaces { .. }
        | Page::Problem(_) => vec![up("/apps", "Quayside"), here(&crate::pages::title(page), false)],
    }
}

// Namespaces by team; the menu works without scripts.
fn switcher(frame: &Frame, at: Option<&Namespace>, section: &'static str) -> AnyView {
    let links = frame.links();
    let all = &frame.me.as_ref().map(|m| m.namespaces.clone()).unwrap_or_default();
    let name = at.map_or_else(|| "All namespaces".to_owned(), ToString::to_string);
    let class = if at.is_some() { "trunc mono" } else { "trunc" };
    let mut teams: Vec<Option<String>> = all.iter().map(team_of).collect();
    teams.sort();
    teams.dedup();
    let many = teams.len() > 1;
    let groups = teams.into_iter().map(|team| {
        let items = all.iter().filter(|n| team_of(n) == team).map(|n| {
            let on = at == Some(&n.namespace);
            view! { <a href=links.to(&format!("{section}/{}", n.namespace)) aria-current=on.then_some("true")><span class="trunc mono">{n.namespace.to_string()}</span><span class="muted text-xs ml-auto">{n.role.slug()}</span></a> }
        }).collect_view();
        let title = many.then(|| view! { <p class="menu-t">{team.clone().unwrap_or_else(|| "No team".to_owned())}</p> });
        view! { {title}{items} }
    }).collect_view();
    let everything = (section == "/apps" || section == "/secrets")
        .then(|| view! { <a href=links.to(section) aria-current=at.is_none().then_some("true")>"All namespaces"</a><hr/> });
    view! {
        <li><details class="drop"><summary class="crumb" aria-label=format!("Namespace: {name}. Change")>{icon("users")}<b class=class>{name.clone()}</b>{icon("chevrons-up-down")}</summary><div class="pop menu menu-scroll" role="group" aria-label="Namespaces">{everything}{groups}</div></details></li>
    }
    .into_any()
}

fn team_of(n: &NamespaceAccess) -> Option<String> {
    n.team.as_ref().map(ToString::to_string)
}

fn theme(frame: &Frame) -> impl IntoView + use<> {
    let next = frame.path.clone();
    let now = frame.theme.unwrap_or("system");
    let choice = |value: &'static str, mark: &'static str, text: &'static str| view! { <button type="submit" name="theme" value=value data-act=format!("{text} theme") aria-pressed=if now == value { "true" } else { "false" }>{icon(mark)}{text}</button> };
    view! {
        <details class="drop end"><summary class="btn btn-ghost btn-icon" aria-label="Theme">{if now == "dark" { icon("moon") } else { icon("sun") }}</summary>
            <form class="pop menu" method="post" action=frame.base.link("/theme")><input type="hidden" name="next" value=next/>{choice("light", "sun", "Light")}{choice("dark", "moon", "Dark")}{choice("system", "monitor", "System")}</form>
        </details>
    }
}

/// The list of keyboard shortcuts.
pub(super) fn keys() -> impl IntoView {
    let row = |keys: &'static [&'static str], text: &'static str| {
        let keys = keys.iter().map(|k| view! { <kbd class="kbd">{*k}</kbd>" " }).collect_view();
        view! { <dt>{keys}</dt><dd>{text}</dd> }
    };
    view! {
        <dialog class="dialog" id="keys" aria-labelledby="keys-h"><header><h2 class="h2" id="keys-h">"Keyboard shortcuts"</h2></header>
            <div class="body"><dl class="kv keys-l">
                {row(&["Ctrl", "K"], "Find a page or action")}{row(&["/"], "Focus the filter or search")}{row(&["j", "k"], "Next, previous row")}{row(&["Enter"], "Open the row")}{row(&["l"], "Logs of the row")}
                {row(&["g a"], "Apps")}{row(&["g s"], "Secrets")}{row(&["f"], "Follow or pause the log")}{row(&["n", "N"], "Next, previous match in the log")}{row(&["w"], "Wrap lines of the log")}{row(&["[", "]"], "Earlier, later on charts")}{row(&["Esc"], "Close, leave a field")}{row(&["?"], "This list")}
            </dl><label class="check"><input type="checkbox" id="keys-off"/><span>"Turn off single-letter keys in this browser"</span></label></div>
            <footer><form method="dialog"><button class="btn">"Close"</button></form></footer>
        </dialog>
    }
}
