//! Frames of the socket, read by hand.
//!
//! The derived reader of a tagged enum keeps a whole frame in between and is compiled a second time for every type in
//! it. All fields of all frames in one struct are read in one pass and in a quarter of the code.

use domain::live::ServerFrame;
use domain::view::{AppDetail, AppRow, ClusterHealth};
use domain::{AppId, Problem, UnixMs};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    t: String,
    id: u32,
    rows: Vec<AppRow>,
    set: Vec<AppRow>,
    gone: Vec<AppId>,
    health: Option<ClusterHealth>,
    detail: Option<Box<AppDetail>>,
    source: u16,
    pod: String,
    container: String,
    at: UnixMs,
    tone: String,
    text: String,
    problem: Option<Problem>,
    now: UnixMs,
    version: String,
    reason: String,
}

/// A text frame; `None` for what this page does not know.
#[must_use]
pub fn read(text: &str) -> Option<ServerFrame> {
    let w: Wire = serde_json::from_str(text).ok()?;
    let id = w.id;
    Some(match w.t.as_str() {
        "hello" => ServerFrame::Hello { version: w.version, now: w.now },
        "apps" => ServerFrame::Apps { id, rows: w.rows, health: w.health.unwrap_or_default() },
        "apps_delta" => ServerFrame::AppsDelta { id, set: w.set, gone: w.gone, health: w.health },
        "app" => ServerFrame::App { id, detail: w.detail, health: w.health.unwrap_or_default() },
        "log_source" => ServerFrame::LogSource { id, source: w.source, pod: w.pod, container: w.container },
        "log_note" => ServerFrame::LogNote { id, source: w.source, at: w.at, tone: w.tone, text: w.text },
        "stale" => ServerFrame::Stale { id },
        "denied" => ServerFrame::Denied { id, problem: w.problem? },
        "ping" => ServerFrame::Ping { now: w.now },
        "bye" => ServerFrame::Bye { reason: w.reason },
        _ => return None,
    })
}
