//! Which lines of the buffer are shown.

use domain::log::{Level, Line};
use std::collections::HashMap;

/// What a person asked to see.
pub(crate) struct Wanted<'a> {
    /// Only lines as bad as this, or worse.
    pub(crate) level: Option<Level>,
    /// Those that state no level too.
    pub(crate) unlevelled: bool,
    /// Only lines that the search has found.
    pub(crate) found: Option<&'a dyn Fn(u64) -> bool>,
}

/// The lines that are shown, and what is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Places in the buffer.
    pub(crate) places: Vec<usize>,
    /// Lines of the app among them.
    pub(crate) lines: usize,
    /// Lines left out because they state no level.
    pub(crate) without_level: usize,
}

/// Chooses them. A line that states no level belongs to the one of its source before it, as those of a stack trace do.
pub(crate) fn shown<'a>(lines: impl Iterator<Item = &'a Line>, wanted: &Wanted<'_>) -> Shown {
    let mut last: HashMap<u16, bool> = HashMap::new();
    let mut shown = Shown::default();
    for (place, line) in lines.enumerate() {
        if line.note.is_some() {
            shown.places.push(place);
            continue;
        }
        let of_level = match (wanted.level, line.level) {
            (None, _) => true,
            (Some(most), Some(level)) => {
                let on = level <= most;
                last.insert(line.source, on);
                on
            }
            (Some(_), None) if wanted.unlevelled => true,
            (Some(_), None) => last.get(&line.source).copied().unwrap_or(false),
        };
        let found = wanted.found.is_none_or(|has| has(line.id));
        if of_level && found {
            shown.places.push(place);
            shown.lines += 1;
        } else if found && line.level.is_none() {
            shown.without_level += 1;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::log::LogBuffer;

    fn buffer() -> LogBuffer {
        let mut b = LogBuffer::default();
        let texts = ["starting", "INFO ready", "ERROR boom", "  at main", "INFO on", "plain", "fatal: gone"];
        for (i, text) in texts.iter().enumerate() {
            b.push(0, format!("2026-11-21T05:04:{i:02}Z {text}\n").as_bytes());
        }
        b
    }

    fn texts(wanted: &Wanted<'_>) -> (Vec<String>, usize) {
        let b = buffer();
        let found = shown(b.lines().iter(), wanted);
        assert_eq!(found.lines, found.places.len());
        (found.places.iter().map(|p| b.lines()[*p].text.to_string()).collect(), found.without_level)
    }

    #[test]
    fn a_level_takes_its_traces_along_and_counts_what_has_none() {
        let errors = Wanted { level: Some(Level::Error), unlevelled: false, found: None };
        assert_eq!(texts(&errors), (vec!["ERROR boom".into(), "  at main".into(), "fatal: gone".into()], 2));
        let all = Wanted { unlevelled: true, ..errors };
        assert_eq!(texts(&all).0, ["starting", "ERROR boom", "  at main", "plain", "fatal: gone"]);
        assert_eq!(texts(&all).1, 0);
    }

    #[test]
    fn only_what_was_found_is_shown_where_that_was_asked_for() {
        let has = |id: u64| id == 2 || id == 5;
        let found = Wanted { level: None, unlevelled: false, found: Some(&has) };
        assert_eq!(texts(&found).0, ["ERROR boom", "plain"]);
        let errors = Wanted { level: Some(Level::Error), unlevelled: false, found: Some(&has) };
        assert_eq!(texts(&errors), (vec!["ERROR boom".into()], 1), "what the search left out has no level to speak of");
    }
}
