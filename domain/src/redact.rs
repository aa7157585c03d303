//! Hides secrets in what the cluster says, before anybody sees it.
//!
//! This is the one place that decides what looks like a secret: in YAML, configuration, revisions, probes, events,
//! status and termination messages, refusals, and the log lines that sentences quote. It goes by names (`DB_PASSWORD`),
//! by the grammar around a value (`https://user:…@host`, `curl -u a:…`) and by the look of the value (`ghp_…`, a JWT, a
//! PEM key). It is best effort: a secret that has no such sign is not found. In doubt a value is hidden, because whoever
//! may see it can look into the cluster.
//!
//! All functions take any text, never panic, take time in proportion to the length of the text, and return at most
//! [`GROWTH`] bytes more than they were given. What was redacted once stays as it is when it is redacted again.

mod look;
mod names;
mod pairs;
mod tree;
mod url;
mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

pub use tree::{command, config_value, object, value};

/// Stands for a value that looks like a secret.
pub const HIDDEN: &str = "(hidden)";

/// Most bytes by which a text grows. [`HIDDEN`] is longer than a short secret; where a text is full of short secrets,
/// stars stand for them.
pub const GROWTH: usize = 1_024;

/// Rounds after which a text is hidden as a whole. A round changes what stands next to what, so the text is looked at
/// again until nothing is found.
const ROUNDS: usize = 6;

/// A sentence, log line, script, address or document as it may be shown.
///
/// Give it whole texts: where a text was cut, the sign of a secret may be in the part that is missing. Redact first,
/// then clip.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    let mut spare = GROWTH;
    let mut shown: Option<String> = None;
    for _ in 0..ROUNDS {
        let now = shown.as_deref().unwrap_or(text);
        match replaced(now, secrets(now), &mut spare) {
            Some(next) => shown = Some(next),
            None => return shown.map_or(Cow::Borrowed(text), Cow::Owned),
        }
    }
    Cow::Borrowed(HIDDEN)
}

/// Where secrets are.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    look::find(text, &mut found);
    url::find(text, &mut found);
    pairs::find(text, &mut found);
    words::find(text, &mut found);
    found
}

/// The text with marks in place of these parts; `None` where nothing changes. `spare` is what it may still grow by.
fn replaced(text: &str, mut found: Vec<Range<usize>>, spare: &mut usize) -> Option<String> {
    found.retain(|span| !span.is_empty());
    found.sort_unstable_by_key(|span| (span.start, span.end));
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    while at < found.len() {
        let (start, mut end) = (found[at].start, found[at].end);
        at += 1;
        while at < found.len() && found[at].start <= end {
            end = end.max(found[at].end);
            at += 1;
        }
        let secret = &text[start..end];
        if is_mark(secret) {
            continue;
        }
        out.push_str(&text[done..start]);
        let longer = HIDDEN.len().saturating_sub(secret.len());
        if longer <= *spare {
            *spare -= longer;
            out.push_str(HIDDEN);
        } else {
            out.extend(secret.chars().map(|_| '*'));
        }
        done = end;
    }
    (done > 0).then(|| out + &text[done..])
}

/// Whether this stands for a secret that was hidden before.
fn is_mark(text: &str) -> bool {
    text == HIDDEN || (!text.is_empty() && text.bytes().all(|b| b == b'*'))
}

/// Counts the bytes that are looked at, so that tests can show that their number grows with the text and no faster.
fn look_at(_bytes: usize) {
    #[cfg(test)]
    tests::STEPS.with(|steps| steps.set(steps.get() + _bytes as u64));
}
