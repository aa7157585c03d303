//! Notices the end of the session on pages without a socket, which hears of it by itself.

use super::{api, dom, socket};
use web_sys::{Event, VisibilityState};

/// How often a page that is looked at asks, in milliseconds.
const PAUSE_MS: i32 = 30_000;

/// Looks now and then, and when a person comes back to the page.
pub(super) fn watch() {
    if dom::root("data-user").is_empty() {
        return;
    }
    dom::every(PAUSE_MS, look);
    dom::on("visibilitychange", |_: Event| look());
}

fn look() {
    let seen = dom::document().is_some_and(|d| d.visibility_state() == VisibilityState::Visible);
    if seen && !socket::is_used() {
        // An answer shows or hides what the page says of it.
        wasm_bindgen_futures::spawn_local(async { drop(api::look("/api/v1/session").await) });
    }
}
