//! Addresses that hold a secret: a password before the host, a token in the path. What `?token=` holds is a matter of
//! [`super::pairs`].

use super::{HIDDEN, look, look_at};
use std::ops::Range;

/// A user before the @ of an address is a token if it is this long.
const TOKEN: usize = 20;
/// Behind these, the rest of an address is a secret.
const HOOKS: [&str; 10] = [
    "hooks.slack.com/services/",
    "hooks.slack.com/workflows/",
    "hooks.slack.com/triggers/",
    "/api/webhooks/",
    ".webhook.office.com/",
    "outlook.office.com/webhook/",
    "hooks.zapier.com/hooks/catch/",
    "/open-apis/bot/v2/hook/",
    "maker.ifttt.com/trigger/",
    "hc-ping.com/",
];
/// A part of a path behind one of these is a secret if it looks drawn.
const BEFORE: [&str; 12] = ["token", "tokens", "key", "keys", "apikey", "secret", "hook", "hooks", "webhook", "webhooks", "incomingwebhook", "auth"];
/// What stands before `:…@…` and is no user: labels and schemes of addresses of people.
const LABELS: [&str; 22] = [
    "user",
    "username",
    "email",
    "mail",
    "mailto",
    "from",
    "to",
    "cc",
    "bcc",
    "serviceaccount",
    "group",
    "owner",
    "contact",
    "by",
    "author",
    "principal",
    "account",
    "member",
    "sip",
    "git",
    "npm",
    "image",
];

pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for word in text.split_inclusive(ends_word) {
        let end = start + word.trim_end_matches(ends_word).len();
        if start < end {
            look_at(end - start);
            in_word(text, start..end, found);
        }
        start += word.len();
    }
}

/// What an address may not contain.
fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`')
}

fn in_word(text: &str, span: Range<usize>, found: &mut Vec<Range<usize>>) {
    let word = &text[span.clone()];
    let last_at = word.rfind('@');
    let mut addresses = word.match_indices("://").map(|(at, _)| at + 3).peekable();
    let mut any = false;
    while let Some(begin) = addresses.next() {
        any = true;
        let next = addresses.peek().copied().unwrap_or(word.len());
        if let Some(secret) = user(word, begin, next, last_at) {
            found.push(span.start + secret.start..span.start + secret.end);
        }
        if let Some(secret) = path(&word[begin..next], true) {
            found.push(span.start + begin + secret.start..span.start + begin + secret.end);
        }
    }
    if !any && let Some(secret) = pair_at_host(word).or_else(|| password_file(word)).or_else(|| path(word, false)) {
        found.push(span.start + secret.start..span.start + secret.end);
    }
}

/// The password before the host of the address that begins here; the whole user where it is a token.
fn user(word: &str, begin: usize, next: usize, last_at: Option<usize>) -> Option<Range<usize>> {
    let authority = begin + word[begin..next].find(['/', '?', '#', ',', '\\']).unwrap_or(next - begin);
    let host = &word[begin..authority];
    if let Some(at) = host.rfind('@') {
        let user = &host[..at];
        return match user.find(':') {
            Some(colon) => Some(begin + colon + 1..begin + at),
            None if user.len() >= TOKEN || user.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').any(look::is_credential) => {
                Some(begin..begin + at)
            }
            None => None,
        };
    }
    // A password may hold a slash or a comma: then what is behind the colon is no port.
    let colon = host.find(':')?;
    let port = &host[colon + 1..];
    let no_port = !port.is_empty() && !port.bytes().all(|b| b.is_ascii_digit()) && !port.starts_with(['$', '{', '%', '<']) && port != HIDDEN;
    // The last one before the next address, if one begins.
    let at = if next == word.len() { last_at.filter(|at| *at > authority) } else { word[authority..next].rfind('@').map(|at| authority + at) };
    match at {
        // `u:1#x@h`: a port is followed by a slash, if by anything.
        Some(at) if word[authority..].starts_with(['#', '?']) && !word[authority..at].contains('/') => Some(begin + colon + 1..at),
        Some(at) if no_port && !host.starts_with('[') => Some(begin + colon + 1..at),
        // `amqp://u:/x1@h`: an empty port before a slash is no port either.
        Some(at) if port.is_empty() && !host.starts_with('[') => Some(begin + colon + 1..at),
        _ => None,
    }
}

