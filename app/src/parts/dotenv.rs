//! Where the lines of an `.env` file are pasted; the island of the form reads them.

use crate::icons::{glyph, icon};
use leptos::prelude::*;

/// The button; needs scripts and is hidden without.
#[must_use]
pub fn dotenv_button() -> impl IntoView {
    view! { <button class="btn btn-sm js" type="button" data-dotenv-open aria-expanded="false" aria-controls="dotenv">{icon("clipboard-paste")}"Paste .env"</button> }
}

/// The field that it opens. `what` is what a line becomes: `variables` or `keys`. Its text belongs to no field of the form, so it is
/// never sent and never kept.
#[must_use]
pub fn dotenv(what: &'static str) -> impl IntoView {
    let label = format!("Lines of an .env file, added as {what}");
    view! {
        <div class="dotenv" id="dotenv" hidden>
            <label class="label" for="dotenv-text">{label}</label>
            <textarea class="in in-mono" id="dotenv-text" rows="6" autocomplete="off" spellcheck="false" autocapitalize="none" placeholder="DB_HOST=db\nDB_PASSWORD=\"two words\"" aria-describedby="dotenv-h dotenv-e"></textarea>
            <p class="help" id="dotenv-h">"Comments, export and quotes are understood. Names that are already here get the new value."</p>
            <p class="err" id="dotenv-e" role="alert" hidden>{glyph("failing")}<span data-dotenv-msg></span></p>
            <p class="flex gap-2 justify-end"><button class="btn btn-sm" type="button" data-dotenv-close>"Cancel"</button><button class="btn btn-sm btn-primary" type="button" data-dotenv-add>{format!("Add {what}")}</button></p>
        </div>
    }
}
