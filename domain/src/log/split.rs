//! Whole lines out of chunks of bytes.

/// Bytes after which a line is given out in pieces, as the frames of [`crate::live::LogBatch`] do.
pub const MAX_LINE: usize = 256 * 1024;

/// A line without its line feed, or a piece of a very long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The line goes on in the next piece.
    pub partial: bool,
}

/// Cuts a stream of chunks into lines. Loses and reorders nothing; holds less than [`MAX_LINE`] bytes.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    pending: Vec<u8>,
}

impl Splitter {
    /// Takes a chunk and hands every line that is whole by now to `out`, in order.
    pub fn push(&mut self, chunk: &[u8], mut out: impl FnMut(Piece<'_>)) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let room = MAX_LINE - self.pending.len();
            let near = &rest[..rest.len().min(room)];
            let feed = near.iter().position(|b| *b == b'\n');
            if feed.is_none() && rest.len() < room {
                self.pending.extend_from_slice(rest);
                return;
            }
            // Either a line feed within reach, or a piece that is full.
            let (head, skip) = feed.map_or((near, 0), |i| (&near[..i], 1));
            let partial = feed.is_none();
            if self.pending.is_empty() {
                out(Piece { bytes: head, partial });
            } else {
                self.pending.extend_from_slice(head);
                out(Piece { bytes: &self.pending, partial });
                self.pending.clear();
            }
            rest = &rest[head.len() + skip..];
        }
    }

    /// Appends all that is whole by now to `out`, line feeds included: the quick way for a relay that does not
    /// look into lines. A line longer than [`MAX_LINE`] goes on in pieces without a line feed.
    pub fn push_whole(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let whole = chunk.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let (head, mut tail) = chunk.split_at(whole);
        if !head.is_empty() {
            out.append(&mut self.pending);
            out.extend_from_slice(head);
        }
        while self.pending.len() + tail.len() >= MAX_LINE {
            let (piece, more) = tail.split_at(MAX_LINE - self.pending.len());
            out.append(&mut self.pending);
            out.extend_from_slice(piece);
            tail = more;
        }
        self.pending.extend_from_slice(tail);
    }

    /// What is left when the stream has ended without a line feed.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        (!self.pending.is_empty()).then(|| std::mem::take(&mut self.pending))
    }

    /// Bytes held back until their line is whole.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending.len()
    }
}
