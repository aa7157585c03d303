//! What a person types before something is deleted.

use crate::error::Outcome;
use domain::form::{Field, Finding, RequestWrong};

/// Whether the person typed the name of what is to be deleted.
///
/// # Errors
/// Another name was typed.
pub(crate) fn confirmed(typed: &str, name: &str) -> Outcome<()> {
    if typed.trim() == name {
        return Ok(());
    }
    Err(Finding::new(Field::Confirm, RequestWrong::NotConfirmed(name.to_owned())).into())
}
