//! The time in front of a line of log, in nanoseconds since 1970.

use domain::UnixMs;

/// Longest text in front of a line that may be a time.
const LONGEST: usize = 40;

/// A moment as exact as the node writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Nanos(i64);

impl Nanos {
    /// Reads `2026-11-21T05:04:03.123456789Z` or the same with an offset at the begin of a line.
    pub(super) fn of_line(line: &[u8]) -> Option<Self> {
        let head = &line[..line.len().min(LONGEST)];
        let end = memchr::memchr(b' ', head).unwrap_or(head.len());
        domain::log::nanos(std::str::from_utf8(&head[..end]).ok()?).map(Self)
    }

    /// The millisecond in which it lies.
    pub(super) fn floor_ms(self) -> UnixMs {
        UnixMs(self.0.div_euclid(1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_fraction_and_offset() {
        let read = |t: &str| Nanos::of_line(t.as_bytes()).map(|n| n.0);
        assert_eq!(read("1970-01-01T00:00:01Z x"), Some(1_000_000_000));
        assert_eq!(read("2024-02-29T00:00:00.5Z x"), Some(1_709_164_800_500_000_000));
        assert_eq!(read("2024-02-29T02:00:00.123456789+02:00 x"), Some(1_709_164_800_123_456_789));
        assert_eq!(read("2024-02-29T00:00:00.000000001Z"), Some(1_709_164_800_000_000_001));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "x", "panic: 2024", "2024-13-01T00:00:00Z x", "2024-02-29T00:00:00 x", "2024-02-29T00:00:00.Z x"] {
            assert_eq!(Nanos::of_line(text.as_bytes()), None, "{text}");
        }
    }
}
