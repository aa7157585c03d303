//! The toolbar, the keyboard and the scroll bar.

use super::super::address::{Place, TAIL, download, level_from};
use super::super::scope::{MOST, grouped};
use super::{Pause, Shared, View, ask, now, wire};
use crate::client::{dom, keys};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, ClipboardEvent, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent, SubmitEvent, WheelEvent};

/// The screen reader hears of new lines at most this often.
const SAY_EVERY_S: u32 = 10;

/// Listens for as long as the page lives.
pub(super) fn attach(view: &Shared) {
    let els = |name: &str| view.borrow().els.get(name);
    for name in ["pod", "container", "level", "tailLines", "sinceSeconds"] {
        on(els(&format!("select[name={name}]")), "change", view, move |view, event| chosen(view, name, &event));
    }
    on(els("input[name=search]"), "input", view, |view, event| {
        if let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
            typed(view, &input.value());
        }
    });
    on(els("input[name=search]"), "keydown", view, |view, event| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let Ok(key) = event.dyn_into::<KeyboardEvent>() else { return };
        match (key.key().as_str(), input) {
            ("Enter", _) => {
                key.prevent_default();
                step(view, if key.shift_key() { -1 } else { 1 });
            }
            ("Escape", Some(input)) => {
                input.set_value("");
                typed(view, "");
            }
            _ => {}
        }
    });
    on(els("[data-tools]"), "submit", view, |_, event| {
        if let Ok(event) = event.dyn_into::<SubmitEvent>() {
            event.prevent_default();
        }
    });
    on(els("[data-back]"), "click", view, |view, _| step(view, -1));
    on(els("[data-next]"), "click", view, |view, _| step(view, 1));
    on(els("[data-follow]"), "click", view, |view, _| toggle_follow(view));
    on(els("[data-new]"), "click", view, |view, _| follow(view));
    on(els("[data-wrap]"), "click", view, |view, _| wrap(view));
    on(els("[data-times]"), "click", view, |view, _| times(view));
    on(els("[data-regex]"), "click", view, |view, _| toggle(view, "[data-regex]", |place| &mut place.expression));
    on(els("[data-only]"), "click", view, |view, _| toggle(view, "[data-only]", |place| &mut place.only));
    on(els("[data-unlevelled]"), "click", view, |view, _| toggle(view, "", |place| &mut place.unlevelled));
    on(els("[data-more]"), "click", view, |view, _| load_more(view));
    if let Some(strip) = view.borrow().els.root.query_selector("[data-strip]").ok().flatten() {
        listen(&strip, "click", view, jump);
    }
    on(els("[data-body]"), "copy", view, |view, event| copied(view, &event));
    on(els("[data-body]"), "scroll", view, |view, _| scrolled(view));
    on(els("[data-body]"), "click", view, |view, event| {
        if !show_whole(view, &event) {
            pod_clicked(view, &event);
        }
    });
    keys(view);
    scrolling(view);
    watch_size(view);
    let view = Rc::clone(view);
    let mut seconds = 0_u32;
    let mut said = 0_u64;
    dom::every(1000, move || {
        seconds += 1;
        every_second(&view, seconds, &mut said);
    });
}

fn on(target: Option<HtmlElement>, name: &str, view: &Shared, run: impl Fn(&Shared, Event) + 'static) {
    if let Some(target) = target {
        listen(&target, name, view, run);
    }
}

fn listen(target: &web_sys::EventTarget, name: &str, view: &Shared, run: impl Fn(&Shared, Event) + 'static) {
    let view = Rc::clone(view);
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| run(&view, event));
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

fn watch_size(view: &Shared) {
    let body = view.borrow().els.body.clone();
    let view = Rc::clone(view);
    let closure = Closure::<dyn FnMut()>::new(move || {
        if let Ok(mut v) = view.try_borrow_mut() {
            v.heights.clear();
            v.dirty = true;
        }
        ask(&view);
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) {
        observer.observe(&body);
        std::mem::forget(observer);
    }
    closure.forget();
}

fn every_second(view: &Shared, seconds: u32, said: &mut u64) {
    {
        let Ok(mut v) = view.try_borrow_mut() else { return };
        if v.finder.pattern().is_some() && v.pause.is_none() {
            v.search();
        }
        v.count();
        if seconds.is_multiple_of(SAY_EVERY_S) {
            let waiting = v.pending.total();
            if waiting > 0 && waiting != *said {
                let text = format!("{} new lines", grouped(waiting));
                v.els.text("[data-say]", &text);
            }
            *said = waiting;
        }
    }
    ask(view);
}

/// A list in the toolbar. What the server has to be asked for begins a new log, in place.
fn chosen(view: &Shared, name: &str, event: &Event) {
    let Some(value) = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok()).map(|s| s.value()) else { return };
    set(view, name, &value);
}

