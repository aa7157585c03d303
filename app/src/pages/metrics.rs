//! Charts of CPU and memory.

use crate::page::Frame;
use domain::metrics::{AppMetrics, Range};
use domain::view::AppDetail;
use leptos::prelude::*;

/// The tab: range links above the charts.
#[must_use]
pub fn view(frame: &Frame, _detail: &AppDetail, _range: Range, metrics: &AppMetrics) -> AnyView {
    charts(frame, metrics)
}

/// CPU and memory per pod, for the tab and for the overview. Brings the chart module with it.
#[must_use]
pub fn charts(_frame: &Frame, _metrics: &AppMetrics) -> AnyView {
    ().into_any()
}
