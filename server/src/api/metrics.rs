//! `GET …/apps/{kind}/{name}/metrics?range=1h`, or `?from=…&to=…`: series for charts.

use super::{app_of, ok};
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::metrics::{Range, Span, Window};
use domain::{Code, UnixMs};

/// CPU and memory of an app.
pub async fn series(signed: Signed, Path(path): Path<(String, String, String)>) -> Answer {
    let id = app_of(&path)?;
    let range = match signed.given("range") {
        None => Range::default(),
        Some(text) => Range::from_slug(&text).ok_or_else(|| Refusal::new(Code::Invalid, "range must be 15m, 1h, 6h, or 24h."))?,
    };
    let moment = |name: &str| signed.given(name).map(|text| text.parse().map(UnixMs).ok());
    let window = match (moment("from"), moment("to")) {
        (None, None) => None,
        (from, to) => Some(
            from.flatten()
                .zip(to.flatten())
                .and_then(|(from, to)| Window::new(from, to))
                .ok_or_else(|| Refusal::new(Code::Invalid, "from and to are milliseconds since 1970. Set both, between a minute and a day apart."))?,
        ),
    };
    let viewer = signed.portal().viewer(&signed.actor, &id.namespace)?;
    ok(&signed.portal().metrics(&viewer, &id, Span { range, window }).await?)
}
