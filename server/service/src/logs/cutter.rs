//! Cuts a stream of bytes at line ends, copying only what lies across a chunk's border.

use bytes::{Bytes, BytesMut};

/// A line longer than this is passed on in pieces.
pub(super) const MAX_LINE: usize = 256 * 1024;

/// Keeps the unfinished line between two chunks.
#[derive(Default)]
pub(super) struct Cutter {
    rest: BytesMut,
}

impl Cutter {
    /// Takes a chunk and hands out whole lines, in order, in at most two batches.
    pub(super) fn take(&mut self, mut chunk: Bytes, mut out: impl FnMut(Bytes)) {
        if !self.rest.is_empty() {
            match memchr::memchr(b'\n', &chunk) {
                Some(end) => {
                    self.rest.extend_from_slice(&chunk.split_to(end + 1));
                    out(self.rest.split().freeze());
                }
                None => {
                    self.rest.extend_from_slice(&chunk);
                    chunk.clear();
                }
            }
        }
        if let Some(end) = memchr::memrchr(b'\n', &chunk) {
            out(chunk.split_to(end + 1));
        }
        self.rest.extend_from_slice(&chunk);
        while self.rest.len() >= MAX_LINE {
            out(self.rest.split_to(MAX_LINE).freeze());
        }
    }

    /// The unfinished line at the end of the stream, ended.
    pub(super) fn finish(&mut self) -> Option<Bytes> {
        if self.rest.is_empty() {
            return None;
        }
        self.rest.extend_from_slice(b"\n");
        Some(self.rest.split().freeze())
    }

    /// Forgets the unfinished line, because the stream is read again from before it.
    pub(super) fn clear(&mut self) {
        self.rest.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(chunks: &[Vec<u8>]) -> Vec<Bytes> {
        let mut cutter = Cutter::default();
        let mut out = Vec::new();
        for chunk in chunks {
            cutter.take(Bytes::from(chunk.clone()), |batch| out.push(batch));
        }
        out.extend(cutter.finish());
        out
    }

    #[test]
    fn a_line_across_two_chunks_comes_whole() {
        assert_eq!(cut(&[b"one\ntw".to_vec(), b"o\nthree\nfo".to_vec(), b"ur".to_vec()]), ["one\n", "two\n", "three\n", "four\n"].map(Bytes::from));
    }

    #[test]
    fn a_very_long_line_comes_in_pieces_and_its_end_ends_it() {
        let out = cut(&[vec![b'x'; MAX_LINE + 10], b"\nnext\n".to_vec()]);
        assert_eq!(out[0].len(), MAX_LINE);
        assert_eq!(out[1], Bytes::from("xxxxxxxxxx\n"));
        assert_eq!(out[2], Bytes::from("next\n"));
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_or_moved_and_every_batch_ends_a_line(chunks in prop::collection::vec(prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..40), 0..40)) {
            let mut whole: Vec<u8> = chunks.concat();
            if whole.last().is_some_and(|b| *b != b'\n') {
                whole.push(b'\n');
            }
            let out = cut(&chunks);
            prop_assert!(out.iter().all(|batch| batch.ends_with(b"\n")));
            prop_assert_eq!(out.concat(), whole);
        }
    }
}
