//! A whole log, read once and without times.
//!
//! The times by which a log is found again after a cut cost the node and the API server a seventh of their pace. Where all of
//! a log is read and nobody asked for times, the place is known without them: the log is read again from its begin, as
//! many bytes as are out are passed over, and a digest says whether they are the same.

use super::cutter::Fed;
use bytes::{BufMut, BytesMut};
use domain::log::MAX_LINE;
use sha2::{Digest, Sha256};

/// Cuts an upstream's chunks at line ends, and goes on in the next one.
#[derive(Default)]
pub(super) struct Whole {
    /// Begin of a line of which nothing is out.
    carry: BytesMut,
    /// Whether what is out ends within a line.
    open: bool,
    /// Bytes that have been read, of all upstreams together.
    read: u64,
    digest: Sha256,
    again: Option<Again>,
}

/// What is read again.
struct Again {
    left: u64,
    digest: Sha256,
}

impl Whole {
    /// Gets ready for another upstream of the same log.
    pub(super) fn resume(&mut self) {
        self.again = (self.read > 0).then(|| Again { left: self.read, digest: Sha256::new() });
    }

    /// Whether anything has been read.
    pub(super) fn began(&self) -> bool {
        self.read > 0
    }

    /// Takes a chunk; appends to `out` what is whole and new.
    pub(super) fn feed(&mut self, mut chunk: &[u8], out: &mut BytesMut) -> Fed {
        if let Some(again) = &mut self.again {
            let known = usize::try_from(again.left).unwrap_or(usize::MAX).min(chunk.len());
            again.digest.update(&chunk[..known]);
            again.left -= known as u64;
            chunk = &chunk[known..];
            if again.left > 0 {
                return Fed::Well;
            }
            if std::mem::take(&mut again.digest).finalize() != self.digest.clone().finalize() {
                return Fed::Gap;
            }
            self.again = None;
        }
        self.digest.update(chunk);
        self.read += chunk.len() as u64;
        self.relay(chunk, out);
        Fed::Well
    }

    /// The log has ended: a last line without a line feed goes out with one.
    pub(super) fn finish(&mut self, out: &mut BytesMut) -> Fed {
        if self.again.is_some() {
            return Fed::Gap;
        }
        if self.open || !self.carry.is_empty() {
            self.relay(b"\n", out);
        }
        Fed::Well
    }

    fn relay(&mut self, chunk: &[u8], out: &mut BytesMut) {
        let whole = memchr::memrchr(b'\n', chunk).map_or(0, |i| i + 1);
        let (head, tail) = chunk.split_at(whole);
        if !head.is_empty() {
            out.reserve(self.carry.len() + head.len());
            out.put_slice(&self.carry);
            out.put_slice(head);
            self.carry.clear();
            self.open = false;
        }
        self.carry.put_slice(tail);
        if self.carry.len() > MAX_LINE || (self.open && !self.carry.is_empty()) {
            self.open = true;
            out.put_slice(&self.carry);
            // The memory of a long line goes with it.
            self.carry = BytesMut::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What comes out of these upstreams, and whether the place was found each time.
    fn read(upstreams: &[Vec<&[u8]>]) -> (Vec<u8>, Fed) {
        let (mut whole, mut out) = (Whole::default(), BytesMut::new());
        for chunks in upstreams {
            whole.resume();
            for chunk in chunks {
                if whole.feed(chunk, &mut out) == Fed::Gap {
                    return (out.to_vec(), Fed::Gap);
                }
            }
        }
        let fed = whole.finish(&mut out);
        (out.to_vec(), fed)
    }

    proptest! {
        #[test]
        fn cuts_anywhere_neither_lose_nor_repeat_a_byte(text in "[ab\n]{0,200}", cuts in prop::collection::vec(0_usize..200, 0..4), step in 1_usize..40) {
            let bytes = text.as_bytes();
            let upstreams: Vec<Vec<&[u8]>> = cuts.iter().copied().chain([bytes.len()]).map(|cut| bytes[..cut.min(bytes.len())].chunks(step).collect()).collect();
            let (out, fed) = read(&upstreams);
            let mut expected = text.clone().into_bytes();
            if expected.last().is_some_and(|b| *b != b'\n') {
                expected.push(b'\n');
            }
            prop_assert_eq!((out, fed), (expected, Fed::Well));
        }
    }

    #[test]
    fn what_goes_out_ends_with_a_line_but_within_a_very_long_one() {
        let (mut whole, mut out) = (Whole::default(), BytesMut::new());
        whole.feed(b"one\ntw", &mut out);
        assert_eq!(out.split(), "one\n");
        whole.feed(b"o\nthree", &mut out);
        assert_eq!(out.split(), "two\n");
        whole.feed(&vec![b'x'; MAX_LINE + 1], &mut out);
        assert_eq!(out.split().len(), MAX_LINE + 6);
        whole.feed(b"end\nfour\n", &mut out);
        assert_eq!(out.split(), "end\nfour\n");
    }

    #[test]
    fn a_log_that_was_rotated_meanwhile_is_a_gap() {
        assert_eq!(read(&[vec![b"one\ntwo\n"], vec![b"two\nthree\nfour\n"]]), (b"one\ntwo\n".to_vec(), Fed::Gap));
        assert_eq!(read(&[vec![b"one\ntwo\n"], vec![b"two\n"]]), (b"one\ntwo\n".to_vec(), Fed::Gap), "shorter than what is out");
    }
}
