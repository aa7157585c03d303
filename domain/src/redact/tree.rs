//! Objects and documents: values by the names of their fields, lists of names and values, commands, and texts that are
//! JSON themselves.

use super::names::{self, Sort};
use super::words::{Command, Take};
use super::{GROWTH, HIDDEN, ROUNDS, text};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// JSON in JSON in JSON: deeper ones are read as plain text.
const NESTED: usize = 6;
/// Objects in objects, as the parser of JSON allows.
const DEEP: usize = 128;
/// Fields that name what `value` beside them holds.
const NAMES: [&str; 12] = ["name", "key", "Name", "Key", "field", "variable", "var", "param", "parameter", "property", "header", "k"];
/// Fields that hold what a field beside them names.
const VALUES: [&str; 9] = ["value", "Value", "val", "content", "default", "plaintext", "plainText", "string", "v"];
/// Headers of a probe that tell nothing but how to ask.
const HARMLESS: [&str; 9] =
    ["accept", "accept-encoding", "connection", "content-type", "host", "user-agent", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];

/// A value as it may be shown under this name: of a variable, an annotation, a field.
#[must_use]
pub fn value<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    let first = named(name, value, NESTED);
    if matches!(first, Cow::Borrowed(shown) if shown == value || shown == HIDDEN) {
        return first;
    }
    settled(first.into_owned(), |shown| *shown = named(name, shown, NESTED).into_owned(), HIDDEN.to_owned()).into()
}

/// A value of a config map that a variable takes: both names may promise a secret.
#[must_use]
pub fn config_value<'a>(variable: &str, key: &str, held: &'a str) -> Cow<'a, str> {
    if hides(key, held) { Cow::Borrowed(HIDDEN) } else { value(variable, held) }
}

/// The words of a command as they may be shown.
#[must_use]
pub fn command(words: &[String]) -> Vec<String> {
    let again = |words: &mut Vec<String>| {
        let mut state = Command::default();
        words.iter_mut().for_each(|word| replace(word, |word| argument(&mut state, word, NESTED)));
    };
    settled(words.to_vec(), again, vec![HIDDEN.to_owned()])
}

/// Replaces what looks like a secret in an object of the cluster or any other document.
pub fn object(value: &mut Value) {
    *value = settled(value.take(), |value| walk(value, NESTED, DEEP), HIDDEN.into());
}

/// Goes over it until nothing changes: what is hidden changes what is next to what.
fn settled<T: Clone + PartialEq>(mut it: T, over: impl Fn(&mut T), otherwise: T) -> T {
    for _ in 0..ROUNDS {
        let before = it.clone();
        over(&mut it);
        if it == before {
            return it;
        }
    }
    otherwise
}

fn hides(name: &str, value: &str) -> bool {
    names::secret(name).is_some_and(|sort| !names::harmless(sort, value))
}

fn named<'a>(name: &str, value: &'a str, nested: usize) -> Cow<'a, str> {
    if hides(name, value) { Cow::Borrowed(HIDDEN) } else { document(value, nested) }
}

/// A text that may be JSON.
fn document(value: &str, nested: usize) -> Cow<'_, str> {
    if nested > 0
        && value.trim_start().starts_with(['{', '['])
        && let Ok(mut inner) = serde_json::from_str::<Value>(value)
    {
        let before = inner.clone();
        walk(&mut inner, nested - 1, DEEP);
        if inner == before {
            return Cow::Borrowed(value);
        }
        let shown = inner.to_string();
        // Numbers are written anew and may be longer.
        return if shown.len() <= value.len() + GROWTH / NESTED { Cow::Owned(shown) } else { Cow::Borrowed(HIDDEN) };
    }
    text(value)
}

