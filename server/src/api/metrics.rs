//! `GET …/apps/{kind}/{name}/metrics?range=1h`, or `?from=…&to=…`: series for charts.

use super::{app_of, asked_moment, ok};
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::form::{Field, Finding, RequestWrong};
use domain::metrics::{Range, Span, Window};
use domain::problem::RequestProblem;

/// CPU and memory of an app.
pub async fn series(signed: Signed, Path(path): Path<(String, String, String)>) -> Answer {
    let id = app_of(&path)?;
    let range = match signed.given("range") {
        None => Range::default(),
        Some(text) => Range::from_slug(&text).ok_or_else(|| Refusal::new(RequestProblem::ChartRangeUnknown))?,
    };
    let window = match (asked_moment(&signed, "from")?, asked_moment(&signed, "to")?) {
        (None, None) => None,
        (Some(_), None) => return Err(wrong("to", RequestWrong::WindowWithoutEnd)),
        (None, Some(_)) => return Err(wrong("from", RequestWrong::WindowWithoutStart)),
        (Some(from), Some(to)) => Some(Window::new(from, to).ok_or_else(|| wrong("to", RequestWrong::Window))?),
    };
    let viewer = signed.portal().access.viewer(&signed.actor, &id.namespace)?;
    ok(&signed.portal().metrics.chart(&viewer, &id, Span { range, window }).await?)
}

fn wrong(parameter: &str, wrong: RequestWrong) -> Refusal {
    Refusal::new(Finding::new(Field::Sent(parameter.to_owned()), wrong))
}
