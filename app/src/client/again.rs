//! Parts of a page that the server paints again while something in them is under way. Each is an element with `data-again`: the path
//! at which the server gives it, and `data-part`: a digest of what it shows.

use super::{api, dom, times};
use crate::page::digest_of_part;
use std::cell::Cell;
use web_sys::HtmlElement;

/// Time between two looks at what is under way.
const LOOK_MS: i32 = 2_000;
/// Time in which others' changes of the page's app lead to one look.
const HINT_MS: f64 = 10_000.0;

thread_local! {
    static LOOKED: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

/// Reads what is under way again and again.
pub(super) fn start() {
    dom::every(LOOK_MS, || {
        // A page that nobody sees costs nothing.
        if dom::document().is_some_and(|d| !d.hidden()) {
            dom::all("[data-again][data-open]").into_iter().for_each(read);
        }
    });
}

/// Something was changed from this page.
pub(super) fn changed() {
    LOOKED.set(dom::ticks());
    dom::all("[data-again]").into_iter().for_each(read);
}

/// The app of the page has changed, perhaps because somebody else changes it.
pub fn hint() {
    if dom::ticks() - LOOKED.get() > HINT_MS {
        changed();
    }
}

fn read(part: HtmlElement) {
    let Some(path) = part.get_attribute("data-again").filter(|_| !part.has_attribute("data-reads")) else { return };
    let _ = part.set_attribute("data-reads", "");
    wasm_bindgen_futures::spawn_local(async move {
        let answer = api::look(&path).await;
        let _ = part.remove_attribute("data-reads");
        // Who is about to follow a link of it keeps it until then.
        let is_used = part.query_selector(":focus").is_ok_and(|focus| focus.is_some());
        if let Ok(markup) = answer
            && let Some(digest) = digest_of_part(&markup)
            && part.get_attribute("data-part").as_deref() != Some(digest)
            && !is_used
        {
            part.set_outer_html(&markup);
            times::local_again();
        }
    });
}
