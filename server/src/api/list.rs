//! Lists in pieces: `limit` items, and `continue` where there are more, as Kubernetes does.

use super::whole;
use crate::web::{Refusal, Signed};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::problem::RequestProblem;
use serde::Serialize;

/// Items of a piece where no limit is asked for.
const USUAL: u32 = 1000;
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

/// Which piece the query asks for.
pub struct Asked {
    /// Items at most.
    pub limit: u32,
    /// The key of the item behind which it begins.
    pub after: Option<String>,
}

impl Asked {
    /// Reads the query.
    ///
    /// # Errors
    /// Where `limit` or `continue` cannot be read.
    pub fn of(signed: &Signed) -> Result<Self, Refusal> {
        let limit = match signed.given("limit") {
            None => USUAL,
            Some(text) => whole("limit", &text, 1..=MOST).map_err(Refusal::new)?,
        };
        let read = |token: String| {
            let token = Some(token).filter(|t| !t.is_empty() && t.len() <= TOKEN)?;
            String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
        };
        let after = signed.given("continue").map(|token| read(token).ok_or_else(|| Refusal::new(RequestProblem::ContinueTokenInvalid)));
        Ok(Self { limit, after: after.transpose()? })
    }

    /// The piece: `items` are those behind [`Asked::after`] in their order, more than [`Asked::limit`] where there are more.
    #[must_use]
    pub fn piece<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Piece<T> {
        let limit = self.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(key(last)));
        Piece { items, next }
    }
}

/// Cuts the piece that the query asks for out of a list; `key` must name each item and is what the list is sorted by.
///
/// # Errors
/// Where `limit` or `continue` cannot be read.
pub fn piece<T>(signed: &Signed, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Result<Piece<T>, Refusal> {
    let asked = Asked::of(signed)?;
    items.sort_by_cached_key(&key);
    if let Some(after) = &asked.after {
        items.retain(|item| key(item) > *after);
    }
    Ok(asked.piece(items, key))
}
