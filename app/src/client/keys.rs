//! The keyboard: `/` filter, `j` `k` rows, `l` logs, `g a` `g s` places, `?` the list of keys, Esc back.

use super::{dom, page};
use std::cell::Cell;
use web_sys::{HtmlElement, KeyboardEvent};

thread_local! {
    static AFTER_G: Cell<i64> = const { Cell::new(0) };
}

/// Listens for as long as the page lives.
pub fn start() {
    dom::on("keydown", |event: KeyboardEvent| press(&event));
}

// Single letters can be switched off in the list of keys (WCAG 2.1.4).
fn letters_off() -> bool {
    dom::find("#keys-off").and_then(|e| e.get_attribute("data-off")).is_some()
        || dom::window().and_then(|w| w.local_storage().ok().flatten()).and_then(|s| s.get_item("quayside.keys").ok().flatten()).is_some_and(|v| v == "off")
}

fn press(event: &KeyboardEvent) {
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
        "?" => {
            page::open_dialog("keys");
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
    use wasm_bindgen::JsCast as _;
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
    use wasm_bindgen::JsCast as _;
    if let Some(open) = dom::all("details.drop[open]").pop() {
        let _ = open.remove_attribute("open");
        if let Some(summary) = open.query_selector("summary").ok().flatten().and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    } else if let Some(location) = dom::window().map(|w| w.location()).filter(|l| l.hash().is_ok_and(|h| h == "#nav")) {
        let _ = location.set_hash("main");
    } else if let Some(focus) = dom::document().and_then(|d| d.active_element()).filter(|_| dom::typing()).and_then(|f| f.dyn_into::<HtmlElement>().ok()) {
        let _ = focus.blur();
    }
}
