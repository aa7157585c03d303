//! Logs of a whole app as one feed.

use crate::access::Viewer;
use crate::error::Outcome;
use crate::portal::Portal;
use bytes::Bytes;
use domain::live::LogQuery;
use domain::{AppId, UnixMs};

/// What a feed gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogItem {
    /// A container whose lines will come, under a number.
    Source {
        /// The number.
        source: u16,
        /// Pod.
        pod: String,
        /// Container.
        container: String,
    },
    /// Whole lines, each with its RFC 3339 time in front and a line feed behind. A line over 256 KiB comes in
    /// pieces that follow each other, of which only the last ends in a line feed.
    Lines {
        /// The container's number.
        source: u16,
        /// The lines.
        bytes: Bytes,
    },
    /// A remark of the portal.
    Note {
        /// The container's number, or [`FEED`].
        source: u16,
        /// When.
        at: UnixMs,
        /// `info`, `warn`, `bad` or `end`.
        tone: String,
        /// One sentence.
        text: String,
    },
}

/// The number under which the feed itself speaks, not one of its containers.
pub const FEED: u16 = u16::MAX;

/// An open log. Dropping it stops the reading.
pub struct LogFeed {}

impl LogFeed {
    /// What comes next; `None` at the end.
    pub async fn next(&mut self) -> Option<LogItem> {
        None
    }
}

impl Portal {
    /// Opens the log of an app.
    ///
    /// # Errors
    /// Where there is no such app, pod or container.
    pub async fn open_log(&self, viewer: &Viewer<'_>, app: &AppId, query: LogQuery) -> Outcome<LogFeed> {
        let _ = (self.facts(viewer.namespace(), app)?, query);
        Ok(LogFeed {})
    }
}
