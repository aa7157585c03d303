//! What a container said last: the line that is worth quoting when it has ended.

use super::{Forbidden, Level, level, message, overwritten, parse_line};
use crate::UnixMs;
use crate::describe::clip;
use serde::{Deserialize, Serialize};

/// Most characters of a quoted line.
const QUOTED: usize = 200;
/// Lines that are shown.
const LINES: usize = 3;
/// Lines of a stack trace that are passed over.
const TRACE: usize = 200;

/// What the log of a run has at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The container has written no line.
    Nothing,
    /// A line, as a person reads it: one line, without escapes, redacted and clipped.
    Line {
        /// The text.
        text: String,
        /// It states that it is an error, or worse.
        error: bool,
        /// It tells of an API call that Kubernetes refused.
        forbidden: Option<Forbidden>,
    },
    /// The node has the log no more.
    Gone,
}

/// The line to quote of the end of a log whose lines have their times in front: the last one that states an error or
/// worse, else the last one. Of a stack trace its first line counts, or the one that names the exception where the first
/// does not. Lines later than `until` belong to another run. `redact` takes secrets out of a line before it is clipped.
#[must_use]
pub fn last_words(tail: &[u8], until: Option<UnixMs>, redact: impl Fn(&str) -> String) -> Said {
    let lines: Vec<_> = lines_of_run(tail, until).map(|text| (level(&text), text)).collect();
    let Some(last) = lines.iter().rposition(|(_, text)| !text.trim().is_empty()) else { return Said::Nothing };
    // "Caused by" goes on a trace; its first line is further up.
    let error = |(level, text): &(Option<Level>, String)| level.is_some_and(|l| l <= Level::Error) && !text.starts_with("Caused by: ");
    let found = lines.iter().rposition(error);
    let text = match found {
        Some(at) => named_by(&lines, at),
        None => lines[begin_of_trace(&lines, last)].1.clone(),
    };
    let text = message(&text);
    let forbidden = Forbidden::find(&text);
    Said::Line { text: clip(&redact(&text), QUOTED), error: found.is_some(), forbidden }
}

/// The last lines of a log whose lines have their times in front: three at most, oldest first, each as a person reads it and
/// clipped. Lines later than `until` belong to another run. `redact` takes secrets out of all the text before it is cut, as a
/// secret may go over several lines.
#[must_use]
pub fn last_lines(tail: &[u8], until: Option<UnixMs>, redact: impl Fn(&str) -> String) -> Vec<String> {
    let mut lines = std::collections::VecDeque::new();
    for text in lines_of_run(tail, until).filter(|text| !text.trim().is_empty()) {
        lines.push_back(text);
        if lines.len() > TRACE {
            lines.pop_front();
        }
    }
    let text = redact(lines.make_contiguous().join("\n").as_str());
    let mut last: Vec<String> = text.lines().rev().map(|line| clip(line, QUOTED)).filter(|line| !line.is_empty()).take(LINES).collect();
    last.reverse();
    last
}

/// The lines as a person reads them, up to the first that is later than `until`.
fn lines_of_run(tail: &[u8], until: Option<UnixMs>) -> impl Iterator<Item = String> {
    let lines = tail.split(|b| *b == b'\n').map(parse_line);
    let of_run = lines.take_while(move |(time, _)| {
        let at = time.and_then(super::nanos).map(|n| UnixMs(n / 1_000_000));
        until.zip(at).is_none_or(|(until, at)| at <= until)
    });
    of_run.map(|(_, text)| super::plain(&overwritten(&text)).trim_end().to_owned())
}

/// A line that goes on a stack trace.
fn is_frame(text: &str) -> bool {
    text.starts_with([' ', '\t']) || text.is_empty() || text.starts_with("Caused by: ") || text.starts_with("goroutine ") || text.starts_with("... ")
}

/// The line above the frames that end at `last`.
fn begin_of_trace(lines: &[(Option<Level>, String)], last: usize) -> usize {
    (last.saturating_sub(TRACE)..=last).rev().find(|i| !is_frame(&lines[*i].1)).unwrap_or(last)
}

