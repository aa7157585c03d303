//! The log view in the browser: takes what the socket brings, and paints once per animation frame the rows that can
//! be seen.

mod paint;
mod tools;
mod wire;

use super::address::Place;
use super::address::TAIL;
use super::find;
use super::layout::{Layout, ROW, folds};
use super::pending::{Held, Pending};
use super::scope::Looked;
use super::shown::{Wanted, shown};
use super::sources::Sources;
use super::strip::Strip;
use domain::log::{DEFAULT_LINES, Finder, Line, LogBuffer, Pattern};
use domain::{AppId, Tone, UnixMs};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Bytes of lines that a search looks at in one frame, so that keys and scrolling always have their turn.
const FRAME_BYTES: usize = 256 * 1024;

/// Wakes the log view `#log` of the page.
pub(super) fn start(app: AppId, place: Place, pods: Vec<String>) {
    let Some(root) = document().and_then(|d| d.get_element_by_id("log")) else { return };
    let Some(els) = Els::find(&root) else { return };
    let view = Rc::new(RefCell::new(View::new(els, app, place, &pods)));
    tools::attach(&view);
    wire::subscribe(&view);
    ask(&view);
}

type Shared = Rc<RefCell<View>>;

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// The elements that change.
struct Els {
    root: Element,
    body: HtmlElement,
    space: HtmlElement,
    win: HtmlElement,
    row: Element,
    note: Element,
    found: RefCell<HashMap<String, HtmlElement>>,
}

impl Els {
    fn find(root: &Element) -> Option<Self> {
        let html = |name: &str| root.query_selector(name).ok().flatten().and_then(|e| e.dyn_into::<HtmlElement>().ok());
        Some(Self {
            root: root.clone(),
            body: html("[data-body]")?,
            space: html("[data-space]")?,
            win: html("[data-win]")?,
            row: content(root, "template[data-tpl-row]")?,
            note: content(root, "template[data-tpl-note]")?,
            found: RefCell::default(),
        })
    }

    fn get(&self, name: &str) -> Option<HtmlElement> {
        if let Some(known) = self.found.borrow().get(name) {
            return Some(known.clone());
        }
        let el: HtmlElement = self.root.query_selector(name).ok().flatten()?.dyn_into().ok()?;
        self.found.borrow_mut().insert(name.to_owned(), el.clone());
        Some(el)
    }

    fn text(&self, name: &str, text: &str) {
        if let Some(el) = self.get(name)
            && el.text_content().as_deref() != Some(text)
        {
            el.set_text_content(Some(text));
        }
    }

    fn show(&self, name: &str, on: bool) {
        if let Some(el) = self.get(name) {
            el.set_hidden(!on);
        }
    }
}

// The first element of a template.
fn content(root: &Element, name: &str) -> Option<Element> {
    let template = root.query_selector(name).ok().flatten()?.dyn_into::<web_sys::HtmlTemplateElement>().ok()?;
    template.content().first_element_child()
}

/// Why nothing moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pause {
    /// A person pressed the button or the key.
    Asked,
    /// A person scrolled up.
    Scrolled,
    /// A match, or the moment that a link points at, is shown.
    Shown,
}

/// A row that is in the page.
struct Mounted {
    el: HtmlElement,
    stamp: u32,
}

