//! The wasm entry: wakes the islands of a page that the server has rendered, and nothing else.

/// Called by the page's module script once the wasm is there.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::wake();
    leptos::mount::hydrate_islands();
}
