//! What every page has around its own content: document, rail, top bar, menus.

mod menus;
mod rail;

use crate::icons::{SPRITE, glyph};
use crate::page::{AppTab, Frame, Page, Part};
use crate::pages;
use crate::parts::{banner, signed_out};
use domain::Tone;
use domain::operation::Notice;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::sync::Arc;

/// The font that every page needs at once.
const FONT: &str = "/fonts/geist-core.woff2";
/// The font of images and versions, which every page of the portal itself has; one that came later would lay it out anew.
const MONO: &str = "/fonts/geist-mono-core.woff2";

/// The whole document.
pub(crate) fn document(frame: &Frame, page: &Page) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| html(frame, page).to_html());
    drop(owner);
    format!("<!DOCTYPE html>{html}")
}

/// A part of a page, without anything around it.
pub(crate) fn part(frame: &Frame, part: &Part<'_>) -> String {
    Owner::new().with(|| pages::part(frame, part).to_html())
}

fn html(frame: &Frame, page: &Page) -> AnyView {
    let plain = matches!(page, Page::SignIn { .. } | Page::SetUp { .. }) || frame.me.is_none();
    let base = frame.base.as_str().to_owned();
    let links = frame.links();
    let font = |path| view! { <link rel="preload" href=frame.base.link(path) r#as="font" r#type="font/woff2" crossorigin="anonymous"/> };
    let mono = (!plain).then(|| font(MONO));
    let scripts = (!plain).then(|| crate::script::tags(frame));
    let fixed = matches!(page, Page::App { tab: AppTab::Logs(..), .. });
    let class =
        [(frame.embed && !plain).then_some("embed"), plain.then_some("login"), fixed.then_some("is-fixed")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    // The lines come to a script; a browser without asks for the page with them.
    let without_scripts = matches!(page, Page::App { tab: AppTab::Logs(_, None), .. }).then(|| crate::pages::logs::plain(frame));
    // A title holds text only: the marks that leptos sets between pieces would be read in it.
    let title = format!("{} – Quayside", pages::title(page)).replace('&', "&amp;").replace('<', "&lt;");
    let body = if plain { pages::plain(frame, page) } else { around(frame, page) };
    view! {
        <html lang=frame.language.tag() data-theme=frame.theme data-base=base data-keep=links.keep data-user=frame.me.as_ref().map(|m| m.name.to_string()) data-place=place(page)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=frame.theme.unwrap_or("light dark")/>
                <title inner_html=title></title>
                <link rel="icon" r#type="image/svg+xml" href=frame.base.link("/favicon.svg")/>
                {font(FONT)}
                {mono}
                <link rel="stylesheet" href=frame.base.link(&frame.assets.css)/>
                {scripts}
                {without_scripts}
            </head>
            <body class=class>{body}</body>
        </html>
    }
    .into_any()
}

// What the browser remembers as a place where its person was.
fn place(page: &Page) -> Option<String> {
    match page {
        Page::App { detail, .. } => Some(detail.row.id.path()),
        Page::Secret { secret, .. } => Some(format!("/secrets/{}/{}", secret.namespace, secret.name)),
        Page::SignIn { .. }
        | Page::SetUp { .. }
        | Page::Apps { .. }
        | Page::Operations(_)
        | Page::Coming(_)
        | Page::NewApp { .. }
        | Page::Secrets { .. }
        | Page::NewSecret { .. }
        | Page::Account { .. }
        | Page::Users { .. }
        | Page::Teams { .. }
        | Page::Audit { .. }
        | Page::Activity { .. }
        | Page::NoNamespaces { .. }
        | Page::Problem(_) => None,
    }
}

fn around(frame: &Frame, page: &Page) -> AnyView {
    let rail = (!frame.embed).then(|| rail::rail(frame, page));
    // Lists and apps tell it themselves, and hear when it is over.
    let tells = matches!(page, Page::Apps { .. } | Page::App { .. });
    let storage = frame.health.storage.filter(|_| !tells).map(|notice| view! { <div class="top-note">{banner(Tone::Warn, notice.sentence())}</div> });
    // Lists and apps have nothing typed to lose, and the long forms say it in their place.
    let says_itself = tells || matches!(page, Page::Coming(_) | Page::NewApp { .. } | Page::NewSecret { .. });
    let ended = (!says_itself).then(|| signed_out(frame));
    view! {
        <div inner_html=SPRITE></div>
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="shell">{rail}<div class="page">{menus::bar(frame, page)}<main class="main" id="main" tabindex="-1">{ended}{storage}{interrupted(frame)}{pages::content(frame, page)}</main></div></div>
        <div class="toasts" id="toasts" role="status" aria-live="polite">{stale()}</div>
        {menus::keys()}
    }
    .into_any()
}

/// What the portal did by itself with changes of this person, until each is dismissed.
fn interrupted(frame: &Frame) -> Option<AnyView> {
    let action = frame.base.link("/account/dismiss-notice");
    let one = |notice: &Notice| {
        let (class, mark) = if notice.told.ending.done() { ("banner banner-ok", glyph("pass")) } else { ("banner banner-warn", glyph("degraded")) };
        let text = frame.language.interruption(&notice.told);
        view! {
            <div class=class role="status">{mark}<p>{text}</p><form class="push" method="post" action=action.clone()><input type="hidden" name="id" value=notice.id.to_string()/><input type="hidden" name="next" value=frame.path.clone()/><button class="btn btn-sm" type="submit">"Dismiss"</button></form></div>
        }
    };
    let all = frame.notices.iter().map(one).collect_view();
    (!frame.notices.is_empty()).then(|| view! { <div class="px-5 pt-4 grid gap-2">{all}</div> }.into_any())
}

// Shown by the script of the page, where a piece of it does not come.
fn stale() -> AnyView {
    // An empty address is the one at which the page stands by then.
    view! {
        <div class="toast" id="stale" hidden>{glyph("degraded")}<p>"Part of this page didn't load and may be outdated. "<a class="link" href="">"Reload"</a></p></div>
    }
    .into_any()
}
