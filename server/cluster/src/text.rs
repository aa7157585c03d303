//! Keeps text from the cluster within bounds.

/// Most bytes of a free text such as a message.
pub(crate) const MESSAGE: usize = 1_024;
/// Most bytes of a name, reason or other short text.
pub(crate) const SHORT: usize = 512;

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

/// A message; empty where there is none.
pub(crate) fn message(text: Option<String>) -> String {
    cut(text.unwrap_or_default(), MESSAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(cut("Grüße", 3), "Gr…");
        assert_eq!(cut("Grüße", 4), "Grü…");
        assert_eq!(cut("Grüße", 7), "Grüße");
    }
}
