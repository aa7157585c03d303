//! Takes an answer of the API server apart: a list into its elements, a watch into its changes.

use super::Broken;
use super::rule::{Limits, Rule};
use super::sieve::{Object, Sieve};

/// Most bytes of a list's own metadata and of the type of a change.
const ASIDE: usize = 16 * 1024;
/// Most bytes of a field's name at the top of an answer.
const NAME: usize = 64;

/// What kind of answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One object.
    Object,
    /// An object with `items` and `metadata`.
    List,
    /// Objects with `type` and `object`, one after the other.
    Watch,
}

/// A piece of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Piece<'a> {
    /// The object, or an element of the list.
    Object(Object<'a>),
    /// A change: its type in quotes, and its object.
    Change(&'a [u8], Object<'a>),
}

/// Where in the answer the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Start,
    FieldOrEnd,
    Field,
    InField,
    Colon,
    Value,
    /// In the object, in an element, or in the object of a change.
    InMain,
    /// In another value.
    InAside,
    After,
    ElementOrEnd,
    Element,
    AfterElement,
    End,
}

/// An answer that is being taken apart.
#[derive(Debug)]
pub(super) struct Doc {
    shape: Shape,
    rule: &'static Rule,
    at: At,
    field: Vec<u8>,
    main: Sieve,
    aside: Sieve,
    /// Of a list: its metadata. Of a change: its type.
    about: Vec<u8>,
}

impl Doc {
    /// An answer of this shape; the rule and the limits are for the objects in it.
    pub(super) fn new(shape: Shape, rule: &'static Rule, limits: Limits) -> Self {
        let (main, aside) = (Sieve::new(limits), Sieve::new(Limits::exact(ASIDE)));
        Self { shape, rule, at: At::Start, field: Vec::new(), main, aside, about: Vec::new() }
    }

    /// Whether the answer is complete.
    pub(super) fn complete(&self) -> bool {
        self.at == if self.shape == Shape::Watch { At::Start } else { At::End }
    }

    /// A list's own metadata, once it is complete; empty where it has none.
    pub(super) fn about(&self) -> &[u8] {
        &self.about
    }

