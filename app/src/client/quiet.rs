//! How long nobody has done anything on the page.

use super::dom;
use std::cell::Cell;
use web_sys::Event;

thread_local! {
    static LAST: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

/// What a person does who looks at a page.
const SIGNS: [&str; 6] = ["pointermove", "pointerdown", "wheel", "touchmove", "scroll", "keydown"];

/// Listens for as long as the page lives. Until the first sign nobody is there.
pub fn start() {
    for sign in SIGNS {
        dom::on(sign, |_: Event| LAST.set(dom::ticks()));
    }
}

/// Milliseconds since the last sign of a person.
#[must_use]
pub fn for_ms() -> f64 {
    dom::ticks() - LAST.get()
}
