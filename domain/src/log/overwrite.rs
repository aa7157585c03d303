//! Carriage returns: what a terminal would show of a line that overwrote itself, such as a progress bar.

use std::borrow::Cow;

/// The last state of a line. Each part behind a carriage return is written over the one before, from its begin; what a
/// shorter part leaves of a longer one stays, as on a terminal. Where a line has escapes only its last part counts.
#[must_use]
pub fn overwritten(text: &str) -> Cow<'_, str> {
    let text = text.trim_end_matches('\r');
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    if text.contains('\u{1b}') {
        return Cow::Borrowed(text.rsplit('\r').find(|part| !super::plain(part).trim().is_empty()).unwrap_or_default());
    }
    let mut shown: Vec<char> = Vec::new();
    for part in text.split('\r') {
        let part: Vec<char> = part.chars().collect();
        let kept = shown.split_off(part.len().min(shown.len()));
        shown = part;
        shown.extend(kept);
    }
    Cow::Owned(shown.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_progress_bar_shows_its_last_state() {
        assert_eq!(overwritten("  0%\r 50%\r100%"), "100%");
        assert_eq!(overwritten("downloading 10 MB\rdone"), "doneloading 10 MB");
        assert_eq!(overwritten("a line of Windows\r"), "a line of Windows");
        assert_eq!(overwritten("\u{1b}[2K 10%\r\u{1b}[2K 90%\r\u{1b}[2K"), "\u{1b}[2K 90%");
        assert_eq!(overwritten("plain"), "plain");
        assert_eq!(overwritten("\r\r"), "");
        assert_eq!(overwritten("größer\rkl"), "klößer");
    }

    proptest! {
        #[test]
        fn nothing_is_too_strange(text in "[a\r\u{1b}ö\\[K]{0,60}") {
            prop_assert!(overwritten(&text).len() <= text.len());
            let shown = overwritten(&text);
            prop_assert!(!shown.contains('\r'));
        }
    }
}