fn set(view: &Shared, name: &str, value: &str) {
    let some = (!value.is_empty()).then(|| value.to_owned());
    let anew = {
        let mut v = view.borrow_mut();
        match name {
            "pod" => v.place.query.pod = some,
            "container" => v.place.query.container = some,
            "level" => v.place.level = level_from(value),
            "tailLines" => v.place.query.tail_lines = value.parse().ok().filter(|n| *n != TAIL),
            "sinceSeconds" => v.place.query.since_seconds = value.parse().ok(),
            _ => {}
        }
        v.place.at = None;
        v.at = None;
        v.dirty = true;
        v.search();
        let anew = name != "level";
        if anew {
            v.forget();
        }
        v.write_address();
        anew
    };
    if anew {
        wire::subscribe(view);
    }
    ask(view);
}

fn typed(view: &Shared, text: &str) {
    {
        let mut v = view.borrow_mut();
        text.clone_into(&mut v.place.search);
        v.stamp += 1;
        v.current = None;
        v.look_for();
        v.search();
        v.write_address();
    }
    ask(view);
}

/// Something of the place is turned on or off.
fn toggle(view: &Shared, button: &str, part: impl Fn(&mut Place) -> &mut bool) {
    {
        let mut v = view.borrow_mut();
        let on = part(&mut v.place);
        *on = !*on;
        let on = *on;
        if !button.is_empty() {
            press(&v, button, on);
        }
        v.stamp += 1;
        v.look_for();
        v.search();
        v.write_address();
    }
    ask(view);
}

/// As many lines as a page keeps, with the same search.
fn load_more(view: &Shared) {
    let value = MOST.to_string();
    if let Some(select) = view.borrow().els.get("select[name=tailLines]").and_then(|s| s.dyn_into::<HtmlSelectElement>().ok()) {
        select.set_value(&value);
    }
    set(view, "tailLines", &value);
}

/// A long line shows all of itself, or its begin again.
fn show_whole(view: &Shared, event: &Event) -> bool {
    let Some(id) = dom::closest(event, "[data-whole]").and_then(|b| b.get_attribute("data-whole")?.parse::<u64>().ok()) else { return false };
    let wraps = {
        let mut v = view.borrow_mut();
        if !v.whole.remove(&id) {
            v.whole.insert(id);
            v.halt(Pause::Shown);
        }
        v.stamp += 1;
        v.heights.remove(&id);
        v.dirty = true;
        v.wrap || v.narrow
    };
    // In one row nobody could read it.
    if wraps {
        ask(view)
    } else {
        wrap(view)
    }
    true
}

/// A click on the strip shows the lines of that moment.
#[allow(clippy::cast_possible_truncation)]
fn jump(view: &Shared, event: Event) {
    let Some(event) = event.dyn_ref::<web_sys::MouseEvent>() else { return };
    let Some(strip) = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return };
    let bounds = strip.get_bounding_client_rect();
    let part = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
    {
        let mut v = view.borrow_mut();
        v.at = v.strip.as_ref().map(|s| s.at((part * 1000.0) as i64));
        v.dirty = true;
    }
    ask(view);
}

/// What is copied of rows is one line for each. Within one message the browser copies what is selected.
fn copied(view: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
    let Some(selection) = web_sys::window().and_then(|w| w.get_selection().ok().flatten()).filter(|s| !s.is_collapsed()) else { return };
    let v = view.borrow();
    let message = |node: Option<web_sys::Node>| {
        let node = node?;
        node.dyn_ref::<web_sys::Element>().cloned().or_else(|| node.parent_element())?.closest(".lg-m").ok().flatten()
    };
    if let (Some(from), Some(to)) = (message(selection.anchor_node()), message(selection.focus_node()))
        && from == to
    {
        return;
    }
    let Ok(rows) = v.els.win.query_selector_all(".lg, .lg-mark") else { return };
    let rows = (0..rows.length()).filter_map(|i| rows.item(i)?.dyn_into::<HtmlElement>().ok());
    let selected = rows.filter(|row| selection.contains_node_with_allow_partial_containment(row, true).unwrap_or(false));
    let lines: Vec<String> = selected.filter_map(|row| v.copy_of(&row)).collect();
    if let Some(data) = event.clipboard_data().filter(|_| !lines.is_empty())
        && data.set_data("text/plain", &(lines.join("\n") + "\n")).is_ok()
    {
        event.prevent_default();
    }
}

