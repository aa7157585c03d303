//! Copy buttons: each is for the text that stands beside it.

use super::dom;
use super::toast::toast;
use domain::Tone;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// Copies the text beside a button. Browsers let a page write to the clipboard only over https or on the machine itself;
/// everywhere else, and where it is forbidden, the text is selected for the person to copy.
pub(super) fn beside(button: &HtmlElement) {
    let Some(text) = text_of(button) else { return };
    let Some(window) = dom::window() else { return };
    // Without a secure context there is no clipboard at all, and asking it for anything throws.
    if !window.is_secure_context() {
        return select(&text);
    }
    let writing = window.navigator().clipboard().write_text(&text.text_content().unwrap_or_default());
    wasm_bindgen_futures::spawn_local(async move {
        match JsFuture::from(writing).await {
            Ok(_) => toast(Tone::Ok, "Copied"),
            Err(_) => select(&text),
        }
    });
}

// The nearest text: the button may stand deeper than it does.
fn text_of(button: &HtmlElement) -> Option<Element> {
    std::iter::successors(button.parent_element(), |e| e.parent_element()).find_map(|around| around.query_selector("[data-text]").ok().flatten())
}

fn select(text: &Element) {
    let selection = dom::window().and_then(|w| w.get_selection().ok().flatten());
    if selection.is_some_and(|s| s.select_all_children(text).is_ok()) {
        toast(Tone::Ok, "Press Ctrl+C or ⌘C to copy the selected text. Browsers allow one-click copying only over HTTPS.");
    }
}
