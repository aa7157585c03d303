//! What is typed is kept as a draft by the portal, a second after a person stops typing and when the page is left.

use super::{Shared, read};
use crate::client::{api, dom};
use crate::islands::new_app::form;

/// How long a person has to stop typing before the draft is kept.
const KEEP_MS: i32 = 1000;

/// Keeps what is typed at the end of the page too.
pub(super) fn start(app: &Shared) {
    let left = app.clone();
    dom::on_window("pagehide", move |_: web_sys::Event| {
        if take_unkept(&left) {
            keep(&left);
        }
    });
}

/// A person has changed something.
pub(super) fn later(app: &Shared) {
    let mut a = app.borrow_mut();
    a.unkept = true;
    let turn = a.turn;
    drop(a);
    let app = app.clone();
    dom::later(KEEP_MS, move || {
        if app.borrow().turn == turn && take_unkept(&app) {
            keep(&app);
        }
    });
}

/// Nothing of this form is to be kept any more: it was sent, or thrown away.
pub(super) fn stop(app: &Shared) {
    let mut a = app.borrow_mut();
    a.unkept = false;
    a.gone = true;
}

fn take_unkept(app: &Shared) -> bool {
    let mut a = app.borrow_mut();
    !a.gone && std::mem::take(&mut a.unkept)
}

fn keep(app: &Shared) {
    let (form, path) = {
        let a = app.borrow();
        (a.form.clone(), format!("/api/v1/namespaces/{}/drafts/new-app", a.namespace))
    };
    let Ok(json) = serde_json::to_string(&read(&form).form) else { return };
    wasm_bindgen_futures::spawn_local(async move {
        let words = match api::outlive("PUT", &path, json).await {
            Ok(_) => "Draft saved",
            Err(_) => "Draft not saved",
        };
        if let Some(place) = form::within(&form, "[data-draft]") {
            place.set_text_content(Some(words));
        }
    });
}
