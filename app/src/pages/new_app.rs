//! The form for a new app.

use crate::page::Frame;
use domain::spec::AppForm;
use domain::view::Plan;
use domain::{FieldError, Namespace};
use leptos::prelude::*;

/// What the form can offer for choosing.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Secrets: name, type, keys.
    pub secrets: &'a [(String, String, Vec<String>)],
    /// Config maps: name, keys.
    pub config_maps: &'a [(String, Vec<String>)],
}

/// The page: fields by section, checks and YAML beside them.
#[must_use]
pub fn view(
    _frame: &Frame,
    _namespace: &Namespace,
    _namespaces: &[Namespace],
    _form: &AppForm,
    _errors: &[FieldError],
    _plan: Option<&Plan>,
    _choices: Choices<'_>,
) -> AnyView {
    ().into_any()
}
