//! The rail: where one can go, and who one is.

use crate::icons::{icon, mark};
use crate::page::{Frame, Page};
use leptos::prelude::*;

/// The rail; a drawer on phones, opened by a link to its id.
pub(super) fn rail(frame: &Frame, page: &Page) -> AnyView {
    let me = frame.me.as_ref();
    let admin = me.is_some_and(|m| m.admin);
    let at = section(page);
    let team = view! {
        <section><h2>"Team"</h2><ul>
            {item(frame, "/teams", "users", "Teams", at)}
            {admin.then(|| item(frame, "/users", "user", "Users", at))}
            {admin.then(|| item(frame, "/audit", "history", "Audit", at))}
        </ul></section>
    };
    view! {
        <aside class="rail" id="nav" aria-label="Navigation">
            <a class="brand" href=frame.links().to("/apps") aria-label="Quayside, go to apps">{mark()}<span>"Quayside"</span></a>
            <nav aria-label="Main">
                <section><ul>{item(frame, "/apps", "box", "Apps", at)}{item(frame, "/operations", "clock", "Under way", at)}{item(frame, "/secrets", "key-round", "Secrets", at)}</ul></section>
                {team}
            </nav>
            <div class="rail-foot">{account(frame, at)}</div>
            <a class="nav-close" href="#main" aria-label="Close navigation"></a>
        </aside>
    }
    .into_any()
}

const fn section(page: &Page) -> &'static str {
    match page {
        Page::Apps { .. } | Page::App { .. } | Page::Coming(_) | Page::NewApp { .. } | Page::NoNamespaces { .. } => "/apps",
        Page::Secrets { .. } | Page::Secret { .. } | Page::NewSecret { .. } => "/secrets",
        Page::Operations(_) => "/operations",
        Page::Account { .. } => "/account",
        Page::Users { .. } => "/users",
        Page::Teams { .. } | Page::Activity { .. } => "/teams",
        Page::Audit { .. } => "/audit",
        Page::SignIn { .. } | Page::SetUp { .. } | Page::Problem(_) => "",
    }
}

fn item(frame: &Frame, path: &'static str, mark: &'static str, text: &'static str, at: &str) -> impl IntoView + use<> {
    view! { <li><a class="nav" href=frame.links().to(path) aria-current=(at == path).then_some("page") title=text>{icon(mark)}<span>{text}</span></a></li> }
}

fn account(frame: &Frame, at: &str) -> Option<AnyView> {
    let me = frame.me.as_ref()?;
    let initials: String = me.display.split_whitespace().filter_map(|w| w.chars().next()).take(2).flat_map(char::to_uppercase).collect();
    let role = if me.admin {
        "Portal admin".to_owned()
    } else {
        me.namespaces.first().and_then(|n| n.team.as_ref().map(|t| format!("{t}, {}", n.role.slug()))).unwrap_or_else(|| me.name.to_string())
    };
    let links = frame.links();
    Some(
        view! {
            <details class="drop up"><summary class="who" aria-label=format!("{}, account menu", me.display)><span class="ava" aria-hidden="true">{initials}</span><span><b>{me.display.clone()}</b><small>{role}</small></span></summary>
                <div class="pop menu">
                    <a href=links.to("/account") aria-current=(at == "/account").then_some("page")>{icon("circle-user-round")}"Account"</a>
                    <button type="button" class="js" data-dialog="keys" data-act="Keyboard shortcuts">{icon("keyboard")}"Shortcuts"<span class="kbd" aria-hidden="true">"?"</span></button>
                    <hr/>
                    <form method="post" action=frame.base.link("/signout") data-leaves=""><button type="submit" data-act="Sign out">{icon("log-out")}"Sign out"</button></form>
                </div>
            </details>
        }
        .into_any(),
    )
}
