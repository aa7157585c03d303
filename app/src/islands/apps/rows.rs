//! A row as a whole is a way to its app: one listener for all rows.

use super::menu;
use crate::client::dom;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement, MouseEvent};

/// What in a row is a control of its own.
const CONTROLS: &str = "a, button, input, select, summary, label";
const MIDDLE: i16 = 1;

/// Listens for as long as the page lives.
pub(super) fn listen() {
    dom::on("click", |event: MouseEvent| {
        if let Some(button) = dom::closest(&event, ".apps [data-more]") {
            menu::open_at(&button);
        } else if let Some(link) = link_of(&event).filter(|link| !is_marked(link)) {
            follow(&link, event.ctrl_key() || event.meta_key() || event.shift_key());
        }
    });
    dom::on("auxclick", |event: MouseEvent| {
        if let Some(link) = link_of(&event).filter(|_| event.button() == MIDDLE) {
            follow(&link, true);
        }
    });
    dom::on_window("scroll", |_: Event| menu::scrolled());
    // Otherwise some browsers begin to scroll instead of asking for a tab.
    dom::on("mousedown", |event: MouseEvent| {
        if event.button() == MIDDLE && link_of(&event).is_some() {
            event.prevent_default();
        }
    });
}

/// The link of the row that was clicked, where the click was for no control in it.
fn link_of(event: &Event) -> Option<HtmlElement> {
    let row = dom::closest(event, ".apps [data-row]")?;
    if event.default_prevented() || dom::closest(event, CONTROLS).is_some() {
        return None;
    }
    row.query_selector("a.name").ok().flatten()?.dyn_into().ok()
}

/// Whether text of its row is marked: then the click was the end of marking it.
fn is_marked(link: &HtmlElement) -> bool {
    let Some(selection) = dom::window().and_then(|w| w.get_selection().ok().flatten()).filter(|s| !s.is_collapsed()) else { return false };
    let row = link.closest("[data-row]").ok().flatten();
    row.is_some_and(|row| selection.contains_node_with_allow_partial_containment(&row, true).unwrap_or(false))
}

fn follow(link: &HtmlElement, apart: bool) {
    if apart {
        let address = link.get_attribute("href").unwrap_or_default();
        let _ = dom::window().map(|w| w.open_with_url_and_target_and_features(&address, "_blank", "noopener"));
    } else {
        // Not within the click that is being heard: the same listener hears this one too.
        let link = link.clone();
        wasm_bindgen_futures::spawn_local(async move { link.click() });
    }
}
