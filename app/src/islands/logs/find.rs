//! The pieces of which a line is painted.

use domain::log::{Pattern, Style, spans};

/// Letters of a line that are painted until somebody asks for all of it.
pub(crate) const PAINTED: usize = 8_192;

/// A piece of a line: text of one style, hit by the search or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) style: Style,
    pub(crate) hit: bool,
}

/// The pieces of a line, and how many letters are not painted. `most` bytes are.
pub(crate) fn pieces(raw: &str, pattern: &Pattern, most: usize) -> (Vec<Piece>, usize) {
    let mut plain = String::new();
    let mut styles: Vec<(usize, Style)> = Vec::new();
    for span in spans(raw) {
        plain.push_str(span.text);
        styles.push((plain.len(), span.style));
    }
    let mut end = plain.len().min(most);
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    let hidden = plain[end..].chars().count();
    let hits = pattern.hits(&plain[..end]);
    let mut cuts: Vec<usize> = styles.iter().map(|(at, _)| *at).chain(hits.iter().flat_map(|(a, b)| [*a, *b])).filter(|at| *at < end).collect();
    cuts.push(end);
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces = Vec::new();
    let mut from = 0;
    for to in cuts {
        if to <= from {
            continue;
        }
        let style = styles.iter().find(|(at, _)| *at > from).map_or_else(Style::default, |(_, s)| *s);
        let hit = hits.iter().any(|(a, b)| *a <= from && to <= *b);
        pieces.push(Piece { text: plain[from..to].to_owned(), style, hit });
        from = to;
    }
    (pieces, hidden)
}

/// Classes of a style; empty for plain text.
pub(crate) fn classes(style: Style) -> String {
    let mut words = Vec::new();
    let name = |colour: domain::log::Colour| format!("{colour:?}").to_lowercase();
    if let Some(colour) = style.colour {
        words.push(format!("an-{}", name(colour)));
    }
    if let Some(colour) = style.background {
        words.push(format!("an-on-{}", name(colour)));
    }
    for (on, class) in [(style.bold, "an-bold"), (style.dim, "an-dim"), (style.underline, "an-under")] {
        if on {
            words.push(class.to_owned());
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_hits() {
        let (pieces, hidden) = pieces("connect to mosquitto failed", &Pattern::read("mosquitto", false), PAINTED);
        assert_eq!(hidden, 0);
        assert_eq!(pieces.iter().map(|p| (p.text.as_str(), p.hit)).collect::<Vec<_>>(), [("connect to ", false), ("mosquitto", true), (" failed", false)]);
    }

    #[test]
    fn markup_stays_text_and_a_very_long_line_is_cut() {
        assert_eq!(pieces("<script>alert(1)</script>", &Pattern::Nothing, PAINTED).0[0].text, "<script>alert(1)</script>");
        let long = "ä".repeat(10_000);
        let (painted, hidden) = pieces(&long, &Pattern::Nothing, PAINTED);
        assert_eq!(painted[0].text.len(), PAINTED);
        assert_eq!(hidden, 10_000 - PAINTED / 2);
        assert_eq!(pieces(&long, &Pattern::Nothing, usize::MAX).1, 0, "all of it on demand");
    }

    #[test]
    fn colours_become_classes() {
        let (pieces, _) = pieces("\u{1b}[1;31mfailed\u{1b}[0m to start", &Pattern::Nothing, PAINTED);
        assert_eq!(
            pieces.iter().map(|p| (p.text.as_str(), classes(p.style))).collect::<Vec<_>>(),
            [("failed", "an-red an-bold".to_owned()), (" to start", String::new())]
        );
    }
}
