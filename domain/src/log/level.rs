//! The level of a line: what it says of itself, in the common formats.

use serde::{Deserialize, Serialize};

/// How bad a line says it is. The order is from bad to harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The program gives up: fatal, panic, critical, emergency.
    Fatal,
    /// Error.
    Error,
    /// Warning.
    Warn,
    /// Info, notice.
    Info,
    /// Debug, trace.
    Debug,
}

/// Bytes at the front of a line in which a bare word counts.
const NEAR: usize = 120;
/// Bytes at the front of a line in which a key counts.
const KEYS: usize = 4096;

/// The level that a line states, if it states one. Formats: JSON (also pino's numbers), logfmt, klog, log4j, logback,
/// python, nginx, .NET, Serilog, syslog priorities, PostgreSQL.
#[must_use]
pub fn level(text: &str) -> Option<Level> {
    let text = super::ansi::plain(head(text, KEYS));
    let text = text.trim_start();
    if text.starts_with('{') {
        return json(text);
    }
    klog(text).or_else(|| priority(text)).or_else(|| logfmt(text)).or_else(|| words(head(text, NEAR))).or_else(|| trace(text))
}

fn head(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The level of a word, whatever its case.
pub(super) fn named(word: &str) -> Option<Level> {
    let mut lower = [0_u8; 12];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"fatal" | b"critical" | b"crit" | b"panic" | b"dpanic" | b"emerg" | b"emergency" | b"alert" | b"ftl" => Level::Fatal,
        b"error" | b"err" | b"eror" | b"severe" | b"fail" => Level::Error,
        b"warn" | b"warning" | b"wrn" => Level::Warn,
        b"info" | b"information" | b"notice" | b"inf" | b"log" => Level::Info,
        b"debug" | b"dbg" | b"dbug" | b"trace" | b"trce" | b"trc" | b"verbose" | b"fine" | b"finer" | b"finest" => Level::Debug,
        _ => return None,
    })
}

/// Numbers of pino and bunyan: 10 trace to 60 fatal.
fn numbered(n: u32) -> Option<Level> {
    match n {
        60..=69 => Some(Level::Fatal),
        50..=59 => Some(Level::Error),
        40..=49 => Some(Level::Warn),
        30..=39 => Some(Level::Info),
        10..=29 => Some(Level::Debug),
        _ => None,
    }
}

