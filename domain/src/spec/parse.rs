//! Reads the form of a new app.

use super::{AppForm, ParsedApp};
use crate::{FieldError, Namespace};

impl AppForm {
    /// Reads every field and tells all that is wrong at once.
    ///
    /// # Errors
    /// One sentence per field, with paths such as `env.2.key`.
    pub fn parse(&self, namespace: Namespace) -> ParsedApp {
        let _ = namespace;
        Err(vec![FieldError::new("name", "The form is not read yet.")])
    }
}
