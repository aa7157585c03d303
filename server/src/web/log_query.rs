//! What of a log is wanted, in the words that the addresses of pages and API share.

use super::switch;
use domain::live::LogQuery;

/// Most lines from the end of a log.
pub const TAIL_LINES: u32 = 100_000;

/// What of a log is wanted, as a request says it.
#[must_use]
pub fn log_query(query: &[(String, String)]) -> LogQuery {
    let text = |name: &str| query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let some = |name: &str| text(name).filter(|t| !t.is_empty() && t.len() <= 253).map(str::to_owned);
    let on = |name: &str| text(name).and_then(switch) == Some(true);
    let number = |name: &str| text(name).and_then(|t| t.parse::<u32>().ok());
    LogQuery {
        pod: some("pod"),
        container: some("container"),
        previous: on("previous"),
        follow: on("follow"),
        tail_lines: number("tailLines").map(|n| n.min(TAIL_LINES)),
        since_seconds: number("sinceSeconds"),
        since_time: None,
        timestamps: on("timestamps"),
    }
}
