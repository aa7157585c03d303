//! Brackets around all that a person reads in what the door gives out.

use crate::english::audit::EntryWords;
use crate::error::{FieldError, ProblemDetails};
use crate::metrics::Mark;
use crate::status::Status;
use crate::view::{CheckView, Endpoint, Happening, RemarkRow, SettingLine};
use std::borrow::Cow;

/// What can be told, and which of its fields are sentences.
pub(super) trait Bracketed {
    /// The same with each sentence in ⟦brackets⟧; an empty one stays empty.
    fn bracketed(self) -> Self;
}

impl Bracketed for String {
    fn bracketed(self) -> Self {
        if self.is_empty() { self } else { format!("⟦{self}⟧") }
    }
}

impl Bracketed for Cow<'static, str> {
    fn bracketed(self) -> Self {
        Cow::Owned(self.into_owned().bracketed())
    }
}

impl<T: Bracketed> Bracketed for Option<T> {
    fn bracketed(self) -> Self {
        self.map(Bracketed::bracketed)
    }
}

impl<T: Bracketed> Bracketed for Vec<T> {
    fn bracketed(self) -> Self {
        self.into_iter().map(Bracketed::bracketed).collect()
    }
}

/// The fields that are sentences; the others are codes, names and numbers.
macro_rules! sentences {
    ($($of:ident { $($field:ident),+ })+) => {
        $(impl Bracketed for $of {
            fn bracketed(self) -> Self {
                Self { $($field: self.$field.bracketed(),)+ ..self }
            }
        })+
    };
}

sentences! {
    CheckView { title, advice }
    Endpoint { sentence }
    EntryWords { sentence, detail }
    FieldError { message }
    Happening { sentence }
    Mark { label }
    ProblemDetails { detail, fields }
    RemarkRow { reason, text, remedy }
    Status { reason, sentence }
}

impl Bracketed for SettingLine {
    fn bracketed(self) -> Self {
        Self { label: self.label.bracketed(), text: self.text.bracketed() }
    }
}