/// Everything of the view.
struct View {
    els: Els,
    app: AppId,
    place: Place,
    sources: Sources,
    buffer: LogBuffer,
    pending: Pending,
    lost_while_paused: u64,
    pause: Option<(Pause, UnixMs)>,
    wrap: bool,
    times: bool,
    /// The page is so narrow that every line has two rows and wraps.
    narrow: bool,
    /// Places in the buffer of the lines shown; `None` where all are.
    shown: Option<Vec<usize>>,
    /// Lines shown, and lines left out because they state no level.
    counts: (usize, usize),
    /// Long lines of which all is painted.
    whole: HashSet<u64>,
    layout: Layout,
    heights: HashMap<u64, u32>,
    mounted: HashMap<u64, Mounted>,
    /// Changes when rows have to be painted anew.
    stamp: u32,
    finder: Finder,
    /// Lines and errors by time, counted anew each second.
    strip: Option<Strip>,
    /// The finder has looked at all lines.
    searched: bool,
    matches: Vec<u64>,
    current: Option<u64>,
    /// The line that a link points at.
    at: Option<i64>,
    frame_asked: bool,
    dirty: bool,
    last_top: i32,
    /// Somebody has begun to scroll up, and the page has not left its end yet.
    leaving: bool,
    zone_ms: i64,
    wire: wire::Wire,
}

impl View {
    fn new(els: Els, app: AppId, place: Place, pods: &[String]) -> Self {
        let at = place.at;
        let finder = Finder::new(Pattern::read(&place.search, place.expression));
        Self {
            els,
            app,
            place,
            sources: Sources::new(pods.iter().map(String::as_str)),
            buffer: LogBuffer::new(DEFAULT_LINES),
            pending: Pending::default(),
            lost_while_paused: 0,
            pause: None,
            wrap: false,
            times: true,
            narrow: false,
            shown: None,
            counts: (0, 0),
            whole: HashSet::new(),
            layout: Layout::Even(0),
            heights: HashMap::new(),
            mounted: HashMap::new(),
            stamp: 0,
            finder,
            strip: None,
            searched: true,
            matches: Vec::new(),
            current: None,
            at,
            frame_asked: false,
            dirty: true,
            last_top: 0,
            leaving: false,
            zone_ms: zone_ms(),
            wire: wire::Wire::default(),
        }
    }

    /// Lines of a source, in the page's numbers.
    fn take(&mut self, source: u16, lines: &[u8]) {
        if self.pause.is_some() {
            self.pending.push(Held::Lines(source, lines.to_vec()), DEFAULT_LINES as u64);
        } else {
            self.buffer.push(source, lines);
            self.dirty = true;
        }
    }

    fn remark(&mut self, source: u16, at: UnixMs, tone: Tone, text: &str) {
        if self.pause.is_some() {
            self.pending.push(Held::Note(source, at.0, tone, text.to_owned()), DEFAULT_LINES as u64);
        } else {
            self.buffer.note(source, at, tone, text);
            self.dirty = true;
        }
    }

    /// What was held back goes into the buffer.
    fn release(&mut self) {
        self.lost_while_paused += self.pending.dropped();
        for held in self.pending.take() {
            match held {
                Held::Lines(source, lines) => {
                    self.buffer.push(source, &lines);
                }
                Held::Note(source, at, tone, text) => self.buffer.note(source, UnixMs(at), tone, &text),
            }
        }
        self.dirty = true;
    }

    fn forget(&mut self) {
        self.buffer = LogBuffer::new(DEFAULT_LINES);
        self.pending = Pending::default();
        self.lost_while_paused = 0;
        self.sources.forget();
        self.heights.clear();
        self.whole.clear();
        self.look_for();
        self.current = None;
        self.pause = None;
        self.stamp += 1;
        self.dirty = true;
    }

    /// The line in a row.
    fn line(&self, row: usize) -> Option<&Line> {
        let place = match &self.shown {
            None => row,
            Some(shown) => *shown.get(row)?,
        };
        self.buffer.lines().get(place)
    }

    /// The row of a line.
    fn row_of(&self, id: u64) -> Option<usize> {
        let place = self.buffer.position(id)?;
        match &self.shown {
            None => Some(place),
            Some(shown) => shown.binary_search(&place).ok(),
        }
    }

