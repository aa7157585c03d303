//! Small pieces of sentences.

use crate::UnixMs;
use crate::facts::{AppFacts, Container, Pod};
use crate::invisible::is_invisible;
use crate::time::short;

/// Most characters of a reason; it stands in a column of the list.
pub(crate) const REASON: usize = 24;

/// `1 pod`, `3 pods`.
pub(crate) fn count(n: u32, one: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}

/// `once`, `twice`, `7 times`.
pub(crate) fn times(n: u32) -> String {
    match n {
        1 => "once".into(),
        2 => "twice".into(),
        n => format!("{n} times"),
    }
}

/// `2 min ago`.
pub(crate) fn ago(at: UnixMs, now: UnixMs) -> String {
    format!("{} ago", short(now.since(at)))
}

/// One line of at most `most` characters, without any that cannot be seen.
pub(crate) fn clip(text: &str, most: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_invisible(c)).filter(|w| !w.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        None => line,
        Some(_) => {
            let head: String = line.chars().take(most.saturating_sub(1)).collect();
            format!("{}…", head.trim_end())
        }
    }
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// A text that ends like a sentence.
pub(crate) fn full_stop(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) { text.into() } else { format!("{text}.") }
}

/// The last part of a pod's name where the rest is its owner's: `p8w6d`; `shop-0` stays whole.
pub(crate) fn pod_name<'a>(pod: &'a Pod, facts: &AppFacts) -> &'a str {
    let rest = pod.owner.as_deref().and_then(|o| pod.name.strip_prefix(o)).and_then(|r| r.strip_prefix('-'));
    match rest {
        Some(suffix) if facts.workload.id.kind != crate::Kind::StatefulSet && suffix.len() >= 5 => suffix,
        _ => &pod.name,
    }
}

/// `container main`, with its pod where the app has several.
pub(crate) fn container_name(c: &Container, pod: &Pod, facts: &AppFacts) -> String {
    let what = if c.init { "init container" } else { "container" };
    if facts.pods.iter().filter(|p| p.deleting.is_none()).count() > 1 {
        format!("{what} {} of pod {}", c.name, pod_name(pod, facts))
    } else {
        format!("{what} {}", c.name)
    }
}

/// `pod p8w6d`.
pub(crate) fn pod_words(pod: &Pod, facts: &AppFacts) -> String {
    format!("pod {}", pod_name(pod, facts))
}

/// What stands between two marks, the first of each.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let rest = &text[start..];
    Some(&rest[..rest.find(after)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_clipped_to_one_line() {
        assert_eq!(clip("a  b\n\tc", 24), "a b c");
        assert_eq!(clip("exit code 1, 8 restarts more", 24), "exit code 1, 8 restarts…");
        assert_eq!(clip(&"x".repeat(30), 24).chars().count(), 24);
        assert_eq!(clip("exit 1000000, 1000000000 restarts", 24).chars().count(), 24);
        assert_eq!(clip("", 24), "");
        assert_eq!(clip("\u{1b}[31mred", 24), "[31mred");
    }

    #[test]
    fn sentences_end_once() {
        assert_eq!(full_stop("Done"), "Done.");
        assert_eq!(full_stop("Done. "), "Done.");
        assert_eq!(capital("pod x"), "Pod x");
        assert_eq!(between("a \"b\" c", "\"", "\""), Some("b"));
    }
}
