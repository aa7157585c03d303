//! Ages go on between two frames: one timer for all of the page.

use super::{dom, socket};
use crate::parts::aged;
use domain::UnixMs;

/// Begins to write the ages of the page anew each second.
pub fn start() {
    dom::every(1000, || {
        // A page that nobody sees costs nothing, and without the server's clock an age could be anything.
        if let (false, Some(now)) = (dom::document().is_none_or(|d| d.hidden()), socket::told_now()) {
            go_on(now);
        }
    });
}

#[allow(clippy::cast_possible_truncation)]
fn go_on(now: UnixMs) {
    for time in dom::all("time[data-age]") {
        let at = js_sys::Date::parse(&time.get_attribute("datetime").unwrap_or_default());
        // The text itself stays the one that the views hold, and only says something else.
        let Some(text) = time.first_child().filter(|_| at.is_finite()) else { continue };
        let next = aged(&time.get_attribute("data-age").unwrap_or_default(), UnixMs(at as i64), now);
        if text.node_value().as_deref() != Some(&*next) {
            text.set_node_value(Some(&next));
        }
    }
}