    /// Which lines are shown, and where.
    fn lay_out(&mut self) {
        let only = self.place.only && self.finder.pattern().is_some();
        if self.place.level.is_some() || only {
            let has = |id: u64| self.finder.has(id);
            let wanted = Wanted { level: self.place.level, unlevelled: self.place.unlevelled, found: if only { Some(&has) } else { None } };
            let found = shown(self.buffer.lines().iter(), &wanted);
            self.counts = (found.lines, found.without_level);
            self.shown = Some(found.places);
        } else {
            self.counts = (self.buffer.lines().len(), 0);
            self.shown = None;
        }
        let rows = self.shown.as_ref().map_or(self.buffer.lines().len(), Vec::len);
        self.layout = if self.wrap || self.narrow {
            let per_line = self.letters_per_line();
            let extra = if self.narrow { 27 } else { 0 };
            Layout::own((0..rows).map(|row| {
                self.line(row).map_or(ROW, |line| {
                    self.heights.get(&line.id).copied().unwrap_or_else(|| {
                        let letters = if self.whole.contains(&line.id) { line.text.len() } else { line.text.len().min(find::PAINTED) };
                        if line.note.is_some() { ROW } else { folds(letters, per_line) * ROW + extra }
                    })
                })
            }))
        } else {
            Layout::Even(rows)
        };
    }

    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)]
    fn letters_per_line(&self) -> usize {
        // Geist Mono at 12 px: 7.08 px a letter.
        let pod = if self.sources.many_containers() { 76.0 } else { 0.0 };
        let head = if self.narrow {
            30.0
        } else if self.times {
            262.0 + pod
        } else {
            158.0 + pod
        };
        ((f64::from(self.els.body.client_width()) - head) / 7.08).max(10.0) as usize
    }

    fn follows(&self) -> bool {
        self.pause.is_none()
    }

    /// Another search begins.
    fn look_for(&mut self) {
        self.finder = Finder::new(Pattern::read(&self.place.search, self.place.expression));
        self.searched = !self.finder.pattern().is_some();
        self.matches.clear();
        self.dirty = true;
    }

    /// Looks for matches among the lines that came since, as many as one frame has time for.
    fn search(&mut self) {
        self.searched = self.finder.advance(&self.buffer, FRAME_BYTES);
        if !self.finder.pattern().is_some() {
            self.matches.clear();
            return;
        }
        if self.dirty || self.place.only {
            self.lay_out();
            self.dirty = true;
        }
        self.matches = (0..self.layout.len()).filter_map(|row| self.line(row).map(|l| l.id)).filter(|id| self.finder.has(*id)).collect();
        if self.current.is_some_and(|c| !self.matches.contains(&c)) {
            self.current = None;
        }
    }

    /// What a filter or a search has looked at.
    fn looked(&self) -> Looked {
        Looked {
            lines: self.buffer.lines().iter().filter(|l| l.note.is_none()).count() as u64,
            asked: Some(self.place.query.tail_lines.unwrap_or(TAIL)),
            streams: self.sources.streams().max(1),
            since: self.place.query.since_seconds.is_some(),
            dropped: self.buffer.dropped() + self.lost_while_paused > 0,
            searched: self.searched,
        }
    }
}

#[allow(clippy::cast_possible_truncation)]
fn now() -> UnixMs {
    UnixMs(js_sys::Date::now() as i64)
}

#[allow(clippy::cast_possible_truncation)]
fn zone_ms() -> i64 {
    -(js_sys::Date::new_0().get_timezone_offset() as i64) * 60_000
}

/// Paints at the next animation frame, however often it is asked until then.
fn ask(view: &Shared) {
    let Ok(mut v) = view.try_borrow_mut() else { return };
    if v.frame_asked {
        return;
    }
    v.frame_asked = true;
    drop(v);
    let view = Rc::clone(view);
    leptos::prelude::request_animation_frame(move || {
        let again = {
            let Ok(mut v) = view.try_borrow_mut() else { return };
            v.frame_asked = false;
            v.paint()
        };
        if again {
            ask(&view);
        }
    });
}
