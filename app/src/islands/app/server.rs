//! On the server the page stands still.

use super::Known;
use crate::detail::Part;
use crate::links::Links;
use domain::AppId;
use leptos::prelude::ArcRwSignal;

pub(super) fn watch(_app: AppId, _which: Part) -> ArcRwSignal<Known> {
    ArcRwSignal::default()
}

pub(super) fn links() -> Links {
    Links::default()
}
