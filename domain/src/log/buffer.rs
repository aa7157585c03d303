//! The lines that the log page holds: a pure fold over what the socket brings.

use super::Level;
use crate::UnixMs;
use std::collections::VecDeque;

/// Lines that a page keeps unless told otherwise.
pub const DEFAULT_LINES: usize = 20_000;

/// A remark between the lines: restarted, ended, gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `info`, `warn`, `bad` or `end`, as in [`crate::live::ServerFrame::LogNote`].
    pub tone: Box<str>,
}

/// One line of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number in order of arrival; never used twice.
    pub id: u64,
    /// Which container, as numbered by [`crate::live::ServerFrame::LogSource`].
    pub source: u16,
    /// When the node took it, nanoseconds since 1970; `None` where no line of this source had a time yet.
    pub nanos: Option<i64>,
    /// The text as it came, with its escapes; [`super::spans`] reads them when it is painted.
    pub text: Box<str>,
    /// Level.
    pub level: Option<Level>,
    /// The line goes on in the next one of this source, because it is longer than [`super::MAX_LINE`].
    pub partial: bool,
    /// It is no line of the container but a remark.
    pub note: Option<Note>,
}

impl Line {
    /// When the node took it.
    #[must_use]
    pub fn at(&self) -> Option<UnixMs> {
        self.nanos.map(|n| UnixMs(n.div_euclid(1_000_000)))
    }
}

/// The lines of all sources, merged by time, the newest last.
#[derive(Clone, Debug)]
pub struct LogBuffer {
    lines: VecDeque<Line>,
    dropped: u64,
}

impl Default for LogBuffer {
    fn default() -> Self {
        Self::new(DEFAULT_LINES)
    }
}

impl LogBuffer {
    /// Keeps `most` lines.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { lines: VecDeque::with_capacity(most.min(1024)), dropped: 0 }
    }

    /// Takes bytes of a binary frame. Returns how many lines came of them.
    pub fn push(&mut self, source: u16, bytes: &[u8]) -> usize {
        let _ = (source, bytes);
        0
    }

    /// Takes a remark.
    pub fn note(&mut self, source: u16, at: UnixMs, tone: &str, text: &str) {
        let _ = (source, at, tone, text);
    }

    /// Lines held, oldest first.
    #[must_use]
    pub fn lines(&self) -> &VecDeque<Line> {
        &self.lines
    }

    /// Lines dropped from the front because the buffer was full.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Index of a line in [`Self::lines`].
    #[must_use]
    pub fn position(&self, id: u64) -> Option<usize> {
        self.lines.iter().position(|l| l.id == id)
    }

    /// Ids of the lines that contain `pattern`, in the order of [`Self::lines`].
    #[must_use]
    pub fn search(&self, pattern: &str, match_case: bool) -> Vec<u64> {
        let _ = (pattern, match_case);
        Vec::new()
    }

    /// Forgets all lines, not the numbering.
    pub fn clear(&mut self) {
        self.lines.clear();
    }
}
