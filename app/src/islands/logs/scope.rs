//! What is said of the lines that a filter or a search has looked at, and of those that it has not.

use super::address::{TAIL, TAILS};
use domain::UnixMs;
use domain::log::{Level, Pattern};

/// Most lines that a page keeps; what is older is in the download.
pub(crate) const MOST: u32 = TAILS[TAILS.len() - 1];

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Lines that are here.
    pub(crate) lines: u64,
    /// Lines that were asked for of each stream.
    pub(crate) asked: Option<u32>,
    /// Streams.
    pub(crate) streams: usize,
    /// Only a span of time was asked for.
    pub(crate) since: bool,
    /// Lines from the front were dropped, because the page keeps no more.
    pub(crate) dropped: bool,
    /// All lines have been searched.
    pub(crate) searched: bool,
}

/// A sentence and the button behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) text: String,
    /// What the button says; none where there is nothing to do.
    pub(crate) button: Option<String>,
}

/// `1,204`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 line`, `1,204 lines`.
pub(crate) fn lines(n: u64) -> String {
    if n == 1 { "1 line".to_owned() } else { format!("{} lines", grouped(n)) }
}

/// How far back the lines go: `, since 14:31:07`, with the day where it is not today. Nothing where no line has a time.
pub(crate) fn reach(first: Option<UnixMs>, now: UnixMs, zone_ms: i64) -> String {
    let Some(first) = first.map(|at| at.plus(zone_ms)) else { return String::new() };
    let day = |at: UnixMs| at.0.div_euclid(86_400_000);
    if day(first) == day(now.plus(zone_ms)) {
        format!(", since {}", first.clock())
    } else {
        format!(", since {}", first.rfc3339().replace('T', " ").trim_end_matches('Z'))
    }
}

/// The foot of the log: how many lines are here, of how many, and since when.
pub(crate) fn kept(kept: u64, all: u64, reach: &str) -> String {
    if all > kept {
        format!("Last {} of {} lines{reach}", grouped(kept), grouped(all))
    } else {
        format!("{}{reach} (keeps {})", lines(kept), grouped(u64::from(MOST)))
    }
}

impl Looked {
    /// More lines may be had than are here.
    fn may_be_more(self) -> bool {
        let asked = u64::from(self.asked.unwrap_or(TAIL));
        self.dropped || self.lines >= asked
    }

    /// Whether the page can load more of them.
    fn can_load(self) -> bool {
        self.may_be_more() && !self.dropped && self.asked.unwrap_or(TAIL) < MOST
    }

    fn more(self) -> Told {
        let whole = match (self.since, self.may_be_more()) {
            (true, _) => " Only the selected time range was loaded.",
            (false, true) if !self.can_load() => " This page keeps 20,000 lines; the download has all of them.",
            (false, _) => "",
        };
        let button = self.can_load().then(|| format!("Load the last {}{}", grouped(u64::from(MOST)), if self.streams > 1 { " of each stream" } else { "" }));
        Told { text: whole.to_owned(), button }
    }
}

/// What is said of a search: why it finds nothing and where it has looked. Nothing where it has found something.
pub(crate) fn of_search(pattern: &Pattern, matches: usize, looked: Looked, reach: &str) -> Told {
    match pattern {
        Pattern::Wrong(why) => Told { text: format!("This expression can't be read: {why}"), button: None },
        Pattern::Text { .. } | Pattern::Expression(_) if matches == 0 && looked.searched => {
            let more = looked.more();
            Told { text: format!("No matches in the {} loaded{reach}.{}", lines(looked.lines), more.text), ..more }
        }
        Pattern::Nothing | Pattern::Text { .. } | Pattern::Expression(_) => Told::default(),
    }
}

/// The same in the middle of a sentence.
fn aside(reach: &str) -> String {
    if reach.is_empty() { String::new() } else { format!("{reach},") }
}