/// The secret in an address that is an invitation to write, or in its path. `whole`: it has a scheme, so it is no path
/// of a file.
fn path(address: &str, whole: bool) -> Option<Range<usize>> {
    for hook in HOOKS {
        if let Some(at) = address.find(hook) {
            let start = at + hook.len();
            let end = start + address[start..].find([',', ')', ']', '}']).unwrap_or(address.len() - start);
            return (end > start && &address[start..end] != HIDDEN && !address[start..].starts_with(HIDDEN)).then_some(start..end);
        }
    }
    if !address.contains('/') {
        return bot(address, 0);
    }
    let address_end = address.find(['?', '#', ',', ';', '\\']).unwrap_or(address.len());
    let mut start = 0;
    let mut before = "";
    for part in address[..address_end].split('/') {
        let long = if whole { part.len() >= 10 } else { part.len() >= 16 && !part.contains(['-', '.', '_']) };
        let drawn = long && part.bytes().any(|b| b.is_ascii_digit()) && part.bytes().any(|b| b.is_ascii_alphabetic());
        if drawn && BEFORE.iter().any(|word| before.eq_ignore_ascii_case(word)) {
            return Some(start..start + part.len());
        }
        if let Some(secret) = bot(part, start) {
            return Some(secret);
        }
        before = part;
        start += part.len() + 1;
    }
    None
}

/// The token of a Telegram bot: `bot123456789:AA…`, also without `bot`.
fn bot(part: &str, start: usize) -> Option<Range<usize>> {
    let colon = part.find(':')?;
    let digits = part[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let behind = &part[colon + 1..];
    let length = behind.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(behind.len());
    let (fewest, shortest) = if part[..digits].ends_with("bot") { (3, 6) } else { (8, 30) };
    let is_token = colon - digits >= fewest && length >= shortest;
    is_token.then_some(start + colon + 1..start + colon + 1 + length)
}

/// `user:password@host` without a scheme, as databases and proxies are given.
fn pair_at_host(word: &str) -> Option<Range<usize>> {
    let (colon, at) = (word.find(':')?, word.rfind('@')?);
    if at <= colon + 1 {
        return None;
    }
    let begin = word[..colon].rfind(['=', ',', '(', '[', '{']).map_or(0, |n| n + 1);
    let (user, secret, host) = (&word[begin..colon], &word[colon + 1..at], &word[at + 1..]);
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'%' | b'+'));
    let name = host.split(['/', ':', '(', '?', ',', ')']).next().unwrap_or_default();
    let named = plain(name) && (host.len() > name.len() || name.contains('.') || name == "localhost");
    let digest = ["sha256:", "sha512:", "sha1:"].iter().any(|sign| host.starts_with(sign));
    let label = LABELS.iter().any(|l| user.eq_ignore_ascii_case(l));
    let is_pair = plain(user) && named && !digest && !label && !secret.contains('/') && secret != HIDDEN;
    is_pair.then_some(colon + 1..at)
}

/// A line of `.pgpass`: `host:port:database:user:password`.
fn password_file(word: &str) -> Option<Range<usize>> {
    let mut fields = word.splitn(5, ':');
    let (host, port, database, user, secret) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let host_like = host == "*" || host.bytes().any(|b| b.is_ascii_alphabetic()) || host.matches('.').count() == 3;
    let port_like = port == "*" || (port.len() >= 2 && port.bytes().all(|b| b.is_ascii_digit()));
    (host_like && port_like && !database.is_empty() && !user.is_empty() && !secret.is_empty() && secret != HIDDEN)
        .then_some(word.len() - secret.len()..word.len())
}