    /// Takes bytes up to the end of the next piece; `None` once all of them are taken.
    ///
    /// # Errors
    /// It is not of this shape.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Piece<'_>>, Broken> {
        while let Some(byte) = bytes.first().copied() {
            match self.at {
                At::InMain => {
                    let (taken, ended) = self.main.feed(bytes)?;
                    *bytes = &bytes[taken..];
                    if ended {
                        match self.shape {
                            Shape::Object => self.at = At::End,
                            Shape::List => self.at = At::AfterElement,
                            Shape::Watch => self.at = At::After,
                        }
                        if self.shape != Shape::Watch {
                            return Ok(Some(Piece::Object(self.main.object())));
                        }
                    }
                    continue;
                }
                At::InAside => {
                    let (taken, ended) = self.aside.feed(bytes)?;
                    *bytes = &bytes[taken..];
                    if ended {
                        self.at = At::After;
                        if self.keeps_aside() {
                            self.about.clear();
                            self.about.extend_from_slice(self.aside.object().json);
                        }
                    }
                    continue;
                }
                At::Value | At::Element | At::ElementOrEnd if !byte.is_ascii_whitespace() => {
                    if self.begin(byte) {
                        *bytes = &bytes[1..];
                    }
                    continue;
                }
                At::Start if self.shape == Shape::Object => {
                    self.main.begin(self.rule);
                    self.at = At::InMain;
                    continue;
                }
                At::Start
                | At::FieldOrEnd
                | At::Field
                | At::InField
                | At::Colon
                | At::Value
                | At::After
                | At::ElementOrEnd
                | At::Element
                | At::AfterElement
                | At::End => *bytes = &bytes[1..],
            }
            if self.outer(byte)? {
                return Ok(Some(Piece::Change(&self.about, self.main.object())));
            }
        }
        Ok(None)
    }

    /// Begins a value or an element, or ends the elements; whether the byte is taken.
    fn begin(&mut self, byte: u8) -> bool {
        let main = match self.shape {
            Shape::Object | Shape::List => None,
            Shape::Watch => Some(b"object".as_slice()),
        };
        match (self.at, byte) {
            (At::ElementOrEnd, b']') => {
                self.at = At::After;
                return true;
            }
            (At::Value, b'[') if self.shape == Shape::List && self.field == b"items" => {
                self.at = At::ElementOrEnd;
                return true;
            }
            (At::Value, _) if main != Some(self.field.as_slice()) => {
                self.aside.begin(if self.keeps_aside() { &Rule::Keep } else { &Rule::Drop });
                self.at = At::InAside;
            }
            _ => {
                self.main.begin(self.rule);
                self.at = At::InMain;
            }
        }
        false
    }

    fn keeps_aside(&self) -> bool {
        match self.shape {
            Shape::Object => false,
            Shape::List => self.field == b"metadata",
            Shape::Watch => self.field == b"type",
        }
    }

    /// A byte between the values; whether a change is complete.
    fn outer(&mut self, byte: u8) -> Result<bool, Broken> {
        if self.at == At::InField {
            match byte {
                b'"' => self.at = At::Colon,
                _ if self.field.len() < NAME => self.field.push(byte),
                _ => return Err(Broken),
            }
            return Ok(false);
        }
        if byte.is_ascii_whitespace() {
            return Ok(false);
        }
        self.at = match (self.at, byte) {
            (At::Start, b'{') => {
                self.about.clear();
                // Where a change has no object, the one before must not stand for it.
                self.main.begin(&Rule::Keep);
                At::FieldOrEnd
            }
            (At::FieldOrEnd | At::Field, b'"') => {
                self.field.clear();
                At::InField
            }
            (At::Colon, b':') => At::Value,
            (At::After, b',') => At::Field,
            (At::AfterElement, b',') => At::Element,
            (At::AfterElement, b']') => At::After,
            (At::FieldOrEnd | At::After, b'}') if self.shape == Shape::Watch => {
                self.at = At::Start;
                return Ok(true);
            }
            (At::FieldOrEnd | At::After, b'}') => At::End,
            _ => return Err(Broken),
        };
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes an answer apart that comes in pieces of so many bytes.
    fn apart(shape: Shape, text: &str, at_once: usize) -> Result<(Vec<String>, String, bool), Broken> {
        let mut doc = Doc::new(shape, &Rule::Keep, Limits::exact(1_000));
        let mut found = Vec::new();
        for chunk in text.as_bytes().chunks(at_once) {
            let mut rest = chunk;
            while let Some(piece) = doc.next(&mut rest)? {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                found.push(match piece {
                    Piece::Object(o) => text(o.json),
                    Piece::Change(kind, o) => format!("{} {}", text(kind), text(o.json)),
                });
            }
        }
        Ok((found, String::from_utf8(doc.about().to_vec()).unwrap(), doc.complete()))
    }

    #[test]
    fn a_list_comes_apart_wherever_its_bytes_are_cut() {
        let text = r#" {"kind":"List", "metadata": {"continue":"x\"}]"}, "items": [ {"a":[1,{"b":"]}"}]} , {} ,7 ], "more": [null] } "#;
        let wanted = (vec![r#"{"a":[1,{"b":"]}"}]}"#.to_owned(), "{}".into(), "7".into()], r#"{"continue":"x\"}]"}"#.to_owned(), true);
        for at_once in 1..text.len() {
            assert_eq!(apart(Shape::List, text, at_once), Ok(wanted.clone()), "{at_once}");
        }
        assert_eq!(apart(Shape::List, r#"{"metadata":{},"items":[]}"#, 3), Ok((vec![], "{}".into(), true)));
        assert_eq!(apart(Shape::List, r#"{"items":null}"#, 3), Ok((vec![], String::new(), true)));
    }

    #[test]
    fn a_watch_comes_apart_in_either_order_of_its_fields() {
        let text = "{\"type\":\"ADDED\",\"object\":{\"a\":1}}\n{\"object\":{\"b\":[]},\"type\":\"DELETED\"}\n{\"type\":\"ODD\"}\n";
        let wanted = vec![r#""ADDED" {"a":1}"#.to_owned(), r#""DELETED" {"b":[]}"#.into(), r#""ODD" "#.into()];
        for at_once in 1..text.len() {
            assert_eq!(apart(Shape::Watch, text, at_once), Ok((wanted.clone(), r#""ODD""#.into(), true)), "{at_once}");
        }
        assert!(!apart(Shape::Watch, &text[..20], 7).unwrap().2, "it was cut off");
    }

    #[test]
    fn what_is_no_list_is_told() {
        for text in ["[]", "{1:2}", r#"{"items":[{]}"#, r#"{"items":[1 2]}"#, r#"{"items":[]]"#, "x"] {
            assert_eq!(apart(Shape::List, text, 100), Err(Broken), "{text}");
        }
        assert!(!apart(Shape::List, r#"{"items":[{"a":1}"#, 5).unwrap().2);
        assert_eq!(apart(Shape::Object, r#" {"a":1} "#, 3).unwrap().0, [r#"{"a":1}"#]);
    }
}
