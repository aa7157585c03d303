//! Names with their values: `PASSWORD=…`, `"password": "…"`, headers, YAML with its blocks, XML, lists of names and
//! values, and the few words of prose that give a password away.

mod prose;
mod span;
mod tight;

use super::names::{self, Sort};
use super::{HIDDEN, look_at};
use span::{Separator, Sign};
use std::ops::Range;

pub(super) use prose::is_prose;
pub(super) use span::word;

/// Fields that name what a field beside them holds.
const NAMES: [&str; 13] = ["name", "key", "field", "variable", "var", "param", "parameter", "property", "option", "setting", "header", "env", "k"];
/// Fields that hold what a field beside them names.
const VALUES: [&str; 7] = ["value", "val", "string", "default", "content", "plaintext", "v"];
/// Bytes of a name in a field that are looked at.
const NAMED: usize = 160;
/// Settings whose value stands behind a space at the start of a line.
const SETTINGS: [&str; 3] = ["requirepass", "masterauth", "sentinel-pass"];

/// Finds values that their names give away.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    look_at(text.len());
    let of_secret = ["kind: Secret\n", "kind: \"Secret\"", "\"kind\":\"Secret\"", "\"kind\": \"Secret\""].iter().any(|kind| text.contains(kind))
        || text.ends_with("kind: Secret");
    Pairs { text, found, line: 0, fresh: true, of_secret, below: None, named: None, valued: None, before: "", login: false }.run();
}

struct Pairs<'a, 'f> {
    text: &'a str,
    found: &'f mut Vec<Range<usize>>,
    /// Where the line begins.
    line: usize,
    /// Nothing but blanks, quotes and signs of a list was on the line so far.
    fresh: bool,
    /// It is the text of a Secret.
    of_secret: bool,
    /// All values that are indented more than this are secret.
    below: Option<usize>,
    /// What the last name in a field promised.
    named: Option<Sort>,
    /// The last value in a field whose name has not come yet.
    valued: Option<Place>,
    /// The word before.
    before: &'a str,
    /// `login` or `machine` was on this line, so that `password` is followed by one.
    login: bool,
}

/// Where a value is, and what its key looked like.
#[derive(Clone, Copy)]
struct Place {
    separator: Separator,
    /// The key is the first word of its line.
    first: bool,
    /// Characters before the key on its line.
    column: usize,
}

