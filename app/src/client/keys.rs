//! The keyboard: `Ctrl K` palette, `/` filter, `j` `k` rows, `l` logs, `g a` `g s` places, `[` `]` times of a chart, `?` the list of keys, Esc back.

use super::{dialogs, dom};
use std::cell::Cell;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent};

thread_local! {
    static AFTER_G: Cell<i64> = const { Cell::new(0) };
}

/// Listens for as long as the page lives.
pub fn start() {
    if let Some(choice) = dom::find("#keys-off").and_then(|e| e.dyn_into::<HtmlInputElement>().ok()) {
        choice.set_checked(letters_off());
    }
    dom::on("change", |event: Event| switch(&event));
    dom::on("keydown", |event: KeyboardEvent| press(&event));
}

const OFF: &str = "quayside.keys";

fn storage() -> Option<web_sys::Storage> {
    dom::window()?.local_storage().ok().flatten()
}

/// Single letters can be switched off in the list of keys (WCAG 2.1.4).
#[must_use]
pub fn letters_off() -> bool {
    storage().and_then(|s| s.get_item(OFF).ok().flatten()).is_some_and(|v| v == "off")
}

fn switch(event: &Event) {
    if let Some(choice) = dom::closest(event, "#keys-off").and_then(|e| e.dyn_into::<HtmlInputElement>().ok())
        && let Some(storage) = storage()
    {
        let _ = storage.set_item(OFF, if choice.checked() { "off" } else { "on" });
    }
}

fn press(event: &KeyboardEvent) {
    if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key() && event.key().eq_ignore_ascii_case("k") {
        event.prevent_default();
        return dialogs::open_palette();
    }
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    if key == "Escape" {
        return escape();
    }
    if dom::typing() || letters_off() || dom::find("dialog[open]").is_some() {
        return;
    }
    let now = dom::now();
    let after_g = now - AFTER_G.get() < 1500;
    AFTER_G.set(0);
    let done = match key.as_str() {
        "g" if !after_g => {
            AFTER_G.set(now);
            true
        }
        "a" if after_g => go("/apps"),
        "s" if after_g => go("/secrets"),
        "/" => dom::find("[data-filter]").is_some_and(|f| f.focus().is_ok()),
        "j" => step(1),
        "k" => step(-1),
        "l" => row().is_some_and(|row| follow(&row, "[data-logs]")),
        "[" | "]" => dom::find(&format!("a[href][aria-keyshortcuts=\"{key}\"]")).inspect(|link| link.click()).is_some(),
        "?" => {
            dialogs::open_dialog("keys");
            true
        }
        _ => false,
    };
    if done {
        event.prevent_default();
    }
}

fn go(path: &str) -> bool {
    dom::go(path);
    true
}

fn row() -> Option<HtmlElement> {
    dom::find("[data-row]:focus-within")
}

fn follow(row: &HtmlElement, selector: &str) -> bool {
    let link = row.query_selector(selector).ok().flatten().and_then(|l| l.dyn_into::<HtmlElement>().ok());
    link.inspect(|l| l.click()).is_some()
}

fn step(by: i32) -> bool {
    let names = dom::all("[data-row] a.name");
    let focus = dom::document().and_then(|d| d.active_element());
    let here = names.iter().position(|n| focus.as_ref().is_some_and(|f| n.closest("[data-row]").ok().flatten().is_some_and(|r| r.contains(Some(f)))));
    let next = match (here, by) {
        (None, _) => 0,
        (Some(i), 1) => (i + 1).min(names.len().saturating_sub(1)),
        (Some(i), _) => i.saturating_sub(1),
    };
    names.get(next).is_some_and(|n| n.focus().is_ok())
}

fn escape() {
    if let Some(open) = dom::all("details.drop[open]").pop() {
        let _ = open.remove_attribute("open");
        if let Some(summary) = open.query_selector("summary").ok().flatten().and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    } else if let Some(location) = dom::window().map(|w| w.location()).filter(|l| l.hash().is_ok_and(|h| h == "#nav")) {
        let _ = location.set_hash("main");
        if let Some(opener) = dom::all(".menu-btn").pop().and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
            let _ = opener.focus();
        }
    } else if let Some(focus) = dom::document().and_then(|d| d.active_element()).filter(|_| dom::typing()).and_then(|f| f.dyn_into::<HtmlElement>().ok()) {
        let _ = focus.blur();
    }
}
