//! The time in front of a line of log, in nanoseconds since 1970.

use domain::UnixMs;

/// A moment as exact as the node writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Nanos(i64);

impl Nanos {
    /// Reads `2026-11-21T05:04:03.123456789Z` or the same with an offset at the begin of a line.
    pub(super) fn of_line(line: &[u8]) -> Option<Self> {
        let end = memchr::memchr(b' ', line.get(..line.len().min(40))?).unwrap_or(line.len().min(40));
        let text = line.get(..end)?;
        let number = |from: usize, to: usize| text.get(from..to).and_then(digits);
        let dashed = text.get(4) == Some(&b'-') && text.get(7) == Some(&b'-') && text.get(10) == Some(&b'T') && text.get(13) == Some(&b':');
        if !dashed {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut rest = text.get(19..)?;
        let mut nanos = 0;
        if let Some(fraction) = rest.strip_prefix(b".") {
            let count = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            let kept = count.min(9);
            nanos = digits(fraction.get(..kept)?)? * 10_i64.pow(9 - u32::try_from(kept).ok()?);
            rest = fraction.get(count..)?;
        }
        let offset = match rest {
            b"Z" => 0,
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
                let minutes = digits(&[*h1, *h2])? * 60 + digits(&[*m1, *m2])?;
                if *sign == b'+' { minutes } else { -minutes }
            }
            _ => return None,
        };
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset * 60;
        seconds.checked_mul(1_000_000_000)?.checked_add(nanos).map(Self)
    }

    /// The millisecond in which it lies.
    pub(super) fn floor_ms(self) -> UnixMs {
        UnixMs(self.0.div_euclid(1_000_000))
    }
}

fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_i64, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
}

// Howard Hinnant's days-from-civil algorithm ("chrono-Compatible Low-Level Date Algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
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
