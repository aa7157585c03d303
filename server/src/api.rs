//! The JSON API. Errors are problem+json; lists go on with `limit` and `continue`.

pub mod actions;
pub mod apps;
mod changed;
pub mod description;
pub mod drafts;
pub mod list;
pub mod logs;
pub mod metrics;
pub mod namespaces;
pub mod operations;
pub mod own;
pub mod search;
pub mod secrets;
pub mod session;

use crate::web::{Answer, Refusal, Signed, switch};
use axum::Json;
use axum::response::IntoResponse as _;
use domain::form::{Field, Finding, RequestWrong};
use domain::{AppId, UnixMs};
use serde::Serialize;

/// 200 with JSON.
///
/// # Errors
/// Never; the type lets a handler end with it.
pub fn ok<T: Serialize>(value: &T) -> Answer {
    Ok(Json(value).into_response())
}

/// The app of a path.
pub(crate) fn app_of(path: &(String, String, String)) -> Result<AppId, Refusal> {
    crate::web::cx::app_id((&path.0, &path.1, &path.2))
}

/// A whole number of a query, within bounds. Only digits: `+5` and an empty text are none.
pub(crate) fn whole(name: &str, text: &str, within: std::ops::RangeInclusive<u32>) -> Result<u32, Finding> {
    let read = Some(text).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse().ok());
    read.filter(|n| within.contains(n)).ok_or_else(|| not_whole(name, (*within.start()).into(), (*within.end()).into()))
}

fn not_whole(name: &str, least: u64, most: u64) -> Finding {
    Finding::new(Field::Sent(name.to_owned()), RequestWrong::NotWhole { name: name.to_owned(), least, most })
}

/// Latest moment that a browser can say exactly, in milliseconds since 1970.
const LATEST: i64 = 9_007_199_254_740_991;

/// A moment of the query, in milliseconds since 1970.
pub(crate) fn asked_moment(signed: &Signed, name: &str) -> Result<Option<UnixMs>, Refusal> {
    let Some(text) = signed.given(name) else { return Ok(None) };
    let read = Some(&text).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse().ok()).filter(|ms| *ms <= LATEST);
    let wrong = || Refusal::new(not_whole(name, 0, LATEST.unsigned_abs()));
    Ok(Some(UnixMs(read.ok_or_else(wrong)?)))
}

/// A switch of the query; off where it is not there.
pub(crate) fn asked_switch(signed: &Signed, name: &str) -> Result<bool, Refusal> {
    match signed.query().iter().find(|(n, _)| n == name) {
        None => Ok(false),
        Some((_, text)) => exact_switch(text).ok_or_else(|| Refusal::new(neither(name))),
    }
}

/// Reads a switch as the description gives it: in small letters, or as Python writes it.
pub(crate) fn exact_switch(text: &str) -> Option<bool> {
    let told = matches!(text, "True" | "False") || !text.bytes().any(|b| b.is_ascii_uppercase());
    switch(text).filter(|_| told)
}

/// What is said of a switch that is neither on nor off.
pub(crate) fn neither(name: &str) -> Finding {
    Finding::new(Field::Sent(name.to_owned()), RequestWrong::NotASwitch(name.to_owned()))
}
