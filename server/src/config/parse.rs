//! Text of a setting to its value, or what it should be instead.

use super::finding::{Finding, FindingKind, Wants};
use super::table;
use super::text::Texts;
use ipnet::IpNet;
use std::net::IpAddr;
use std::time::Duration;

/// Reads texts and names the place when one is wrong.
pub(super) struct Reader<'a> {
    pub(super) texts: &'a Texts,
}

impl Reader<'_> {
    /// A setting that always has a value.
    pub(super) fn with<T>(&self, key: &'static str, parse: impl FnOnce(&str) -> Result<T, Wants>) -> Result<T, Finding> {
        let secret = table::find(key).is_some_and(|s| s.secret);
        // A password may begin or end with a space, but not with the line feed of the file that it stands in.
        let (text, origin) = self.texts.get(key).map_or(("", "the default"), |raw| (raw.text.as_str(), raw.origin.as_str()));
        let text = if secret { text.trim_end_matches(['\r', '\n']) } else { text.trim() };
        parse(text).map_err(|wants| {
            let kind = FindingKind::Text { origin: origin.to_owned(), text: (!secret).then(|| text.to_owned()), wants };
            Finding { setting: key, kind }
        })
    }

    /// A setting that may be empty.
    pub(super) fn optional<T>(&self, key: &'static str, parse: impl FnOnce(&str) -> Result<T, Wants>) -> Result<Option<T>, Finding> {
        self.with(key, |text| if text.is_empty() { Ok(None) } else { parse(text).map(Some) })
    }

    /// A list separated by commas or spaces.
    pub(super) fn list<T>(&self, key: &'static str, parse: impl Fn(&str) -> Result<T, Wants>) -> Result<Vec<T>, Finding> {
        self.with(key, |text| text.split([',', ' ', '\n']).map(str::trim).filter(|t| !t.is_empty()).map(&parse).collect())
    }
}

/// `true` or `false`, with the usual other words.
pub(super) fn switch(text: &str) -> Result<bool, Wants> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" | "" => Ok(false),
        _ => Err(Wants::Switch),
    }
}

/// A whole number within limits.
pub(super) fn between(text: &str, least: u32, most: u32) -> Result<u32, Wants> {
    text.parse().ok().filter(|n| (least..=most).contains(n)).ok_or(Wants::Number { least, most })
}

/// `90s`, `30m`, `12h`, `7d`; from a minute to a year.
pub(super) fn duration(text: &str) -> Result<Duration, Wants> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(Wants::Duration),
    };
    let seconds = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit));
    seconds.filter(|s| (60..=31_536_000).contains(s)).map(Duration::from_secs).ok_or(Wants::Duration)
}

/// `10.0.3.0/28`, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, Wants> {
    text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| Wants::Networks)
}

/// `'self'` or an origin such as `https://portal.example.org`; anything else could change the policy it stands in.
pub(super) fn ancestor(text: &str) -> Result<String, Wants> {
    if text == "'self'" || text == "self" {
        return Ok("'self'".to_owned());
    }
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '*' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(text.to_owned()),
        _ => Err(Wants::Origins),
    }
}
