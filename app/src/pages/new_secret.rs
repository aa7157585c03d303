//! The form for a new secret. What was typed never comes back.

use crate::page::Frame;
use domain::secret::SecretKind;
use domain::{FieldError, Namespace};
use leptos::prelude::*;

/// The page: type, name, and the fields of each type.
#[must_use]
pub fn view(_frame: &Frame, _namespace: &Namespace, _namespaces: &[Namespace], _kind: SecretKind, _name: &str, _errors: &[FieldError]) -> AnyView {
    ().into_any()
}
