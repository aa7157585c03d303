//! Status as glyph, colour and word, and one pip per pod.

use crate::icons::glyph;
use domain::status::Word;
use domain::view::Pip;
use leptos::prelude::*;
use std::fmt::Write as _;

/// Name of the glyph of a word.
#[must_use]
pub const fn word_glyph(word: Word) -> &'static str {
    match word {
        Word::Failing => "failing",
        Word::Degraded => "degraded",
        Word::Unknown => "unknown",
        Word::Progressing => "progressing",
        Word::Paused => "paused",
        Word::Stopped => "stopped",
        Word::Running => "running",
        Word::Completed => "pass",
    }
}

/// Class of the colour of a word: `st-ok`, `st-bad`, …
#[must_use]
pub const fn tone(word: Word) -> &'static str {
    match word {
        Word::Failing => "st-bad",
        Word::Degraded => "st-warn",
        Word::Progressing => "st-prog",
        Word::Running => "st-ok",
        Word::Unknown | Word::Paused | Word::Stopped | Word::Completed => "st-idle",
    }
}

/// Glyph, word and reason for lists; Running is quiet so that exceptions stand out.
#[must_use]
pub fn status(word: Word, reason: &str) -> impl IntoView + use<> {
    let quiet = if word == Word::Running { " st-quiet" } else { "" };
    view! {
        <span class=format!("st {}{quiet}", tone(word))>{glyph(word_glyph(word))}<b>{word.text()}</b><span class="soft trunc">{reason.to_owned()}</span></span>
    }
}

/// The same as a pill beside a title.
#[must_use]
pub fn pill(word: Word) -> impl IntoView {
    view! { <span class=format!("st {} pill", tone(word))>{glyph(word_glyph(word))}<b>{word.text()}</b></span> }
}

/// One bar per pod and `2/3`.
#[must_use]
pub fn pips(pips: &[Pip], ready: u32, wanted: u32) -> impl IntoView + use<> {
    let width = (pips.len() * 10).saturating_sub(3).to_string();
    view! {
        <span class="pips"><svg width=width height="12" aria-hidden="true" inner_html=drawing(pips)></svg><span>{format!("{ready}/{wanted}")}</span></span>
    }
}

fn drawing(pips: &[Pip]) -> String {
    let mut out = String::new();
    for (i, pip) in pips.iter().take(8).enumerate() {
        let x = i * 10;
        let (frame, inner) = match pip {
            Pip::Ready => {
                let _ = write!(out, "<rect x=\"{x}\" width=\"7\" height=\"12\" rx=\"1.75\" fill=\"var(--q-ok)\"/>");
                continue;
            }
            Pip::Starting => {
                ("accent", format!("<rect x=\"{x}.2\" y=\"6\" width=\"4.6\" height=\"5\" rx=\".5\" fill=\"var(--q-accent)\" transform=\"translate(1)\"/>"))
            }
            Pip::NotReady => ("warn", format!("<path d=\"M{} 6h3\" stroke=\"var(--q-warn)\" stroke-width=\"1.4\"/>", x + 2)),
            Pip::Failing => {
                ("bad", format!("<path d=\"m{x}.5 3.8 4 4.4m0-4.4-4 4.4\" stroke=\"var(--q-bad)\" stroke-width=\"1.2\" transform=\"translate(1)\"/>"))
            }
            Pip::Missing => ("idle", String::new()),
        };
        let _ = write!(
            out,
            "<rect x=\"{x}.6\" y=\".6\" width=\"5.8\" height=\"10.8\" rx=\"1.5\" fill=\"none\" stroke=\"var(--q-{frame})\" stroke-width=\"1.2\"/>{inner}"
        );
    }
    out
}