/// What is said of a level: how many lines it hides because they state none, and where it finds none, where it has looked.
pub(crate) fn of_level(level: Option<Level>, shown: usize, without_level: usize, unlevelled: bool, looked: Looked, reach: &str) -> (Told, Option<String>) {
    let Some(level) = level else { return (Told::default(), None) };
    let mut told = Told::default();
    if shown == 0 && looked.lines > 0 {
        let word = match level {
            Level::Fatal | Level::Error => "an error",
            Level::Warn => "a warning or worse",
            Level::Info | Level::Debug => "of this level",
        };
        told = looked.more();
        told.text = format!("None of the {} loaded{} is {word}.{}", lines(looked.lines), aside(reach), told.text);
    }
    let show = match (without_level, unlevelled) {
        (_, true) => Some("Hide lines without a level".to_owned()),
        (0, false) => None,
        (1, false) => Some("1 line has no level. Show it".to_owned()),
        (n, false) => Some(format!("{} have no level. Show them", lines(n as u64))),
    };
    (told, show)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOKED: Looked = Looked { lines: 1_000, asked: None, streams: 1, since: false, dropped: false, searched: true };

    fn search(matches: usize, looked: Looked) -> (String, Option<String>) {
        let told = of_search(&Pattern::read("x", false), matches, looked, "");
        (told.text, told.button)
    }

    #[test]
    fn a_search_without_a_match_says_where_it_has_looked_and_offers_the_rest() {
        assert_eq!(search(0, LOOKED), ("No matches in the 1,000 lines loaded.".into(), Some("Load the last 20,000".into())));
        assert_eq!(search(0, Looked { lines: 23, ..LOOKED }), ("No matches in the 23 lines loaded.".into(), None), "that is all there is");
        let full = Looked { lines: 20_000, asked: Some(20_000), ..LOOKED };
        assert_eq!(search(0, full).0, "No matches in the 20,000 lines loaded. This page keeps 20,000 lines; the download has all of them.");
        assert_eq!(search(0, full).1, None);
        assert_eq!(search(0, Looked { streams: 3, lines: 3_000, ..LOOKED }).1.as_deref(), Some("Load the last 20,000 of each stream"));
        assert_eq!(search(0, Looked { since: true, ..LOOKED }).0, "No matches in the 1,000 lines loaded. Only the selected time range was loaded.");
        assert_eq!(search(3, LOOKED), (String::new(), None));
        assert_eq!(search(0, Looked { searched: false, ..LOOKED }), (String::new(), None), "it still looks");
    }

    #[test]
    fn a_wrong_expression_is_said() {
        assert!(of_search(&Pattern::read("(", true), 0, LOOKED, "").text.starts_with("This expression can't be read: "));
    }

    #[test]
    fn a_level_says_what_it_hides() {
        let (told, show) = of_level(Some(Level::Error), 0, 23, false, Looked { lines: 23, ..LOOKED }, "");
        assert_eq!((told.text.as_str(), show.as_deref()), ("None of the 23 lines loaded is an error.", Some("23 lines have no level. Show them")));
        let (told, show) = of_level(Some(Level::Warn), 4, 1, false, LOOKED, "");
        assert_eq!((told.text.as_str(), show.as_deref()), ("", Some("1 line has no level. Show it")));
        assert_eq!(of_level(Some(Level::Warn), 4, 0, true, LOOKED, "").1.as_deref(), Some("Hide lines without a level"));
        assert_eq!(of_level(None, 0, 0, false, LOOKED, ""), (Told::default(), None));
    }

    #[test]
    fn the_lines_say_since_when_they_are() {
        let noon = UnixMs(1_800_000_000_000);
        let hour = 3_600_000;
        assert_eq!(reach(None, noon, 0), "");
        assert_eq!(reach(Some(noon), noon.plus(hour), 0), format!(", since {}", noon.clock()));
        assert_eq!(reach(Some(noon.plus(-24 * hour)), noon, 2 * hour), ", since 2027-01-14 10:00:00", "in the zone of the person");
        assert_eq!(kept(23, 23, ", since 10:00:00"), "23 lines, since 10:00:00 (keeps 20,000)");
        assert_eq!(kept(20_000, 31_000, ", since 10:00:00"), "Last 20,000 of 31,000 lines, since 10:00:00");
        let told = of_search(&Pattern::read("x", false), 0, Looked { lines: 23, ..LOOKED }, ", since 10:00:00");
        assert_eq!(told.text, "No matches in the 23 lines loaded, since 10:00:00.");
        let told = of_level(Some(Level::Error), 0, 0, false, Looked { lines: 23, ..LOOKED }, ", since 10:00:00").0;
        assert_eq!(told.text, "None of the 23 lines loaded, since 10:00:00, is an error.");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((grouped(0), grouped(999), grouped(1_204), grouped(1_000_000)), ("0".into(), "999".into(), "1,204".into(), "1,000,000".into()));
        assert_eq!((lines(1), lines(2)), ("1 line".into(), "2 lines".into()));
    }
}
