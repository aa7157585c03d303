//! What a person searches for in a log, and the lines that have it.
//!
//! Expressions are those of the crate `regex-lite`: no look-around and no back-references, so that a search takes time in
//! proportion to the text, whatever the lines of an app are made of.

use super::{LogBuffer, plain};
use regex_lite::{Regex, RegexBuilder};
use std::collections::HashSet;

/// Most bytes of a compiled expression.
const MOST_COMPILED: usize = 256 * 1024;
/// Hits within one line that are marked.
const MOST_HITS: usize = 1_000;

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub enum Pattern {
    /// Nothing.
    #[default]
    Nothing,
    /// This text; capitals count where it has one.
    Text {
        /// The text.
        text: String,
        /// Capitals count.
        case: bool,
    },
    /// This expression; capitals count where it has one.
    Expression(Regex),
    /// An expression that cannot be read, and why.
    Wrong(String),
}

impl Pattern {
    /// Reads what a person typed.
    #[must_use]
    pub fn read(typed: &str, expression: bool) -> Self {
        if typed.is_empty() {
            return Self::Nothing;
        }
        // The class \S and its like are no capitals.
        let mut letters = typed.chars();
        let mut case = false;
        while let Some(c) = letters.next() {
            match c {
                '\\' if expression => drop(letters.next()),
                c => case |= c.is_uppercase(),
            }
        }
        if !expression {
            return Self::Text { text: typed.to_owned(), case };
        }
        match RegexBuilder::new(typed).case_insensitive(!case).size_limit(MOST_COMPILED).build() {
            Ok(regex) => Self::Expression(regex),
            Err(error) => Self::Wrong(error.to_string().lines().next_back().unwrap_or_default().trim().to_owned()),
        }
    }

    /// Whether lines can have it.
    #[must_use]
    pub const fn is_some(&self) -> bool {
        matches!(self, Self::Text { .. } | Self::Expression(_))
    }

    /// Whether a text, without its escapes, has it.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Nothing | Self::Wrong(_) => false,
            Self::Text { text: wanted, case: true } => text.contains(wanted.as_str()),
            Self::Text { text: wanted, case: false } if wanted.is_ascii() && text.is_ascii() => contains_ascii(text.as_bytes(), wanted.as_bytes()),
            Self::Text { text: wanted, case: false } => text.to_lowercase().contains(&wanted.to_lowercase()),
            Self::Expression(regex) => regex.is_match(text),
        }
    }

    /// Byte ranges of `text` that match, from the left, without overlap; 1,000 at most.
    #[must_use]
    pub fn hits(&self, text: &str) -> Vec<(usize, usize)> {
        match self {
            Self::Nothing | Self::Wrong(_) => Vec::new(),
            Self::Text { text: wanted, case: true } => text.match_indices(wanted.as_str()).take(MOST_HITS).map(|(at, hit)| (at, at + hit.len())).collect(),
            Self::Text { text: wanted, case: false } => folded(text, wanted),
            Self::Expression(regex) => regex.find_iter(text).filter(|m| !m.is_empty()).take(MOST_HITS).map(|m| (m.start(), m.end())).collect(),
        }
    }
}

