//! `GET …/apps/{kind}/{name}/metrics?range=1h`: series for charts.

use super::{app_of, ok};
use crate::web::{Answer, Refusal, Signed};
use axum::extract::Path;
use domain::Code;
use domain::metrics::Range;

/// CPU and memory of an app.
pub async fn series(signed: Signed, Path(path): Path<(String, String, String)>) -> Answer {
    let id = app_of(&path)?;
    let range = match signed.given("range") {
        None => Range::default(),
        Some(text) => Range::from_slug(&text).ok_or_else(|| Refusal::new(Code::Invalid, "range must be 15m, 1h, 6h, or 24h."))?,
    };
    let viewer = signed.portal().viewer(&signed.actor, &id.namespace)?;
    ok(&signed.portal().metrics(&viewer, &id, range).await?)
}
