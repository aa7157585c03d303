//! Reads the form of a new secret. No sentence here ever has a value in it.

use super::{DecodeBase64, Parsed, SecretForm, SecretSpec};
use crate::{FieldError, Namespace};

impl SecretForm {
    /// Reads every field and tells all that is wrong at once. `decode` and `encode` are the caller's base64.
    ///
    /// # Errors
    /// One sentence per field, with paths such as `entries.2.key`; never with a value.
    pub fn parse(self, namespace: Namespace, decode: DecodeBase64, encode: fn(&[u8]) -> String) -> Parsed<SecretSpec> {
        let _ = (namespace, decode, encode);
        Err(vec![FieldError::new("name", "The form is not read yet.")])
    }
}
