//! Takes one JSON value as its bytes come and keeps what its rule says.
//!
//! The result is JSON again, to be read by a parser of types; whether names and numbers are well-formed is the parser's
//! matter. What is dropped costs no memory, however long and however deep it is.

use super::Broken;
use super::rule::{Field, Limits, Rule};
use memchr::{memchr, memchr2};
use std::mem::take;

/// Most levels that are kept; no type of Kubernetes that the portal reads has half as many. Below stands null.
const DEPTH: usize = 64;
/// Most bytes of a field's name. A longer one is left out with its value.
const NAME: usize = 1_024;
/// Most bytes of a text that tells which object this is.
const IDENTITY: usize = 512;

/// Which object it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) name: String,
    /// Its namespace; empty where it has none.
    pub(crate) namespace: String,
    pub(crate) uid: String,
    /// Its version.
    pub(crate) version: String,
    /// When it was created, as written.
    pub(crate) created: String,
}

/// A value that has come to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'a> {
    /// What was kept of it, as JSON; `null` where it is too large.
    pub(crate) json: &'a [u8],
    /// Which object it is, as far as it says.
    pub(crate) identity: &'a Identity,
    /// It is larger than the limit.
    pub(crate) large: bool,
}

/// Where in the value the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Before a value.
    Value,
    /// Behind `[`.
    FirstOrEnd,
    /// Behind `{`.
    NameOrEnd,
    /// Before a field's name.
    Name,
    /// In a field's name; whether the byte before was a backslash.
    InName(bool),
    /// Behind a field's name.
    Colon,
    /// In a text.
    Text(Escape),
    /// In a number or a word.
    Scalar,
    /// Behind a value.
    After,
    /// In a value that is dropped: open brackets.
    Dropped(usize),
    /// In a text of a value that is dropped: open brackets, and whether the byte before was a backslash.
    DroppedText(usize, bool),
    /// In a number or a word that is dropped.
    DroppedScalar,
    /// Behind the whole value.
    End,
}

/// Where in an escape of a text the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    None,
    /// Behind the backslash.
    Slash,
    /// Behind so many digits of `\u`.
    Hex(u8),
}

/// An open array or object.
#[derive(Clone, Copy, Debug)]
struct Level {
    object: bool,
    /// Of an object: its own rule. Of an array: that of each element.
    rule: &'static Rule,
    /// Elements or fields so far.
    count: usize,
}

/// A text that is being kept.
#[derive(Clone, Copy, Debug, Default)]
struct Text {
    /// Where it starts in the output.
    start: usize,
    /// Up to here it can be cut.
    safe: usize,
    limit: usize,
    /// It was cut: nothing more of it is kept.
    cut: bool,
    /// The first half of a pair of escapes for one character was the last that came.
    half: bool,
    note: Option<Field>,
}

/// See above.
#[derive(Debug)]
pub(crate) struct Sieve {
    limits: Limits,
    out: Vec<u8>,
    at: At,
    stack: Vec<Level>,
    rule: &'static Rule,
    name: Vec<u8>,
    text: Text,
    /// The first two digits of an escape.
    digits: [u8; 2],
    identity: Identity,
    large: bool,
}

