//! Short ways to the document. Nothing here panics: a page without what is asked for just does less.

use crate::links::Links;
use std::cell::Cell;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event, HtmlElement, Window};

thread_local! {
    static WAITS: Cell<bool> = const { Cell::new(false) };
    static LEAVES: Cell<bool> = const { Cell::new(false) };
}

/// Where a page with a long form says that the session has ended.
pub const SIGNED_OUT: &str = "[data-signed-out]";

/// The browser's window; none outside of one.
#[must_use]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    window()?.document()
}

/// An attribute of `<html>`, which the shell writes.
#[must_use]
pub fn root(name: &str) -> String {
    document().and_then(|d| d.document_element()).and_then(|e| e.get_attribute(name)).unwrap_or_default()
}

/// The base path.
#[must_use]
pub fn base() -> String {
    root("data-base")
}

/// How this page makes links.
#[must_use]
pub fn links() -> Links {
    Links { base: base(), keep: root("data-keep") }
}

/// The first element that fits.
#[must_use]
pub fn find(selector: &str) -> Option<HtmlElement> {
    document()?.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// All elements that fit.
#[must_use]
pub fn all(selector: &str) -> Vec<HtmlElement> {
    let Some(list) = document().and_then(|d| d.query_selector_all(selector).ok()) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
}

/// The element of an event, or the one around it, that fits.
#[must_use]
pub fn closest(event: &Event, selector: &str) -> Option<HtmlElement> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()?.dyn_into().ok()
}

/// Whether a field has the focus, so that single keys are letters.
#[must_use]
pub fn typing() -> bool {
    let Some(focus) = document().and_then(|d| d.active_element()) else { return false };
    matches!(focus.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || focus.has_attribute("contenteditable")
}

/// Listens on the document for as long as the page lives.
pub fn on<E: wasm_bindgen::convert::FromWasmAbi + 'static>(name: &str, run: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(E)>::new(run);
    if let Some(document) = document() {
        let _ = document.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Runs every `ms` milliseconds for as long as the page lives.
pub fn every(ms: i32, run: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(run);
    if let Some(window) = window() {
        let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(closure.as_ref().unchecked_ref(), ms);
    }
    closure.forget();
}

/// Runs once, `ms` milliseconds from now.
pub fn later(ms: i32, run: impl FnOnce() + 'static) {
    let function = Closure::once_into_js(run);
    if let Some(window) = window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(function.unchecked_ref(), ms);
    }
}

/// Milliseconds since the page was opened, of a clock that never goes back.
#[must_use]
pub fn ticks() -> f64 {
    window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// The browser's clock in milliseconds since 1970.
#[must_use]
#[allow(clippy::cast_possible_truncation)]
pub fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// Path below the base, with the query: where the page is.
#[must_use]
pub fn here() -> String {
    let Some(location) = window().map(|w| w.location()) else { return String::new() };
    let path = location.pathname().unwrap_or_default();
    format!("{}{}", path.strip_prefix(&base()).unwrap_or(&path), location.search().unwrap_or_default())
}

/// Goes to a page below the base path.
pub fn go(path: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(&links().to(path));
    }
}

/// The person signs out here: that the session ends is no news.
pub fn leave() {
    LEAVES.set(true);
}

/// Goes to the sign-in page, which says that the session has ended, and back afterwards. A page with a long form says so
/// itself and keeps what was typed.
pub fn sign_in() {
    if LEAVES.get() {
        return;
    }
    if let Some(said) = find(SIGNED_OUT) {
        said.set_hidden(false);
        return;
    }
    go(&format!("/signin?ended=1&next={}", crate::links::encode(&here())));
}

/// The session works: what [`sign_in`] has said holds no more.
pub fn signed_in() {
    if let Some(said) = find(SIGNED_OUT) {
        said.set_hidden(true);
    }
}

/// Listens on the window for as long as the page lives.
pub fn on_window<E: wasm_bindgen::convert::FromWasmAbi + 'static>(name: &str, run: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(E)>::new(run);
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Loads the page anew, for what only the server paints. An open form may still wait for its answer, and nothing that is
/// typed is lost, so it is awaited. A page that answered a form is not sent a second time: its tab is read instead.
pub fn read_again() {
    if !WAITS.replace(true) {
        load_once_closed();
    }
}

fn load_once_closed() {
    let Some(location) = window().map(|w| w.location()) else { return };
    if find(".act[open]").is_some() {
        return later(500, load_once_closed);
    }
    let tab = find(".tabs a[aria-current]")
        .and_then(|tab| tab.get_attribute("href"))
        .filter(|tab| location.pathname().is_ok_and(|here| here != *tab.split('?').next().unwrap_or(tab)));
    let _ = match tab {
        Some(tab) => location.replace(&tab),
        None => location.reload(),
    };
}

/// Opens a form, with the menu that it is in, and goes to its first field.
pub fn open_form(form: &Element) {
    let _ = form.set_attribute("open", "");
    while let Some(menu) = form.closest("details:not([open])").ok().flatten() {
        let _ = menu.set_attribute("open", "");
    }
    let field = form.query_selector("form input:not([type=hidden]), form button").ok().flatten();
    if let Some(field) = field.and_then(|f| f.dyn_into::<HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// Sets an attribute without a value on the first element that fits, or takes it away.
pub fn mark(selector: &str, name: &str, on: bool) {
    if let Some(element) = find(selector) {
        let _ = element.toggle_attribute_with_force(name, on);
    }
}

/// Takes away what the server has rendered inside islands whose name begins so, but for what is adopted; their live form takes
/// its place in the same frame.
pub fn empty_children(island: &str, adopted: &str) {
    for children in all(&format!("leptos-island[data-component^=\"{island}\"] > leptos-children:not(:has({adopted}))")) {
        children.set_inner_html("");
    }
}
