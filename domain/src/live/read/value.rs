//! Single values, by the key under which an object has them. What is not there, or is of another kind, reads as empty.

use crate::{Bytes, MilliCpu, Tone, UnixMs};
use serde_json::Value;

/// What stands under a key, unless it is `null`.
pub(super) fn some<'a>(v: &'a Value, key: &str) -> Option<&'a Value> {
    v.get(key).filter(|v| !v.is_null())
}

/// A text; empty where there is none.
#[must_use]
pub fn text(v: &Value, key: &str) -> String {
    opt_text(v, key).unwrap_or_default()
}

pub(super) fn opt_text(v: &Value, key: &str) -> Option<String> {
    v[key].as_str().map(str::to_owned)
}

pub(super) fn texts(v: &Value, key: &str) -> Vec<String> {
    list(v, key, |t| t.as_str().map(str::to_owned))
}

pub(super) fn list<T>(v: &Value, key: &str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    v[key].as_array().map(|all| all.iter().filter_map(read).collect()).unwrap_or_default()
}

pub(super) fn ms(v: &Value, key: &str) -> UnixMs {
    UnixMs(v[key].as_i64().unwrap_or_default())
}

pub(super) fn small(v: &Value, key: &str) -> u32 {
    v[key].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or_default()
}

pub(super) fn flag(v: &Value, key: &str) -> bool {
    v[key].as_bool().unwrap_or_default()
}

pub(super) fn cpu(v: &Value) -> Option<MilliCpu> {
    v["cpu"].as_u64().map(MilliCpu)
}

pub(super) fn memory(v: &Value) -> Option<Bytes> {
    v["memory"].as_u64().map(Bytes)
}

/// `None` for a tone that this page does not know.
pub(super) fn tone(v: &Value) -> Option<Tone> {
    Tone::from_slug(v["tone"].as_str()?)
}
