//! Paints the rows in sight, and what is said around them.

use super::super::find::{PAINTED, classes, pieces};
use super::super::scope::{self, grouped, of_level, of_search};
use super::{Mounted, Pause, View};
use domain::Tone;
use domain::log::{DEFAULT_LINES, Level, Line};
use std::collections::HashSet;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

/// `14:31:05.771` in the browser's zone.
pub(super) fn clock(ms: i64, zone_ms: i64, millis: bool) -> String {
    let day = (ms + zone_ms).rem_euclid(86_400_000);
    let (h, m, s, rest) = (day / 3_600_000, day / 60_000 % 60, day / 1000 % 60, day % 1000);
    if millis { format!("{h:02}:{m:02}:{s:02}.{rest:03}") } else { format!("{h:02}:{m:02}:{s:02}") }
}

const fn level_word(level: Level) -> &'static str {
    match level {
        Level::Fatal => "FATAL",
        Level::Error => "ERROR",
        Level::Warn => "WARN",
        Level::Info => "INFO",
        Level::Debug => "DEBUG",
    }
}

fn px(value: u32) -> String {
    format!("{value}px")
}

fn style(el: &HtmlElement, name: &str, value: &str) {
    let _ = el.style().set_property(name, value);
}

impl View {
    /// Paints one frame. Says whether another is needed at once, because heights turned out different.
    pub(super) fn paint(&mut self) -> bool {
        let narrow = self.els.root.client_width() < 736;
        if narrow != self.narrow {
            self.narrow = narrow;
            self.heights.clear();
            self.dirty = true;
        }
        if !self.searched {
            self.search();
        }
        if self.dirty {
            self.dirty = false;
            self.lay_out();
            style(&self.els.space, "height", &px(self.layout.height()));
            self.els.show("[data-empty]", self.layout.len() == 0);
        }
        if let Some(at) = self.at
            && let Some(row) = self.row_at(at)
        {
            self.at = None;
            let id = self.line(row).map(|l| l.id);
            self.current = id;
            self.stamp += 1;
            self.halt(Pause::Shown);
            self.scroll_to_row(row);
        } else if self.follows() {
            self.els.body.set_scroll_top(i32::MAX);
        }
        let top = self.els.body.scroll_top();
        self.last_top = top;
        // The rows begin below the padding of the body.
        let scrolled = u32::try_from(top - 6).unwrap_or(0);
        let rows = self.layout.visible(scrolled, u32::try_from(self.els.body.client_height()).unwrap_or(0));
        let first = rows.start;
        let ids: Vec<u64> = rows.clone().filter_map(|row| self.line(row).map(|l| l.id)).collect();
        let wanted: HashSet<u64> = ids.iter().copied().collect();
        let gone: Vec<u64> = self.mounted.keys().filter(|id| !wanted.contains(id)).copied().collect();
        for id in gone {
            if let Some(mounted) = self.mounted.remove(&id) {
                mounted.el.remove();
            }
        }
        let mut cursor: Option<Node> = self.els.win.first_child();
        for (i, id) in ids.iter().enumerate() {
            let fresh = self.mounted.get(id).is_none_or(|m| m.stamp != self.stamp);
            if fresh {
                let Some(el) = self.line(first + i).and_then(|line| self.build(line)) else { continue };
                let _ = self.els.win.insert_before(&el, cursor.as_ref());
                if let Some(old) = self.mounted.insert(*id, Mounted { el, stamp: self.stamp }) {
                    if cursor.as_ref() == Some(old.el.unchecked_ref::<Node>()) {
                        cursor = old.el.next_sibling();
                    }
                    old.el.remove();
                }
            } else if let Some(mounted) = self.mounted.get(id) {
                let node: &Node = mounted.el.unchecked_ref();
                if cursor.as_ref() == Some(node) {
                    cursor = node.next_sibling();
                } else {
                    let _ = self.els.win.insert_before(node, cursor.as_ref());
                }
            }
        }
        style(&self.els.win, "transform", &format!("translateY({}px)", self.layout.top(first)));
        let again = self.measure(&ids, first) || !self.searched;
        self.surroundings();
        again
    }

