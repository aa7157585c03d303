//! Where a value begins and ends.

use super::super::names::Sort;
use super::super::{HIDDEN, look_at};
use super::Place;
use std::ops::Range;

/// How a name and its value are bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::redact) enum Sign {
    /// `=`, `=>`, `:=`
    Equals,
    /// `: `, or any colon behind a name in quotes
    Colon,
    /// A colon without a space: `password:x`, but also `host:80`
    Tight,
    /// `>` of XML
    Tag,
    /// `%3D` of an address inside of an address
    Encoded,
}

/// What is between a name and its value.
#[derive(Clone, Copy, Debug)]
pub(in crate::redact) struct Separator {
    pub(in crate::redact) sign: Sign,
    /// Where the value begins.
    pub(in crate::redact) value: usize,
    /// The name ends in a quote or bracket.
    pub(in crate::redact) closed: bool,
    /// There is a space before the sign.
    pub(in crate::redact) spaced: bool,
}

/// Bytes of a name that are looked for behind a sign that may end a value.
const AHEAD: usize = 48;

/// The separator behind the name from `start` to `end`.
pub(in crate::redact) fn separator(text: &str, start: usize, end: usize) -> Option<Separator> {
    let closing = run(text, end, |c| matches!(c, '"' | '\'' | '\\' | ']'));
    let sign_at = run(text, closing, |c| c == ' ' || c == '\t');
    look_at(sign_at - end);
    let (closed, spaced) = (closing > end, sign_at > closing);
    let rest = &text[sign_at..];
    let with = |sign, value| Some(Separator { sign, value, closed, spaced });
    let blanks = |from| run(text, from, |c| c == ' ' || c == '\t');
    if rest.starts_with('=') || rest.starts_with(":=") {
        let value = run(text, sign_at, |c| matches!(c, ':' | '=' | '>'));
        // `A= app` runs app without A, and `a = b` gives a to b.
        return with(Sign::Equals, if spaced || closed { blanks(value) } else { value });
    }
    if rest.starts_with(':') {
        let value = blanks(sign_at + 1);
        look_at(value - sign_at);
        let told = value > sign_at + 1 || closed || text[value..].is_empty() || text[value..].starts_with(['\n', '\r']);
        return if told {
            with(Sign::Colon, value)
        } else if rest.starts_with("::") {
            None
        } else {
            with(Sign::Tight, value)
        };
    }
    if rest.starts_with('>') && text[..start].ends_with(['<', '"', '\'', ':']) {
        return with(Sign::Tag, sign_at + 1);
    }
    if !closed && !spaced && (rest.starts_with("%3D") || rest.starts_with("%3d")) {
        return with(Sign::Encoded, sign_at + 3);
    }
    None
}

fn run(text: &str, from: usize, of: impl Fn(char) -> bool) -> usize {
    text[from..].find(|c| !of(c)).map_or(text.len(), |n| from + n)
}

/// The value behind a separator; `None` where there is none.
pub(in crate::redact) fn value(text: &str, sort: Sort, place: Place) -> Option<Range<usize>> {
    let separator = place.separator;
    let start = separator.value;
    // Only the first name of a line looks for its end, so that this is done once.
    let line = if place.first { line_end(text, start) } else { start };
    if separator.sign == Sign::Colon && place.first && opens_block(&text[start..line]) {
        return block(text, line, place.column, text[start..line].trim_start().starts_with(['|', '>']));
    }
    let rest = &text[start..];
    let first = rest.chars().next()?;
    let span = match first {
        '\n' | '\r' => return None,
        _ if separator.sign == Sign::Tag => tag(text, start)?,
        '"' | '\'' | '\\' if quoted(text, start).is_some() => {
            let span = quoted(text, start)?;
            let behind = (span.end + 1).min(text.len());
            // `"a"b` is one word of a shell.
            let goes_on = separator.sign == Sign::Equals && first != '\\' && text.is_char_boundary(behind) && !ends_value(text, behind);
            if goes_on { start..word(text, behind).end } else { span }
        }
        '[' => start..rest.find(']').map_or(text.len(), |n| start + n + 1),
        _ if sort == Sort::Header => start..rest.find(['"', '\'', '\n', '\r']).map_or(text.len(), |n| start + n),
        _ if separator.sign == Sign::Colon && place.first && !separator.closed => {
            let end = text[..line].trim_end().len();
            block(text, line, place.column, false).map_or(start..end, |more| start..more.end)
        }
        _ if separator.sign == Sign::Equals && place.first && separator.spaced => start..text[..line].trim_end().len(),
        _ if separator.sign == Sign::Encoded => start..rest.find("%26").map_or(text.len(), |n| start + n).min(word(text, start).end),
        _ => word(text, start),
    };
    look_at(span.len());
    (span.start < span.end).then_some(span)
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |n| from + n)
}

/// `|`, `>-`, or nothing: the value is on the next lines.
fn opens_block(line: &str) -> bool {
    let line = line.trim();
    let head = line.split(" #").next().unwrap_or_default().trim_end();
    head.is_empty() || (head.starts_with(['|', '>']) && head.len() <= 3 && head[1..].bytes().all(|b| matches!(b, b'+' | b'-' | b'0'..=b'9')))
}