impl Sieve {
    /// A sieve for values of this size.
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            out: Vec::new(),
            at: At::End,
            stack: Vec::new(),
            rule: &Rule::Keep,
            name: Vec::new(),
            text: Text::default(),
            digits: [0; 2],
            identity: Identity::default(),
            large: false,
        }
    }

    /// Begins a value.
    pub(crate) fn begin(&mut self, rule: &'static Rule) {
        self.out.clear();
        self.stack.clear();
        for field in [Field::Name, Field::Namespace, Field::Uid, Field::Version, Field::Created] {
            self.identity.of(field).clear();
        }
        (self.rule, self.at, self.large) = (rule, At::Value, false);
    }

    /// The value, once [`Sieve::feed`] has said that it is at its end.
    pub(crate) fn object(&self) -> Object<'_> {
        Object { json: if self.large { b"null" } else { &self.out }, identity: &self.identity, large: self.large }
    }

    /// Takes bytes up to the end of the value; how many those were, and whether it is at its end. A number is at its end
    /// only with the byte behind it, which is not taken.
    ///
    /// # Errors
    /// The brackets do not match.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(usize, bool), Broken> {
        let mut i = 0;
        while i < bytes.len() && self.at != At::End {
            i += self.step(&bytes[i..])?;
        }
        Ok((i, self.at == At::End))
    }

    /// Takes at least one byte, unless it only finds that a number is at its end.
    fn step(&mut self, rest: &[u8]) -> Result<usize, Broken> {
        let byte = rest[0];
        match self.at {
            At::Text(Escape::None) => return Ok(self.plain(rest)),
            At::Text(escape) => {
                self.escaped(escape, byte);
                return Ok(1);
            }
            At::InName(escaped) => return Ok(self.name(rest, escaped)),
            At::Scalar | At::DroppedScalar => {
                let end = rest.iter().position(|b| is_end(*b)).unwrap_or(rest.len());
                if self.at == At::Scalar {
                    self.put(&rest[..end]);
                }
                if end < rest.len() {
                    self.ended();
                }
                return Ok(end);
            }
            At::Dropped(depth) => return Ok(self.dropped(rest, depth)),
            At::DroppedText(depth, escaped) => return Ok(self.dropped_text(rest, depth, escaped)),
            _ if byte.is_ascii_whitespace() => return Ok(1),
            At::FirstOrEnd if byte == b']' => self.close(false)?,
            At::NameOrEnd if byte == b'}' => self.close(true)?,
            At::Value | At::FirstOrEnd => return self.value(byte),
            At::NameOrEnd | At::Name if byte == b'"' => {
                self.name.clear();
                self.at = At::InName(false);
            }
            At::Colon if byte == b':' => self.at = At::Value,
            At::After => match (byte, self.stack.last()) {
                (b',', Some(level)) => self.at = if level.object { At::Name } else { At::Value },
                (b']', Some(_)) => self.close(false)?,
                (b'}', Some(_)) => self.close(true)?,
                _ => return Err(Broken),
            },
            At::NameOrEnd | At::Name | At::Colon | At::End => return Err(Broken),
        }
        Ok(1)
    }

    /// The first byte of a value.
    fn value(&mut self, byte: u8) -> Result<usize, Broken> {
        let mut rule = self.rule;
        if let Some(level) = self.stack.last_mut().filter(|level| !level.object) {
            rule = level.rule;
            if level.count >= self.limits.elements || matches!(rule, Rule::Drop) {
                return self.drop_value(byte);
            }
            level.count += 1;
            if level.count > 1 {
                self.put(b",");
            }
        } else if matches!(rule, Rule::Drop) {
            return self.drop_value(byte);
        }
        match byte {
            b'"' => {
                self.put(b"\"");
                let limit = if let Rule::Cut(most) = rule { (*most).min(self.limits.text) } else { self.limits.text };
                let note = if let Rule::Note(field) = rule { Some(*field) } else { None };
                self.text = Text { start: self.out.len(), safe: self.out.len(), limit, note, ..Text::default() };
                self.at = At::Text(Escape::None);
            }
            b'{' | b'[' if self.stack.len() >= DEPTH => {
                self.put(b"null");
                return self.drop_value(byte);
            }
            b'{' | b'[' => {
                self.put(&[byte]);
                self.stack.push(Level { object: byte == b'{', rule, count: 0 });
                self.at = if byte == b'{' { At::NameOrEnd } else { At::FirstOrEnd };
            }
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                self.at = At::Scalar;
                return Ok(0);
            }
            _ => return Err(Broken),
        }
        Ok(1)
    }

    fn drop_value(&mut self, byte: u8) -> Result<usize, Broken> {
        self.at = match byte {
            b'"' => At::DroppedText(0, false),
            b'{' | b'[' => At::Dropped(1),
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => At::DroppedScalar,
            _ => return Err(Broken),
        };
        Ok(usize::from(self.at != At::DroppedScalar))
    }

    fn dropped(&mut self, rest: &[u8], mut depth: usize) -> usize {
        for (i, byte) in rest.iter().enumerate() {
            match byte {
                b'"' => {
                    self.at = At::DroppedText(depth, false);
                    return i + 1;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.ended();
                return i + 1;
            }
        }
        self.at = At::Dropped(depth);
        rest.len()
    }

    fn dropped_text(&mut self, rest: &[u8], depth: usize, escaped: bool) -> usize {
        if escaped {
            self.at = At::DroppedText(depth, false);
            return 1;
        }
        let Some(i) = memchr2(b'"', b'\\', rest) else { return rest.len() };
        match (rest[i], depth) {
            (b'\\', _) => self.at = At::DroppedText(depth, true),
            (_, 0) => self.ended(),
            _ => self.at = At::Dropped(depth),
        }
        i + 1
    }

    /// Bytes of a field's name.
    fn name(&mut self, rest: &[u8], escaped: bool) -> usize {
        if escaped {
            self.add_to_name(&rest[..1]);
            self.at = At::InName(false);
            return 1;
        }
        let end = memchr2(b'"', b'\\', rest);
        self.add_to_name(&rest[..end.unwrap_or(rest.len())]);
        let Some(i) = end else { return rest.len() };
        if rest[i] == b'\\' {
            self.add_to_name(b"\\");
            self.at = At::InName(true);
        } else {
            self.named();
        }
        i + 1
    }

    fn add_to_name(&mut self, bytes: &[u8]) {
        if self.name.len() <= NAME {
            self.name.extend_from_slice(&bytes[..bytes.len().min(NAME + 1)]);
        }
    }

    /// A field's name is complete: from here on it is known what happens to its value.
    fn named(&mut self) {
        self.at = At::Colon;
        let Some(level) = self.stack.last_mut() else { return };
        self.rule = if self.name.len() > NAME { &Rule::Drop } else { level.rule.of(&self.name) };
        if matches!(self.rule, Rule::Drop) {
            return;
        }
        level.count += 1;
        if level.count > 1 {
            self.put(b",");
        }
        let name = take(&mut self.name);
        self.put(b"\"");
        self.put(&name);
        self.put(b"\":");
        self.name = name;
    }

    /// Bytes of a text up to its end or the next escape.
    fn plain(&mut self, rest: &[u8]) -> usize {
        // Mostly there is no escape, and one search is cheaper than two.
        let quote = memchr(b'"', rest).unwrap_or(rest.len());
        let end = memchr(b'\\', &rest[..quote]).unwrap_or(quote);
        if end > 0 {
            self.text.half = false;
            self.keep_text(&rest[..end], true);
        }
        match rest.get(end) {
            Some(b'\\') => {
                if !self.text.half && !self.text.cut {
                    self.text.safe = self.out.len();
                }
                self.keep_text(b"\\", false);
                self.at = At::Text(Escape::Slash);
                end + 1
            }
            Some(_) => {
                self.end_text();
                end + 1
            }
            None => end,
        }
    }

    /// A byte of an escape.
    fn escaped(&mut self, escape: Escape, byte: u8) {
        self.keep_text(&[byte], false);
        let next = match escape {
            Escape::Slash if byte == b'u' => Escape::Hex(0),
            Escape::Hex(n) if n < 3 => {
                if let Some(digit) = self.digits.get_mut(usize::from(n)) {
                    *digit = byte.to_ascii_lowercase();
                }
                Escape::Hex(n + 1)
            }
            Escape::None | Escape::Slash | Escape::Hex(_) => Escape::None,
        };
        if next == Escape::None {
            self.text.half = matches!(escape, Escape::Hex(_)) && self.digits[0] == b'd' && matches!(self.digits[1], b'8'..=b'b');
        }
        self.at = At::Text(next);
    }

    /// Keeps bytes of a text as far as there is room; `plain` ones can be cut behind each of their characters.
    fn keep_text(&mut self, bytes: &[u8], plain: bool) {
        if self.text.cut || self.large {
            self.note(bytes);
            return;
        }
        let room = self.text.start.saturating_add(self.text.limit).saturating_sub(self.out.len());
        let whole = bytes.len() <= room;
        let kept = if whole { bytes } else { &bytes[..room] };
        self.note(kept);
        self.put(kept);
        if plain {
            self.text.safe = self.text.safe.max(whole_characters(&self.out));
        }
        if !whole {
            self.text.cut = true;
            let safe = self.text.safe.min(self.out.len());
            self.out.truncate(safe);
        }
    }

    /// Notes which object this is, also where the object is too large to be kept.
    fn note(&mut self, bytes: &[u8]) {
        let Some(field) = self.text.note else { return };
        let noted = self.identity.of(field);
        if noted.len() + bytes.len() <= IDENTITY
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            noted.push_str(text);
        }
    }

    fn end_text(&mut self) {
        self.put(b"\"");
        self.ended();
    }

    fn close(&mut self, object: bool) -> Result<(), Broken> {
        if self.stack.pop().is_none_or(|level| level.object != object) {
            return Err(Broken);
        }
        self.put(if object { b"}" } else { b"]" });
        self.ended();
        Ok(())
    }

    fn ended(&mut self) {
        self.at = if self.stack.is_empty() { At::End } else { At::After };
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.large {
            return;
        }
        if self.out.len() + bytes.len() > self.limits.object {
            self.large = true;
            self.out.clear();
            return;
        }
        self.out.extend_from_slice(bytes);
    }
}

impl Identity {
    fn of(&mut self, field: Field) -> &mut String {
        match field {
            Field::Name => &mut self.name,
            Field::Namespace => &mut self.namespace,
            Field::Uid => &mut self.uid,
            Field::Version => &mut self.version,
            Field::Created => &mut self.created,
        }
    }
}

const fn is_end(byte: u8) -> bool {
    matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t')
}

/// How many bytes there are without the beginning of a character at their end.
fn whole_characters(bytes: &[u8]) -> usize {
    let end = bytes.len();
    for back in 1..=3.min(end) {
        let byte = bytes[end - back];
        if byte & 0b1100_0000 == 0b1000_0000 {
            continue;
        }
        let length = match byte {
            0xF0.. => 4,
            0xE0.. => 3,
            0xC0.. => 2,
            _ => 1,
        };
        return if length > back { end - back } else { end };
    }
    end
}

#[cfg(test)]
mod tests;