    /// Takes the true heights of rows that wrap.
    fn measure(&mut self, ids: &[u64], first: usize) -> bool {
        if !(self.wrap || self.narrow) {
            return false;
        }
        let mut changed = false;
        for (i, id) in ids.iter().enumerate() {
            let Some(mounted) = self.mounted.get(id) else { continue };
            let height = u32::try_from(mounted.el.offset_height()).unwrap_or(0);
            let known = self.layout.top(first + i + 1).saturating_sub(self.layout.top(first + i));
            if height > 0 && height != known {
                self.heights.insert(*id, height);
                changed = true;
            }
        }
        if self.heights.len() > 2 * DEFAULT_LINES {
            self.heights.clear();
        }
        self.dirty |= changed;
        changed
    }

    fn row_at(&self, at: i64) -> Option<usize> {
        (0..self.layout.len()).find(|row| self.line(*row).and_then(Line::at).is_some_and(|t| t.0 >= at))
    }

    /// Brings a row to the middle.
    pub(super) fn scroll_to_row(&mut self, row: usize) {
        let middle = i32::try_from(self.layout.top(row)).unwrap_or(0) - self.els.body.client_height() / 2 + 10;
        self.els.body.set_scroll_top(middle.max(0));
        self.last_top = self.els.body.scroll_top();
    }

    fn build(&self, line: &Line) -> Option<HtmlElement> {
        let source = self.sources.get(line.source);
        if let Some(note) = &line.note {
            let el = self.els.note.clone_node_with_deep(true).ok()?.dyn_into::<HtmlElement>().ok()?;
            el.set_class_name(match note.tone {
                Tone::Bad => "lg-mark lg-bad",
                Tone::Warn => "lg-mark lg-warn",
                Tone::End => "lg-mark lg-end",
                Tone::Info | Tone::Ok | Tone::Change => "lg-mark lg-acc",
            });
            let inner = el.first_element_child()?;
            let text = source.map_or_else(|| line.text.to_string(), |s| format!("{} {}", s.label(self.sources.many_containers()), line.text));
            inner.first_element_child()?.set_text_content(Some(&text));
            if let Some(at) = line.at() {
                inner.last_element_child()?.set_text_content(Some(&clock(at.0, self.zone_ms, false)));
            }
            return Some(el);
        }
        let el = self.els.row.clone_node_with_deep(true).ok()?.dyn_into::<HtmlElement>().ok()?;
        let level = match line.level {
            Some(Level::Fatal | Level::Error) => "lg lv-error",
            Some(Level::Warn) => "lg lv-warn",
            Some(Level::Info) => "lg lv-info",
            Some(Level::Debug) => "lg lv-debug",
            None => "lg",
        };
        let now = self.current == Some(line.id);
        el.set_class_name(&if now { format!("{level} is-cur") } else { level.to_owned() });
        let pod = el.first_element_child()?;
        if let Some(source) = source {
            pod.set_class_name(&format!("lg-p c-s{}", source.colour + 1));
            pod.set_text_content(Some(&source.label(self.sources.many_containers())));
            let _ = pod.set_attribute("title", &format!("{} / {}", source.pod, source.container));
            let _ = pod.set_attribute("data-pod", &source.pod);
        }
        let time = pod.next_element_sibling()?;
        if let Some(at) = line.at() {
            time.set_text_content(Some(&clock(at.0, self.zone_ms, true)));
        }
        let word = time.next_element_sibling()?;
        word.set_text_content(line.level.map(level_word));
        self.message(&word.next_element_sibling()?, line);
        Some(el)
    }

