//! A form after it was refused: open, with its errors at their fields and with what was typed.

use super::{Field, problem};
use crate::page::Refused;
use domain::{FieldError, ProblemDetails};
use leptos::prelude::*;

/// One form of a page. The ids of its fields begin with its name, because a page has several.
#[derive(Clone, Debug, Default)]
pub struct Again<'a> {
    scope: String,
    refused: Option<&'a Refused>,
}

impl<'a> Again<'a> {
    /// The form of this name.
    #[must_use]
    pub fn of(refused: Option<&'a Refused>, form: impl Into<String>) -> Self {
        let scope = form.into();
        Self { refused: refused.filter(|r| r.form == scope), scope }
    }

    /// The name that tells it from the page's other forms.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.scope
    }

    /// Whether it is this form that was refused.
    #[must_use]
    pub const fn open(&self) -> bool {
        self.refused.is_some()
    }

    /// A field with its error.
    #[must_use]
    pub fn field(&self, name: &str, label: &str) -> Field {
        let errors: &[FieldError] = self.refused.map_or(&[], |r| &r.problem.fields);
        Field { scope: self.scope.clone(), ..Field::new(name, label).error_in(errors) }
    }

    /// What was typed into a field; before that, what usually stands in it.
    #[must_use]
    pub fn text(&self, name: &str, usual: &str) -> String {
        self.refused.map_or(usual, |r| r.typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)).to_owned()
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str, usual: bool) -> bool {
        self.refused.map_or(usual, |r| r.typed.iter().any(|(n, _)| n == name))
    }
}

/// Why a form of the page was refused, with links to its fields.
#[must_use]
pub fn refusal(refused: Option<&Refused>) -> impl IntoView + use<> {
    let scoped = refused.map(|r| ProblemDetails {
        fields: r
            .problem
            .fields
            .iter()
            .map(|f| FieldError::new(Field { scope: r.form.clone(), ..Field::new(&f.field, "") }.place(), f.message.clone()))
            .collect(),
        ..r.problem.clone()
    });
    problem(scoped.as_ref())
}