fn folded(text: &str, wanted: &str) -> Vec<(usize, usize)> {
    let wanted: Vec<char> = wanted.chars().flat_map(char::to_lowercase).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() && found.len() < MOST_HITS {
        match reaches(&text[at..], &wanted) {
            Some(len) => {
                found.push((at, at + len));
                at += len;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// How many bytes of the text the pattern covers from its beginning.
fn reaches(text: &str, wanted: &[char]) -> Option<usize> {
    let mut wanted = wanted.iter();
    for (at, letter) in text.char_indices() {
        for low in letter.to_lowercase() {
            match wanted.next() {
                None => return Some(at),
                Some(w) if *w == low => {}
                Some(_) => return None,
            }
        }
    }
    wanted.next().is_none().then_some(text.len())
}

/// Whether `text` contains `wanted`, whatever their case.
fn contains_ascii(text: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return true };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let last = (text.len() + 1).saturating_sub(wanted.len());
    (0..last).any(|i| (text[i] == lower || text[i] == upper) && text[i..i + wanted.len()].eq_ignore_ascii_case(wanted))
}

/// The lines of a buffer that have the pattern. Each line is looked at once, however often it is asked.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    pattern: Pattern,
    hits: HashSet<u64>,
    /// Lines below this number were looked at.
    next: u64,
}

impl Finder {
    /// A finder that has looked at nothing.
    #[must_use]
    pub fn new(pattern: Pattern) -> Self {
        Self { pattern, hits: HashSet::new(), next: 0 }
    }

    /// What is searched for.
    #[must_use]
    pub const fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Looks at lines that it has not seen, until they were `bytes` in all. Says whether it has seen all of them.
    pub fn advance(&mut self, buffer: &LogBuffer, bytes: usize) -> bool {
        if !self.pattern.is_some() {
            return true;
        }
        let mut unseen: Vec<_> = buffer.lines().iter().filter(|l| l.id >= self.next).collect();
        unseen.sort_unstable_by_key(|l| l.id);
        let mut left = bytes.max(1);
        for line in unseen {
            if left == 0 {
                return false;
            }
            left = left.saturating_sub(line.text.len() + 1);
            if line.note.is_none() && self.pattern.is_in(&plain(&line.text)) {
                self.hits.insert(line.id);
            }
            self.next = line.id + 1;
        }
        if self.hits.len() > 2 * buffer.lines().len() + 64 {
            let here: HashSet<u64> = buffer.lines().iter().map(|l| l.id).collect();
            self.hits.retain(|id| here.contains(id));
        }
        true
    }

    /// Whether this line has it, as far as was looked.
    #[must_use]
    pub fn has(&self, id: u64) -> bool {
        self.hits.contains(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hits(text: &str, typed: &str, expression: bool) -> Vec<(usize, usize)> {
        Pattern::read(typed, expression).hits(text)
    }

    #[test]
    fn small_letters_find_both_capitals_only_capitals() {
        assert_eq!(hits("Error error", "error", false), [(0, 5), (6, 11)]);
        assert_eq!(hits("Error error", "Error", false), [(0, 5)]);
        assert_eq!(hits("GRÖSSE größe", "größe", false), [(8, 15)]);
        assert_eq!(hits("aaaa", "aa", false), [(0, 2), (2, 4)]);
        assert_eq!(hits("İx", "i̇x", false), [(0, 3)]);
        assert!(hits("a", "", false).is_empty());
    }

    #[test]
    fn an_expression_finds_what_it_means_and_a_wrong_one_says_why() {
        assert_eq!(hits("took 12 ms, then 340 MS", r"\d+ ms", true), [(5, 10), (17, 23)]);
        assert_eq!(hits("took 12 ms, then 340 MS", r"\d+ MS", true), [(17, 23)]);
        assert_eq!(hits("a b", r"\S", true), [(0, 1), (2, 3)]);
        assert!(hits("abc", "x*", true).is_empty());
        assert_eq!(hits("1.2", ".", false), [(1, 2)], "a dot is a dot where no expression was asked for");
        assert!(matches!(Pattern::read("(a", true), Pattern::Wrong(why) if !why.is_empty() && !why.contains('\n')));
        assert!(matches!(Pattern::read("((a{9}){9}){999}", true), Pattern::Wrong(_)), "too large");
        assert!(matches!(Pattern::read("", true), Pattern::Nothing));
    }

    fn buffer(texts: &[&str]) -> LogBuffer {
        let mut b = LogBuffer::default();
        for text in texts {
            b.push(0, format!("2026-11-21T05:04:03Z {text}\n").as_bytes());
        }
        b
    }

    fn found(texts: &[&str], typed: &str) -> Vec<u64> {
        let b = buffer(texts);
        let mut finder = Finder::new(Pattern::read(typed, false));
        while !finder.advance(&b, 10) {}
        b.lines().iter().map(|l| l.id).filter(|id| finder.has(*id)).collect()
    }

    #[test]
    fn a_search_looks_at_what_is_seen() {
        let texts = ["Connection \x1b[31mRefused\x1b[0m", "größe ÄNDERN", "31m"];
        assert_eq!(found(&texts, "connection refused"), [0]);
        assert!(found(&texts, "Connection refused").is_empty());
        assert_eq!(found(&texts, "ändern"), [1]);
        assert_eq!(found(&texts, "31m"), [2]);
        assert!(found(&texts, "").is_empty());
    }

    #[test]
    fn each_line_is_looked_at_once_and_a_large_log_in_parts() {
        let mut b = buffer(&["one", "two", "three"]);
        let mut finder = Finder::new(Pattern::read("t", false));
        assert!(!finder.advance(&b, 4));
        assert!(finder.advance(&b, 100));
        assert!(finder.has(1) && finder.has(2) && !finder.has(0));
        b.note(0, crate::UnixMs(i64::MAX / 2_000_000), crate::Tone::Info, "restarted");
        b.push(0, b"2026-11-21T05:04:03Z ten\n");
        assert!(finder.advance(&b, 100));
        assert!(!finder.has(3) && finder.has(4), "a remark is no line of the app");
    }

    proptest! {
        #[test]
        fn hits_are_parts_of_the_text(text in "\\PC{0,60}", typed in "[a-zÄ\\[\\](*.?\\\\d]{0,8}", expression in any::<bool>()) {
            let pattern = Pattern::read(&typed, expression);
            for (a, b) in pattern.hits(&text) {
                prop_assert!(a < b && text.is_char_boundary(a) && text.is_char_boundary(b));
            }
            prop_assert!(pattern.hits(&text).is_empty() || pattern.is_in(&text));
        }
    }
}
