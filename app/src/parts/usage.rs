//! How much of what it may use something uses: a bar as wide as the limit, with a tick at the request.

use crate::html::Html;
use std::fmt::{Display, Write as _};

/// What is used, requested and allowed, in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use<T> {
    /// What is used at this moment.
    pub now: T,
    /// What the node keeps for it.
    pub request: Option<T>,
    /// What it may not exceed.
    pub limit: Option<T>,
}

/// Tenths of a per cent of the limit from which on the bar warns.
const HIGH: u64 = 900;
/// Width of the drawing.
const WIDTH: u64 = 1000;

impl<T: Copy + Display> Use<T> {
    /// The words for who cannot see the bar: `412m of its limit 1, 250m requested`.
    #[must_use]
    pub fn words(&self) -> String {
        let of = self.limit.map_or_else(|| ", no limit".to_owned(), |l| format!(" of its limit {l}"));
        let requested = self.request.map_or_else(String::new, |r| format!(", {r} requested"));
        format!("{}{of}{requested}", self.now)
    }
}

impl Html {
    /// The bar; nothing where there is neither request nor limit to hold the use against. Without a limit it is somewhat wider
    /// than what is requested and used.
    pub fn usage(&mut self, now: u64, request: Option<u64>, limit: Option<u64>) {
        if let Some(drawn) = drawing(now, request, limit) {
            self.raw("<svg class=\"use-bar\" viewBox=\"0 0 1000 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">").drawn(&drawn).raw("</svg>");
        }
    }
}

fn drawing(now: u64, request: Option<u64>, limit: Option<u64>) -> Option<String> {
    let whole = match limit {
        Some(limit) => limit.max(request.unwrap_or(0)),
        None => request?.max(now).saturating_mul(5) / 4,
    };
    let at = |value: u64| u64::try_from(u128::from(value.min(whole)) * u128::from(WIDTH) / u128::from(whole.max(1))).unwrap_or(WIDTH);
    let used = at(now);
    let high = if limit.is_some() && used >= HIGH { " use-high" } else { "" };
    let mut out = format!("<rect class=\"use-all\" width=\"{WIDTH}\" height=\"4\"/><rect class=\"use-now{high}\" width=\"{used}\" height=\"4\"/>");
    if let Some(request) = request {
        let _ = write!(out, "<rect class=\"use-ask\" x=\"{}\" width=\"20\" height=\"4\"/>", at(request).min(WIDTH - 20));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_wide_as_the_limit_and_warns_near_it() {
        let drawn = drawing(400, Some(250), Some(1000)).unwrap();
        assert!(drawn.contains("class=\"use-now\" width=\"400\"") && drawn.contains("class=\"use-ask\" x=\"250\""), "{drawn}");
        assert!(drawing(950, None, Some(1000)).unwrap().contains("use-now use-high\" width=\"950\""));
        assert!(drawing(5000, None, Some(1000)).unwrap().contains("width=\"1000\" height=\"4\"/><rect class=\"use-now use-high\" width=\"1000\""));
        assert_eq!(drawing(5, None, None), None);
        assert!(drawing(100, Some(400), None).unwrap().contains("use-now\" width=\"200\""), "without a limit the request is at four fifths");
        assert!(drawing(u64::MAX, Some(u64::MAX), Some(0)).is_some() && drawing(0, Some(0), Some(0)).is_some());
    }

    #[test]
    fn the_words_say_what_the_bar_shows() {
        assert_eq!(Use { now: "412m", request: Some("250m"), limit: Some("1") }.words(), "412m of its limit 1, 250m requested");
        assert_eq!(Use { now: "5m", request: None, limit: None }.words(), "5m, no limit");
    }
}
