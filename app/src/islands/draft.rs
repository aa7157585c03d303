//! What is typed is kept as a draft by the portal, a second after a person stops typing and when the page is left. Of two tabs
//! with the same form the last one that was typed into counts; each says when it has replaced what another one kept.

use super::new_app::form;
use crate::client::{api, dom};
use domain::draft::Kept;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlElement;

/// How long a person has to stop typing before the draft is kept.
const KEEP_MS: i32 = 1000;

/// The draft of a form.
pub(crate) struct Draft {
    form: HtmlElement,
    /// Where it is kept, below the base path.
    path: String,
    /// The form as JSON.
    read: Box<dyn Fn() -> Option<String>>,
    /// Something was typed that is not in the draft yet.
    unkept: Cell<bool>,
    /// The form was sent or thrown away, so there is no draft any more.
    gone: Cell<bool>,
    /// One is under way; it has to be answered before the next, which tells what it has seen.
    sending: Cell<bool>,
    turn: Cell<u32>,
}

/// Begins to keep the draft of a form.
pub(crate) fn start(form: &HtmlElement, path: String, read: impl Fn() -> Option<String> + 'static) -> Rc<Draft> {
    let cell = || Cell::new(false);
    let draft = Rc::new(Draft { form: form.clone(), path, read: Box::new(read), unkept: cell(), gone: cell(), sending: cell(), turn: Cell::new(0) });
    let left = Rc::clone(&draft);
    dom::on_window("pagehide", move |_: web_sys::Event| left.keep());
    if let Some(button) = form::within(form, "[data-discard]") {
        let thrown = Rc::clone(&draft);
        form::on(&button, "click", move |_: web_sys::MouseEvent| thrown.stop());
    }
    draft
}

impl Draft {
    /// A person has changed something.
    pub(crate) fn later(self: &Rc<Self>) {
        self.unkept.set(true);
        self.turn.set(self.turn.get() + 1);
        let (turn, draft) = (self.turn.get(), Rc::clone(self));
        dom::later(KEEP_MS, move || {
            if draft.turn.get() == turn && !draft.sending.get() {
                draft.keep();
            }
        });
    }

    /// Nothing of this form is to be kept any more: it was sent, or thrown away.
    pub(crate) fn stop(&self) {
        self.gone.set(true);
    }

    fn keep(self: &Rc<Self>) {
        if self.gone.get() || !self.unkept.replace(false) {
            return;
        }
        let Some(json) = (self.read)() else { return };
        let place = form::within(&self.form, "[data-draft]");
        let seen = place.as_ref().and_then(|p| p.get_attribute("data-seen")).map(|ms| format!("?seen={ms}")).unwrap_or_default();
        self.sending.set(true);
        let draft = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            let kept = api::outlive("PUT", &format!("{}{seen}", draft.path), json).await;
            draft.sending.set(false);
            let kept = kept.ok().and_then(|text| serde_json::from_str::<Kept>(&text).ok());
            if let Some(place) = place {
                if let Some(kept) = kept {
                    let _ = place.set_attribute("data-seen", &kept.changed.0.to_string());
                }
                place.set_text_content(Some(words(kept)));
            }
            if draft.unkept.get() {
                draft.later();
            }
        });
    }
}

const fn words(kept: Option<Kept>) -> &'static str {
    match kept {
        Some(Kept { replaced: false, .. }) => "Draft saved",
        Some(Kept { replaced: true, .. }) => "Draft saved. It replaced one from another tab.",
        None => "Draft not saved",
    }
}
