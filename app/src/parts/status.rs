//! Status as glyph, colour and word, and one pip per pod.

use crate::html::{Html, html};
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
    html(|h| h.status(word, reason)).into_view()
}

/// The same as a pill beside a title.
#[must_use]
pub fn pill(word: Word) -> impl IntoView {
    view! { <span class=format!("st {} pill", tone(word))>{glyph(word_glyph(word))}<b>{word.text()}</b></span> }
}

/// One bar per pod and `2/3`.
#[must_use]
pub fn pips(pips: &[Pip], ready: u32, wanted: u32) -> impl IntoView + use<> {
    html(|h| h.pips(pips, ready, wanted)).into_view()
}

impl Html {
    /// As [`status`].
    pub fn status(&mut self, word: Word, reason: &str) {
        self.raw("<span class=\"st ").raw(tone(word)).raw(if word == Word::Running { " st-quiet\">" } else { "\">" });
        self.glyph(word_glyph(word)).raw("<b>").raw(word.text()).raw("</b><span class=\"soft trunc\">").text(reason).raw("</span></span>");
    }

    /// As [`pips`].
    pub fn pips(&mut self, pips: &[Pip], ready: u32, wanted: u32) {
        let width = (pips.len().min(MOST_PIPS) * 10).saturating_sub(3).to_string();
        self.raw("<span class=\"pips\"><svg").attr("width", &width).raw(" height=\"12\" aria-hidden=\"true\">").drawn(&drawing(pips));
        self.raw("</svg><span>").text(&format!("{ready}/{wanted}")).raw("</span></span>");
    }
}

/// Pods that have a bar of their own.
const MOST_PIPS: usize = 8;

// All bars of one kind are one shape, and their marks another: a list has thousands of bars.
fn drawing(pips: &[Pip]) -> String {
    const FRAME: &str = "h2.8a1.5 1.5 0 0 1 1.5 1.5v7.8a1.5 1.5 0 0 1-1.5 1.5h-2.8a1.5 1.5 0 0 1-1.5-1.5v-7.8a1.5 1.5 0 0 1 1.5-1.5z";
    const SHAPES: [(Pip, &str, (usize, &str, &str)); 8] = [
        (Pip::Ready, "ok", (1, ".75 1.75", "h3.5v8.5h-3.5z")),
        (Pip::Starting, "prog", (2, ".1 .6", FRAME)),
        (Pip::Starting, "prog-in", (1, ".2 6", "h4.6v5h-4.6z")),
        (Pip::NotReady, "warn", (2, ".1 .6", FRAME)),
        (Pip::NotReady, "warn-in", (2, " 6", "h3")),
        (Pip::Failing, "bad", (2, ".1 .6", FRAME)),
        (Pip::Failing, "bad-in", (1, ".5 3.8", "l4 4.4m0-4.4-4 4.4")),
        (Pip::Missing, "idle", (2, ".1 .6", FRAME)),
    ];
    let mut out = String::new();
    for (kind, class, (x, place, line)) in SHAPES {
        let mut begun = false;
        for at in (0..MOST_PIPS).filter(|at| pips.get(*at) == Some(&kind)) {
            if !std::mem::replace(&mut begun, true) {
                let _ = write!(out, "<path class=\"pip-{class}\" d=\"");
            }
            let _ = write!(out, "M{}{place}{line}", at * 10 + x);
        }
        out.push_str(if begun { "\"/>" } else { "" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_one_kind_are_one_shape_each_in_its_place() {
        assert_eq!(drawing(&[]), "");
        assert_eq!(drawing(&[Pip::Ready, Pip::Ready]), "<path class=\"pip-ok\" d=\"M1.75 1.75h3.5v8.5h-3.5zM11.75 1.75h3.5v8.5h-3.5z\"/>");
        let mixed = drawing(&[Pip::Failing, Pip::Ready, Pip::Missing, Pip::Failing]);
        assert_eq!(mixed.matches("<path").count(), 4);
        assert!(mixed.contains("class=\"pip-bad-in\" d=\"M1.5 3.8l4 4.4m0-4.4-4 4.4M31.5 3.8l4 4.4m0-4.4-4 4.4\""), "{mixed}");
        assert_eq!(drawing(&[Pip::Ready; 20]), drawing(&[Pip::Ready; MOST_PIPS]));
    }
}