    /// The text of a line: only text nodes, so that it can never become markup. A long one says so in front, where
    /// everybody sees it, and shows all of it on demand.
    fn message(&self, out: &Element, line: &Line) {
        let whole = self.whole.contains(&line.id);
        let (pieces, hidden) = pieces(&line.text, self.finder.pattern(), if whole { usize::MAX } else { PAINTED });
        let long = whole || hidden > 0;
        if !long
            && let [only] = pieces.as_slice()
            && !only.hit
            && classes(only.style).is_empty()
        {
            out.set_text_content(Some(&only.text));
            return;
        }
        let Some(document) = super::document() else { return };
        if long && let Ok(el) = document.create_element("button") {
            el.set_class_name("lg-more");
            let _ = el.set_attribute("type", "button");
            let _ = el.set_attribute("data-whole", &line.id.to_string());
            let _ = el.set_attribute("aria-expanded", if whole { "true" } else { "false" });
            let size = grouped((line.text.len() as u64).div_ceil(1024));
            let words = if whole { format!("Long line, {size} KiB: show less") } else { format!("Long line, {size} KiB: show all") };
            el.set_text_content(Some(&words));
            let _ = out.append_child(&el);
        }
        for piece in pieces {
            let Ok(el) = document.create_element(if piece.hit { "mark" } else { "span" }) else { continue };
            let class = classes(piece.style);
            if !class.is_empty() {
                el.set_class_name(&class);
            }
            el.set_text_content(Some(&piece.text));
            let _ = out.append_child(&el);
        }
        if hidden > 0 || line.partial {
            let rest = document.create_text_node("…");
            let _ = out.append_child(&rest);
        }
    }

