//! `GET …/logs`: the log as `text/plain`, made for `curl -N`. Whole lines, the first of them at once.

use super::{app_of, exact_switch, neither, whole};
use crate::client_connection::Cut;
use crate::web::headers::streamed;
use crate::web::log_query::{TAIL_LINES, log_query};
use crate::web::{AccessGuard, Answer, Signed};
use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::{BufMut as _, Bytes, BytesMut};
use domain::Language;
use domain::form::{Field, Finding, RequestWrong};
use domain::live::LogQuery;
use domain::{AppId, Problem, UnixMs, WorkloadName};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use service::access::Viewer;
use service::logs::{FEED, LogItem};
use service::{Failure, Portal};
use std::convert::Infallible;
use std::time::Duration;

/// The log of an app, a pod or a container.
pub async fn stream(signed: Signed, Path(path): Path<(String, String, String)>, Extension(cut): Extension<Cut>) -> Answer {
    let id = app_of(&path)?;
    let viewer = signed.portal().access.viewer(&signed.actor, &id.namespace)?;
    understood(&signed.query())?;
    let query = log_query(&signed.query());
    let shown = Shown { timestamps: query.timestamps, untimed: query.is_whole(), ..Shown::default() };
    let follows = query.follow;
    let feed = signed.portal().logs.open(&viewer, &id, query).await?;
    cut.never_for_slowness();
    let guard = AccessGuard::new(&signed.app, &signed.actor, &id.namespace, cut);
    let feed = stream::unfold(feed, async |mut feed| feed.next().await.map(|item| (item, feed))).boxed();
    let app = signed.app.clone();
    let told = Told {
        language: app.language(),
        count: Box::new({
            let app = app.clone();
            move |lines, bytes| app.numbers.relayed(lines, bytes)
        }),
        now: Box::new(move || app.portal.clock.now()),
    };
    let state = State { feed, shown, told, follows, guard };
    let body = Body::from_stream(stream::unfold(state, next));
    Ok((streamed("text/plain; charset=utf-8"), body).into_response())
}

/// Lines of each container that stand in a page.
const PAGE_LINES: u32 = 200;
/// Most bytes of them, and how long they are waited for.
const PAGE_BYTES: usize = 256 * 1024;
const PAGE_WAIT: Duration = Duration::from_secs(5);

/// The last lines of a log with their times, for a page that cannot follow it. What does not come in time is left out.
///
/// # Errors
/// Where there is no such app, pod or container, or too many logs are open.
pub async fn last_lines(portal: &Portal, language: Language, viewer: &Viewer<'_>, id: &AppId, query: &LogQuery) -> Result<String, Failure> {
    let tail = query.tail_lines.unwrap_or(PAGE_LINES).min(PAGE_LINES);
    let query = LogQuery { follow: false, timestamps: true, tail_lines: Some(tail), ..query.clone() };
    let mut feed = portal.logs.open(viewer, id, query).await?;
    let mut shown = Shown { timestamps: true, ..Shown::default() };
    let (mut text, mut cut) = (BytesMut::new(), false);
    let read = async {
        while let Some(item) = feed.next().await {
            match item {
                LogItem::Source { source, pod, container } => shown.add(source, &pod, &container),
                LogItem::Note { source, at, note } => text.put(shown.note(source, at, &language.log_note(&note, at))),
                LogItem::Lines { source, bytes } => text.put(shown.text(source, bytes)),
            }
            // The newest count.
            if text.len() > 2 * PAGE_BYTES {
                let _ = text.split_to(text.len() - PAGE_BYTES);
                cut = true;
            }
        }
    };
    let late = tokio::time::timeout(PAGE_WAIT, read).await.is_err();
    if text.len() > PAGE_BYTES {
        let _ = text.split_to(text.len() - PAGE_BYTES);
        cut = true;
    }
    let text = String::from_utf8_lossy(&text);
    let whole = if cut { text.split_once('\n').map_or("", |(_, rest)| rest) } else { &text };
    Ok(format!(
        "{}{whole}{}",
        if cut { "Earlier lines are left out.\n" } else { "" },
        if late { "The log didn't arrive in full within 5 seconds. Reload the page to try again.\n" } else { "" }
    ))
}

