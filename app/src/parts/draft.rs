//! What a form says of its draft.

use super::aging;
use crate::icons::icon;
use crate::page::Frame;
use domain::UnixMs;
use leptos::prelude::*;

/// The form that throws a draft away. It is one of its own, so that nothing that was typed is sent with it.
const DISCARD: &str = "discard-draft";

/// That what was typed before is back, with a button that throws it away; `note` is said behind it. To stand in the form.
#[must_use]
pub fn restored(frame: &Frame, at: UnixMs, note: Option<String>) -> impl IntoView + use<> {
    let note = note.map(|note| format!(" {note}"));
    view! {
        <div class="banner banner-info" role="status" data-restored>{icon("history")}<p>"Restored what you typed "{aging("{} ago", at, frame.now)}"."{note}</p><button class="btn btn-sm push" type="submit" form=DISCARD data-discard>"Start over"</button></div>
    }
}

/// What that button sends. To stand behind the form.
#[must_use]
pub fn discard(action: String) -> impl IntoView {
    view! { <form id=DISCARD method="post" action=action></form> }
}

/// Where the island says whether the draft is kept. `changed` is of the draft that the form begins with.
#[must_use]
pub fn draft_state(changed: Option<UnixMs>) -> impl IntoView {
    view! { <span class="muted text-xs js" data-draft data-seen=changed.map(|at| at.0.to_string()) aria-live="off"></span> }
}
