//! What a line says to a person: the message of a structured line, without colours and control characters.

use super::ansi;
use std::borrow::Cow;

/// Bytes of a line that are looked at.
const LOOKED_AT: usize = 16 * 1024;
/// Fields with the message, in the order in which they count (zap, zerolog, pino, logrus, ECS, Serilog).
const MESSAGE: [&str; 7] = ["message", "msg", "@m", "@mt", "log", "text", "event"];
/// Fields with the error behind it.
const ERROR: [&str; 4] = ["error", "err", "exception", "@x"];

/// The message of a line of JSON or logfmt, with the error that the line names beside it; of any other line the line
/// itself. Escapes and control characters are gone. The result is not clipped and not redacted.
#[must_use]
pub fn message(line: &str) -> String {
    let line = ansi::plain(head(line));
    let text = line.trim();
    let found = if text.starts_with('{') { json(text) } else { logfmt(text) };
    ansi::plain(&found.unwrap_or_else(|| without_time(text).to_owned())).trim().to_owned()
}

/// A line without the time in front of it, such as `2026-11-21T05:04:03.120Z` or `2026-11-21 05:04:03,120`: a sentence tells when
/// by itself.
fn without_time(text: &str) -> &str {
    let is_time = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b'T' || byte == b' ',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    };
    if text.len() < 19 || !text.bytes().take(19).enumerate().all(is_time) {
        return text;
    }
    let rest = text[19..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '+' | '-' | 'Z'));
    match rest.trim_start() {
        said if said.len() < rest.len() && !said.is_empty() => said,
        _ => text,
    }
}

fn head(line: &str) -> &str {
    let mut end = line.len().min(LOOKED_AT);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

fn json(text: &str) -> Option<String> {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    let text_of = |names: &[&str]| names.iter().find_map(|n| spoken(fields.get(*n)?));
    join(text_of(&MESSAGE), text_of(&ERROR))
}

/// A text, or the message within an object (pino's `err`, bunyan's `err`).
fn spoken(value: &serde_json::Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("message")?.as_str()).or_else(|| value.get("msg")?.as_str())?;
    let first = text.lines().map(str::trim).find(|l| !l.is_empty())?;
    Some(first.to_owned())
}

fn logfmt(text: &str) -> Option<String> {
    let value = |names: &[&str]| names.iter().find_map(|n| field(text, n)).filter(|v| !v.is_empty());
    let said = value(&["msg", "message"])?;
    join(Some(said.into_owned()), value(&["err", "error"]).map(Cow::into_owned))
}

fn join(said: Option<String>, error: Option<String>) -> Option<String> {
    match (said, error) {
        (Some(said), Some(error)) if !said.contains(&error) => Some(format!("{said}: {error}")),
        (said, error) => said.or(error),
    }
}

/// The value of `name=value` or `name="a value"`.
fn field<'a>(text: &'a str, name: &str) -> Option<Cow<'a, str>> {
    for (at, _) in text.match_indices(name) {
        let whole = at == 0 || text[..at].ends_with([' ', '\t', ',']);
        let Some(rest) = text[at + name.len()..].strip_prefix('=').filter(|_| whole) else { continue };
        let Some(quoted) = rest.strip_prefix('"') else {
            return Some(Cow::Borrowed(rest.split_whitespace().next().unwrap_or_default()));
        };
        let (mut out, mut escaped) = (String::new(), false);
        for c in quoted.chars() {
            match c {
                _ if escaped => {
                    out.push(if matches!(c, 'n' | 't' | 'r') { ' ' } else { c });
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => return Some(Cow::Owned(out)),
                c => out.push(c),
            }
        }
        return Some(Cow::Owned(out));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_told_without_the_time_in_front_of_it() {
        for line in ["2026-11-21T05:04:03Z fatal: no", "2026-11-21T05:04:03.120+01:00 fatal: no", "2026-11-21 05:04:03,120 fatal: no"] {
            assert_eq!(message(line), "fatal: no");
        }
        for line in ["2026-11-21T05:04:03Z", "2026-11-21T05:04:03Zfatal", "2026-11-21 was a day"] {
            assert_eq!(message(line), line);
        }
    }

    #[test]
    fn structured_lines_say_their_message_and_their_error() {
        for (line, wanted) in [
            (r#"{"level":"fatal","msg":"cannot start","error":"MODE is not set"}"#, "cannot start: MODE is not set"),
            (r#"{"severity":"ERROR","message":"no route","err":{"type":"E","message":"dial tcp: refused"}}"#, "no route: dial tcp: refused"),
            (r#"{"@l":"Error","@m":"It failed","@x":"System.Exception: It failed\n   at X"}"#, "It failed: System.Exception: It failed"),
            (r#"{"log.level":"error","error":{"message":"gone"}}"#, "gone"),
            (r#"{"level":"error","n":1}"#, r#"{"level":"error","n":1}"#),
            ("{not json", "{not json"),
            (r#"time="2026-11-21T05:04:03Z" level=fatal msg="cannot read \"a.yml\"" err="no such file""#, r#"cannot read "a.yml": no such file"#),
            ("level=error msg=timeout", "timeout"),
            ("\u{1b}[31mFATAL\u{1b}[0m: MODE is not set\u{7}", "FATAL: MODE is not set"),
            ("  plain text  ", "plain text"),
            ("", ""),
        ] {
            assert_eq!(message(line), wanted, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in any::<String>(), name in "[{]?\"?(msg|err)[=:]\"?\\PC{0,40}") {
            for text in [line, name] {
                prop_assert!(!message(&text).chars().any(|c| c.is_control() && c != '\t'));
            }
        }
    }
}
