//! Why somebody changes an app.

use crate::text::one_line;

/// Most characters of a reason.
const MAX_CHARS: usize = 200;

/// A person's or a program's own words for why a change is made: one line, 200 characters at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Takes the words on one line, and as many as there is room for; nothing where there are none.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let line: String = one_line(text).trim().chars().take(MAX_CHARS).collect();
        (!line.is_empty()).then_some(Self(line))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_a_bounded_length() {
        assert_eq!(Reason::of(" CHG-4711:\nnew image ").unwrap().as_str(), "CHG-4711: new image");
        assert_eq!(Reason::of(&"ä".repeat(500)).unwrap().as_str().chars().count(), 200);
        assert_eq!(Reason::of(" \n\u{200b} "), None);
    }
}
