//! Characters that nobody sees: with them one name can look like another, or a sentence read backwards.

/// Whether a text has a character without a look of its own: controls, directions, zero-width signs, fillers and tags (of
/// the Unicode category Cf and of those that are ignored by default). Joiners and variation selectors are letters'
/// business in Persian, in Indian scripts and between emoji, so they may stand after what is not ASCII.
#[must_use]
pub fn any(text: &str) -> bool {
    let mut before = None;
    text.chars().any(|c| {
        let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}') && before.is_some_and(|b: char| !b.is_ascii());
        before = Some(c);
        is_invisible(c) && !joins
    })
}

/// Whether this character shows nothing, or only changes how others are shown.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::any;

    #[test]
    fn a_name_shows_all_that_it_has() {
        for good in ["Ilse Brandt", "Grüße", "علی", "می\u{200c}خواهم", "👩\u{200d}💻 tools", "東京", "O’Neil", "❤\u{fe0f} ops"] {
            assert!(!any(good), "{good}");
        }
        for bad in [
            "ad\u{200b}min",
            "ad\u{200d}min",
            "\u{202e}nimda",
            "\u{feff}web",
            "web\u{2066}",
            "a\u{ad}b",
            "a\nb",
            "web\u{e0061}",
            "\u{200c}web",
            "\u{3164}",
            "Admin\u{3164}",
            "\u{2800}",
            "web\u{fe0f}",
        ] {
            assert!(any(bad), "{}", bad.escape_unicode());
        }
    }
}
