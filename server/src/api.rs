//! The JSON API. Errors are problem+json; lists go on with `limit` and `continue`.

pub mod actions;
pub mod apps;
pub mod description;
pub mod list;
pub mod logs;
pub mod metrics;
pub mod namespaces;
pub mod own;
pub mod secrets;
pub mod session;

use crate::web::{Answer, Refusal, Signed, switch};
use axum::Json;
use axum::response::IntoResponse as _;
use domain::{AppId, Code, FieldError, Problem};
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

/// A number of the query, if one is there.
pub(crate) fn asked_number<T: std::str::FromStr>(signed: &Signed, name: &str) -> Result<Option<T>, Refusal> {
    match signed.asked(name) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Refusal::new(Code::Invalid, format!("{name} takes a whole number."))),
    }
}

/// A switch of the query; off where it is not there.
pub(crate) fn asked_switch(signed: &Signed, name: &str) -> Result<bool, Refusal> {
    match signed.query().iter().find(|(n, _)| n == name) {
        None => Ok(false),
        Some((_, text)) => switch(text).ok_or_else(|| Problem::invalid(vec![neither(name)]).into()),
    }
}

/// What is said of a switch that is neither on nor off.
pub(crate) fn neither(name: &str) -> FieldError {
    FieldError::new(name, format!("{name} is true or false."))
}
