//! Errors in a sample of a running container's log: how many a minute, and which line says most of them.

use super::{Forbidden, Level, level, message, nanos, overwritten, parse_line};
use crate::describe::clip;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Most characters of the line that is told.
const TOLD: usize = 160;
/// Shapes of lines that are counted apart; a sample with more of them has no common one.
const SHAPES: usize = 64;
/// The shortest time over which the errors of a whole log are counted, so that one of a container that has just started
/// is no rate.
const SHORTEST_S: i64 = 30;

/// How a sample was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Seconds before now that were asked for.
    pub window_s: i64,
    /// More was there than was read, so that the sample covers the time from its first line to its last.
    pub cut: bool,
    /// Milliseconds for which the container has run.
    pub running_ms: i64,
}

/// What a sample says of errors. The numbers are of the sample, and whether they are worth a word is decided from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogErrors {
    /// Errors, and what is worse, per minute.
    pub per_minute: u32,
    /// Of a hundred lines so many are errors.
    pub percent: u32,
    /// Of a hundred errors so many have the shape of `line`.
    pub alike: u32,
    /// Seconds between the first error of the sample and the last.
    pub lasted_s: u32,
    /// The newest line of the commonest shape, as a person reads it: redacted and clipped.
    pub line: String,
    /// The newest API call that Kubernetes refused, whatever the level of its line.
    pub forbidden: Option<Forbidden>,
}

/// A line with its numbers and ids folded, so that `user 17 is gone` and `user 18 is gone` are one shape.
fn shape(text: &str) -> String {
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '-').take(40);
    words.fold(String::new(), |all, word| if word.bytes().any(|b| b.is_ascii_digit()) { all + "#" } else { all + word })
}

/// Counts the errors of a sample whose lines have their times in front; `None` where it has neither an error nor a
/// refused call. `redact` takes secrets out of a line before it is clipped.
#[must_use]
pub fn errors(lines: &[u8], sample: Sample, redact: impl Fn(&str) -> String) -> Option<LogErrors> {
    let (mut all, mut bad) = (0_u32, 0_u32);
    let mut shapes: HashMap<String, (u32, String)> = HashMap::new();
    let (mut first, mut last, mut first_bad, mut last_bad) = (None, None, None, None);
    let mut forbidden = None;
    for line in lines.split(|b| *b == b'\n') {
        let (time, text) = parse_line(line);
        let Some(at) = time.and_then(nanos).map(|n| n / 1_000_000) else { continue };
        all += 1;
        first.get_or_insert(at);
        last = Some(at);
        let text = overwritten(&text);
        if text.contains("cannot ") {
            forbidden = Forbidden::find(&text).or(forbidden);
        }
        if level(&text).is_none_or(|l| l > Level::Error) {
            continue;
        }
        bad += 1;
        first_bad.get_or_insert(at);
        last_bad = Some(at);
        let said = message(&text);
        let key = shape(&said);
        let room = shapes.len() < SHAPES;
        if let Some(known) = shapes.get_mut(&key) {
            *known = (known.0 + 1, said);
        } else if room {
            shapes.insert(key, (1, said));
        }
    }
    if bad == 0 && forbidden.is_none() {
        return None;
    }
    let span = |from: Option<i64>, to: Option<i64>| from.zip(to).map_or(0, |(from, to)| (to - from).max(0) / 1000);
    let covered = if sample.cut { span(first, last).max(1) } else { sample.window_s.min(sample.running_ms / 1000).max(SHORTEST_S) };
    let (count, line) = shapes.into_values().max_by_key(|(count, line)| (*count, line.len())).unwrap_or_default();
    let share = |part: u32, whole: u32| u32::try_from(u64::from(part) * 100 / u64::from(whole.max(1))).unwrap_or(100);
    let per_minute = u64::from(bad) * 60 / covered.unsigned_abs();
    Some(LogErrors {
        per_minute: u32::try_from(per_minute).unwrap_or(u32::MAX),
        percent: share(bad, all),
        alike: share(count, bad),
        lasted_s: u32::try_from(span(first_bad, last_bad)).unwrap_or(u32::MAX),
        line: clip(&redact(&line), TOLD),
        forbidden,
    })
}

