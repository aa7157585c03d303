//! Takes the times off lines, for readers who did not ask for them.

use memchr::memchr;

/// Longest text in front of a line that may be a time.
const LONGEST: usize = 40;

/// Takes the time off the begin of each line of one source. Keeps no line; knows only whether it is inside one.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeStripper {
    inside: bool,
}

impl TimeStripper {
    /// Appends `lines` without their times to `out`. Pieces of a long line may come one by one.
    pub fn strip(&mut self, lines: &[u8], out: &mut Vec<u8>) {
        out.reserve(lines.len());
        let mut rest = lines;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).map(|i| i + 1);
            let (line, more) = rest.split_at(end.unwrap_or(rest.len()));
            let skip = if self.inside { 0 } else { memchr(b' ', &line[..line.len().min(LONGEST)]).map_or(0, |i| i + 1) };
            out.extend_from_slice(&line[skip..]);
            self.inside = end.is_none();
            rest = more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_and_text_stays() {
        let mut out = Vec::new();
        let mut stripper = TimeStripper::default();
        stripper.strip(b"2026-11-21T05:04:03.123456789Z one two\n2026-11-21T05:04:04.000000000Z \n2026-11-21T05:04:05Z long", &mut out);
        stripper.strip(b" line goes on\n2026-11-21T05:04:06Z end\n", &mut out);
        assert_eq!(String::from_utf8_lossy(&out), "one two\n\nlong line goes on\nend\n");
    }
}
