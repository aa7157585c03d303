//! What of the log view stands in the address of the page, so that a link lands exactly there.

use crate::links::encode;
use domain::live::LogQuery;
use domain::log::Level;
use serde::{Deserialize, Serialize};

/// Lines from the end that a page asks for unless told otherwise.
pub const TAIL: u32 = 1_000;
/// Lines from the end that a person can choose.
pub const TAILS: [u32; 4] = [100, 1_000, 5_000, 20_000];
/// Seconds back that a person can choose, with their words.
pub const SINCE: [(u32, &str); 4] = [(300, "Last 5 min"), (3_600, "Last hour"), (21_600, "Last 6 h"), (86_400, "Last day")];

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What is asked of the server.
    pub query: LogQuery,
    /// What is searched.
    pub search: String,
    /// What is searched is an expression.
    pub expression: bool,
    /// Only lines that the search has found.
    pub only: bool,
    /// With a level: lines that state none too.
    pub unlevelled: bool,
    /// Only lines as bad as this, or worse.
    pub level: Option<Level>,
    /// The moment to show, ms.
    pub at: Option<i64>,
}

/// Reads a level from the address or the form.
#[must_use]
pub fn level_from(text: &str) -> Option<Level> {
    match text {
        "error" => Some(Level::Error),
        "warn" => Some(Level::Warn),
        "info" => Some(Level::Info),
        _ => None,
    }
}

/// As it stands in the address.
#[must_use]
pub const fn level_slug(level: Level) -> &'static str {
    match level {
        Level::Fatal | Level::Error => "error",
        Level::Warn => "warn",
        Level::Info => "info",
        Level::Debug => "debug",
    }
}

impl Place {
    /// Reads the place from a decoded query.
    #[must_use]
    pub fn read(query: &LogQuery, words: &[(String, String)]) -> Self {
        let word = |name: &str| words.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
        Self {
            query: query.clone(),
            search: word("search").unwrap_or_default().chars().take(200).collect(),
            expression: word("regex") == Some("1"),
            only: word("only") == Some("1"),
            unlevelled: word("unlevelled") == Some("1"),
            level: word("level").and_then(level_from),
            at: word("at").and_then(|t| t.parse().ok()),
        }
    }

    /// The query of the page, with `?` in front; empty where all is as usual.
    #[must_use]
    pub fn address(&self) -> String {
        let mut words = log_words(&self.query);
        words.retain(|(k, v)| !(*k == "tailLines" && *v == TAIL.to_string()));
        if !self.search.is_empty() {
            words.push(("search", encode(&self.search)));
        }
        for (name, on) in [("regex", self.expression), ("only", self.only), ("unlevelled", self.unlevelled)] {
            if on {
                words.push((name, "1".to_owned()));
            }
        }
        if let Some(level) = self.level {
            words.push(("level", level_slug(level).to_owned()));
        }
        if let Some(at) = self.at {
            words.push(("at", at.to_string()));
        }
        join(&words)
    }
}

/// The query of the API for the same log as text.
#[must_use]
pub fn download(query: &LogQuery) -> String {
    let mut words = log_words(query);
    words.retain(|(k, _)| *k != "tailLines" && *k != "timestamps");
    words.push(("timestamps", "true".to_owned()));
    join(&words)
}

fn log_words(query: &LogQuery) -> Vec<(&'static str, String)> {
    let mut words = Vec::new();
    if let Some(pod) = &query.pod {
        words.push(("pod", encode(pod)));
    }
    if let Some(container) = &query.container {
        words.push(("container", encode(container)));
    }
    if query.previous {
        words.push(("previous", "true".to_owned()));
    }
    if let Some(lines) = query.tail_lines {
        words.push(("tailLines", lines.to_string()));
    }
    if let Some(seconds) = query.since_seconds {
        words.push(("sinceSeconds", seconds.to_string()));
    }
    if query.timestamps {
        words.push(("timestamps", "true".to_owned()));
    }
    words
}

fn join(words: &[(&str, String)]) -> String {
    words.iter().enumerate().fold(String::new(), |all, (i, (k, v))| all + if i == 0 { "?" } else { "&" } + k + "=" + v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stands_in_the_address() {
        let place = Place {
            query: LogQuery { pod: Some("web-1".into()), previous: true, ..LogQuery::default() },
            search: "a b&c".into(),
            expression: true,
            only: true,
            unlevelled: true,
            level: Some(Level::Warn),
            at: Some(12),
        };
        assert_eq!(place.address(), "?pod=web-1&previous=true&search=a%20b%26c&regex=1&only=1&unlevelled=1&level=warn&at=12");
        assert_eq!(Place::default().address(), "");
        let on = |name: &str| (name.to_owned(), "1".to_owned());
        let words = [
            ("search".to_owned(), "a b&c".to_owned()),
            on("regex"),
            on("only"),
            on("unlevelled"),
            ("level".to_owned(), "warn".to_owned()),
            ("at".to_owned(), "12".to_owned()),
        ];
        assert_eq!(Place::read(&place.query, &words), place);
    }

    #[test]
    fn the_download_is_whole_and_has_times() {
        let query = LogQuery { container: Some("main".into()), tail_lines: Some(100), ..LogQuery::default() };
        assert_eq!(download(&query), "?container=main&timestamps=true");
    }
}