    /// The text of a row as it is copied: one line, with all of its message.
    pub(super) fn copy_of(&self, row: &HtmlElement) -> Option<String> {
        let id = self.mounted.iter().find(|(_, m)| m.el == *row).map(|(id, _)| *id)?;
        let line = self.buffer.lines().get(self.buffer.position(id)?)?;
        let time = line.at().map(|at| clock(at.0, self.zone_ms, true));
        let label = self.sources.get(line.source).map(|s| s.label(self.sources.many_containers()));
        let level = line.level.map(level_word);
        let text = domain::log::plain(&line.text);
        let parts = [label.as_deref(), time.as_deref(), level, Some(&*text)];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    /// Counts the strip anew.
    pub(super) fn count(&mut self) {
        self.strip = super::super::strip::strip(self.buffer.lines().iter());
        let part = |name: &str| self.els.root.query_selector(name).ok().flatten();
        let Some(svg) = part("[data-strip]") else { return };
        let Some(strip) = &self.strip else {
            let _ = svg.set_attribute("hidden", "");
            return;
        };
        let (lines, errors) = strip.paths();
        for (name, path) in [("[data-strip-lines]", lines), ("[data-strip-errors]", errors)] {
            if let Some(el) = part(name) {
                let _ = el.set_attribute("d", &path);
            }
        }
        let _ = svg.set_attribute("aria-label", &strip.label());
        let _ = svg.remove_attribute("hidden");
        // What of it is in sight.
        let top = self.layout.at(u32::try_from(self.els.body.scroll_top()).unwrap_or(0));
        let bottom = self.layout.at(u32::try_from(self.els.body.scroll_top() + self.els.body.client_height()).unwrap_or(0));
        let at = |row: usize| self.line(row).and_then(Line::at).map(|t| t.0);
        if let (Some(el), Some(from), Some(to)) = (part("[data-strip-view]"), at(top), at(bottom)) {
            let (x, end) = (strip.x(from), strip.x(to));
            let _ = el.set_attribute("x", &x.to_string());
            let _ = el.set_attribute("width", &(end - x).max(1).to_string());
        }
    }

    /// Since when the lines are that the page keeps.
    fn reach(&self) -> String {
        let first = self.buffer.lines().iter().filter(|line| line.note.is_none()).find_map(Line::at);
        scope::reach(first, super::now(), self.zone_ms)
    }

    /// What is said of filter and search.
    fn told(&self) {
        let (looked, reach) = (self.looked(), self.reach());
        let (level, show) = of_level(self.place.level, self.counts.0, self.counts.1, self.place.unlevelled, looked, &reach);
        let search = of_search(self.finder.pattern(), self.matches.len(), looked, &reach);
        // One offer to load more is enough.
        let (text, button) = match (search.text.is_empty(), level.text.is_empty()) {
            (false, _) => (search.text, search.button),
            (true, false) => (level.text, level.button),
            (true, true) => (String::new(), None),
        };
        self.els.text("[data-told-text]", &text);
        self.els.text("[data-more]", button.as_deref().unwrap_or_default());
        self.els.show("[data-more]", button.is_some());
        self.els.text("[data-unlevelled]", show.as_deref().unwrap_or_default());
        self.els.show("[data-unlevelled]", show.is_some());
        self.els.show("[data-told]", !text.is_empty() || show.is_some());
    }

    /// Pill, foot and toolbar.
    fn surroundings(&self) {
        let waiting = self.pending.total();
        let words = if waiting == 1 { "1 new line".to_owned() } else { format!("{} new lines", grouped(waiting)) };
        self.els.text("[data-new-count]", &words);
        self.els.show("[data-new]", self.pause.is_some() && waiting > 0);
        // Room for the pill below the last row.
        let _ = self.els.root.class_list().toggle_with_force("is-held", self.pause.is_some());
        let kept = self.buffer.lines().len() as u64;
        let all = kept + self.buffer.dropped() + self.lost_while_paused;
        self.els.text("[data-kept]", &scope::kept(kept, all, &self.reach()));
        let paused = match self.pause.filter(|_| !self.place.query.previous) {
            None => String::new(),
            Some((why, at)) => {
                let end = match why {
                    Pause::Asked => "",
                    Pause::Scrolled => " because you scrolled up",
                    Pause::Shown => " on a match",
                };
                format!("Paused at {}{end}", clock(at.0, self.zone_ms, false))
            }
        };
        self.els.text("[data-paused]", &paused);
        let hits = if !self.finder.pattern().is_some() {
            String::new()
        } else if self.matches.is_empty() {
            if self.searched { "No matches".to_owned() } else { String::new() }
        } else {
            match self.current.and_then(|c| self.matches.iter().position(|m| *m == c)) {
                Some(at) => format!("{} of {}", grouped(at as u64 + 1), grouped(self.matches.len() as u64)),
                None if self.matches.len() == 1 => "1 match".to_owned(),
                None => format!("{} matches", grouped(self.matches.len() as u64)),
            }
        };
        self.els.text("[data-hits]", &hits);
        for button in ["[data-back]", "[data-next]"] {
            self.els.show(button, !self.matches.is_empty());
        }
        if let Some(follow) = self.els.get("[data-follow]") {
            let _ = follow.set_attribute("aria-pressed", if self.follows() { "true" } else { "false" });
        }
        self.told();
        let _ = self.els.root.class_list().toggle_with_force("many", self.sources.many_containers());
        self.connection();
    }

    fn connection(&self) {
        let (word, class, sign) = self.wire.state(&self.sources, self.place.query.previous);
        if let Some(state) = self.els.get("[data-state]") {
            let class = format!("st {class}");
            if state.class_name() != class {
                state.set_class_name(&class);
            }
        }
        self.els.text("[data-state-word]", &word);
        if let Some(glyph) = self.els.root.query_selector("[data-glyph] use").ok().flatten() {
            let href = format!("#g-{sign}");
            if glyph.get_attribute("href").as_deref() != Some(&href) {
                let _ = glyph.set_attribute("href", &href);
            }
        }
        let streams = self.sources.streams();
        let words = match streams {
            0 => String::new(),
            1 => "1 stream".to_owned(),
            n => format!("{n} streams"),
        };
        self.els.text("[data-streams]", &words);
        self.els.text("[data-empty]", &self.wire.waiting(&self.sources, self.buffer.lines().is_empty(), self.place.query.previous));
    }
}