/// A page leaves out what it does not understand; whoever writes a program is told.
fn understood(query: &[(String, String)]) -> Result<(), Problem> {
    let at = |name: &str, wrong| Finding::new(Field::Sent(name.to_owned()), wrong);
    let wrong = query.iter().filter_map(|(name, value)| match name.as_str() {
        "tailLines" if value.parse().is_ok_and(|lines: u32| lines > TAIL_LINES) => Some(at(name, RequestWrong::TooManyLines(TAIL_LINES))),
        "tailLines" => whole(name, value, 0..=TAIL_LINES).err(),
        "sinceSeconds" => whole(name, value, 1..=i32::MAX.unsigned_abs()).err(),
        "pod" | "container" if value.is_empty() => Some(at(name, RequestWrong::NoName(name.clone()))),
        "follow" | "previous" | "timestamps" if exact_switch(value).is_none() => Some(neither(name)),
        "pod" | "container" if value.len() > 253 => Some(at(name, RequestWrong::NameTooLong { name: name.clone(), most: 253 })),
        "pod" | "container" if WorkloadName::parse(value).is_err() => Some(at(name, RequestWrong::NotAName(name.clone()))),
        _ => None,
    });
    let wrong: Vec<_> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// Silence after which a log that follows says that it does: many proxies cut a connection that is silent for 30 or 60 s.
const QUIET: Duration = Duration::from_secs(25);

/// What the portal knows beside the log.
struct Told {
    count: Box<dyn Fn(usize, usize) + Send>,
    now: Box<dyn Fn() -> UnixMs + Send>,
    language: Language,
}

struct State {
    feed: BoxStream<'static, LogItem>,
    shown: Shown,
    told: Told,
    follows: bool,
    guard: AccessGuard,
}

async fn next(mut state: State) -> Option<(Result<Bytes, Infallible>, State)> {
    loop {
        let item = tokio::select! {
            biased;
            () = state.guard.ended() => return None,
            item = state.feed.next() => item?,
            // Within a line it would break that line in two.
            () = tokio::time::sleep(QUIET), if state.follows && state.shown.within_line.is_none() => {
                let at = (state.told.now)();
                let note = state.shown.note(FEED, at, "No new lines; still following.");
                return Some((Ok(note), state));
            }
        };
        match item {
            LogItem::Source { source, pod, container } => state.shown.add(source, &pod, &container),
            LogItem::Note { source, at, note } => {
                let note = state.shown.note(source, at, &state.told.language.log_note(&note, at));
                return Some((Ok(note), state));
            }
            LogItem::Lines { source, bytes } => {
                (state.told.count)(memchr::memchr_iter(b'\n', &bytes).count(), bytes.len());
                let text = state.shown.text(source, bytes);
                if !text.is_empty() {
                    return Some((Ok(text), state));
                }
            }
        }
    }
}

/// How the lines are shown: with or without the node's time, and with their source once there is more than one. Remarks
/// of the portal are lines that begin with [`REMARK`], so that an empty log and one that may not be read look different.
#[derive(Default)]
struct Shown {
    timestamps: bool,
    /// The lines come without a time; what looks like one is the app's own.
    untimed: bool,
    prefixes: Vec<String>,
    /// Sources whose last piece did not end its line.
    open: Vec<bool>,
    /// Whose line what was written last did not end.
    within_line: Option<u16>,
}

/// How each remark of the portal begins.
const REMARK: &str = "# quayside: ";

impl Shown {
    fn add(&mut self, source: u16, pod: &str, container: &str) {
        let at = usize::from(source);
        if self.prefixes.len() <= at {
            self.prefixes.resize(at + 1, String::new());
            self.open.resize(at + 1, false);
        }
        self.prefixes[at] = format!("{pod}/{container} ");
    }

    fn note(&mut self, source: u16, at: UnixMs, text: &str) -> Bytes {
        // A remark is a line of its own, also where it comes between the pieces of a long one.
        let begin = if self.within_line.take().is_some() { "\n" } else { "" };
        let time = if self.timestamps { format!("{} ", at.rfc3339()) } else { String::new() };
        let whose = self.prefixes.get(usize::from(source)).map_or("", String::as_str);
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Bytes::from(format!("{begin}{REMARK}{time}{whose}{text}\n"))
    }

    /// A long line comes in pieces, and lines of others may come between them. It is broken there, and its rest says
    /// whose it is, so that no line is made of two.
    fn text(&mut self, source: u16, bytes: Bytes) -> Bytes {
        let Some(ends) = bytes.last().map(|last| *last == b'\n') else { return bytes };
        let at = usize::from(source);
        let before = std::mem::replace(&mut self.within_line, (!ends).then_some(source));
        let mut open = self.open.get_mut(at).is_some_and(|open| std::mem::replace(open, !ends));
        let interrupts = before.is_some_and(|other| other != source);
        let several = self.prefixes.iter().filter(|p| !p.is_empty()).count() > 1;
        let as_is = self.timestamps || self.untimed;
        if as_is && !several && !interrupts {
            return bytes;
        }
        let prefix = if several { self.prefixes.get(at).map_or("", String::as_str) } else { "" };
        let mut out = BytesMut::with_capacity(bytes.len() + prefix.len() * 8);
        if interrupts {
            out.put_u8(b'\n');
        }
        if open && before != Some(source) {
            out.put_slice(prefix.as_bytes());
        }
        let mut rest = bytes.as_ref();
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
            let (line, after) = rest.split_at(end);
            // A piece that goes on a line has neither time nor source of its own.
            if open {
                out.put_slice(line);
            } else {
                out.put_slice(prefix.as_bytes());
                out.put_slice(if as_is { line } else { without_time(line) });
            }
            open = !line.ends_with(b"\n");
            rest = after;
        }
        out.freeze()
    }
}

