//! Ages go on between two frames: one timer for all of the page.

use super::{dom, socket};
use crate::parts::{aged, is_quick};
use domain::UnixMs;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, NodeList};

/// Ages that change by the minute at most are looked at in so many turns, one a second: a page may have thousands.
const TURNS: u32 = 10;

/// Begins to write the ages of the page anew each second.
pub fn start() {
    let mut turn = 0;
    dom::every(1000, move || {
        // A page that nobody sees costs nothing, and without the server's clock an age could be anything.
        if let (Some(document), Some(now)) = (dom::document().filter(|d| !d.hidden()), socket::told_now()) {
            let of = |selector: &str| document.query_selector_all(selector).ok();
            go_on(of("time[data-quick]"), 0, 1, now);
            go_on(of("time[data-age]:not([data-quick])"), turn, TURNS as usize, now);
            turn = (turn + 1) % TURNS;
        }
    });
}

#[allow(clippy::cast_possible_truncation)]
fn go_on(times: Option<NodeList>, first: u32, by: usize, now: UnixMs) {
    let Some(times) = times else { return };
    for time in (first..times.length()).step_by(by).filter_map(|i| times.item(i)) {
        let time: &Element = time.unchecked_ref();
        let at = js_sys::Date::parse(&time.get_attribute("datetime").unwrap_or_default());
        // The text itself stays the one that the views hold, and only says something else.
        let Some(text) = time.first_child().filter(|_| at.is_finite()) else { continue };
        let next = aged(&time.get_attribute("data-age").unwrap_or_default(), UnixMs(at as i64), now);
        if text.node_value().as_deref() != Some(&*next) {
            text.set_node_value(Some(&next));
        }
        if by == 1 && !is_quick(UnixMs(at as i64), now) {
            let _ = time.remove_attribute("data-quick");
        }
    }
}
