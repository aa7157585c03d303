//! What the server writes, read out of plain JSON values in the browser.
//!
//! Derived readers are compiled for every type and every way to read it; these few functions are a fraction of that
//! code, which counts on the way to the browser. A test and a fuzz target read what serde writes and compare.

mod detail;
mod health;
mod reader;
mod row;
#[cfg(test)]
mod tests;
mod value;

pub use detail::detail;
pub use health::health;
pub use reader::role;
pub use value::text;

use super::{Bye, ServerFrame};
use crate::view::{AppRow, SharedApp};
use detail::pod;
use reader::{own_teams, reader};
use row::{app_id, row};
use serde_json::{Value, from_str};
use value::{list, ms, small, some, texts, tone};

/// Any JSON.
#[must_use]
pub fn value(text: &str) -> Option<Value> {
    from_str(text).ok()
}

/// A text frame; `None` for what this page does not know.
#[must_use]
pub fn frame(json: &str) -> Option<ServerFrame> {
    let v = &value(json)?;
    let id = small(v, "id");
    Some(match v["t"].as_str()? {
        "hello" => ServerFrame::Hello { version: text(v, "version"), now: ms(v, "now") },
        "health" => ServerFrame::Health { health: health(&v["health"]) },
        "apps" => ServerFrame::Apps { id, teams: own_teams(&v["teams"]), rows: rows(v, "rows") },
        "apps_delta" => ServerFrame::AppsDelta { id, set: rows(v, "set"), gone: list(v, "gone", app_id) },
        "app" => {
            // Only the server's own word says that an app is gone.
            let page = match some(v, "page") {
                Some(there) => Some(Box::new(SharedApp { reader: reader(&there["reader"])?, detail: detail(&there["detail"])? })),
                None => None,
            };
            ServerFrame::App { id, page }
        }
        "app_delta" => {
            let order = some(v, "order").map(|_| texts(v, "order"));
            ServerFrame::AppDelta { id, detail: Box::new(detail(&v["detail"])?), pods: list(v, "pods", pod), order }
        }
        "log_source" => ServerFrame::LogSource { id, source: source(v), pod: text(v, "pod"), container: text(v, "container") },
        "log_note" => ServerFrame::LogNote { id, source: source(v), at: ms(v, "at"), tone: tone(v)?, code: text(v, "code").into(), text: text(v, "text") },
        "stale" => ServerFrame::Stale { id },
        "denied" => ServerFrame::Denied { id, problem: from_str(&v["problem"].to_string()).ok()? },
        "ping" => ServerFrame::Ping { now: ms(v, "now") },
        "bye" => ServerFrame::Bye { reason: Bye::from_slug(v["reason"].as_str()?)? },
        _ => return None,
    })
}

/// Rows of the list.
#[must_use]
pub fn rows(v: &Value, key: &str) -> Vec<AppRow> {
    list(v, key, row)
}

fn source(v: &Value) -> u16 {
    u16::try_from(small(v, "source")).unwrap_or_default()
}
