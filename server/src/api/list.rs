//! Lists in pieces: `limit` items, and `continue` where there are more, as Kubernetes does.

use super::whole;
use crate::web::{Refusal, Signed};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::problem::RequestProblem;
use serde::Serialize;

/// Items of a piece where no limit is asked for.
const USUAL: usize = 1000;
/// Most items of a piece.
const MOST: u32 = 5000;
/// Longest continue token.
const TOKEN: usize = 1024;

/// One piece of a list.
#[derive(Debug, Serialize)]
pub struct Piece<T> {
    /// The items.
    pub items: Vec<T>,
    /// Give this as `continue` to get the next piece.
    #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Cuts the piece that the query asks for out of a list; `key` must name each item and is what the list is sorted by.
///
/// # Errors
/// Where `limit` or `continue` cannot be read.
pub fn piece<T>(signed: &Signed, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Result<Piece<T>, Refusal> {
    let limit = match signed.given("limit") {
        None => USUAL,
        Some(text) => whole("limit", &text, 1..=MOST).map_err(Refusal::new)? as usize,
    };
    items.sort_by_cached_key(&key);
    if let Some(token) = signed.given("continue") {
        let token = Some(token).filter(|t| !t.is_empty() && t.len() <= TOKEN).unwrap_or_else(|| "?".to_owned());
        let after = URL_SAFE_NO_PAD.decode(token).ok().and_then(|b| String::from_utf8(b).ok());
        let after = after.ok_or_else(|| Refusal::new(RequestProblem::ContinueTokenInvalid))?;
        items.retain(|item| key(item) > after);
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(key(last)));
    Ok(Piece { items, next })
}