fn json(text: &str) -> Option<Level> {
    for key in ["\"level\"", "\"severity\"", "\"lvl\"", "\"log.level\"", "\"levelname\"", "\"loglevel\"", "\"@l\"", "\"Level\"", "\"LogLevel\""] {
        let Some(value) = text.split_once(key).and_then(|(_, rest)| rest.trim_start().strip_prefix(':')) else { continue };
        let value = value.trim_start();
        let found = match value.strip_prefix('"') {
            Some(word) => word.split('"').next().and_then(named),
            None => value.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok()).and_then(numbered),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// `E1121 05:04:03.123456 …` (k8s.io/klog).
fn klog(text: &str) -> Option<Level> {
    let b = text.as_bytes();
    let shape = b.len() > 8 && b[1..5].iter().all(u8::is_ascii_digit) && b[5] == b' ' && b[6].is_ascii_digit();
    match b.first().filter(|_| shape)? {
        b'F' => Some(Level::Fatal),
        b'E' => Some(Level::Error),
        b'W' => Some(Level::Warn),
        b'I' => Some(Level::Info),
        _ => None,
    }
}

/// `<3>` of syslog (RFC 5424): the severity is the priority modulo 8.
fn priority(text: &str) -> Option<Level> {
    let (n, _) = text.strip_prefix('<')?.split_once('>')?;
    match n.parse::<u8>().ok().filter(|_| n.len() <= 3)? % 8 {
        0..=2 => Some(Level::Fatal),
        3 => Some(Level::Error),
        4 => Some(Level::Warn),
        5 | 6 => Some(Level::Info),
        _ => Some(Level::Debug),
    }
}

fn logfmt(text: &str) -> Option<Level> {
    for key in ["level=", "lvl=", "severity=", "loglevel="] {
        for (i, _) in text.match_indices(key).take(4) {
            if i > 0 && !text[..i].ends_with([' ', '\t', ',', '[']) {
                continue;
            }
            let value = text[i + key.len()..].trim_start_matches('"');
            if let Some(found) = value.split(|c: char| !c.is_ascii_alphabetic()).next().and_then(named) {
                return Some(found);
            }
        }
    }
    None
}

/// A bare word counts in capitals, in brackets, or in front of a colon where only a time or the program's name is before
/// it (`2026/11/21 05:04:03 fatal: …`, `ld: error: …`); elsewhere it is prose.
fn words(text: &str) -> Option<Level> {
    let bytes = text.as_bytes();
    let mut at = 0;
    for (nth, word) in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').enumerate() {
        let (start, end) = (at, at + word.len());
        at = end + text[end..].chars().next().map_or(0, char::len_utf8);
        if word.len() < 3 {
            continue;
        }
        let Some(found) = named(word) else { continue };
        let capitals = word.bytes().all(|b| b.is_ascii_uppercase());
        let before = start.checked_sub(1).and_then(|i| bytes.get(i));
        // A part of a path or the value of a query is prose; the keys that state a level are looked at by themselves.
        if matches!(before, Some(b'/' | b'=')) {
            continue;
        }
        let bracket = before == Some(&b'[') && matches!(bytes.get(end), Some(b']' | b' '));
        let first = bytes.get(end) == Some(&b':') && (nth == 0 || is_head(&text[..start]));
        let short = word.len() == 3 && !matches!(word, "ERR" | "LOG");
        if found <= Level::Warn && (capitals || first) && is_none(&text[..start], &text[end..]) {
            continue;
        }
        if bracket || first || (capitals && !short && (word != "LOG" || bytes.get(end) == Some(&b':'))) {
            return Some(found);
        }
    }
    None
}

/// Whether a word is only counted, and there is none of it: `ERROR 0`, `FAIL=0`, `0 ERROR`, `no ERROR`.
fn is_none(before: &str, after: &str) -> bool {
    let counted = before.split_whitespace().next_back().is_some_and(|w| w == "0" || w.eq_ignore_ascii_case("no") || w.eq_ignore_ascii_case("without"));
    let Some(rest) = after.trim_start_matches([' ', ':', '=', '(']).strip_prefix('0') else { return counted };
    let next = rest.trim_start();
    let ends = rest.is_empty() || rest.starts_with([',', ';', ')', ']', '}', '|']) || (next != rest && next.starts_with(|c: char| c.is_ascii_uppercase()));
    counted || ends || (after.starts_with('=') && rest.starts_with(' '))
}

/// Whether a text is what programs put in front of a line: times, names with a colon, brackets.
fn is_head(text: &str) -> bool {
    text.split_whitespace().all(|word| word.bytes().any(|b| b.is_ascii_digit()) || word.ends_with([':', ']', ')', '|', '-', '>']))
}

/// The first line of a stack trace.
fn trace(text: &str) -> Option<Level> {
    if text.starts_with("thread '") && text.contains("' panicked at ") {
        return Some(Level::Fatal);
    }
    ["Traceback (most recent call last)", "Exception in thread ", "Caused by: ", "Unhandled exception", "Uncaught "]
        .iter()
        .any(|s| text.starts_with(s))
        .then_some(Level::Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn common_formats_are_known() {
        for (text, wanted) in [
            (r#"{"ts":1,"level":"error","msg":"x"}"#, Some(Level::Error)),
            (r#"{"level" : 40, "msg":"pino"}"#, Some(Level::Warn)),
            (r#"{"severity":"NOTICE"}"#, Some(Level::Info)),
            (r#"{"msg":"no ERROR level"}"#, None),
            ("E1121 05:04:03.123456       1 reflector.go:138] failed", Some(Level::Error)),
            ("I1121 05:04:03.123456       1 main.go:1] ok", Some(Level::Info)),
            ("2026-11-21 05:04:03,123 [main] WARN  org.loklak.Server - slow", Some(Level::Warn)),
            ("2026-11-21 05:04:03 - root - ERROR - boom", Some(Level::Error)),
            ("WARNING:root:careful", Some(Level::Warn)),
            ("time=\"2026-11-21T05:04:03Z\" level=debug msg=x", Some(Level::Debug)),
            ("2026/11/21 05:04:03 [error] 7#7: *1 open() failed", Some(Level::Error)),
            ("[2026-11-21T05:04:03,123][INFO ][o.e.n.Node] started", Some(Level::Info)),
            ("[05:04:03 ERR] it failed", Some(Level::Error)),
            ("info: Microsoft.Hosting[0]", Some(Level::Info)),
            ("fail: Microsoft.Hosting[0]", Some(Level::Error)),
            ("error: cannot open", Some(Level::Error)),
            ("2026-11-21 05:04:03.000 UTC [1] LOG:  database system is ready", Some(Level::Info)),
            ("panic: runtime error: index out of range", Some(Level::Fatal)),
            ("thread 'tokio-1' panicked at src/main.rs:2:5:", Some(Level::Fatal)),
            ("2026-11-21T05:04:03Z fatal: crashing with exit code 3", Some(Level::Fatal)),
            ("2026/11/21 05:04:03 shop: error: cannot open", Some(Level::Error)),
            ("2026-11-21 05:04:03.000 UTC [1] FATAL:  password authentication failed", Some(Level::Fatal)),
            (r#"{"level":60,"msg":"pino"}"#, Some(Level::Fatal)),
            ("F1121 05:04:03.123456       1 main.go:1] gone", Some(Level::Fatal)),
            ("it told me of an error: none", None),
            ("Traceback (most recent call last):", Some(Level::Error)),
            ("<4>kernel says", Some(Level::Warn)),
            ("\x1b[32mINFO\x1b[0m started", Some(Level::Info)),
            ("there was no error in the log", None),
            ("INFORMATION about the info desk", Some(Level::Info)),
            ("user logged in", None),
            ("", None),
            ("ERRORS=0", None),
            (r#"10.0.0.9 "GET /docs/ERROR-codes?severity=CRITICAL HTTP/1.1" 200"#, None),
            ("loglevel=ERROR cannot open", Some(Level::Error)),
            ("Tests: PASS 12, FAIL 0, ERROR 0", None),
            ("summary ok=3 ERROR=0 rest", None),
            ("INFO 0 ERROR lines", Some(Level::Info)),
            ("finished with no ERROR", None),
            ("ERROR: 0 of 3 replicas are ready", Some(Level::Error)),
        ] {
            assert_eq!(level(text), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,200}") {
            let _ = level(&text);
        }
    }
}
