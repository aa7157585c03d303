//! The containers whose lines are shown: their own stable numbers, colours and labels, and from where a log goes on
//! after the connection was lost.

use domain::UnixMs;
use std::collections::HashMap;

/// Colours for pods; a seventh pod shares one.
pub(crate) const COLOURS: usize = 6;

/// A container whose lines come or came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) pod: String,
    pub(crate) container: String,
    /// Colour of its pod, 0 to 5.
    pub(crate) colour: usize,
    /// No line will come any more.
    pub(crate) ended: bool,
    /// Time of its last line, in nanoseconds since 1970.
    last: Option<i64>,
    resume: Option<Resume>,
}

/// After a reconnection: where the lines go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Resume {
    /// Lines up to this time are here already.
    last: i64,
    /// The last line has been asked for again: where it does not come, lines are missing.
    overlaps: bool,
}

/// What is new of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fresh<'a> {
    pub(crate) lines: &'a [u8],
    /// Before them, behind this moment, lines are missing.
    pub(crate) gap: Option<UnixMs>,
}

/// A log goes on from the last line of its quietest source, but not from longer before its newest line than this.
const BACK: i64 = 300 * 1_000_000_000;

/// All of them. The server numbers its sources anew on every subscription, the page's numbers stay.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    all: Vec<Source>,
    numbers: HashMap<u16, u16>,
}

impl Sources {
    /// Gives colours to pods in the order of their names, before any line has come.
    pub(crate) fn new<'a>(pods: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = pods.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        let all = names.into_iter().enumerate().map(|(i, pod)| Source::new(pod, "", i % COLOURS)).collect();
        Self { all, numbers: HashMap::new() }
    }

    /// A source of the server. The same container keeps its number.
    pub(crate) fn announce(&mut self, number: u16, pod: &str, container: &str) {
        let place = match self.all.iter().position(|s| s.pod == pod && (s.container == container || s.container.is_empty())) {
            Some(place) => place,
            None => {
                let colour = self.all.iter().find(|s| s.pod == pod).map_or_else(|| self.free_colour(), |s| s.colour);
                self.all.push(Source::new(pod, container, colour));
                self.all.len() - 1
            }
        };
        container.clone_into(&mut self.all[place].container);
        self.all[place].ended = false;
        if let Ok(place) = u16::try_from(place) {
            self.numbers.insert(number, place);
        }
    }

    // The colour that fewest pods have.
    fn free_colour(&self) -> usize {
        (0..COLOURS).min_by_key(|c| self.all.iter().filter(|s| s.colour == *c && !s.ended).count()).unwrap_or(0)
    }

    /// The page's number of a source of the server.
    pub(crate) fn local(&self, number: u16) -> Option<u16> {
        self.numbers.get(&number).copied()
    }

    /// A source by the page's number.
    pub(crate) fn get(&self, local: u16) -> Option<&Source> {
        self.all.get(usize::from(local))
    }

    /// A source has ended.
    pub(crate) fn end(&mut self, local: u16) {
        if let Some(source) = self.all.get_mut(usize::from(local)) {
            source.ended = true;
        }
    }

    /// Sources from which lines come.
    pub(crate) fn streams(&self) -> usize {
        self.numbers.values().filter(|l| self.get(**l).is_some_and(|s| !s.ended)).count()
    }

    /// Whether there were sources and all have ended.
    pub(crate) fn all_ended(&self) -> bool {
        !self.numbers.is_empty() && self.streams() == 0
    }

    /// More than one container of a pod writes here, so that the label needs the container too.
    pub(crate) fn many_containers(&self) -> bool {
        let mut names = self.numbers.values().filter_map(|l| self.get(*l)).map(|s| s.container.as_str());
        names.next().is_some_and(|first| names.any(|n| n != first))
    }

    /// The connection was lost: from when on the log is to be asked for again, if there is a line of it. What is here
    /// already is left out then.
    pub(crate) fn lost(&mut self) -> Option<UnixMs> {
        self.numbers.clear();
        let open = || self.all.iter().filter(|s| !s.ended).filter_map(|s| s.last);
        let newest = self.all.iter().filter_map(|s| s.last).max()?;
        let since = open().min().unwrap_or(newest).max(newest - BACK);
        for source in &mut self.all {
            source.resume = source.last.map(|last| Resume { last, overlaps: last >= since });
        }
        Some(UnixMs(since.div_euclid(1_000_000)))
    }

    /// Another log was chosen: nothing is known of its lines.
    pub(crate) fn forget(&mut self) {
        self.numbers.clear();
        for source in &mut self.all {
            source.last = None;
            source.resume = None;
            source.ended = false;
        }
    }

    /// The part of a batch that is new, and notes its last time.
    pub(crate) fn fresh<'a>(&mut self, local: u16, lines: &'a [u8]) -> Fresh<'a> {
        let Some(source) = self.all.get_mut(usize::from(local)) else { return Fresh { lines, gap: None } };
        let (mut rest, mut gap) = (lines, None);
        if let Some(resume) = &mut source.resume {
            while !rest.is_empty() {
                let end = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |i| i + 1);
                match stamp(&rest[..end]) {
                    Some(time) if time > resume.last => break,
                    Some(_) => resume.overlaps = false,
                    None => {}
                }
                rest = &rest[end..];
            }
            if !rest.is_empty() {
                gap = resume.overlaps.then(|| UnixMs(resume.last.div_euclid(1_000_000)));
                source.resume = None;
            }
        }
        let whole = rest.strip_suffix(b"\n").unwrap_or(rest);
        let start = whole.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        source.last = stamp(&whole[start..]).or(source.last);
        Fresh { lines: rest, gap }
    }
}

