//! Where a search hits within a line, and the pieces of which a line is painted.

use domain::log::{Style, spans};

/// Letters of a line that are painted; the download has all of them.
pub(crate) const PAINTED: usize = 8_192;

/// A capital letter in the pattern makes the search mind capitals.
pub(crate) fn minds_case(pattern: &str) -> bool {
    pattern.chars().any(char::is_uppercase)
}

/// Byte ranges of `text` that match, from the left, without overlap.
pub(crate) fn hits(text: &str, pattern: &str, match_case: bool) -> Vec<(usize, usize)> {
    if pattern.is_empty() {
        return Vec::new();
    }
    if match_case {
        return text.match_indices(pattern).map(|(at, hit)| (at, at + hit.len())).collect();
    }
    let wanted: Vec<char> = pattern.chars().flat_map(char::to_lowercase).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match reaches(&text[at..], &wanted) {
            Some(len) => {
                found.push((at, at + len));
                at += len;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

// How many bytes of the text the pattern covers from its beginning.
fn reaches(text: &str, wanted: &[char]) -> Option<usize> {
    let mut wanted = wanted.iter();
    for (at, letter) in text.char_indices() {
        for low in letter.to_lowercase() {
            match wanted.next() {
                None => return Some(at),
                Some(w) if *w == low => {}
                Some(_) => return None,
            }
        }
    }
    wanted.next().is_none().then_some(text.len())
}

/// A piece of a line: text of one style, hit by the search or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) style: Style,
    pub(crate) hit: bool,
}

/// The pieces of a line, and how many letters are not painted.
pub(crate) fn pieces(raw: &str, pattern: &str, match_case: bool) -> (Vec<Piece>, usize) {
    let mut plain = String::new();
    let mut styles: Vec<(usize, Style)> = Vec::new();
    for span in spans(raw) {
        plain.push_str(span.text);
        styles.push((plain.len(), span.style));
    }
    let mut end = plain.len().min(PAINTED);
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    let hidden = plain[end..].chars().count();
    let hits = hits(&plain[..end], pattern, match_case);
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
    fn small_letters_find_both_capitals_only_capitals() {
        assert_eq!(hits("Error error", "error", minds_case("error")), [(0, 5), (6, 11)]);
        assert_eq!(hits("Error error", "Error", minds_case("Error")), [(0, 5)]);
        assert_eq!(hits("GRÖSSE größe", "größe", false), [(8, 15)]);
        assert_eq!(hits("aaaa", "aa", false), [(0, 2), (2, 4)]);
        assert_eq!(hits("İx", "i̇x", false), [(0, 3)]);
        assert!(hits("a", "", false).is_empty());
    }

    #[test]
    fn a_line_is_cut_at_hits() {
        let (pieces, hidden) = pieces("connect to mosquitto failed", "mosquitto", false);
        assert_eq!(hidden, 0);
        assert_eq!(pieces.iter().map(|p| (p.text.as_str(), p.hit)).collect::<Vec<_>>(), [("connect to ", false), ("mosquitto", true), (" failed", false)]);
    }

    #[test]
    fn markup_stays_text_and_a_very_long_line_is_cut() {
        assert_eq!(pieces("<script>alert(1)</script>", "", false).0[0].text, "<script>alert(1)</script>");
        let long = "ä".repeat(10_000);
        let (painted, hidden) = pieces(&long, "", false);
        assert_eq!(painted[0].text.len(), PAINTED);
        assert_eq!(hidden, 10_000 - PAINTED / 2);
    }

    #[test]
    fn colours_become_classes() {
        let (pieces, _) = pieces("\u{1b}[1;31mfailed\u{1b}[0m to start", "", false);
        assert_eq!(
            pieces.iter().map(|p| (p.text.as_str(), classes(p.style))).collect::<Vec<_>>(),
            [("failed", "an-red an-bold".to_owned()), (" to start", String::new())]
        );
    }
}
