//! Keeps text from the cluster within bounds, and secrets out of it.

use domain::redact;
use std::borrow::Cow;

/// Most bytes of a free text such as a message.
pub(crate) const MESSAGE: usize = 1_024;
/// Most bytes of a name, reason or other short text.
pub(crate) const SHORT: usize = 512;
/// Most bytes that are looked at for secrets. The API server takes no longer message; what is kept is far shorter.
const READ: usize = 64 * 1024;

/// The text, cut at a character where it is longer than `most` bytes.
pub(crate) fn cut(text: impl Into<String>, most: usize) -> String {
    let mut text = text.into();
    if text.len() > most {
        let mut end = most;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}

/// A short text; empty where there is none.
pub(crate) fn short(text: Option<String>) -> String {
    cut(text.unwrap_or_default(), SHORT)
}

/// A text that anybody may have written, without secrets. They are hidden before the text is cut, because the sign of one
/// may be in the part that goes.
pub(crate) fn shown(text: impl Into<String>, most: usize) -> String {
    let text = cut(text, READ);
    match redact::text(&text) {
        Cow::Borrowed(same) if same.len() == text.len() => cut(text, most),
        redacted @ (Cow::Borrowed(_) | Cow::Owned(_)) => cut(redacted, most),
    }
}

/// A message; empty where there is none.
pub(crate) fn message(text: Option<String>) -> String {
    text.map_or_else(String::new, |text| shown(text, MESSAGE))
}

/// A reason or another short text that is no name; empty where there is none.
pub(crate) fn reason(text: Option<String>) -> String {
    text.map_or_else(String::new, |text| shown(text, SHORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_before_a_text_is_cut() {
        let text = format!("postgres://ann:{}@db/shop", "x1".repeat(600));
        assert_eq!(shown(text.as_str(), MESSAGE), "postgres://ann:(hidden)@db/shop");
        assert_eq!(message(Some(format!("{} --password x1", "a".repeat(MESSAGE)))).len(), MESSAGE + "…".len());
        assert_eq!(message(Some("no DB_PASSWORD=x1".into())), "no DB_PASSWORD=(hidden)");
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(cut("Grüße", 3), "Gr…");
        assert_eq!(cut("Grüße", 4), "Grü…");
        assert_eq!(cut("Grüße", 7), "Grüße");
    }
}