impl Source {
    fn new(pod: &str, container: &str, colour: usize) -> Self {
        Self { pod: pod.to_owned(), container: container.to_owned(), colour, ended: false, last: None, resume: None }
    }

    /// The end of the pod's name, which tells pods of one app apart; with the container where it needs to be.
    pub(crate) fn label(&self, with_container: bool) -> String {
        let tail = self.pod.rsplit_once('-').map_or(self.pod.as_str(), |(_, t)| t);
        if with_container { format!("{tail} {}", self.container) } else { tail.to_owned() }
    }
}

// The time in front of a line.
fn stamp(line: &[u8]) -> Option<i64> {
    let end = line.iter().take(40).position(|b| *b == b' ')?;
    domain::log::nanos(std::str::from_utf8(&line[..end]).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_keeps_its_number_and_colour_over_a_reconnection() {
        let mut sources = Sources::new(["web-b", "web-a"]);
        sources.announce(0, "web-b", "main");
        let before = sources.local(0).unwrap();
        assert_eq!(sources.get(before).unwrap().colour, 1);
        sources.lost();
        assert_eq!(sources.local(0), None);
        sources.announce(0, "web-c", "main");
        sources.announce(1, "web-b", "main");
        assert_eq!(sources.local(1), Some(before));
        assert_eq!(sources.get(sources.local(0).unwrap()).unwrap().colour, 2);
    }

    fn text(fresh: Fresh<'_>) -> (&str, Option<UnixMs>) {
        (std::str::from_utf8(fresh.lines).unwrap(), fresh.gap)
    }

    #[test]
    fn lines_that_are_here_already_are_left_out_after_a_reconnection() {
        let mut sources = Sources::default();
        sources.announce(7, "web-a", "main");
        let first = "2026-11-21T05:04:03.1Z one\n2026-11-21T05:04:03.12Z two\n";
        assert_eq!(text(sources.fresh(0, first.as_bytes())), (first, None));
        // Lost twice before any line: where it goes on stays the same.
        let since = sources.lost();
        assert_eq!(since.unwrap().rfc3339(), "2026-11-21T05:04:03Z");
        assert_eq!(sources.lost(), since);
        sources.announce(0, "web-a", "main");
        assert_eq!(text(sources.fresh(0, b"2026-11-21T05:04:03.1Z one\n")), ("", None));
        let again = b"2026-11-21T05:04:03.12Z two\n2026-11-21T05:04:03.123Z three\n";
        assert_eq!(text(sources.fresh(0, again)), ("2026-11-21T05:04:03.123Z three\n", None));
        let later = "2026-11-21T05:04:03.12Z again\n";
        assert_eq!(text(sources.fresh(0, later.as_bytes())), (later, None));
    }

    #[test]
    fn where_the_last_line_does_not_come_again_lines_are_missing() {
        let mut sources = Sources::default();
        sources.announce(0, "web-a", "main");
        sources.fresh(0, b"2026-11-21T05:04:03.5Z one\n");
        let since = sources.lost();
        sources.announce(0, "web-a", "main");
        let much_later = "2026-11-21T05:09:00Z nine hundred\n";
        let gap = sources.fresh(0, much_later.as_bytes());
        assert_eq!(text(gap), (much_later, since));
        assert_eq!(sources.fresh(0, much_later.as_bytes()).gap, None);
    }

    #[test]
    fn a_log_goes_on_from_its_quietest_source_but_not_from_hours_ago() {
        let mut sources = Sources::default();
        assert_eq!(sources.lost(), None);
        for (number, pod) in ["busy", "slow", "quiet"].into_iter().enumerate() {
            sources.announce(u16::try_from(number).unwrap(), pod, "main");
        }
        assert_eq!(sources.lost(), None);
        sources.fresh(0, b"2026-11-21T05:04:03Z a\n");
        sources.fresh(1, b"2026-11-21T07:03:50+02:00 b\n");
        assert_eq!(sources.lost().unwrap().rfc3339(), "2026-11-21T05:03:50Z");
        sources.fresh(2, b"2026-11-21T01:00:00Z c\n");
        assert_eq!(sources.lost().unwrap().rfc3339(), "2026-11-21T04:59:03Z");
        // Its old line was not asked for, so nothing is missing where it does not come.
        assert_eq!(sources.fresh(2, b"2026-11-21T05:05:00Z d\n").gap, None);
    }

    #[test]
    fn a_label_is_the_end_of_the_name() {
        let mut sources = Sources::default();
        sources.announce(0, "loklak-server-6d9f7c-x2c8r", "main");
        assert_eq!(sources.get(0).unwrap().label(false), "x2c8r");
        assert!(!sources.many_containers());
        sources.announce(1, "loklak-server-6d9f7c-x2c8r", "sidecar");
        assert!(sources.many_containers());
        assert_eq!(sources.get(1).unwrap().label(true), "x2c8r sidecar");
        assert_eq!(sources.get(1).unwrap().colour, sources.get(0).unwrap().colour);
    }

    #[test]
    fn hostile_bytes_do_no_harm() {
        let mut sources = Sources::default();
        sources.announce(0, "a", "b");
        for bytes in [&b"\n\n"[..], b"", b"\xff\xfe\n", b"T Z\n", b"2026 \n", b"no feed"] {
            let _ = sources.fresh(0, bytes);
            sources.lost();
            sources.announce(0, "a", "b");
            let _ = sources.fresh(0, bytes);
        }
    }

    #[test]
    fn a_log_ends_when_all_its_sources_have() {
        let mut sources = Sources::new(["a"]);
        assert!(!sources.all_ended());
        sources.announce(0, "a", "main");
        sources.announce(1, "b", "main");
        sources.end(0);
        assert_eq!((sources.streams(), sources.all_ended()), (1, false));
        sources.end(1);
        assert!(sources.all_ended());
        sources.forget();
        assert_eq!((sources.streams(), sources.all_ended(), sources.local(0)), (0, false, None));
    }
}
