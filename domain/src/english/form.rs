//! What is said beside a field that needs a change. Of the rooms of sentences this is the one that the browser needs while
//! a form is filled; of it the browser links [`app`], [`name`] and [`dotenv`] only.

mod account;
mod app;
mod dotenv;
mod name;
mod quantity;
mod request;
mod secret;
mod team;

pub use account::account;
pub use app::app;
pub use dotenv::dotenv;
pub use name::{name, port};
pub use quantity::quantity;
pub use request::request;
pub use secret::secret;
pub use team::team;

use crate::FieldError;
use crate::form::{AppWrong, Finding, Wrong};
use std::borrow::Cow;

/// What is said of a field whose text was left out of the draft.
const TYPE_AGAIN: &str = "Type this again. Drafts never store secrets.";

/// Stands beside the field of a secret in a restored draft.
#[must_use]
pub fn type_again() -> Cow<'static, str> {
    TYPE_AGAIN.into()
}

/// What is said of what is wrong with a field: one sentence or several, what is wrong and what to do.
#[must_use]
pub fn sentence(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Name(error) => name(error),
        Wrong::App(wrong) => app(wrong),
        Wrong::Secret(wrong) => secret(wrong),
        Wrong::Account(wrong) => account(wrong),
        Wrong::Team(wrong) => team(wrong),
        Wrong::Request(wrong) => request(wrong),
        Wrong::LeftOutOfDraft => TYPE_AGAIN.to_owned(),
    }
}

/// Findings as the wire and the pages have them.
#[must_use]
pub fn told(found: &[Finding]) -> Vec<FieldError> {
    found.iter().map(|one| FieldError::new(one.field.to_string(), sentence(&one.wrong))).collect()
}

/// Likewise of the form of a new app.
#[must_use]
pub fn told_of_app(found: &[Finding<AppWrong>]) -> Vec<FieldError> {
    found.iter().map(|one| FieldError::new(one.field.to_string(), app(&one.wrong))).collect()
}