/// The line without `2026-11-21T05:04:03.123456789Z ` in front.
fn without_time(line: &[u8]) -> &[u8] {
    match memchr::memchr(b' ', &line[..line.len().min(40)]) {
        Some(space) if line[0].is_ascii_digit() && line[..space].contains(&b'T') => &line[space + 1..],
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent(follows: bool) -> State {
        let line = LogItem::Lines { source: 0, bytes: Bytes::from_static(b"2026-11-21T05:04:03.1Z hello\n") };
        let told = Told { count: Box::new(|_, _| ()), now: Box::new(|| UnixMs(0)), language: Language::English };
        State { feed: stream::iter([line]).chain(stream::pending()).boxed(), shown: Shown::default(), told, follows, guard: AccessGuard::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_that_follows_in_silence_says_so_before_a_proxy_cuts_it() {
        let (first, state) = next(silent(true)).await.unwrap();
        assert_eq!(first.unwrap(), "hello\n");
        let begun = tokio::time::Instant::now();
        let (said, state) = next(state).await.unwrap();
        assert_eq!((said.unwrap(), begun.elapsed()), (Bytes::from_static(b"# quayside: No new lines; still following.\n"), QUIET));
        assert!(next(state).await.is_some(), "and again");
        let (_, ended) = next(silent(false)).await.unwrap();
        assert!(tokio::time::timeout(QUIET * 10, next(ended)).await.is_err(), "a log that is read to its end says nothing");
    }

    #[test]
    fn one_source_has_no_prefix_and_two_have() {
        let mut shown = Shown::default();
        shown.add(0, "web-1", "app");
        let line = Bytes::from_static(b"2026-11-21T05:04:03.1Z hello world\n");
        assert_eq!(shown.text(0, line.clone()), "hello world\n");
        shown.add(1, "web-2", "app");
        assert_eq!(shown.text(1, line.clone()), "web-2/app hello world\n");
        shown.timestamps = true;
        assert_eq!(shown.text(0, line), "web-1/app 2026-11-21T05:04:03.1Z hello world\n");
    }

    #[test]
    fn a_time_that_the_app_has_written_itself_stays() {
        let mut shown = Shown { untimed: true, ..Shown::default() };
        shown.add(0, "web-1", "app");
        let line = Bytes::from_static(b"2026-11-21T05:04:03.1Z hello world\n");
        assert_eq!(shown.text(0, line.clone()), line);
        shown.add(1, "web-2", "app");
        assert_eq!(shown.text(1, line), "web-2/app 2026-11-21T05:04:03.1Z hello world\n");
    }

    #[test]
    fn a_remark_is_a_line_of_its_own_that_says_whose_it_is() {
        let mut shown = Shown::default();
        assert_eq!(shown.note(FEED, UnixMs(0), "This app has no pods."), "# quayside: This app has no pods.\n");
        shown.add(0, "web-1", "app");
        shown.text(0, Bytes::from_static(b"2026-11-21T05:04:03Z half of a li"));
        assert_eq!(shown.note(0, UnixMs(0), "Lines are\nmissing."), "\n# quayside: web-1/app Lines are missing.\n");
        shown.timestamps = true;
        assert_eq!(shown.note(0, UnixMs(0), "x"), "# quayside: 1970-01-01T00:00:00Z web-1/app x\n");
    }

    #[test]
    fn pieces_of_a_long_line_stay_one_line() {
        let mut shown = Shown::default();
        shown.add(0, "a", "c");
        shown.add(1, "b", "c");
        assert_eq!(shown.text(0, Bytes::from_static(b"2026-11-21T05:04:03Z begin")), "a/c begin");
        assert_eq!(shown.text(0, Bytes::from_static(b" and end\n2026-11-21T05:04:04Z x\n")), " and end\na/c x\n");
    }

    #[test]
    fn no_line_is_made_of_the_pieces_of_two_containers() {
        for (timestamps, time) in [(false, ""), (true, "2026-11-21T05:04:03Z ")] {
            let mut shown = Shown { timestamps, ..Shown::default() };
            shown.add(0, "a", "c");
            shown.add(1, "b", "c");
            assert_eq!(shown.text(0, Bytes::from_static(b"2026-11-21T05:04:03Z begin")), format!("a/c {time}begin"));
            assert_eq!(shown.text(1, Bytes::from_static(b"2026-11-21T05:04:03Z other\n")), format!("\nb/c {time}other\n"));
            assert_eq!(shown.text(0, Bytes::from_static(b" goes on")), "a/c  goes on");
            shown.note(0, UnixMs(0), "x");
            assert_eq!(shown.text(0, Bytes::from_static(b" and ends\n2026-11-21T05:04:03Z next\n")), format!("a/c  and ends\na/c {time}next\n"));
        }
    }

    #[test]
    fn a_line_that_was_open_before_there_was_a_second_container_gets_no_name_in_its_middle() {
        let mut shown = Shown { timestamps: true, ..Shown::default() };
        shown.add(0, "a", "c");
        shown.text(0, Bytes::from_static(b"2026-11-21T05:04:03Z begin"));
        shown.add(1, "b", "c");
        assert_eq!(shown.text(0, Bytes::from_static(b" and end\n")), " and end\n");
    }
}
