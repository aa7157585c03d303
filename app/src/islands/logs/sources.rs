//! The containers whose lines are shown: their own stable numbers, colours and labels, and from where a log goes on
//! after the connection was lost.

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
    /// Time of its last line, as the node wrote it, without the zone.
    last: String,
    /// After a reconnection: lines up to this time are here already.
    resume: Option<String>,
}

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

    /// The connection was lost: the next subscription asks for the last seconds again, and what is here already is
    /// left out.
    pub(crate) fn lost(&mut self) {
        self.numbers.clear();
        for source in &mut self.all {
            if !source.last.is_empty() {
                source.resume = Some(source.last.clone());
            }
        }
    }

    /// Another log was chosen: nothing is known of its lines.
    pub(crate) fn forget(&mut self) {
        self.numbers.clear();
        for source in &mut self.all {
            source.last.clear();
            source.resume = None;
            source.ended = false;
        }
    }

    /// The part of a batch that is new, and notes its last time.
    pub(crate) fn fresh<'a>(&mut self, local: u16, lines: &'a [u8]) -> &'a [u8] {
        let Some(source) = self.all.get_mut(usize::from(local)) else { return lines };
        let mut rest = lines;
        if let Some(known) = &source.resume {
            while !rest.is_empty() {
                let end = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |i| i + 1);
                match stamp(&rest[..end]) {
                    Some(time) if time > known.as_str() => break,
                    _ => rest = &rest[end..],
                }
            }
            if !rest.is_empty() {
                source.resume = None;
            }
        }
        let whole = rest.strip_suffix(b"\n").unwrap_or(rest);
        let start = whole.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        if let Some(time) = stamp(&whole[start..]) {
            time.clone_into(&mut source.last);
        }
        rest
    }
}

impl Source {
    fn new(pod: &str, container: &str, colour: usize) -> Self {
        Self { pod: pod.to_owned(), container: container.to_owned(), colour, ended: false, last: String::new(), resume: None }
    }

    /// The end of the pod's name, which tells pods of one app apart; with the container where it needs to be.
    pub(crate) fn label(&self, with_container: bool) -> String {
        let tail = self.pod.rsplit_once('-').map_or(self.pod.as_str(), |(_, t)| t);
        if with_container { format!("{tail} {}", self.container) } else { tail.to_owned() }
    }
}

// The time in front of a line, without its zone. Nodes leave trailing zeros of the fraction away; without the zone
// the order of the text is the order of time all the same.
fn stamp(line: &[u8]) -> Option<&str> {
    let end = line.iter().take(40).position(|b| *b == b' ')?;
    let text = std::str::from_utf8(&line[..end]).ok()?;
    let clock = text.find('T')?;
    let zone = text[clock..].find(['Z', '+', '-'])? + clock;
    (text.as_bytes().first()?.is_ascii_digit()).then_some(&text[..zone])
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

    #[test]
    fn lines_that_are_here_already_are_left_out_after_a_reconnection() {
        let mut sources = Sources::default();
        sources.announce(7, "web-a", "main");
        let first = b"2026-11-21T05:04:03.1Z one\n2026-11-21T05:04:03.12Z two\n";
        assert_eq!(sources.fresh(0, first), first);
        sources.lost();
        sources.announce(0, "web-a", "main");
        assert_eq!(sources.fresh(0, b"2026-11-21T05:04:03.1Z one\n"), b"");
        let again = b"2026-11-21T05:04:03.12Z two\n2026-11-21T05:04:03.123Z three\n";
        assert_eq!(sources.fresh(0, again), b"2026-11-21T05:04:03.123Z three\n");
        assert_eq!(sources.fresh(0, b"2026-11-21T05:04:03.12Z again\n"), b"2026-11-21T05:04:03.12Z again\n");
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