/// The lines behind `line` that are indented more than `column`. Unless they are `literal`, fields of an object end them.
fn block(text: &str, line: usize, column: usize, literal: bool) -> Option<Range<usize>> {
    let mut span: Option<Range<usize>> = None;
    let mut at = (line + 1).min(text.len());
    while at < text.len() {
        let end = line_end(text, at);
        look_at(end - at);
        let content = text[at..end].trim_start_matches([' ', '\t']);
        let indent = end - at - content.len();
        let item = content.strip_prefix("- ").filter(|_| !literal);
        let inside = indent > column || (indent == column && item.is_some());
        let words = item.unwrap_or(content).trim_end();
        if !words.is_empty() {
            if !inside || (!literal && is_field(words)) {
                break;
            }
            let last = text[..end].trim_end().len();
            let first = span.as_ref().map_or(end - item.unwrap_or(content).len(), |s| s.start);
            span = Some(first..last);
        }
        at = end + 1;
    }
    span
}

/// `name: value`, `name:`
fn is_field(line: &str) -> bool {
    line.ends_with(':') || line.find(": ").is_some_and(|at| !line[..at].contains(' '))
}

/// The text of an element of XML.
fn tag(text: &str, start: usize) -> Option<Range<usize>> {
    const CDATA: &str = "<![CDATA[";
    let from = if text[start..].starts_with(CDATA) { start + CDATA.len() } else { start };
    let close = if from > start { "]]>" } else { "<" };
    match text[from..].find(close) {
        Some(n) if from > start || text[from + n..].starts_with("</") => Some(from..from + n),
        Some(_) => None,
        // It was cut.
        None => Some(from..text.len()),
    }
}

/// What is between the quotes that begin here; they may be escaped as in JSON inside of JSON. `None` where no quote
/// begins. Without an end it goes on to the end of the text.
pub(in crate::redact) fn quoted(text: &str, start: usize) -> Option<Range<usize>> {
    let slashes = text[start..].bytes().take_while(|b| *b == b'\\').count();
    let quote = text[start + slashes..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let from = start + slashes + 1;
    let bytes = text.as_bytes();
    let (mut at, mut before) = (from, 0);
    while at < text.len() {
        if bytes[at] == quote as u8 && before <= slashes {
            // `''` inside of quotes is one quote.
            let doubled = slashes == 0 && at > from && bytes.get(at + 1) == Some(&(quote as u8));
            if !doubled {
                let end = at - before.min(slashes);
                return Some(from..end.max(from));
            }
            at += 1;
        }
        before = if bytes[at] == b'\\' { before + 1 } else { 0 };
        at += 1;
    }
    Some(from..text.len())
}

/// A word of a shell, with its quotes, up to what ends it in the text around it.
pub(in crate::redact) fn word(text: &str, start: usize) -> Range<usize> {
    let mut at = start;
    if text[at..].starts_with(HIDDEN) {
        at += HIDDEN.len();
    } else if let Some(length) = substitution(&text[at..]) {
        at += length;
    }
    while let Some(c) = text[at..].chars().next() {
        let behind = at + c.len_utf8();
        match c {
            _ if c.is_whitespace() || matches!(c, '<' | '>') => break,
            '"' | '\'' => {
                if ends_value(text, behind) {
                    break;
                }
                // It opens: the word goes on behind its end, if it has one on this line.
                let rest = &text[behind..line_end_near(text, behind)];
                at = rest.find(c).map_or(behind, |n| behind + n + 1);
                continue;
            }
            '\\' if text[behind..].starts_with(['"', '\'', '\\']) => {
                let quote = run(text, behind, |c| c == '\\');
                if text[quote..].starts_with(['"', '\'']) && ends_value(text, quote + 1) {
                    break;
                }
                at = text[quote..].chars().next().map_or(quote, |c| quote + c.len_utf8());
                continue;
            }
            '\\' => {
                at = text[behind..].chars().next().filter(|c| !c.is_whitespace()).map_or(behind, |c| behind + c.len_utf8());
                continue;
            }
            ',' | ';' | '&' | '|' | ')' | '}' | ']' if ends_value(text, behind) || pair_follows(text, behind) => break,
            _ => {}
        }
        at = behind;
    }
    look_at(at - start);
    start..at
}

/// Length of `$(…)`, `${…}` or `{{…}}` that the text begins with; it may have blanks inside.
fn substitution(text: &str) -> Option<usize> {
    let close = [("$(", ")"), ("${", "}"), ("{{", "}}")].into_iter().find_map(|(open, close)| text.starts_with(open).then_some(close))?;
    let mut near = text.len().min(256);
    while !text.is_char_boundary(near) {
        near -= 1;
    }
    text[..near].find(close).map(|at| at + close.len())
}

/// A quote is looked for on the same line and not further than this.
fn line_end_near(text: &str, from: usize) -> usize {
    let mut near = (from + 4_096).min(text.len());
    while !text.is_char_boundary(near) {
        near -= 1;
    }
    text[from..near].find('\n').map_or(near, |n| from + n)
}

/// Whether what is from here on shows that a value has ended before it.
fn ends_value(text: &str, at: usize) -> bool {
    text[at..].starts_with("/>")
        || text[at..]
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '&' | '|' | ')' | ']' | '}' | '>' | '<' | '`' | '\\'))
}

/// Whether another name with its value is here.
fn pair_follows(text: &str, at: usize) -> bool {
    let mut end = (at + AHEAD).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let ahead = text[at..end].trim_start_matches(['"', '\'', '?']);
    let name = ahead.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '%')));
    look_at(end - at);
    name.is_some_and(|n| n > 0 && ahead[n..].starts_with(['=', ':', '"', '\'']))
}
