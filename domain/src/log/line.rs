//! The time that the node put in front of a line.

use std::borrow::Cow;

/// Splits `2026-11-21T05:04:03.123456789Z text` into its time and its text. Bytes that are not UTF-8 become
/// U+FFFD. Without a time in front, all of it is text.
#[must_use]
pub fn parse_line(line: &[u8]) -> (Option<&str>, Cow<'_, str>) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let end = line.iter().take(36).position(|b| *b == b' ');
    let head = end.and_then(|i| std::str::from_utf8(&line[..i]).ok()).filter(|t| nanos(t).is_some());
    let text = match (head, end) {
        (Some(_), Some(i)) => &line[i + 1..],
        // A container's empty line has nothing behind its time, in some versions not even the space.
        (None, None) => match std::str::from_utf8(line).ok().filter(|t| nanos(t).is_some()) {
            Some(time) => return (Some(time), Cow::Borrowed("")),
            None => line,
        },
        _ => line,
    };
    (head, String::from_utf8_lossy(text))
}

/// Nanoseconds since 1970 of an RFC 3339 time; `None` for any other text.
#[must_use]
pub fn nanos(time: &str) -> Option<i64> {
    let b = time.as_bytes();
    let shape = b.len() >= 20 && b[4] == b'-' && b[7] == b'-' && matches!(b[10], b'T' | b't') && b[13] == b':' && b[16] == b':';
    if !shape {
        return None;
    }
    let number = |from: usize, to: usize| b[from..to].iter().try_fold(0_i64, |n, d| d.is_ascii_digit().then(|| n * 10 + i64::from(d - b'0')));
    let (y, mo, d) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (h, mi, s) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    // A leap second is 60.
    if !((1..=12).contains(&mo) && (1..=31).contains(&d) && h < 24 && mi < 60 && s <= 60) {
        return None;
    }
    let mut at = 19;
    let mut fraction = 0_i64;
    if b[at] == b'.' {
        let digits = b[at + 1..].iter().take_while(|d| d.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        for i in 0..9 {
            fraction = fraction * 10 + if i < digits { i64::from(b[at + 1 + i] - b'0') } else { 0 };
        }
        at += 1 + digits;
    }
    let offset = match &b[at..] {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (oh, om) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            if oh > 23 || om > 59 {
                return None;
            }
            (oh * 3600 + om * 60) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    // Howard Hinnant's days_from_civil.
    let (yy, mm) = if mo <= 2 { (y - 1, mo + 9) } else { (y, mo - 3) };
    let era = yy.div_euclid(400);
    let yoe = yy - era * 400;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + (153 * mm + 2) / 5 + d - 1;
    let days = era * 146_097 + doe - 719_468;
    (days * 86_400 + h * 3600 + mi * 60 + s - offset).checked_mul(1_000_000_000)?.checked_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMs;
    use proptest::prelude::*;

    #[test]
    fn the_nodes_time_is_taken_off() {
        assert_eq!(parse_line(b"2026-11-21T05:04:03.123456789Z hello  world"), (Some("2026-11-21T05:04:03.123456789Z"), "hello  world".into()));
        assert_eq!(parse_line(b"2026-11-21T05:04:03+02:00 x\r"), (Some("2026-11-21T05:04:03+02:00"), "x".into()));
        assert_eq!(parse_line(b"2026-11-21T05:04:03Z "), (Some("2026-11-21T05:04:03Z"), "".into()));
        assert_eq!(parse_line(b"2026-11-21T05:04:03Z"), (Some("2026-11-21T05:04:03Z"), "".into()));
        assert_eq!(parse_line(b"2026-11-21 05:04:03 own time"), (None, "2026-11-21 05:04:03 own time".into()));
        assert_eq!(parse_line(b"\xff\xfe x"), (None, "\u{fffd}\u{fffd} x".into()));
        assert_eq!(parse_line(b""), (None, "".into()));
    }

    #[test]
    fn times_are_read_to_the_nanosecond() {
        assert_eq!(nanos("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(nanos("1970-01-01T00:00:00.5Z"), Some(500_000_000));
        assert_eq!(nanos("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(nanos("2024-02-29T00:00:00.000000001Z"), Some(1_709_164_800_000_000_001));
        for bad in
            ["2024-13-01T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+1:00", "9999-12-31T23:59:59Z", "2024-01-01T24:00:00Z"]
        {
            assert_eq!(nanos(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_time_writes_is_read_back(ms in 0_i64..9_000_000_000_000) {
            let at = UnixMs(ms / 1000 * 1000);
            prop_assert_eq!(nanos(&at.rfc3339()), Some(at.0 * 1_000_000));
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = parse_line(&bytes);
        }

        #[test]
        fn no_text_near_a_time_is_too_strange(text in "[0-9TZ:.+-]{0,40}") {
            let _ = nanos(&text);
        }
    }
}
