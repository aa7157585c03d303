//! Tells prose from secrets: `token: expired` says what is wrong, `token: x7f…` is one.

use super::super::look_at;
use super::span;
use std::ops::Range;

/// Longest word of prose.
const LONGEST: usize = 24;
/// Words that begin a sentence about a secret and are none.
const PROSE: &[&str] = &[
    "a",
    "accepted",
    "access",
    "already",
    "an",
    "and",
    "any",
    "are",
    "at",
    "auth",
    "authentication",
    "bad",
    "be",
    "but",
    "by",
    "can",
    "can't",
    "cannot",
    "changed",
    "could",
    "couldn't",
    "credentials",
    "decode",
    "denied",
    "did",
    "differ",
    "differs",
    "does",
    "doesn't",
    "empty",
    "error",
    "exceeds",
    "expected",
    "expired",
    "failed",
    "failure",
    "field",
    "file",
    "for",
    "forbidden",
    "found",
    "from",
    "generated",
    "get",
    "has",
    "hash",
    "have",
    "http",
    "https",
    "if",
    "illegal",
    "in",
    "incorrect",
    "insufficient",
    "invalid",
    "is",
    "isn't",
    "it",
    "its",
    "key",
    "length",
    "malformed",
    "match",
    "matches",
    "may",
    "mismatch",
    "missing",
    "must",
    "no",
    "not",
    "of",
    "ok",
    "open",
    "or",
    "parsing",
    "password",
    "permission",
    "please",
    "policy",
    "prompt",
    "protected",
    "read",
    "refused",
    "rejected",
    "request",
    "required",
    "reset",
    "rotated",
    "secret",
    "server",
    "should",
    "signature",
    "strength",
    "that",
    "the",
    "there",
    "this",
    "to",
    "token",
    "too",
    "unable",
    "unauthorized",
    "unexpected",
    "unknown",
    "unmarshal",
    "unsupported",
    "updated",
    "use",
    "user",
    "using",
    "value",
    "verification",
    "was",
    "were",
    "with",
    "without",
    "wrong",
    "x509",
    "you",
    "your",
];
/// Words between `password` and the password.
const BETWEEN: [&str; 5] = ["is", "was", "to", "set", "changed"];
/// Words that follow `password`, have digits, and are none.
const ALGORITHMS: [&str; 9] = ["md5", "sha1", "sha256", "sha512", "scram-sha-256", "pbkdf2", "argon2", "argon2id", "oauth2"];

/// The word that the text begins with, without signs at its end; empty where it is longer than words are.
pub(in crate::redact) fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches(['"', '\'', '\\']);
    let end = text.char_indices().find(|(at, c)| *at > 64 || c.is_whitespace()).map_or(text.len(), |(at, _)| at);
    look_at(end);
    text[..end].trim_end_matches([',', '.', ';', ':', '!', '"', '\'', ')'])
}

/// Whether a sentence begins with this word.
pub(in crate::redact) fn is_prose(word: &str) -> bool {
    word.len() <= LONGEST && PROSE.iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// The only word behind `password` on a line of a configuration.
pub(in crate::redact) fn only_word(text: &str, from: usize) -> Option<Range<usize>> {
    let line = text[from..].find('\n').map_or(text.len(), |n| from + n);
    let end = text[..line].trim_end().len();
    look_at(line - from);
    (end > from && !text[from..end].contains([' ', '\t', '"', '\'']) && !is_prose(&text[from..end])).then_some(from..end)
}

/// Whether a word looks more like a secret than like one of a language or the name of an object.
pub(in crate::redact) fn is_drawn(word: &str) -> bool {
    let inner_capital = word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
    let sign = word.contains(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '.' | '_' | '/' | '\'' | ','));
    word.len() >= 20 || inner_capital || sign || word.bytes().any(|b| b.is_ascii_digit())
}

/// The word behind `Bearer` or `Basic`, if it is a credential.
pub(in crate::redact) fn after_scheme(text: &str, scheme: &str, from: usize) -> Option<Range<usize>> {
    let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '.' | '~' | '-');
    let end = text[from..].find(|c| !sign(c)).map_or(text.len(), |n| from + n);
    look_at(end - from);
    let word = text[from..end].trim_end_matches('.');
    let digit = word.bytes().any(|b| b.is_ascii_digit());
    let capital = word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
    let is_credential = match scheme.len() {
        // Basic: a name, a colon and a password in base64.
        5 => word.len() >= 6 && (digit || capital || word.ends_with('=')),
        _ => (word.len() >= 4 && digit) || (word.len() >= 6 && capital) || (word.len() >= 16 && !word.contains('.')),
    };
    (is_credential && !is_prose(word)).then_some(from..from + word.len())
}

/// The password behind `password`, `password is`, `PASSWORD`: in quotes, or a word with letters and digits. With `any`
/// any word is taken for one, as in `.netrc`.
pub(in crate::redact) fn after_password(text: &str, mut from: usize, any: bool) -> Option<Range<usize>> {
    for _ in 0..3 {
        let word = first_word(&text[from..]);
        if !BETWEEN.iter().any(|w| word.eq_ignore_ascii_case(w)) || !text[from..].starts_with(word) {
            break;
        }
        from += word.len();
        from += text[from..].find(|c| c != ' ').unwrap_or(0);
    }
    if text[from..].starts_with(['"', '\'']) {
        let span = span::quoted(text, from)?;
        let prose = is_prose(first_word(&text[span.clone()]));
        return (!prose && span.len() <= 256).then_some(span);
    }
    let word = first_word(&text[from..]);
    let mixed = word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic()) && word.len() >= 4;
    let version = word.strip_prefix(['v', 'V']).is_some_and(|v| v.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    let algorithm = ALGORITHMS.iter().any(|a| word.eq_ignore_ascii_case(a));
    let secret = (any || mixed) && !version && !algorithm && !word.contains(['=', '(']) && !word.starts_with('-') && !is_prose(word);
    secret.then(|| span::word(text, from)).filter(|span| !span.is_empty())
}
