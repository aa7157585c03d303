//! The live list in the browser: the socket feeds the state, the address says what is shown.

use super::Model;
use crate::client::dom;
use crate::client::socket::{self, Message};
use crate::links::{Links, decode};
use crate::list::Listing;
use crate::list::order::{Order, hold};
use domain::live::{BoardState, ListQuery, Topic, arrange};
use domain::{AppId, Kind};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, HtmlInputElement, MouseEvent, SubmitEvent};

pub(super) fn links() -> Links {
    dom::links()
}

pub(super) fn wire(m: Model) {
    let namespace = m.listing.with_untracked(|l| l.namespace.clone());
    m.listing.set(Listing::new(namespace.clone(), &address()));
    let id = socket::new_id();
    m.state.set(BoardState::new(id));
    let watched = socket::subscribe(id, Topic::Apps { namespace }, move |message| {
        if let Message::Frame(frame) = message {
            let changed = m.state.try_maybe_update(|s| {
                let changed = s.apply(frame);
                (changed, changed)
            });
            if changed == Some(true) || !m.ready.get_untracked() {
                refresh(m);
            }
        }
    });
    // The list is watched for as long as the page lives.
    std::mem::forget(watched);
    dom::every(1000, move || settle(m));
    listen(m);
}

fn address() -> Vec<(String, String)> {
    decode(&dom::window().and_then(|w| w.location().search().ok()).unwrap_or_default())
}

fn refresh(m: Model) {
    m.now.set(socket::now());
    settle(m);
    if m.state.with_untracked(|s| s.loaded || s.denied.is_some()) && !m.ready.get_untracked() {
        take_over(m);
    }
}

// The order that filter and sort ask for.
fn wanted(m: Model) -> Order<AppId> {
    m.state.with_untracked(|s| {
        m.listing.with_untracked(|l| arrange(s.rows.values(), &l.query).into_iter().map(|g| (g.title, g.rows.iter().map(|r| r.id.clone()).collect())).collect())
    })
}

// While somebody points at the rows or walks through them, none of them moves.
fn settle(m: Model) {
    let wanted = wanted(m);
    let busy = dom::find(".apps tbody:hover, .apps tbody:focus-within").is_some();
    let next = if busy { m.shown.with_untracked(|shown| hold(shown, &wanted)) } else { wanted };
    if m.shown.with_untracked(|shown| *shown != next) {
        m.shown.set(next);
    }
}

// The server's rows go, the live ones come; what was typed and focused stays.
fn take_over(m: Model) {
    let field = dom::find("[data-filter]").and_then(|f| f.dyn_into::<HtmlInputElement>().ok());
    let focus = dom::document().and_then(|d| d.active_element());
    let focused = focus.as_ref().zip(field.as_ref()).is_some_and(|(a, f)| a.is_same_node(Some(f)));
    let row = focus.and_then(|f| f.closest("[data-row]").ok().flatten()).map(|r| r.id());
    // What is being typed counts before the address, which follows it; anything else that a browser puts into the field
    // when it comes back to a page does not.
    if let Some(text) = field.filter(|_| focused).map(|f| f.value())
        && m.listing.with_untracked(|l| l.query.text != text)
    {
        show(m, m.listing.with_untracked(|l| l.but(|q| q.text = text)), false);
    }
    m.ready.set(true);
    dom::empty_children("LiveApps_");
    dom::later(0, move || {
        if focused && let Some(field) = dom::find("[data-filter]").and_then(|f| f.dyn_into::<HtmlInputElement>().ok()) {
            let _ = field.focus();
            let end = u32::try_from(field.value().len()).unwrap_or(0);
            let _ = field.set_selection_range(end, end);
        }
        if let Some(name) = row
            .and_then(|id| dom::document()?.get_element_by_id(&id))
            .and_then(|r| r.query_selector("a.name").ok().flatten())
            .and_then(|a| a.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = name.focus();
        }
    });
}

fn listen(m: Model) {
    dom::on("input", move |event: Event| {
        if let Some(field) = dom::closest(&event, "[data-filter]").and_then(|f| f.dyn_into::<HtmlInputElement>().ok()) {
            let text = field.value();
            show(m, m.listing.with_untracked(|l| l.but(|q| q.text = text)), false);
        }
    });
    dom::on("click", move |event: MouseEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) && event.button() == 0;
        if let Some(link) = dom::closest(&event, "a[data-list]").filter(|_| plain && m.ready.get_untracked()) {
            event.prevent_default();
            let href = link.get_attribute("href").unwrap_or_default();
            let pairs = decode(href.split_once('?').map_or("", |(_, q)| q));
            show(m, Listing::new(m.listing.with_untracked(|l| l.namespace.clone()), &pairs), true);
        }
    });
    dom::on("submit", move |event: SubmitEvent| {
        let Some(form) = dom::closest(&event, "form[data-tools]").filter(|_| m.ready.get_untracked()) else { return };
        event.prevent_default();
        let value = |name: &str| {
            let field = form.query_selector(&format!("[name={name}]")).ok().flatten()?;
            js_sys::Reflect::get(&field, &JsValue::from_str("value")).ok()?.as_string()
        };
        let group = value("group").unwrap_or_default();
        let group = ListQuery::from_pairs(&[("group".to_owned(), group)]).group;
        let kinds = value("kind").and_then(|k| Kind::from_slug(&k)).into_iter().collect();
        let text = value("q").unwrap_or_default();
        show(
            m,
            m.listing.with_untracked(|l| {
                l.but(|q| {
                    q.group = group;
                    q.kinds = kinds;
                    q.text = text;
                })
            }),
            true,
        );
    });
    for event in ["popstate", "pageshow"] {
        dom::on_window(event, move |_: Event| {
            let there = Listing::new(m.listing.with_untracked(|l| l.namespace.clone()), &address());
            if m.listing.with_untracked(|l| *l != there) {
                m.listing.set(there);
                m.shown.set(wanted(m));
            }
        });
    }
}

// The address follows what is shown: a new entry of the history for a click, the same one while typing.
fn show(m: Model, listing: Listing, entry: bool) {
    let url = dom::links().to(&listing.path());
    if let Some(history) = dom::window().and_then(|w| w.history().ok()) {
        let _ =
            if entry { history.push_state_with_url(&JsValue::NULL, "", Some(&url)) } else { history.replace_state_with_url(&JsValue::NULL, "", Some(&url)) };
    }
    m.listing.set(listing);
    m.shown.set(wanted(m));
}
