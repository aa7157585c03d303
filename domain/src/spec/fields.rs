//! What is found while a form is read, and the kinds of fields that several of its parts have.

use crate::form::{AppWrong, Field, Finding, LinesWrong, NumberWrong};

/// Most lines of a command or of arguments.
pub const MAX_LINES: usize = 100;
/// Most bytes of one line of a command.
const MAX_LINE: usize = 8 * 1024;

/// Findings while a form is read.
#[derive(Default)]
pub(super) struct Findings(pub(super) Vec<Finding<AppWrong>>);

impl Findings {
    /// Adds one.
    pub(super) fn add(&mut self, field: Field, wrong: impl Into<AppWrong>) {
        self.0.push(Finding { field, wrong: wrong.into() });
    }

    /// The value, or a finding.
    pub(super) fn take<T>(&mut self, field: Field, read: Result<T, impl Into<AppWrong>>) -> Option<T> {
        read.map_err(|error| self.add(field, error)).ok()
    }
}

/// What a field holds, without the blanks around it; `None` where it is empty.
pub(super) fn filled(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

/// A whole number within bounds; `empty` where nothing is typed.
pub(super) fn whole(f: &mut Findings, field: Field, text: &str, empty: u32, least: u32, most: u32) -> u32 {
    let Some(text) = filled(text) else { return empty };
    match text.parse::<u32>() {
        Ok(n) if text.bytes().all(|b| b.is_ascii_digit()) && (least..=most).contains(&n) => n,
        _ => {
            let number = text.bytes().all(|b| b.is_ascii_digit());
            f.add(field, if number { NumberWrong::OutOfRange { least, most } } else { NumberWrong::NotANumber { typed: text.to_owned(), least, most } });
            empty
        }
    }
}

/// One argument per line; empty lines at the end do not count.
pub(super) fn lines(f: &mut Findings, field: Field, text: &str) -> Vec<String> {
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        return Vec::new();
    }
    let lines: Vec<_> = text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l).to_owned()).collect();
    if lines.len() > MAX_LINES {
        f.add(field, LinesWrong::TooMany { most: MAX_LINES, now: lines.len() });
    } else if let Some(i) = lines.iter().position(|l| l.len() > MAX_LINE) {
        f.add(field, LinesWrong::TooLong { line: i + 1, most: MAX_LINE });
    } else if text.contains('\0') {
        f.add(field, LinesWrong::NullByte);
    }
    lines
}