/// The text of an error line, or what stands below it where it only announces a trace: Python names the exception at the
/// end, Rust the panic's message in the next line.
fn named_by(lines: &[(Option<Level>, String)], at: usize) -> String {
    let (_, text) = &lines[at];
    let below = || lines[at + 1..].iter().take(TRACE).map(|(_, t)| t);
    let named = if text.contains("Traceback (most recent call last)") {
        below().find(|t| !is_frame(t))
    } else if text.contains("' panicked at ") && text.ends_with(':') {
        below().next().filter(|t| !t.trim().is_empty())
    } else {
        None
    };
    named.unwrap_or(text).clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(lines: &[&str]) -> Said {
        let tail: String = lines.iter().enumerate().map(|(i, l)| format!("2026-11-21T05:04:{i:02}Z {l}\n")).collect();
        last_words(tail.as_bytes(), None, str::to_owned)
    }

    fn quoted(lines: &[&str]) -> String {
        match said(lines) {
            Said::Line { text, .. } => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_last_line_of_an_error_is_quoted_and_else_the_last() {
        assert_eq!(quoted(&["starting", "FATAL: MODE is not set", "INFO shutting down"]), "FATAL: MODE is not set");
        assert_eq!(quoted(&["ERROR first", "ERROR second", "bye"]), "ERROR second");
        assert_eq!(quoted(&["starting", "no such table: users", ""]), "no such table: users");
        assert_eq!(quoted(&[r#"{"level":"fatal","msg":"cannot start","err":"MODE is not set"}"#]), "cannot start: MODE is not set");
        assert!(matches!(said(&["just text"]), Said::Line { error: false, .. }));
        assert!(matches!(said(&["panic: x"]), Said::Line { error: true, .. }));
    }

    #[test]
    fn a_stack_trace_is_told_by_the_line_that_names_it() {
        assert_eq!(
            quoted(&["Exception in thread \"main\" java.lang.IllegalStateException: MODE", "\tat A.b(A.java:1)", "Caused by: x", "\t... 3 more"]),
            "Exception in thread \"main\" java.lang.IllegalStateException: MODE"
        );
        assert_eq!(
            quoted(&["Traceback (most recent call last):", "  File \"a.py\", line 1", "    os.environ[\"MODE\"]", "KeyError: 'MODE'"]),
            "KeyError: 'MODE'"
        );
        assert_eq!(quoted(&["panic: MODE is not set", "", "goroutine 1 [running]:", "\t/a.go:3", "exit status 2"]), "panic: MODE is not set");
        assert_eq!(quoted(&["thread 'main' panicked at src/main.rs:2:5:", "MODE is not set", "note: run with `RUST_BACKTRACE=1`"]), "MODE is not set");
        assert_eq!(quoted(&["a.rb:1:in `<main>': MODE is not set (RuntimeError)", "\tfrom b.rb:2"]), "a.rb:1:in `<main>': MODE is not set (RuntimeError)");
        assert_eq!(quoted(&["/app/i.js:3", "throw new Error('MODE')", "^", "", "Error: MODE", "    at a (i.js:3)", "", "Node.js v22"]), "Error: MODE");
    }

    #[test]
    fn no_line_is_no_line_and_lines_of_the_next_run_are_not_of_this_one() {
        assert_eq!(last_words(b"", None, str::to_owned), Said::Nothing);
        assert_eq!(last_words(b"2026-11-21T05:04:03Z \n\n", None, str::to_owned), Said::Nothing);
        let two = b"2026-11-21T05:04:03Z ERROR mine\n2026-11-21T05:04:09Z ERROR of the next\n";
        let until = UnixMs(super::super::nanos("2026-11-21T05:04:05Z").unwrap() / 1_000_000);
        assert!(matches!(last_words(two, Some(until), str::to_owned), Said::Line { text, .. } if text == "ERROR mine"));
    }

    #[test]
    fn a_quote_is_one_clean_line_within_bounds() {
        let long = format!("ERROR \u{1b}[31m{}\u{1b}[0m\u{202e}", "x".repeat(9_000));
        let text = quoted(&[&long]);
        assert_eq!(text.chars().count(), QUOTED);
        assert!(text.starts_with("ERROR xxx") && !text.contains('\u{202e}'));
        assert_eq!(quoted(&[" 10%\r 90%\rERROR full"]), "ERROR full");
        let redacted = last_words(b"2026-11-21T05:04:03Z ERROR password=hunter2\n", None, |t| t.replace("hunter2", "(hidden)"));
        assert!(matches!(redacted, Said::Line { text, .. } if text == "ERROR password=(hidden)"));
    }

    #[test]
    fn the_last_three_lines_are_shown_without_what_spans_lines_and_is_secret() {
        let log = "2026-11-21T05:04:01Z one\n2026-11-21T05:04:02Z \u{1b}[31mtwo\u{1b}[0m\n\n2026-11-21T05:04:03Z three\n2026-11-21T05:04:04Z four\n2026-11-21T05:04:09Z next run\n";
        let until = UnixMs(super::super::nanos("2026-11-21T05:04:05Z").unwrap() / 1_000_000);
        assert_eq!(last_lines(log.as_bytes(), Some(until), str::to_owned), ["two", "three", "four"]);
        assert_eq!(last_lines(b"", None, str::to_owned), Vec::<String>::new());
        let long = format!("2026-11-21T05:04:01Z {}\n", "x".repeat(9_000));
        assert_eq!(last_lines(long.as_bytes(), None, str::to_owned)[0].chars().count(), QUOTED);
        let key = "a -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\ndone\n";
        let shown = last_lines(key.as_bytes(), None, |text| crate::redact::text(text).into_owned());
        assert!(!shown.concat().contains("MIIEvQ"), "{shown:?}");
        assert_eq!(shown.last().map(String::as_str), Some("done"));
    }

    #[test]
    fn a_refused_call_is_recognised() {
        let line = r#"E1121 05:04:03.1 1 a.go:1] pods is forbidden: User "system:serviceaccount:web:default" cannot list resource "pods" in API group "" in the namespace "web""#;
        assert!(matches!(said(&[line]), Said::Line { forbidden: Some(f), .. } if f.verb == "list"));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Said::Line { text, .. } = last_words(&bytes, None, str::to_owned) {
                prop_assert!(text.chars().count() <= QUOTED && !text.contains('\n'));
            }
        }
    }
}