/// Errors a minute from which they are told, whatever they say.
const MANY: u32 = 10;
/// Errors a minute from which they are told where the log says hardly anything else, and the same each time.
const SOME: u32 = 3;

impl LogErrors {
    /// Whether there are so many that a person should know. A healthy app logs an error now and then; see decision 18.
    #[must_use]
    pub const fn is_many(&self) -> bool {
        (self.per_minute >= MANY && self.percent >= 1) || (self.per_minute >= SOME && self.percent >= 50 && self.alike >= 80)
    }

    /// Whether one sample alone shows that it is no burst.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        self.lasted_s >= 30
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(n: u32, every_s: u32, text: impl Fn(u32) -> String) -> Vec<u8> {
        (0..n).map(|i| format!("2026-11-21T05:{:02}:{:02}Z {}\n", i * every_s / 60, i * every_s % 60, text(i))).collect::<String>().into_bytes()
    }

    fn whole(window_s: i64) -> Sample {
        Sample { window_s, cut: false, running_ms: 3_600_000 }
    }

    fn counted(bytes: &[u8], sample: Sample) -> LogErrors {
        errors(bytes, sample, str::to_owned).unwrap()
    }

    #[test]
    fn an_error_each_second_is_sixty_a_minute() {
        let found = counted(&lines(120, 1, |_| "ERROR cannot reach db:5432: timed out".into()), whole(120));
        assert_eq!((found.per_minute, found.percent, found.alike), (60, 100, 100));
        assert_eq!(found.line, "ERROR cannot reach db:5432: timed out");
        assert!(found.is_many() && found.lasts());
    }

    #[test]
    fn numbers_and_ids_do_not_make_a_line_another_one() {
        let found = counted(&lines(60, 2, |i| format!("ERROR request {i} of 10.0.0.{i} failed (id 3f2a{i})")), whole(120));
        assert_eq!((found.alike, found.line.as_str()), (100, "ERROR request 59 of 10.0.0.59 failed (id 3f2a59)"));
    }

    #[test]
    fn an_occasional_error_stays_unsaid() {
        let now_and_then = lines(120, 1, |i| if i % 40 == 0 { "ERROR client went away".into() } else { "INFO GET / 200".into() });
        assert!(!counted(&now_and_then, whole(120)).is_many());
        let once = lines(1, 1, |_| "ERROR client went away".into());
        assert!(!counted(&once, whole(120)).is_many());
        assert_eq!(errors(&lines(50, 1, |_| "INFO GET / 500".into()), whole(120), str::to_owned), None);
    }

    #[test]
    fn a_retry_every_fifteen_seconds_that_is_all_a_log_says_is_told() {
        let found = counted(&lines(8, 15, |_| "ERROR cannot reach db".into()), whole(120));
        assert!(found.is_many(), "{found:?}");
    }

    #[test]
    fn a_burst_is_not_taken_for_a_rate() {
        let found = counted(&lines(20, 0, |_| "ERROR retrying".into()), Sample { window_s: 120, cut: true, running_ms: 60_000 });
        assert_eq!((found.per_minute, found.is_many(), found.lasts()), (1200, true, false), "another sample has to show that it goes on");
    }

    #[test]
    fn a_refused_call_is_found_at_any_level() {
        let line = r#"W1121 05:04:03.1 1 a.go:1] pods is forbidden: User "system:serviceaccount:web:default" cannot list resource "pods" in API group "" in the namespace "web""#;
        let found = counted(&lines(1, 1, |_| line.into()), whole(120));
        assert_eq!((found.per_minute, found.forbidden.map(|f| f.call())), (0, Some("list pods".into())));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in any::<bool>()) {
            let _ = errors(&bytes, Sample { window_s: 120, cut, running_ms: 5_000 }, str::to_owned);
        }
    }
}
