//! Going on after a cut without a line twice or none: by the times in front of the lines.
//!
//! The node takes a start only in whole seconds, so a resumed log begins with lines that were sent already. They
//! are known by their time; of several lines with the last time seen, as many are skipped as were sent.

use bytes::Bytes;
use domain::UnixMs;

/// Longest time in front of a line: `2026-11-21T05:04:03.123456789+01:00`.
const MAX_TIME: usize = 40;

/// Where the last stream ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Time of the last line, as the node wrote it: always nine decimals and the same zone, so text order is time order.
    time: Vec<u8>,
    /// How many lines at the end had this time.
    same: usize,
}

/// The time in front of a line, if there is one.
fn time(line: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b' ', &line[..line.len().min(MAX_TIME)])?;
    let time = &line[..end];
    (time.len() >= 20 && time[4] == b'-' && time[10] == b'T').then_some(time)
}

fn lines_from_end(batch: &[u8]) -> impl Iterator<Item = &[u8]> {
    batch.strip_suffix(b"\n").unwrap_or(batch).rsplit(|b| *b == b'\n')
}

impl Mark {
    /// Notes the end of a batch that was sent.
    pub(super) fn note(&mut self, batch: &[u8]) {
        // A piece of a very long line may end without a time; then the mark stays before that line.
        let Some(last) = lines_from_end(batch).next().and_then(time) else { return };
        let same = lines_from_end(batch).take_while(|line| time(line) == Some(last)).count();
        let whole_batch = same == lines_from_end(batch).count();
        if self.time == last && whole_batch {
            self.same += same;
        } else {
            *self = Self { time: last.to_vec(), same };
        }
    }

    /// The moment from which the log is asked for again; `None` before the first line.
    pub(super) fn since(&self) -> Option<UnixMs> {
        parse(&self.time)
    }

    /// What of a resumed batch was not sent yet; the rest of the stream needs no look once this gives `true` with it.
    pub(super) fn fresh(&mut self, batch: &Bytes) -> (Bytes, bool) {
        let mut from = 0;
        for line in batch.split_inclusive(|b| *b == b'\n') {
            match time(line) {
                Some(t) if t < self.time.as_slice() => {}
                Some(t) if t == self.time.as_slice() && self.same > 0 => self.same -= 1,
                // The rest of a long line whose beginning was sent.
                None if from == 0 => {}
                _ => return (batch.slice(from..), true),
            }
            from += line.len();
        }
        (Bytes::new(), false)
    }
}

// Seconds are enough, because the node takes no more; the zone is always UTC or an offset that the node uses throughout.
fn parse(time: &[u8]) -> Option<UnixMs> {
    let text = std::str::from_utf8(time).ok()?;
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (y, m, d) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (h, min, s) = (number(11..13)?, number(14..16)?, number(17..19)?);
    // Days from civil, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    let days = era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468;
    let zone = text.get(19..)?;
    let offset = match zone.rfind(['+', '-']) {
        Some(at) => {
            let hours: i64 = zone.get(at + 1..at + 3)?.parse().ok()?;
            let minutes: i64 = zone.get(at + 4..at + 6)?.parse().ok()?;
            (hours * 3600 + minutes * 60) * if zone.as_bytes()[at] == b'-' { -1 } else { 1 }
        }
        None => 0,
    };
    Some(UnixMs((days * 86_400 + h * 3600 + min * 60 + s - offset) * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_second_of_the_last_line_is_asked_for_again() {
        assert_eq!(parse(b"2024-02-29T00:00:00.123456789Z"), Some(UnixMs(1_709_164_800_000)));
        assert_eq!(parse(b"2024-02-29T01:00:00.123456789+01:00"), Some(UnixMs(1_709_164_800_000)));
        assert_eq!(parse(b"soon"), None);
    }

    proptest! {
        // Lines of which several share a time, cut anywhere and resumed from the cut's whole second.
        #[test]
        fn no_line_comes_twice_and_none_is_lost(nanos in prop::collection::vec(0_u32..6, 1..60), cut in 0_usize..60, pieces in 1_usize..7) {
            let mut times = nanos;
            times.sort_unstable();
            let lines: Vec<String> = times.iter().enumerate().map(|(i, t)| format!("2026-01-01T00:00:00.00000000{t}Z line {i}\n")).collect();
            let cut = cut.min(lines.len());
            let mut mark = Mark::default();
            for sent in lines[..cut].chunks(pieces) {
                mark.note(sent.concat().as_bytes());
            }
            let mut got = lines[..cut].concat();
            let mut done = cut == 0;
            for again in lines.chunks(pieces) {
                let batch = Bytes::from(again.concat());
                let (fresh, now) = if done { (batch, true) } else { mark.fresh(&batch) };
                done = now;
                got.push_str(std::str::from_utf8(&fresh).unwrap());
            }
            prop_assert_eq!(got, lines.concat());
        }
    }
}