/// The next or the one before; from what is in sight where none is current.
fn step(view: &Shared, by: i64) {
    {
        let mut v = view.borrow_mut();
        v.search();
        let Ok(count) = i64::try_from(v.matches.len()) else { return };
        if count == 0 {
            drop(v);
            return ask(view);
        }
        let here = v.current.and_then(|c| v.matches.iter().position(|m| *m == c)).and_then(|i| i64::try_from(i).ok());
        let next = match here {
            Some(i) => (i + by).rem_euclid(count),
            None => v.nearest(by),
        };
        let id = usize::try_from(next).ok().and_then(|i| v.matches.get(i).copied());
        v.current = id;
        v.stamp += 1;
        v.halt(Pause::Shown);
        if v.dirty {
            v.lay_out();
        }
        if let Some(row) = id.and_then(|id| v.row_of(id)) {
            v.scroll_to_row(row);
        }
    }
    ask(view);
}

fn toggle_follow(view: &Shared) {
    // A run that has ended has nothing to follow.
    if view.borrow().place.query.previous {
        return;
    }
    if view.borrow().follows() {
        view.borrow_mut().halt(Pause::Asked);
        ask(view);
    } else {
        follow(view);
    }
}

fn follow(view: &Shared) {
    {
        let mut v = view.borrow_mut();
        v.pause = None;
        v.leaving = false;
        v.current = None;
        v.at = None;
        v.stamp += 1;
        v.release();
        v.search();
        v.place.at = None;
        v.write_address();
    }
    ask(view);
}

fn press(v: &View, name: &str, on: bool) {
    if let Some(button) = v.els.get(name) {
        let _ = button.set_attribute("aria-pressed", if on { "true" } else { "false" });
    }
}

fn wrap(view: &Shared) {
    {
        let mut v = view.borrow_mut();
        v.wrap = !v.wrap;
        let _ = v.els.root.class_list().toggle_with_force("is-wrap", v.wrap);
        press(&v, "[data-wrap]", v.wrap);
        v.relayout();
    }
    ask(view);
}

fn times(view: &Shared) {
    {
        let mut v = view.borrow_mut();
        v.times = !v.times;
        let _ = v.els.root.class_list().toggle_with_force("no-times", !v.times);
        press(&v, "[data-times]", v.times);
        v.relayout();
    }
    ask(view);
}

fn scrolled(view: &Shared) {
    let back = {
        let Ok(mut v) = view.try_borrow_mut() else { return };
        let (top, height, all) = (v.els.body.scroll_top(), v.els.body.client_height(), v.els.body.scroll_height());
        let (up, below) = (top < v.last_top, all - height - top);
        v.last_top = top;
        // At the end itself the rows have become fewer, and nobody has scrolled.
        if up && below > 1 && v.follows() {
            v.halt(Pause::Scrolled);
        }
        v.leaving &= below <= 4;
        !up && below <= 4 && !v.leaving && v.pause.is_some_and(|(why, _)| why == Pause::Scrolled)
    };
    if back { follow(view) } else { ask(view) }
}

