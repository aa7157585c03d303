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

    /// What is left when the stream has ended without a line feed.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        (!self.pending.is_empty()).then(|| std::mem::take(&mut self.pending))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cuts `all` at the given borders and gives back what comes out: lines with their flag, and the rest.
    fn run(all: &[u8], borders: &[usize]) -> (Vec<(Vec<u8>, bool)>, Vec<u8>) {
        let (mut s, mut out) = (Splitter::default(), Vec::new());
        for chunk in cut(all, borders) {
            s.push(chunk, |p| out.push((p.bytes.to_vec(), p.partial)));
            assert!(s.pending.len() < MAX_LINE);
        }
        (out, s.finish().unwrap_or_default())
    }

    fn cut<'a>(all: &'a [u8], borders: &[usize]) -> Vec<&'a [u8]> {
        let mut at: Vec<_> = borders.iter().map(|b| b % (all.len() + 1)).chain([0, all.len()]).collect();
        at.sort_unstable();
        at.windows(2).map(|w| &all[w[0]..w[1]]).collect()
    }

    #[test]
    fn lines_come_whole() {
        let (lines, rest) = run(b"one\ntwo\n\nthr", &[2, 5]);
        assert_eq!(lines, [(b"one".to_vec(), false), (b"two".to_vec(), false), (Vec::new(), false)]);
        assert_eq!(rest, b"thr");
    }

    #[test]
    fn a_line_of_exactly_the_limit_and_one_more() {
        let mut all = vec![b'x'; MAX_LINE];
        all.push(b'\n');
        let (lines, rest) = run(&all, &[]);
        assert_eq!(lines.iter().map(|(l, p)| (l.len(), *p)).collect::<Vec<_>>(), [(MAX_LINE, true), (0, false)]);
        assert!(rest.is_empty());
        let (lines, _) = run(&all[1..], &[]);
        assert_eq!(lines.iter().map(|(l, p)| (l.len(), *p)).collect::<Vec<_>>(), [(MAX_LINE - 1, false)]);
    }

    proptest! {
        #[test]
        fn borders_of_chunks_do_not_show(
            all in proptest::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(b'\n')], 0..400),
            borders in proptest::collection::vec(any::<usize>(), 0..12),
        ) {
            let (lines, rest) = run(&all, &borders);
            prop_assert_eq!(&run(&all, &[]), &(lines.clone(), rest.clone()));
            let mut back = Vec::new();
            for (line, partial) in &lines {
                prop_assert!(!partial);
                back.extend_from_slice(line);
                back.push(b'\n');
            }
            back.extend(rest);
            prop_assert_eq!(back, all);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn long_lines_keep_their_bytes(lengths in proptest::collection::vec(0_usize..600_000, 1..4), step in 1000_usize..300_000) {
            let mut all = Vec::new();
            for (i, n) in lengths.iter().enumerate() {
                all.extend((0..*n).map(|j| b'a' + u8::try_from((i + j) % 26).unwrap()));
                all.push(b'\n');
            }
            let borders: Vec<_> = (0..all.len()).step_by(step).collect();
            let (lines, rest) = run(&all, &borders);
            prop_assert!(rest.is_empty());
            let mut back = Vec::new();
            for (l, partial) in &lines {
                prop_assert!(l.len() <= MAX_LINE);
                back.extend_from_slice(l);
                if !partial { back.push(b'\n'); }
            }
            prop_assert!(back == all);
        }
    }
}
