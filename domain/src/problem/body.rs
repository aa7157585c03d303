//! What is wrong with the body of a request.

use crate::Code;

/// Why the body of a request can't be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyProblem {
    /// It has another type than forms have.
    NotAForm,
    /// Its type isn't that of JSON.
    NotSentAsJson,
    /// It isn't JSON, although its type says so.
    NotJson,
    /// It is JSON of another shape than the API description gives.
    OtherShape,
    /// A field of the API description is missing.
    FieldMissing {
        /// Its name.
        name: String,
    },
    /// It has a field that the API description doesn't know. Which isn't repeated, because it may be secret.
    FieldUnknown,
    /// It has too many fields.
    TooManyFields {
        /// Most fields of a form.
        most: usize,
    },
    /// It has too many bytes.
    TooLarge {
        /// What was sent.
        what: Sent,
    },
    /// It was cut off.
    Incomplete {
        /// What was sent.
        what: Sent,
    },
    /// It took too long to arrive.
    Slow {
        /// Seconds within which it must arrive.
        limit_s: u64,
    },
    /// It is a form that could be submitted and is too long to be kept as a draft.
    DraftTooLong,
}

/// What was sent, as its sender calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sent {
    /// A form of a page.
    Form,
    /// A request of the API, or any other.
    Request,
}

impl BodyProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::NotAForm
            | Self::NotSentAsJson
            | Self::NotJson
            | Self::OtherShape
            | Self::FieldMissing { .. }
            | Self::FieldUnknown
            | Self::Incomplete { .. }
            | Self::Slow { .. } => Code::Invalid,
            Self::TooManyFields { .. } | Self::TooLarge { .. } | Self::DraftTooLong => Code::TooLarge,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::NotAForm => "body_not_a_form",
            Self::NotSentAsJson => "body_not_sent_as_json",
            Self::NotJson => "body_not_json",
            Self::OtherShape => "body_has_other_shape",
            Self::FieldMissing { .. } => "body_field_missing",
            Self::FieldUnknown => "body_field_unknown",
            Self::TooManyFields { .. } => "too_many_form_fields",
            Self::TooLarge { .. } => "body_too_large",
            Self::Incomplete { .. } => "body_incomplete",
            Self::Slow { .. } => "body_slow",
            Self::DraftTooLong => "draft_too_long",
        }
    }

    /// Its own HTTP status, where it isn't that of the code.
    pub(super) const fn http_status(&self) -> Option<u16> {
        match self {
            Self::Slow { .. } => Some(408),
            Self::NotAForm
            | Self::NotSentAsJson
            | Self::NotJson
            | Self::OtherShape
            | Self::FieldMissing { .. }
            | Self::FieldUnknown
            | Self::TooManyFields { .. }
            | Self::TooLarge { .. }
            | Self::Incomplete { .. }
            | Self::DraftTooLong => None,
        }
    }
}
