//! The lines that the log page holds: a pure fold over what the socket brings.

use super::split::{Piece, Splitter};
use super::{Level, level, line, overwritten};
use crate::{Tone, UnixMs};
use std::collections::{BTreeMap, VecDeque};

/// Lines that a page keeps unless told otherwise.
pub const DEFAULT_LINES: usize = 20_000;
/// Bytes of text that a page keeps, however few lines they are.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Lines at the end among which a late line of another source still finds its place.
const REORDER: usize = 5_000;
/// Sources of which a page knows more than their lines.
const MOST_SOURCES: usize = 1_024;

/// A remark between the lines: restarted, ended, gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// As in [`crate::live::ServerFrame::LogNote`].
    pub tone: Tone,
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

/// What is known of a source between two frames.
#[derive(Clone, Debug, Default)]
struct Source {
    splitter: Splitter,
    /// Time of its last line; a line without one of its own, or with an earlier one, gets this.
    nanos: Option<i64>,
    level: Option<Level>,
    /// The last piece was partial: the next has no time in front.
    goes_on: bool,
    /// Number of the line that was next when it was last heard.
    heard: u64,
}

/// The lines of all sources, merged by time, the newest last. Lines of one source never change their order.
#[derive(Clone, Debug)]
pub struct LogBuffer {
    lines: VecDeque<Line>,
    sources: BTreeMap<u16, Source>,
    most: usize,
    bytes: usize,
    dropped: u64,
    next: u64,
}

impl Default for LogBuffer {
    fn default() -> Self {
        Self::new(DEFAULT_LINES)
    }
}

impl LogBuffer {
    /// Keeps `most` lines, and 64 MiB of text at most.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { lines: VecDeque::with_capacity(most.min(1024)), sources: BTreeMap::new(), most: most.max(1), bytes: 0, dropped: 0, next: 0 }
    }

    /// Takes bytes of a binary frame. Returns how many lines came of them.
    pub fn push(&mut self, source: u16, bytes: &[u8]) -> usize {
        if !self.sources.contains_key(&source) {
            self.make_room();
            self.sources.insert(source, self.known_by_its_lines(source));
        }
        let state = self.sources.entry(source).or_default();
        state.heard = self.next;
        let mut splitter = std::mem::take(&mut state.splitter);
        let (mut batch, mut next) = (Vec::new(), self.next);
        splitter.push(bytes, |piece| {
            batch.push(state.line(next, source, piece));
            next += 1;
        });
        state.splitter = splitter;
        self.next = next;
        let count = batch.len();
        self.merge(batch);
        count
    }

    /// Forgets the source that has been silent for longest, where there are as many as a page knows.
    fn make_room(&mut self) {
        if self.sources.len() < MOST_SOURCES {
            return;
        }
        if let Some(silent) = self.sources.iter().min_by_key(|(_, state)| state.heard).map(|(source, _)| *source) {
            self.finish(silent);
            self.sources.remove(&silent);
        }
    }

    /// A source that was forgotten and writes again goes on behind those of its lines that are still here.
    fn known_by_its_lines(&self, source: u16) -> Source {
        match self.lines.iter().rev().find(|l| l.source == source && l.note.is_none()) {
            Some(last) => Source { nanos: last.nanos, level: last.level, ..Source::default() },
            None => Source::default(),
        }
    }

    /// The source has ended: what it left without a line feed is a line too.
    pub fn finish(&mut self, source: u16) {
        if let Some(state) = self.sources.get_mut(&source)
            && let Some(rest) = state.splitter.finish()
        {
            let line = state.line(self.next, source, Piece { bytes: &rest, partial: false });
            self.next += 1;
            self.merge(vec![line]);
        }
    }

    /// Takes a remark; [`Tone::End`] also ends the source.
    pub fn note(&mut self, source: u16, at: UnixMs, tone: Tone, text: &str) {
        if tone == Tone::End {
            self.finish(source);
        }
        let last = self.sources.get(&source).and_then(|s| s.nanos);
        let nanos = at.0.saturating_mul(1_000_000).max(last.unwrap_or(i64::MIN));
        let line = Line { id: self.next, source, nanos: Some(nanos), text: text.into(), level: None, partial: false, note: Some(Note { tone }) };
        self.next += 1;
        self.merge(vec![line]);
    }

    /// Puts lines of one source among the others by time, then drops what is too much.
    fn merge(&mut self, batch: Vec<Line>) {
        self.bytes += batch.iter().map(|l| l.text.len()).sum::<usize>();
        let first = batch.first().and_then(|l| l.nanos);
        let late = |l: &Line| matches!((l.nanos, first), (Some(there), Some(first)) if there > first);
        let displaced = self.lines.iter().rev().take(REORDER).take_while(|l| late(l)).count();
        if displaced == 0 {
            self.lines.extend(batch);
        } else {
            let tail = self.lines.split_off(self.lines.len() - displaced);
            let mut tail = tail.into_iter().peekable();
            for line in batch {
                while let Some(earlier) = tail.next_if(|t| matches!((t.nanos, line.nanos), (Some(t), Some(l)) if t <= l)) {
                    self.lines.push_back(earlier);
                }
                self.lines.push_back(line);
            }
            self.lines.extend(tail);
        }
        while self.lines.len() > self.most || (self.bytes > MOST_BYTES && self.lines.len() > 1) {
            if let Some(line) = self.lines.pop_front() {
                self.bytes -= line.text.len();
                self.dropped += u64::from(line.note.is_none());
            }
        }
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

    /// Index of the first line at or after a moment.
    #[must_use]
    pub fn position_at(&self, at: UnixMs) -> Option<usize> {
        let nanos = at.0.saturating_mul(1_000_000);
        self.lines.iter().position(|l| l.nanos.is_some_and(|n| n >= nanos))
    }

    /// Forgets all lines, not the numbering.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.bytes = 0;
    }
}

