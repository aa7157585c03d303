//! The list of secrets and the page of one.

use crate::page::Frame;
use domain::secret::SecretInfo;
use domain::{Namespace, Problem};
use leptos::prelude::*;

/// The list, of one namespace or of all.
#[must_use]
pub fn view(_frame: &Frame, _namespace: Option<&Namespace>, _secrets: &[SecretInfo], _namespaces: &[Namespace], _problems: &[(Namespace, Problem)]) -> AnyView {
    ().into_any()
}

/// One secret: its keys, who uses it, and what can be changed.
#[must_use]
pub fn one(_frame: &Frame, _secret: &SecretInfo, _may_change: bool) -> AnyView {
    ().into_any()
}
