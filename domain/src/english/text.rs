//! Small pieces of sentences, within bounds and on one line.

use crate::cause::Counts;
use crate::text::one_line;
use crate::time::short;
use crate::{Bytes, UnixMs};

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

/// `2 of 3 pods ready`.
pub(crate) fn ready(counts: Counts) -> String {
    match (counts.ready.min(counts.wanted), counts.wanted) {
        (r, 1) => format!("{r} of 1 ready"),
        (2, 2) => "both pods are ready".into(),
        (0, n) => format!("none of {n} pods are ready"),
        (r, n) if r == n => format!("all {n} pods are ready"),
        (r, n) => format!("{r} of {n} pods ready"),
    }
}

/// `2 min ago`.
pub(crate) fn ago(at: UnixMs, now: UnixMs) -> String {
    format!("{} ago", short(now.since(at)))
}

/// `7 MiB`, or `384 KiB` where it is no whole number of MiB.
pub(crate) fn size(bytes: Bytes) -> String {
    const KIB: u64 = 1024;
    if bytes.0.is_multiple_of(KIB * KIB) { format!("{} MiB", bytes.0 / KIB / KIB) } else { format!("{} KiB", bytes.0 / KIB) }
}

/// One line of at most `most` characters, without any that cannot be seen.
pub(crate) fn clip(text: &str, most: usize) -> String {
    let line = one_line(text);
    match line.char_indices().nth(most) {
        None => line,
        Some(_) => {
            let head: String = line.chars().take(most.saturating_sub(1)).collect();
            format!("{}…", head.trim_end())
        }
    }
}

/// One line of at most `most` characters that keeps its begin and its end: an error's point stands at either, what lies
/// between is the way there.
pub(crate) fn squeeze(text: &str, most: usize) -> String {
    let line = one_line(text);
    let n = line.chars().count();
    if n <= most {
        return line;
    }
    let (head, tail) = (most / 2, most - most / 2 - 3);
    let at = |i: usize| line.char_indices().nth(i).map_or(line.len(), |(at, _)| at);
    format!("{} … {}", line[..at(head)].trim_end(), line[at(n - tail)..].trim_start())
}

/// `a`, `a and b`, `a, b, and c`; of many the first `most`, and how many more there are.
pub(crate) fn and(all: &[String], most: usize) -> String {
    if all.len() > most {
        return format!("{}{} and {} more", all[..most].join(", "), if most > 1 { "," } else { "" }, all.len() - most);
    }
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    }
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// A text that ends like a sentence; a colon after which the cluster wrote nothing goes.
pub(crate) fn full_stop(text: &str) -> String {
    let text = text.trim_end().trim_end_matches([':', ';', ',', ' ']);
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) { text.into() } else { format!("{text}.") }
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
    fn a_long_error_keeps_both_its_ends() {
        let told = squeeze(&format!("failed to do this: {}: service \"shop\" not found", "way ".repeat(100)), 80);
        assert!(told.starts_with("failed to do this: way") && told.ends_with("service \"shop\" not found"), "{told}");
        assert!(told.chars().count() <= 80, "{}", told.chars().count());
        assert_eq!(squeeze("short\nones stay", 80), "short ones stay");
        assert_eq!(squeeze(&"ä".repeat(90), 80).chars().count(), 80);
    }

    #[test]
    fn lists_are_read_aloud() {
        let all: Vec<String> = ["a", "b", "c"].map(String::from).into();
        assert_eq!((and(&all[..1], 3).as_str(), and(&all[..2], 3).as_str(), and(&all, 3).as_str()), ("a", "a and b", "a, b, and c"));
        assert_eq!((and(&all, 2).as_str(), and(&all, 1).as_str()), ("a, b, and 1 more", "a and 2 more"));
    }

    #[test]
    fn sentences_end_once() {
        assert_eq!(full_stop("Done"), "Done.");
        assert_eq!(full_stop("Done. "), "Done.");
        assert_eq!(full_stop("Readiness probe failed: "), "Readiness probe failed.");
        assert_eq!(capital("pod x"), "Pod x");
    }
}