impl<'a> Pairs<'a, '_> {
    fn run(mut self) {
        let mut at = 0;
        while let Some(c) = self.text[at..].chars().next() {
            let end = self.name_end(at);
            if self.text[at..end].contains(char::is_alphanumeric) {
                let next = self.name(at, end).max(end);
                self.before = &self.text[at..end];
                self.pass(end, next);
                at = next;
                continue;
            }
            if end > at {
                // Signs that names are written with, but no name: `- ` of a list, a line of dashes.
                if c == '-' && end == at + 1 && self.fresh && self.text[end..].starts_with(' ') {
                    (self.named, self.valued) = (None, None);
                } else {
                    self.fresh &= c == '-';
                }
                at = end;
                continue;
            }
            at += c.len_utf8();
            match c {
                '\n' => self.pass(at - 1, at),
                '{' | '}' => (self.named, self.valued, self.fresh) = (None, None, false),
                '|' | ';' | '&' => (self.login, self.fresh) = (false, false),
                ' ' | '\t' | '"' | '\'' | '\\' => {}
                _ => self.fresh = false,
            }
        }
    }

    /// Keeps count of lines over a part that is passed.
    fn pass(&mut self, from: usize, to: usize) {
        look_at(to - from);
        self.fresh = false;
        if let Some(line_end) = self.text[from..to].rfind('\n') {
            self.line = from + line_end + 1;
            self.fresh = self.line == to;
            self.login = false;
        }
    }

    /// Where the name that begins here ends. A key of YAML may have a slash.
    fn name_end(&self, at: usize) -> usize {
        let slash = self.fresh;
        self.text[at..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.') || (slash && c == '/'))).map_or(self.text.len(), |n| at + n)
    }

    /// Looks at a name; where to go on.
    fn name(&mut self, start: usize, end: usize) -> usize {
        let name = &self.text[start..end];
        look_at(name.len());
        let Some(separator) = span::separator(self.text, start, end) else {
            self.login |= matches!(name, "login" | "machine");
            return self.prose(start, end);
        };
        let place = Place { separator, first: self.fresh, column: start - self.line };
        if place.first && self.below.is_some_and(|below| place.column <= below) {
            self.below = None;
        }
        let is = |names: &[&str]| names.iter().any(|n| name.eq_ignore_ascii_case(n));
        let spaced = name.eq_ignore_ascii_case("key") && self.text[..start].ends_with(' ') && names::makes_key_secret(self.before);
        if is(&NAMES) && separator.sign != Sign::Tight && !spaced && !self.text[..start].ends_with(['?', '&']) {
            return self.field(place);
        }
        if name.eq_ignore_ascii_case("pass") && separator.sign == Sign::Colon {
            // Results of tests are told so.
            let count = prose::first_word(&self.text[separator.value..]);
            if !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit()) {
                return separator.value;
            }
        }
        if self.of_secret && matches!(name, "data" | "stringData") {
            return self.data_of_secret(place);
        }
        let below = self.below.filter(|_| place.first && separator.sign == Sign::Colon).map(|_| Sort::Password);
        let value = if is(&VALUES) { self.named } else { None };
        // Only of an address is `key` alone a secret.
        let spaced = spaced || (name == "key" && self.text[..start].ends_with(['?', '&']));
        let sort = below.or(value).or_else(|| names::secret(name)).or_else(|| spaced.then_some(Sort::Weak));
        match sort {
            Some(sort) => self.secret(sort, place),
            None => {
                if is(&VALUES) {
                    self.valued = Some(place);
                }
                separator.value.max(end)
            }
        }
    }

    /// A field that names another.
    fn field(&mut self, place: Place) -> usize {
        let start = place.separator.value;
        let named = self.text[start..].trim_start_matches(['"', '\'', '\\']);
        let end = named
            .char_indices()
            .find(|(n, c)| *n >= NAMED || c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',' | '<' | '}'))
            .map_or(named.len(), |(n, _)| n);
        self.named = names::secret(&named[..end]);
        if self.named.is_some()
            && let Some(place) = self.valued.take()
        {
            let sort = self.named.unwrap_or(Sort::Weak);
            self.secret(sort, place);
        }
        start
    }

    /// What a Secret holds is secret, whatever it is called.
    fn data_of_secret(&mut self, place: Place) -> usize {
        let start = place.separator.value;
        if self.text[start..].starts_with('{') {
            let end = self.text[start..].find('}').map_or(self.text.len(), |n| start + n);
            self.found.push(start + 1..end);
            return end;
        }
        self.below = Some(place.column);
        start
    }

    /// Hides a value, if there is one that tells something; where to go on.
    fn secret(&mut self, sort: Sort, place: Place) -> usize {
        let separator = place.separator;
        let start = separator.value;
        if self.text[start..].starts_with('{') && !self.text[start..].starts_with("{{") {
            self.named = Some(sort);
            return start + 1;
        }
        let sentence = separator.sign == Sign::Colon && !separator.closed;
        if sentence && !self.text[start..].starts_with(HIDDEN) {
            let word = prose::first_word(&self.text[start..]);
            if prose::is_prose(word) || (sort == Sort::Weak && !place.first && !prose::is_drawn(word)) {
                return start;
            }
        }
        if separator.sign == Sign::Tight && !tight::is_secret(self.text, sort, separator) {
            return start;
        }
        let Some(span) = span::value(self.text, sort, place) else { return start };
        if names::harmless(sort, &self.text[span.clone()]) {
            return start;
        }
        let end = span.end;
        self.found.push(span);
        end
    }

    /// A name without a separator: `Bearer …`, `password 'x'`, `IDENTIFIED BY 'x'`; where to go on.
    fn prose(&mut self, start: usize, end: usize) -> usize {
        let (text, name) = (self.text, &self.text[start..end]);
        let gap = text[end..].find(|c| c != ' ' && c != '\t').unwrap_or(text.len() - end);
        look_at(gap);
        let next = end + gap;
        if gap == 0 || next == text.len() {
            return end;
        }
        let span = if name.eq_ignore_ascii_case("bearer") || name.eq_ignore_ascii_case("basic") {
            prose::after_scheme(text, name, next)
        } else if name.eq_ignore_ascii_case("by") && self.before.eq_ignore_ascii_case("identified") {
            span::quoted(text, next)
        } else if self.fresh && SETTINGS.contains(&name) {
            Some(span::word(text, next))
        } else if name.starts_with('-') {
            None
        } else {
            match names::secret(name) {
                Some(Sort::Password) if self.fresh && !name.ends_with('s') => {
                    prose::only_word(text, next).or_else(|| prose::after_password(text, next, self.login))
                }
                Some(Sort::Password) => prose::after_password(text, next, self.login),
                // `aws configure set aws_secret_access_key …`
                Some(Sort::Weak) if name.contains('_') && prose::is_drawn(prose::first_word(&text[next..])) => Some(span::word(text, next)),
                _ => None,
            }
        };
        match span {
            Some(span) if !names::harmless(Sort::Password, &text[span.clone()]) => {
                let end = span.end;
                self.found.push(span);
                end
            }
            _ => end,
        }
    }
}
