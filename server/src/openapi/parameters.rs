//! The query parameters that the routes of the API take.

use super::operations::{Operation, find};
use crate::permissions::Rule;

/// What each list takes.
const LIST: &[(&str, &str, &str)] = &[("limit", "Limit", "Items per page; 1000 by default."), ("continue", "Continue", "Token from the previous page.")];

/// The names of those that a route takes; `None` for what the API does not describe.
#[must_use]
pub(crate) fn names(rule: &Rule) -> Option<Vec<&'static str>> {
    let operation = find(rule).filter(|_| rule.path.starts_with("/api/"))?;
    Some(asked(operation).map(|(name, ..)| *name).collect())
}

/// Each with its kind and what it is for.
pub(super) fn asked(operation: &Operation) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    operation.list.then_some(LIST).into_iter().flatten().chain(operation.query)
}
