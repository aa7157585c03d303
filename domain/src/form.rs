//! What is wrong with a form: findings, each about one field. The sentences stand in
//! [`english::form`](crate::english::form).

mod field;
mod section;
mod wrong;

pub use field::{EntryPart, EnvPart, Field, PortPart, ProbePart, probe_word};
pub use section::Section;
pub use wrong::*;

/// One field that needs a change, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<W = Wrong> {
    /// Which field.
    pub field: Field,
    /// What is wrong with it. The form of an app, which the browser reads too, gives an [`AppWrong`].
    pub wrong: W,
}

impl Finding {
    /// A finding for `field`.
    pub fn new(field: Field, wrong: impl Into<Wrong>) -> Self {
        Self { field, wrong: wrong.into() }
    }
}

impl From<Finding<AppWrong>> for Finding {
    fn from(found: Finding<AppWrong>) -> Self {
        Self { field: found.field, wrong: Wrong::App(found.wrong) }
    }
}