fn walk(value: &mut Value, nested: usize, deep: usize) {
    if deep == 0 {
        *value = HIDDEN.into();
        return;
    }
    match value {
        Value::String(held) => replace(held, |held| document(held, nested)),
        Value::Array(items) if items.iter().all(Value::is_string) => arguments(items, Command::default(), nested),
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, nested, deep.saturating_sub(1))),
        Value::Object(fields) => all_fields(fields, nested, deep),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn all_fields(fields: &mut Map<String, Value>, nested: usize, deep: usize) {
    let is_secret = fields.get("kind").and_then(Value::as_str) == Some("Secret");
    let promised = promised(fields);
    let asked = fields.get("command").and_then(Value::as_array).is_some_and(|words| {
        let mut command = Command::default();
        words.iter().filter_map(Value::as_str).for_each(|word| {
            command.word(word, true);
        });
        command.expects_secret()
    });
    for (key, field) in fields.iter_mut() {
        let sort = if VALUES.contains(&key.as_str()) { promised } else { None }.or_else(|| names::secret(key));
        match (key.as_str(), field) {
            ("data" | "stringData", Value::Object(held)) if is_secret => held.values_mut().for_each(|v| *v = HIDDEN.into()),
            ("httpHeaders", Value::Array(headers)) => headers.iter_mut().for_each(header),
            ("args", Value::Array(words)) if asked && words.iter().all(Value::is_string) => arguments(words, Command::expecting_secret(), nested),
            (_, field) => under(sort, field, nested, deep),
        }
    }
}

/// What the name of a pair of name and value promises.
fn promised(fields: &Map<String, Value>) -> Option<Sort> {
    NAMES.iter().filter_map(|key| fields.get(*key)?.as_str()).find_map(names::secret)
}

/// A field whose name promises this.
fn under(sort: Option<Sort>, field: &mut Value, nested: usize, deep: usize) {
    match (sort, field) {
        (Some(sort), Value::String(held)) => replace(held, |held| if names::harmless(sort, held) { document(held, nested) } else { Cow::Borrowed(HIDDEN) }),
        (Some(Sort::Password), field @ Value::Number(_)) => *field = HIDDEN.into(),
        (Some(sort), Value::Array(items)) => items.iter_mut().for_each(|item| under(Some(sort), item, nested, deep.saturating_sub(1))),
        // `password: {value: x}`; a reference has other fields.
        (Some(sort), Value::Object(fields)) => {
            for key in VALUES {
                if let Some(Value::String(held)) = fields.get_mut(key) {
                    replace(held, |held| if names::harmless(sort, held) { Cow::Borrowed(held) } else { Cow::Borrowed(HIDDEN) });
                }
            }
            all_fields(fields, nested, deep.saturating_sub(1));
        }
        (_, field) => walk(field, nested, deep.saturating_sub(1)),
    }
}

/// Values of headers are hidden, but for those that tell only how to ask.
fn header(header: &mut Value) {
    let name = header.get("name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    if let Some(Value::String(held)) = header.get_mut("value") {
        replace(held, |held| if HARMLESS.contains(&name.as_str()) { value(&name, held) } else { Cow::Borrowed(HIDDEN) });
    }
}

fn arguments(words: &mut [Value], mut state: Command, nested: usize) {
    for word in words {
        if let Value::String(word) = word {
            replace(word, |word| argument(&mut state, word, nested));
        }
    }
}

/// One word of a command, which may be a whole script or document.
fn argument<'a>(state: &mut Command, word: &'a str, nested: usize) -> Cow<'a, str> {
    if let Take::From(from) = state.word(word, true)
        && !names::harmless(Sort::Weak, &word[from..])
    {
        return format!("{}{HIDDEN}", &word[..from]).into();
    }
    // `--password=x y` is one word, whatever it holds.
    if let Some((name, value)) = word.split_once('=')
        && !name.contains(char::is_whitespace)
        && hides(name, value)
    {
        return format!("{name}={HIDDEN}").into();
    }
    document(word, nested)
}

fn replace(held: &mut String, shown: impl for<'a> FnOnce(&'a str) -> Cow<'a, str>) {
    let shown = shown(held);
    if *shown != **held {
        *held = shown.into_owned();
    }
}
