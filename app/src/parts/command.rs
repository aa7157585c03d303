//! A text that does what a sentence advises, to be copied.

use super::{IntoLive as _, Live, copy};
use domain::status::Evidence;
use leptos::prelude::*;

/// The command or the objects of an evidence that has some.
#[must_use]
pub fn command(e: &Evidence) -> Option<Live> {
    let Evidence::Command { label, text } = e else { return None };
    Some(
        view! {
            <div class="code cmd mt-2"><pre tabindex="0" aria-label=label.clone() data-text="">{text.clone()}</pre><span class="copy">{copy("the command")}</span></div>
        }
        .into_live(),
    )
}
