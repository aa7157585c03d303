//! Reads the text of an `.env` file: `KEY=VALUE` lines with comments, `export` and quotes, as dotenv and Docker Compose take it.
//!
//! - Blank lines and lines that begin with `#` are left out.
//! - A value without quotes ends at ` #`, without the blanks around it.
//! - `'…'` is taken as it is; `"…"` knows `\n`, `\r`, `\t`, `\"`, `\\` and `\$`. Both may span lines.
//! - Nothing is expanded: `$HOME` stays `$HOME`.
//!
//! The text may hold secrets: no finding says a part of it, and values are wiped when they are dropped.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use zeroize::Zeroizing;

/// Most bytes that are read; a secret holds no more.
pub const MAX_BYTES: usize = crate::secret::MAX_SECRET_BYTES;

/// One line that sets a variable.
#[derive(Clone, PartialEq, Eq)]
pub struct Setting {
    /// Number of the line on which it begins, from 1.
    pub line: usize,
    /// Name: letters, digits, `_`, `-` and `.`, at least one.
    pub name: String,
    /// Value, without its quotes.
    pub value: Zeroizing<String>,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It has no `=`.
    NoEquals,
    /// Nothing stands before the `=`.
    NoName,
    /// The name has another character than letters, digits, `_`, `-` and `.`.
    BadName,
    /// Its quote is never closed.
    OpenQuote,
    /// Something stands behind the closing quote.
    AfterQuote,
    /// It sets a name again that this line has set.
    Repeats(usize),
}

/// A line that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with the line.
    pub fault: Fault,
}

/// Why a text cannot be read. The sentences stand in `english::form`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has more than [`MAX_BYTES`].
    TooLong,
    /// No line of it sets a variable.
    Nothing,
    /// Some lines cannot be read, by number.
    Lines(Vec<Wrong>),
}

/// Reads a text; all of it or nothing.
///
/// # Errors
/// Which lines cannot be read.
pub fn read(text: &str) -> Result<Vec<Setting>, Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refused::TooLong);
    }
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut settings, mut wrong) = (Vec::<Setting>::new(), Vec::new());
    let mut known = HashMap::new();
    let mut line = 1;
    while !rest.is_empty() {
        let (found, end) = setting(rest);
        match found {
            Ok(None) => {}
            Ok(Some((name, value))) => match known.insert(name, line) {
                Some(first) => wrong.push(Wrong { line, fault: Fault::Repeats(first) }),
                None => settings.push(Setting { line, name: name.to_owned(), value }),
            },
            Err(fault) => wrong.push(Wrong { line, fault }),
        }
        line += rest[..end].matches('\n').count();
        rest = &rest[end..];
    }
    match (wrong.is_empty(), settings.is_empty()) {
        (false, _) => Err(Refused::Lines(wrong)),
        (true, true) => Err(Refused::Nothing),
        (true, false) => Ok(settings),
    }
}

/// Whether a pasted text is meant as such a file and not as the name of one variable: it has an `=`.
#[must_use]
pub fn looks_like(text: &str) -> bool {
    text.lines().any(|line| name_and_rest(line).is_ok_and(|found| found.is_some()))
}

/// The name of a line and what stands behind its `=`; `None` where the line sets nothing.
fn name_and_rest(line: &str) -> Result<Option<(&str, &str)>, Fault> {
    let line = line.trim_start();
    if line.trim_end().is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let line = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).map_or(line, str::trim_start);
    let (name, rest) = line.split_once('=').ok_or(Fault::NoEquals)?;
    let name = name.trim_end();
    if name.is_empty() {
        return Err(Fault::NoName);
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')) {
        return Err(Fault::BadName);
    }
    Ok(Some((name, rest)))
}

type Named<'a> = (&'a str, Zeroizing<String>);

/// What the first line of a text sets, and where the line behind begins.
fn setting(text: &str) -> (Result<Option<Named<'_>>, Fault>, usize) {
    let end = text.find('\n').map_or(text.len(), |at| at + 1);
    let line = text[..end].trim_end_matches(['\r', '\n']);
    let (name, rest) = match name_and_rest(line) {
        Ok(Some(found)) => found,
        Ok(None) => return (Ok(None), end),
        Err(fault) => return (Err(fault), end),
    };
    match rest.trim_start().chars().next() {
        // A value in quotes may go on behind the line.
        Some(quote @ ('\'' | '"')) => {
            let start = line.len() - rest.trim_start().len() + 1;
            let Some(length) = closing(quote, &text[start..]) else { return (Err(Fault::OpenQuote), end) };
            let behind = &text[start + length + 1..];
            let to_end = behind.find('\n').map_or(behind.len(), |at| at + 1);
            let after = behind[..to_end].trim();
            let next = start + length + 1 + to_end;
            if !after.is_empty() && !after.starts_with('#') {
                return (Err(Fault::AfterQuote), next);
            }
            (Ok(Some((name, inside(quote, &text[start..start + length])))), next)
        }
        _ => (Ok(Some((name, Zeroizing::new(plain(rest).to_owned())))), end),
    }
}

/// A value without quotes: a `#` behind a blank begins a comment.
fn plain(text: &str) -> &str {
    let comment = text.char_indices().find(|(at, c)| *c == '#' && text[..*at].ends_with(char::is_whitespace));
    text[..comment.map_or(text.len(), |(at, _)| at)].trim()
}

/// Where the closing quote stands in what follows an opening one.
fn closing(quote: char, text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && quote == '"' && !escaped;
        closes.then_some(at)
    })
}

/// What stands between the quotes. It never grows, so no copy of it is left behind.
fn inside(quote: char, text: &str) -> Zeroizing<String> {
    let mut value = Zeroizing::new(String::with_capacity(text.len()));
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // Lines end alike on every system.
            '\r' if chars.peek() == Some(&'\n') => {}
            '\\' if quote == '"' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some(escaped @ ('"' | '\\' | '$')) => value.push(escaped),
                Some(other) => value.extend(['\\', other]),
                None => value.push('\\'),
            },
            _ => value.push(c),
        }
    }
    value
}
