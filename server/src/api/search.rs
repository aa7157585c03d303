//! `GET /api/v1/search`: places by a few letters.

use super::ok;
use crate::web::cx::namespace;
use crate::web::{Answer, Signed};
use serde_json::json;

/// The places that fit `q`, best first.
pub async fn places(signed: Signed) -> Answer {
    let query = signed.given("q").unwrap_or_default();
    let here = signed.asked("namespace").map(|n| namespace(&n)).transpose()?;
    ok(&json!({ "items": signed.portal().search.find(&signed.actor, &query, here.as_ref()).await? }))
}
