//! Cuts an upstream's chunks at line ends, and finds the place again after the upstream was cut.
//!
//! The quick way looks for the last line feed of a chunk and copies bytes; it does not look at lines. Only after a
//! cut, while the node sends again what is out already, are lines compared: the node starts at a whole second, and
//! lines of two streams of a container may be out of order by time, so the place is found by the last line itself
//! (its time is exact to the nanosecond, so equal lines come in a row or not at all) and not by comparing times.

use super::moment::Nanos;
use bytes::{BufMut, Bytes, BytesMut};
use domain::UnixMs;
use domain::log::MAX_LINE;

/// Bytes by which a line is known again, together with its length.
const HEAD: usize = 512;
/// Bytes of new lines that are held back while the last line that is out is looked for.
const HELD: usize = 1024 * 1024;
/// Equal lines in a row that are counted.
const MAX_RUN: u64 = 65_536;

/// How a line is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    head: Bytes,
    len: u64,
}

impl Mark {
    fn of(line: &[u8]) -> Self {
        Self { head: Bytes::copy_from_slice(&line[..line.len().min(HEAD)]), len: line.len() as u64 }
    }

    fn is(&self, line: &[u8], len: u64) -> bool {
        self.len == len && self.head == line[..line.len().min(HEAD)]
    }
}

/// Where the place is.
#[derive(Debug)]
enum Place {
    /// Behind this line, after so many equal ones.
    Behind { line: Mark, run: u64 },
    /// In a long line, of which so many bytes are out.
    Inside(Mark),
}

impl Place {
    fn at(&self) -> Option<Nanos> {
        match self {
            Self::Behind { line, .. } | Self::Inside(line) => Nanos::of_line(&line.head),
        }
    }
}

#[derive(Debug)]
struct Seek {
    place: Place,
    at: Option<Nanos>,
    /// Equal lines seen so far.
    run: u64,
    /// Lines that are new, if the place is not found.
    held: BytesMut,
    /// The line that comes in.
    line: BytesMut,
    /// Bytes of it that are not kept, because it is old and long.
    passed: u64,
}

/// What feeding has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fed {
    /// All is in order.
    Well,
    /// The place was not found again: lines may be missing here.
    Gap,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    /// Begin of a line of which nothing is out.
    carry: BytesMut,
    /// The line that is out in part.
    open: Option<Mark>,
    /// Bytes of that line to pass over, because they are out.
    skip: u64,
    /// The last whole line that is out, and how many equal ones in a row.
    last: Option<(Mark, u64)>,
    seek: Option<Seek>,
}

impl Cutter {
    /// Gets ready for another upstream of the same log and says from when it is needed; `None`: from the begin.
    pub(super) fn resume(&mut self) -> Option<UnixMs> {
        self.carry.clear();
        self.skip = 0;
        let place = match (&self.open, &self.last) {
            (Some(line), _) => Place::Inside(line.clone()),
            (None, Some((line, run))) => Place::Behind { line: line.clone(), run: *run },
            (None, None) => return None,
        };
        let at = place.at();
        self.seek = Some(Seek { place, at, run: 0, held: BytesMut::new(), line: BytesMut::new(), passed: 0 });
        // Without a time in front there is no moment to ask for: all comes again, and the place is looked for.
        // A second earlier, because a line that is not out yet may have an earlier time than the last that is.
        at.map(|at| at.floor_ms().plus(-1000))
    }

    /// Whether anything is out.
    pub(super) fn began(&self) -> bool {
        self.open.is_some() || self.last.is_some()
    }

    /// Whether the place is still looked for.
    pub(super) fn seeking(&self) -> bool {
        self.seek.is_some()
    }

    /// Takes a chunk; appends to `out` what is whole and new.
    pub(super) fn feed(&mut self, chunk: &[u8], out: &mut BytesMut) -> Fed {
        let mut rest = chunk;
        while let Some(mut seek) = self.seek.take() {
            if rest.is_empty() {
                self.seek = Some(seek);
                return Fed::Well;
            }
            let end = memchr::memchr(b'\n', rest).map(|i| i + 1);
            let (part, more) = rest.split_at(end.unwrap_or(rest.len()));
            rest = more;
            match seek.take(part, end.is_some()) {
                Found::NotYet => self.seek = Some(seek),
                Found::Behind => {}
                Found::Inside(so_far) => {
                    // Some of what is out may still come, and some of what is not may be here already.
                    let sent = self.open.as_ref().map_or(0, |m| m.len);
                    self.skip = sent;
                    self.relay(&so_far, out);
                }
                Found::Lost => {
                    self.give_up(seek, out);
                    self.relay(rest, out);
                    return Fed::Gap;
                }
            }
        }
        self.relay(rest, out);
        Fed::Well
    }

    /// The upstream is quiet: what was held back goes out.
    pub(super) fn settle(&mut self, out: &mut BytesMut) -> Fed {
        self.settle_if(out, |seek| !seek.held.is_empty() && seek.passed == 0)
    }

