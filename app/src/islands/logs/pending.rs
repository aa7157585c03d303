//! What comes while the log is paused: held back in order, so that nothing moves under the reader.

use domain::Tone;
use std::collections::VecDeque;

/// Bytes that are held; lines beyond that would not survive in the buffer either.
const MOST_BYTES: usize = 24 * 1024 * 1024;

/// A thing that waits to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// Whole lines of a source.
    Lines(u16, Vec<u8>),
    /// A remark: source, time in ms, tone, text.
    Note(u16, i64, Tone, String),
}

/// The queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    queue: VecDeque<(Held, u64)>,
    bytes: usize,
    lines: u64,
    total: u64,
    dropped: u64,
}

impl Pending {
    /// Puts something at the end.
    pub(crate) fn push(&mut self, held: Held, most_lines: u64) {
        let (bytes, lines) = match &held {
            Held::Lines(_, bytes) => (bytes.len(), bytes.iter().filter(|b| **b == b'\n').count() as u64),
            Held::Note(..) => (0, 0),
        };
        self.bytes += bytes;
        self.lines += lines;
        self.total += lines;
        self.queue.push_back((held, lines));
        // Only as much as the buffer could keep anyway.
        while self.queue.len() > 1 && (self.bytes > MOST_BYTES || self.queue.front().is_some_and(|(_, first)| self.lines - first >= most_lines)) {
            if let Some((held, lines)) = self.queue.pop_front() {
                self.lines -= lines;
                self.dropped += lines;
                if let Held::Lines(_, bytes) = held {
                    self.bytes -= bytes.len();
                }
            }
        }
    }

    /// Lines that came since the pause.
    pub(crate) const fn total(&self) -> u64 {
        self.total
    }

    /// Lines that were dropped, because they are more than the buffer keeps.
    pub(crate) const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Takes all of it.
    pub(crate) fn take(&mut self) -> VecDeque<Held> {
        let all = std::mem::take(self);
        all.queue.into_iter().map(|(held, _)| held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_and_kept_in_order() {
        let mut pending = Pending::default();
        pending.push(Held::Lines(0, b"a\nb\n".to_vec()), 100);
        pending.push(Held::Note(0, 1, Tone::Info, "restarted".into()), 100);
        pending.push(Held::Lines(1, b"c\n".to_vec()), 100);
        assert_eq!(pending.total(), 3);
        assert_eq!(pending.take().len(), 3);
        assert_eq!(pending.total(), 0);
    }

    #[test]
    fn no_more_is_held_than_the_buffer_keeps() {
        let mut pending = Pending::default();
        for _ in 0..1000 {
            pending.push(Held::Lines(0, b"x\n".repeat(100)), 20_000);
        }
        assert_eq!(pending.total(), 100_000);
        assert_eq!(pending.total() - pending.dropped(), 20_000);
    }
}
