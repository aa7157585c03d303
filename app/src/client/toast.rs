//! What is said for some seconds at the edge of the page, also on the next one.

use super::dom;
use domain::Tone;

/// Says something for some seconds at the edge of the page.
pub fn toast(tone: Tone, text: &str) {
    let (Some(document), Some(place)) = (dom::document(), dom::find("#toasts")) else { return };
    let (Ok(toast), Ok(words)) = (document.create_element("div"), document.create_element("p")) else { return };
    toast.set_class_name("toast");
    let (glyph, color, ms) = match tone {
        Tone::Bad => ("failing", "c-bad", 12_000),
        Tone::Change | Tone::Ok | Tone::Info | Tone::Warn | Tone::End => ("pass", "c-ok", 5_000),
    };
    toast.set_inner_html(&format!(
        "<span class=\"g {color}\"><svg class=\"g\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><use href=\"#g-{glyph}\"/></svg></span>"
    ));
    words.set_text_content(Some(text));
    let _ = toast.append_child(&words);
    let _ = place.append_child(&toast);
    dom::later(ms, move || toast.remove());
}

/// Where a sentence waits for the next page.
const LEFT: &str = "quayside-said";

// A browser that keeps nothing for a page that is embedded shows the next page without the sentence.
fn tab_storage() -> Option<web_sys::Storage> {
    dom::window()?.session_storage().ok().flatten()
}

/// Goes to a page and says something there.
pub(super) fn go_and_say(path: &str, text: &str) {
    if let Some(storage) = tab_storage() {
        let _ = storage.set_item(LEFT, text);
    }
    dom::go(path);
}

/// Says what the page before has left to say.
pub(super) fn say_what_was_left() {
    let Some(storage) = tab_storage() else { return };
    if let Some(text) = storage.get_item(LEFT).ok().flatten() {
        let _ = storage.remove_item(LEFT);
        toast(Tone::Ok, &text);
    }
}