    /// The log itself has ended: a last line without a line feed goes out with one.
    pub(super) fn finish(&mut self, out: &mut BytesMut) -> Fed {
        let fed = self.settle_if(out, |seek| !seek.held.is_empty() || (seek.passed == 0 && !seek.line.is_empty() && seek.is_new()));
        if !self.carry.is_empty() || self.open.is_some() {
            self.relay(b"\n", out);
        }
        fed
    }

    fn settle_if(&mut self, out: &mut BytesMut, due: impl Fn(&Seek) -> bool) -> Fed {
        match self.seek.take() {
            Some(seek) if due(&seek) => {
                self.give_up(seek, out);
                Fed::Gap
            }
            other => {
                self.seek = other;
                Fed::Well
            }
        }
    }

    fn give_up(&mut self, seek: Seek, out: &mut BytesMut) {
        if self.open.is_some() {
            self.relay(b"\n", out);
        }
        self.relay(&seek.held, out);
        if seek.passed == 0 {
            self.relay(&seek.line, out);
        }
    }

    fn relay(&mut self, mut chunk: &[u8], out: &mut BytesMut) {
        if self.skip > 0 {
            let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(chunk.len());
            self.skip -= skipped as u64;
            chunk = &chunk[skipped..];
        }
        let whole = memchr::memrchr(b'\n', chunk).map_or(0, |i| i + 1);
        let (head, tail) = chunk.split_at(whole);
        if !head.is_empty() {
            let start = out.len();
            out.reserve(self.carry.len() + head.len());
            out.put_slice(&self.carry);
            out.put_slice(head);
            self.carry.clear();
            self.remember(&out[start..]);
        }
        self.carry.put_slice(tail);
        if self.carry.len() > MAX_LINE || (self.open.is_some() && !self.carry.is_empty()) {
            match &mut self.open {
                Some(open) => open.len += self.carry.len() as u64,
                None => self.open = Some(Mark::of(&self.carry)),
            }
            out.put_slice(&self.carry);
            // The memory of a long line goes with it.
            self.carry = BytesMut::new();
        }
    }

    /// Notes the last line of what goes out; it ends in a line feed.
    fn remember(&mut self, text: &[u8]) {
        let mut lines = Backwards(text);
        let Some(last) = lines.next() else { return };
        let first = lines.0.is_empty();
        let mark = match self.open.take() {
            Some(open) if first => Mark { len: open.len + last.len() as u64, ..open },
            _ => Mark::of(last),
        };
        let mut run = 1;
        while run < MAX_RUN && lines.next().is_some_and(|line| line == last) {
            run += 1;
        }
        // The whole text is this one line again and again: those before it count as well.
        if lines.0.is_empty()
            && let Some((before, count)) = &self.last
            && *before == mark
            && text.len() as u64 == mark.len * run
        {
            run = (run + count).min(MAX_RUN);
        }
        self.last = Some((mark, run));
    }
}

/// Lines from the end, each with its line feed.
struct Backwards<'a>(&'a [u8]);

impl<'a> Iterator for Backwards<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let inner = self.0.len().checked_sub(1)?;
        let start = memchr::memrchr(b'\n', &self.0[..inner]).map_or(0, |i| i + 1);
        let (rest, line) = self.0.split_at(start);
        self.0 = rest;
        Some(line)
    }
}

enum Found {
    NotYet,
    /// The place is behind the part just taken.
    Behind,
    /// The place is in this line, of which this has come.
    Inside(BytesMut),
    /// It will not be found.
    Lost,
}

impl Seek {
    /// Takes a part of a line, or its end.
    fn take(&mut self, part: &[u8], ends: bool) -> Found {
        if self.passed > 0 {
            self.passed += part.len() as u64;
        } else {
            self.line.put_slice(part);
            if self.line.len() <= MAX_LINE && !ends {
                return Found::NotYet;
            }
        }
        let len = if self.passed > 0 { self.passed } else { self.line.len() as u64 };
        match &self.place {
            Place::Inside(line) if len > MAX_LINE as u64 && self.line.starts_with(&line.head) => return Found::Inside(std::mem::take(&mut self.line)),
            Place::Behind { line, run } if ends && line.is(&self.line, len) => {
                self.run += 1;
                if self.run >= *run {
                    return Found::Behind;
                }
                self.next_line();
                return Found::NotYet;
            }
            Place::Behind { .. } | Place::Inside(_) => {}
        }
        if self.passed == 0 && self.is_new() {
            if !ends || self.held.len() + self.line.len() > HELD {
                return Found::Lost;
            }
            self.held.put_slice(&self.line);
        } else if !ends && self.passed == 0 {
            // Old and long: only its head and its length are of use.
            self.passed = len;
            self.line.truncate(HEAD);
        }
        if ends {
            self.next_line();
        }
        Found::NotYet
    }

    /// Later than the place, or without a time.
    fn is_new(&self) -> bool {
        match (Nanos::of_line(&self.line), self.at) {
            (Some(line), Some(at)) => line > at,
            _ => true,
        }
    }

    fn next_line(&mut self) {
        self.line.clear();
        self.passed = 0;
    }
}

#[cfg(test)]
mod tests;
