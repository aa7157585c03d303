//! Plain operations on text that know nothing of what it says.

use crate::invisible::is_invisible;

/// What stands between two marks, the first of each.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let rest = &text[start..];
    Some(&rest[..rest.find(after)?])
}

/// The text on one line, with single spaces and without any characters that cannot be seen.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_invisible(c)).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_between_two_marks_is_found() {
        assert_eq!(between("a \"b\" c", "\"", "\""), Some("b"));
        assert_eq!(between("a \"b", "\"", "\""), None);
    }
}