/// Keys and wheel scroll smoothly: a page that goes to its end with each frame would never leave it. So following ends with the
/// first sign that somebody wants to go up, before anything has moved.
fn scrolling(view: &Shared) {
    let up = Rc::clone(view);
    dom::on("keydown", move |event: KeyboardEvent| {
        let key = event.key();
        let goes_up = matches!(key.as_str(), "Home" | "PageUp" | "ArrowUp") || key == " " && event.shift_key();
        if event.default_prevented() || event.alt_key() || !(goes_up || matches!(key.as_str(), "End" | "PageDown" | "ArrowDown" | " ")) {
            return;
        }
        let Ok(mut v) = up.try_borrow_mut() else { return };
        let focus = dom::document().and_then(|d| d.active_element()).filter(|f| f.tag_name() != "BODY");
        match focus {
            // The page itself does not scroll; what a person who has clicked nothing means is the log.
            None => drop(v.els.body.focus()),
            Some(focus) if v.els.body.contains(Some(&focus)) => {}
            Some(_) => return,
        }
        if goes_up {
            v.leave_end();
        } else {
            // Who turns back before the page has moved means the end.
            v.leaving = false;
        }
    });
    let view = Rc::clone(view);
    let Some(body) = view.try_borrow().ok().map(|v| v.els.body.clone()) else { return };
    let turned = Closure::<dyn FnMut(WheelEvent)>::new(move |event: WheelEvent| {
        if event.ctrl_key() {
            return;
        }
        let Ok(mut v) = view.try_borrow_mut() else { return };
        if event.delta_y() < 0.0 {
            v.leave_end();
        } else if event.delta_y() > 0.0 {
            v.leaving = false;
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_passive(true);
    let _ = body.add_event_listener_with_callback_and_add_event_listener_options("wheel", turned.as_ref().unchecked_ref(), &options);
    turned.forget();
}

/// A click on the label of a pod narrows the log to it; the list of pods does the same for everyone else.
fn pod_clicked(view: &Shared, event: &Event) {
    let Some(pod) = dom::closest(event, "[data-pod]").and_then(|l| l.get_attribute("data-pod")) else { return };
    if let Some(select) = view.borrow().els.get("select[name=pod]").and_then(|s| s.dyn_into::<HtmlSelectElement>().ok()) {
        select.set_value(&pod);
    }
    set(view, "pod", &pod);
}

fn keys(view: &Shared) {
    let view = Rc::clone(view);
    dom::on("keydown", move |event: KeyboardEvent| {
        if event.default_prevented()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || dom::typing()
            || dom::find("dialog[open]").is_some()
            || keys::letters_off()
        {
            return;
        }
        match event.key().as_str() {
            "f" => toggle_follow(&view),
            "n" => step(&view, 1),
            "N" => step(&view, -1),
            "w" => wrap(&view),
            _ => return,
        }
        event.prevent_default();
    });
}

impl View {
    /// Nothing moves from now on.
    pub(super) fn halt(&mut self, why: Pause) {
        if self.pause.is_none() {
            self.pause = Some((why, now()));
        }
    }

    /// Somebody scrolls up, where there is anything to go up to.
    fn leave_end(&mut self) {
        if self.follows() && self.els.body.scroll_height() > self.els.body.client_height() + 1 {
            self.halt(Pause::Scrolled);
            self.leaving = true;
        }
    }

    /// Heights changed: the line at the top stays there.
    fn relayout(&mut self) {
        let first = self.layout.at(u32::try_from(self.els.body.scroll_top() - 6).unwrap_or(0));
        let id = self.line(first).map(|l| l.id);
        self.heights.clear();
        self.lay_out();
        self.dirty = true;
        if self.pause.is_some()
            && let Some(row) = id.and_then(|id| self.row_of(id))
        {
            let _ = self.els.space.style().set_property("height", &format!("{}px", self.layout.height()));
            self.els.body.set_scroll_top(i32::try_from(self.layout.top(row)).unwrap_or(0));
        }
    }

    /// The first match at or after what is in sight; the last before it, going back.
    fn nearest(&self, by: i64) -> i64 {
        if self.follows() {
            return i64::try_from(self.matches.len()).unwrap_or(1) - 1;
        }
        let top = self.layout.at(u32::try_from(self.els.body.scroll_top()).unwrap_or(0));
        let order: HashMap<u64, usize> = self.matches.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        let after = (top..self.layout.len()).find_map(|row| order.get(&self.line(row)?.id).copied()).unwrap_or(0);
        let after = i64::try_from(after).unwrap_or(0);
        if by > 0 { after } else { (after - 1).max(0) }
    }

    /// The place stands in the address and in the links of the toolbar.
    fn write_address(&self) {
        let Some(window) = web_sys::window() else { return };
        let page = dom::links().to(&format!("{}/logs{}", self.app.path(), self.place.address()));
        if let Ok(history) = window.history() {
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&page));
        }
        if let Some(link) = self.els.get("[data-download]") {
            let _ = link.set_attribute("href", &format!("{}{}/logs{}", dom::base(), self.app.api_path(), download(&self.place.query)));
        }
    }
}
