//! The dialogs that a click and a key open alike.

use super::{dom, palette};
use wasm_bindgen::JsCast as _;

/// Opens the palette, whose code comes with the first time.
pub(super) fn open_palette() {
    wasm_bindgen_futures::spawn_local(palette::open());
}

/// Opens a `<dialog>` by its id.
pub(super) fn open_dialog(id: &str) {
    if let Some(dialog) = dom::find(&format!("dialog#{id}")).and_then(|d| d.dyn_into::<web_sys::HtmlDialogElement>().ok())
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}