impl Source {
    fn line(&mut self, id: u64, source: u16, piece: Piece<'_>) -> Line {
        let (time, text) = if self.goes_on { (None, String::from_utf8_lossy(piece.bytes)) } else { line::parse_line(piece.bytes) };
        // The pieces of a very long line stay as they are: what overwrites what is not known of a part.
        let text = if self.goes_on || piece.partial { text } else { overwritten(&text).into_owned().into() };
        if !self.goes_on {
            self.level = level(&text);
        }
        self.nanos = time.and_then(line::nanos).max(self.nanos);
        self.goes_on = piece.partial;
        Line { id, source, nanos: self.nanos, text: text.into(), level: self.level, partial: piece.partial, note: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(buffer: &LogBuffer) -> Vec<&str> {
        buffer.lines().iter().map(|l| &*l.text).collect()
    }

    fn line(second: u32, text: &str) -> Vec<u8> {
        format!("2026-11-21T05:04:{second:02}Z {text}\n").into_bytes()
    }

    #[test]
    fn lines_of_two_sources_are_merged_by_time() {
        let mut b = LogBuffer::default();
        b.push(0, &[line(1, "a1"), line(3, "a3"), line(5, "a5")].concat());
        b.push(1, &[line(2, "b2"), line(3, "b3"), line(9, "b9")].concat());
        b.push(0, &line(6, "a6"));
        assert_eq!(texts(&b), ["a1", "b2", "a3", "b3", "a5", "a6", "b9"]);
        assert_eq!(b.lines()[0].at(), Some(UnixMs(1_795_237_441_000)));
        assert_eq!(b.position(b.lines()[4].id), Some(4));
        assert_eq!(b.position_at(UnixMs(1_795_237_443_000)), Some(2));
    }

    #[test]
    fn one_source_keeps_its_order_whatever_its_times_say() {
        let mut b = LogBuffer::default();
        b.push(0, &[line(5, "first"), line(1, "clock set back"), b"no time\n".to_vec()].concat());
        b.push(0, &line(4, "last"));
        assert_eq!(texts(&b), ["first", "clock set back", "no time", "last"]);
    }

    #[test]
    fn only_so_many_are_kept_and_the_rest_counted() {
        let mut b = LogBuffer::new(3);
        for i in 0..10 {
            b.push(0, &line(i, &i.to_string()));
        }
        assert_eq!(texts(&b), ["7", "8", "9"]);
        assert_eq!(b.dropped(), 7);
        b.clear();
        b.push(0, &line(20, "x"));
        assert_eq!((b.lines().len(), b.lines()[0].id), (1, 10));
    }

    #[test]
    fn a_line_of_ten_megabytes_comes_in_pieces_within_bounds() {
        let mut b = LogBuffer::default();
        let mut long = b"2026-11-21T05:04:01Z ERROR ".to_vec();
        long.extend(std::iter::repeat_n(b'x', 10 * 1024 * 1024));
        long.push(b'\n');
        for chunk in long.chunks(60_000) {
            b.push(0, chunk);
        }
        b.push(0, &line(2, "next"));
        let total: usize = b.lines().iter().map(|l| l.text.len()).sum();
        assert_eq!(total, 10 * 1024 * 1024 + 6 + 4);
        assert!(b.lines().iter().take(40).all(|l| l.partial && l.level == Some(Level::Error)));
        assert_eq!(texts(&b).last(), Some(&"next"));
        let mut many = LogBuffer::default();
        for _ in 0..10 {
            many.push(0, &long);
        }
        assert!(many.bytes <= MOST_BYTES);
        assert!(many.dropped() > 0);
    }

    #[test]
    fn remarks_stand_where_they_belong() {
        let mut b = LogBuffer::default();
        b.push(0, &line(1, "a"));
        b.push(0, b"2026-11-21T05:04:03Z cut off");
        b.note(0, UnixMs(1_795_237_442_000), Tone::End, "Container main ended.");
        assert_eq!(texts(&b), ["a", "cut off", "Container main ended."]);
        assert_eq!(b.lines()[2].note, Some(Note { tone: Tone::End }));
    }

    #[test]
    fn a_source_that_is_forgotten_leaves_the_line_it_was_writing() {
        let mut b = LogBuffer::default();
        b.push(0, b"2026-11-21T05:04:01Z unfinished");
        for source in (1..).take(MOST_SOURCES) {
            b.push(source, &line(2, "other"));
        }
        assert_eq!((texts(&b)[0], b.lines().len()), ("unfinished", MOST_SOURCES + 1));
    }

    #[test]
    fn a_line_that_overwrites_itself_shows_its_last_state() {
        let mut b = LogBuffer::default();
        b.push(0, &[line(1, "  0%\r 50%\r100%"), line(2, "of Windows\r")].concat());
        assert_eq!(texts(&b), ["100%", "of Windows"]);
    }

    proptest! {
        #[test]
        fn merging_loses_nothing_and_keeps_each_source_in_order(
            pushes in proptest::collection::vec((0_u16..4, proptest::collection::vec(0_u32..60, 1..6)), 1..40),
        ) {
            let mut b = LogBuffer::default();
            let mut sent: Vec<Vec<String>> = vec![Vec::new(); 4];
            for (source, seconds) in pushes {
                for s in seconds {
                    let text = format!("{source}-{}", sent[source as usize].len());
                    b.push(source, &line(s, &text));
                    sent[source as usize].push(text);
                }
            }
            for source in 0..4_u16 {
                let kept: Vec<_> = b.lines().iter().filter(|l| l.source == source).map(|l| l.text.to_string()).collect();
                prop_assert_eq!(&kept, &sent[source as usize]);
            }
            let times: Vec<_> = b.lines().iter().map(|l| l.nanos).collect();
            prop_assert!(times.is_sorted());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn however_many_sources_there_were_each_is_heard_and_keeps_its_order(
            spoken in proptest::collection::vec((0_u16..2_000, 0_u32..60, any::<bool>()), 1..200),
        ) {
            let mut b = LogBuffer::default();
            let mut sent: BTreeMap<u16, Vec<String>> = BTreeMap::new();
            // More than a page knows, before and between.
            let crowd = (2_000..).take(MOST_SOURCES).map(|source| (source, 30, true));
            for (source, second, whole) in crowd.clone().chain(spoken).chain(crowd) {
                let so_far = sent.entry(source).or_default();
                let text = format!("{source}-{}", so_far.len());
                let bytes = line(second, &text);
                b.push(source, if whole { &bytes } else { &bytes[..bytes.len() - 1] });
                if !whole {
                    b.push(source, b"\n");
                }
                so_far.push(text);
            }
            prop_assert_eq!(b.sources.len(), MOST_SOURCES);
            for (source, texts) in sent {
                let kept: Vec<_> = b.lines().iter().filter(|l| l.source == source).map(|l| l.text.to_string()).collect();
                prop_assert_eq!(kept, texts);
            }
        }
    }
}
