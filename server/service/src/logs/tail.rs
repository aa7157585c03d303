//! The end of a log, counted in lines.
//!
//! The runtime writes a long line in pieces of 16 KiB, the node counts these as lines, and gives them out joined: of 1,000
//! lines from the end it may send 267, the first of them without its begin. So the end is counted first, without keeping
//! it. Only where it has a line of pieces is it read from further back, and the moment is noted at which the wanted line
//! begins; what is before that is then left out.

use super::moment::Nanos;
use bytes::{BufMut, BytesMut};
use std::collections::VecDeque;

/// Bytes of a piece (containerd's `max_container_log_line_size`, cri-o's `log_size_max` is larger).
const PIECE: usize = 16 * 1024;
/// Pieces of a line that are reckoned with where the end is read from further back.
pub(super) const PIECES: u32 = 16;
/// Most lines that are counted; the end of more lines is taken as the node counts it.
pub(super) const MOST: u32 = 20_000;
/// Most bytes that are read to count lines.
pub(super) const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Bytes in front of a line that may be its time.
const HEAD: usize = 40;

/// Counts the lines of a stream, and remembers when the last ones began.
pub(super) struct Count {
    last: VecDeque<Option<Nanos>>,
    wanted: usize,
    head: Vec<u8>,
    length: usize,
    /// Bytes seen.
    pub(super) bytes: usize,
    /// A line of pieces is among them.
    pub(super) long: bool,
}

impl Count {
    pub(super) fn new(wanted: u32) -> Self {
        Self { last: VecDeque::new(), wanted: wanted as usize, head: Vec::new(), length: 0, bytes: 0, long: false }
    }

    pub(super) fn feed(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len();
        let mut rest = chunk;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest);
            let part = &rest[..end.unwrap_or(rest.len())];
            let room = HEAD.saturating_sub(self.head.len()).min(part.len());
            self.head.extend_from_slice(&part[..room]);
            self.length += part.len();
            rest = &rest[end.map_or(rest.len(), |i| i + 1)..];
            if end.is_some() {
                self.line();
            }
        }
    }

    fn line(&mut self) {
        // The time in front is no part of a piece.
        self.long |= self.length >= PIECE;
        self.last.push_back(Nanos::of_line(&self.head));
        if self.last.len() > self.wanted {
            self.last.pop_front();
        }
        self.head.clear();
        self.length = 0;
    }

    /// When the first of the wanted lines begins; nothing where there are not as many, or where it has no time.
    pub(super) fn anchor(mut self) -> Option<Nanos> {
        if self.length > 0 {
            self.line();
        }
        if self.last.len() < self.wanted { None } else { self.last.front().copied().flatten() }
    }
}

/// Leaves out the lines before a moment.
#[derive(Debug)]
pub(super) struct Skip {
    until: Nanos,
    head: BytesMut,
    /// The line that comes in is one of those.
    dropping: bool,
}

impl Skip {
    pub(super) fn until(until: Nanos) -> Self {
        Self { until, head: BytesMut::new(), dropping: false }
    }

    /// What of a chunk is to be read; once there is something, all that follows is.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Option<BytesMut> {
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.dropping {
                let end = memchr::memchr(b'\n', rest)?;
                rest = &rest[end + 1..];
                self.dropping = false;
                continue;
            }
            let part = rest.iter().take(HEAD - self.head.len()).position(|b| *b == b'\n').map_or((HEAD - self.head.len()).min(rest.len()), |i| i + 1);
            self.head.put_slice(&rest[..part]);
            rest = &rest[part..];
            let whole = self.head.ends_with(b"\n");
            if self.head.len() < HEAD && !whole {
                return None;
            }
            if Nanos::of_line(self.head.strip_suffix(b"\n").unwrap_or(&self.head)).is_some_and(|at| at < self.until) {
                self.dropping = !whole;
                self.head.clear();
            } else {
                let mut out = std::mem::take(&mut self.head);
                out.put_slice(rest);
                return Some(out);
            }
        }
        None
    }

    /// What is left when the stream has ended: a short last line.
    pub(super) fn finish(self) -> Option<BytesMut> {
        let old = self.dropping || Nanos::of_line(&self.head).is_some_and(|at| at < self.until);
        (!old && !self.head.is_empty()).then_some(self.head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(n: usize, bytes: usize) -> String {
        format!("2026-11-21T05:{:02}:{:02}.{n:09}Z {n} {}\n", n / 60 % 60, n % 60, "x".repeat(bytes))
    }

    #[test]
    fn a_line_of_pieces_is_noticed_and_the_place_of_the_wanted_one_is_found() {
        let lines: Vec<_> = (0..50).map(|n| line(n, if n % 5 == 0 { 60_000 } else { 10 })).collect();
        let mut count = Count::new(20);
        for chunk in lines.concat().as_bytes().chunks(7_000) {
            count.feed(chunk);
        }
        assert!(count.long);
        let anchor = count.anchor().unwrap();
        assert_eq!(Some(anchor), Nanos::of_line(lines[30].as_bytes()));
        let mut short = Count::new(20);
        short.feed(lines[1..5].concat().as_bytes());
        assert!(!short.long && short.anchor().is_none(), "there are not as many");
    }

    proptest! {
        #[test]
        fn what_is_before_the_place_is_left_out_whatever_the_chunks(first in 0_usize..40, step in 1_usize..200, feed in any::<bool>()) {
            let lines: Vec<_> = (0..40).map(|n| line(n, n * 3 % 50)).collect();
            let mut text = lines.concat();
            if !feed {
                text.pop();
            }
            let mut skip = Some(Skip::until(Nanos::of_line(lines[first].as_bytes()).unwrap()));
            let mut out = Vec::new();
            for chunk in text.as_bytes().chunks(step) {
                match skip.take() {
                    Some(mut s) => match s.feed(chunk) {
                        Some(begin) => out.extend_from_slice(&begin),
                        None => skip = Some(s),
                    },
                    None => out.extend_from_slice(chunk),
                }
            }
            out.extend(skip.and_then(Skip::finish).unwrap_or_default());
            let mut wanted = lines[first..].concat();
            if !feed {
                wanted.pop();
            }
            prop_assert_eq!(String::from_utf8(out).unwrap(), wanted);
        }
    }
}
