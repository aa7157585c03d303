//! What may go wrong, in the words of the wire. Internals have no place here, so they cannot leak.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Stable, machine-readable name of a failure. Clients may match on it; it never changes meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Not signed in, or the session has ended.
    Unauthenticated,
    /// Name or password is wrong (never says which).
    WrongCredentials,
    /// Signed in, but the role does not allow it.
    Forbidden,
    /// A state-changing request that another site has sent.
    CrossSite,
    /// Nothing by that name that this person may see.
    NotFound,
    /// The path is known, the method is not.
    MethodNotAllowed,
    /// Something by that name exists already, or changed meanwhile.
    Conflict,
    /// One or more fields need a change; see `fields`.
    Invalid,
    /// The request is larger than its limit.
    TooLarge,
    /// Too many tries; see `retry_after_s`.
    TooMany,
    /// The cluster refused: quota, policy or the portal's own rights.
    ClusterRefused,
    /// The cluster does not answer.
    ClusterAway,
    /// The portal's database takes no write now, because its disk is full or does not work; nothing was changed.
    DatabaseAway,
    /// The portal has a fault of its own; the log has the details under the request's id.
    Internal,
}

impl Code {
    /// The HTTP status that goes with this code.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Unauthenticated | Self::WrongCredentials => 401,
            Self::Forbidden | Self::CrossSite => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Invalid | Self::ClusterRefused => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::ClusterAway | Self::DatabaseAway => 503,
        }
    }
}

/// One field that needs a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Path of the field in the form, such as `name` or `env.2.value`.
    pub field: String,
    /// One sentence: what is wrong and what to do.
    pub message: String,
}

impl FieldError {
    /// A finding for `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Reason of every form with fields that need a change; each field has its own message.
pub const FIELDS_INVALID: &str = "fields_invalid";

/// RFC 9457 problem details, as the API answers and the pages read it: a [`Problem`](crate::Problem) in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemDetails {
    /// Stable name of the failure.
    pub code: Code,
    /// Stable name of the finer cause, such as `namespace_not_served`; empty where an older portal gave none.
    #[serde(default)]
    pub reason: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// One sentence for a person: what happened and what to do.
    pub detail: String,
    /// The fields that need a change, if the request was a form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Seconds until a new try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}

impl ProblemDetails {
    /// A problem with one sentence for the person.
    pub fn new(code: Code, reason: &'static str, detail: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), status: code.http_status(), detail: detail.into(), fields: Vec::new(), retry_after_s: None }
    }

    /// A form with fields that need a change.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let detail = match fields.as_slice() {
            [one] => one.message.clone(),
            many => format!("Fix {} fields.", many.len()),
        };
        Self { fields, ..Self::new(Code::Invalid, FIELDS_INVALID, detail) }
    }
}
