//! The English of the portal: codes with typed arguments come in, sentences go out. Nothing reads a sentence back.

pub mod action;
pub mod audit;
mod cause;
pub mod check;
pub mod cluster;
pub(crate) mod container;
pub mod endpoint;
pub mod evidence;
pub mod form;
pub(crate) mod hint;
pub mod log;
pub mod mark;
pub mod operation;
pub(crate) mod parts;
pub mod problem;
pub mod remark;
pub mod remedy;
pub mod setting;
mod status;
pub mod story;
pub(crate) mod text;

pub use cause::{cause, still_held};
pub(crate) use cause::{end_more, mismatched, object, probe_kind, probe_said, probe_words, subject};
pub use status::status;

/// What is said of a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// In 24 characters at most, for lists.
    pub reason: String,
    /// What happened: a whole sentence, or several.
    pub sentence: String,
    /// What to do: a whole sentence, or nothing.
    pub advice: String,
}

impl Words {
    pub(crate) fn new(reason: impl AsRef<str>, sentence: impl AsRef<str>, advice: impl AsRef<str>) -> Self {
        Self { reason: text::clip(reason.as_ref(), text::REASON), sentence: text::full_stop(sentence.as_ref()), advice: text::full_stop(advice.as_ref()) }
    }
}
