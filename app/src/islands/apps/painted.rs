//! What of the list is on the page: the elements, and what they were painted from.

use super::super::{Part, open_group, write_title};
use super::steady::Steady;
use crate::client::{dom, patch};
use crate::digest::{Digest, whole};
use crate::html::{Html, html};
use crate::list::order::{Order, hold};
use crate::list::{Around, Column, Listing, Titled, digests, write_row};
use domain::AppId;
use domain::live::{BoardState, Step, steps};
use domain::status::Word;
use domain::view::AppRow;
use std::collections::HashMap;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

/// Rows under one title, as they should stand.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) counts: Vec<(Word, usize)>,
    /// Rows that belong here, whether they show or not.
    pub(super) count: usize,
    pub(super) collapsed: bool,
    /// Those of them that show, in order.
    pub(super) rows: Vec<AppId>,
}

/// The list on the page.
pub(super) struct Painted {
    board: HtmlElement,
    table: HtmlElement,
    parts: HashMap<&'static str, (Element, Html)>,
    bodies: HashMap<String, Body>,
    /// Also rows that the filter hides, which are not in the page.
    rows: HashMap<AppId, Row>,
    shown: Order<AppId>,
    /// What needs attention, in the order in which it is told.
    troubled: Order<AppId>,
    /// The rows say their namespace.
    spaces: bool,
    /// How high the sentences of what needs attention are.
    steady: Steady,
}

struct Body {
    element: Element,
    title: Option<(Element, Html)>,
}

struct Row {
    element: Element,
    cells: [Digest; 10],
}

impl Painted {
    /// Takes over what the server has written. A row that says what the state says stays as it is.
    pub(super) fn adopt(state: &BoardState, view: &Around) -> Option<Self> {
        let (board, table) = (dom::find("[data-board]")?, dom::find("[data-board] table.apps")?);
        let mut page = Self {
            board,
            table,
            parts: HashMap::new(),
            bodies: HashMap::new(),
            rows: HashMap::new(),
            shown: Vec::new(),
            troubled: Vec::new(),
            steady: Steady::default(),
            spaces: view.spaces,
        };
        let mut known: HashMap<String, Element> = HashMap::new();
        let mut order: Vec<(String, Vec<String>)> = Vec::new();
        for body in dom::all("[data-board] tbody") {
            let group = body.get_attribute("data-group").unwrap_or_default();
            let mut ids = Vec::new();
            let mut title = None;
            let mut next = body.first_element_child();
            while let Some(row) = next {
                next = row.next_element_sibling();
                if row.has_attribute("data-row") {
                    ids.push(row.id());
                    known.insert(row.id(), row);
                } else {
                    title = Some((row, Html::new()));
                }
            }
            order.push((group.clone(), ids));
            page.bodies.insert(group, Body { element: body.unchecked_into(), title });
        }
        let mut kept: HashMap<String, AppId> = HashMap::new();
        for (app, row) in &state.rows {
            let id = app.to_string();
            if let Some(element) = known.remove(&id) {
                let cells = digests(row);
                if element.get_attribute("data-row").as_deref() != Some(&*whole(&cells)) {
                    patch::whole(&element, html(|h| write_row(row, view, h)).as_str());
                }
                page.rows.insert(app.clone(), Row { element, cells });
                kept.insert(id, app.clone());
            }
        }
        for gone in known.into_values() {
            gone.remove();
        }
        page.shown = order.into_iter().map(|(title, ids)| (title, ids.iter().filter_map(|id| kept.remove(id)).collect())).collect();
        Some(page)
    }

    /// Whether the pointer or the focus is on a row, or on what needs attention. Asked of few elements: a selector for the whole
    /// page looks at each of them.
    pub(super) fn is_pointed_at(&self) -> bool {
        let of = |element: &Element| element.matches(":hover, :focus-within").unwrap_or(false);
        let attention = self.parts.get(Part::Attention.name()).and_then(|(part, _)| part.first_element_child());
        self.bodies.values().any(|body| of(&body.element)) || attention.is_some_and(|list| of(&list))
    }

    /// The page has another width: the heights that sentences keep are measured anew.
    pub(super) fn measure(&mut self) {
        self.steady.forget();
        if let Some((part, _)) = self.parts.get(Part::Attention.name()) {
            self.steady.keep(part);
        }
    }

    /// Whether there is any group, be it collapsed.
    pub(super) fn shows_any(&self) -> bool {
        !self.shown.is_empty()
    }

    /// The order in which to tell what needs attention, and whether that is another one than asked for.
    pub(super) fn troubled(&mut self, next: Vec<AppId>, busy: bool) -> (&[AppId], bool) {
        let wanted = vec![(String::new(), next)];
        let told = if busy { hold(&self.troubled, &wanted) } else { wanted.clone() };
        let held = told != wanted;
        self.troubled = told;
        (self.troubled.first().map_or(&[], |(_, apps)| apps), held)
    }

    /// Paints the cells of a row that say something else than before.
    pub(super) fn row(&mut self, row: &AppRow, view: &Around) {
        let Some(painted) = self.rows.get_mut(&row.id) else { return };
        let places = painted.element.child_nodes();
        for ((column, before), place) in Column::ALL.into_iter().zip(&mut painted.cells).zip(0..) {
            let now = column.digest(row);
            if *before != now
                && let Some(cell) = places.item(place)
            {
                *before = now;
                patch::whole(&cell, html(|h| column.cell(row, view, h)).as_str());
            }
        }
    }

    /// Brings rows and groups where they should stand; whether some had to stay where they are.
    pub(super) fn arrange(&mut self, groups: Vec<Group>, busy: bool, state: &BoardState, listing: &Listing, view: &Around) -> bool {
        self.rows.retain(|app, row| {
            let there = state.rows.contains_key(app);
            if !there {
                row.element.remove();
            }
            there
        });
        for (_, rows) in &mut self.shown {
            rows.retain(|app| state.rows.contains_key(app));
        }
        if self.spaces != view.spaces {
            self.spaces = view.spaces;
            for (app, painted) in &self.rows {
                if let (Some(row), Some(cell)) = (state.rows.get(app), painted.element.first_child()) {
                    patch::whole(&cell, html(|h| Column::Name.cell(row, view, h)).as_str());
                }
            }
        }
        let wanted: Order<AppId> = groups.iter().map(|g| (g.title.clone(), g.rows.clone())).collect();
        let next = if busy { hold(&self.shown, &wanted) } else { wanted.clone() };
        self.place(&next, state, view);
        for group in &groups {
            self.title(group, listing, view);
        }
        let held = next != wanted;
        self.shown = next;
        let _ = self.table.parent_element().map(|b| b.toggle_attribute_with_force("hidden", !self.shows_any()));
        held
    }

    fn place(&mut self, next: &Order<AppId>, state: &BoardState, view: &Around) {
        self.make(next, state, view);
        let of = |order: &Order<AppId>, title: &str| order.iter().find(|(t, _)| t == title).map(|(_, rows)| rows.clone()).unwrap_or_default();
        let titles = |order: &Order<AppId>| order.iter().map(|(title, _)| title.clone()).collect::<Vec<_>>();
        let bodies = steps(&titles(&self.shown), &titles(next));
        let rows: Vec<(String, Vec<Step<AppId>>)> = next.iter().map(|(title, rows)| (title.clone(), steps(&of(&self.shown, title), rows))).collect();
        // What goes goes first: a row that changes its group would be taken out of the new one otherwise.
        for (_, steps) in &rows {
            for step in steps {
                if let Step::Remove(app) = step
                    && let Some(row) = self.rows.get(app)
                {
                    row.element.remove();
                }
            }
        }
        for step in bodies {
            match step {
                Step::Remove(title) => {
                    if let Some(body) = self.bodies.remove(&title) {
                        body.element.remove();
                    }
                }
                Step::Put(title, before) => {
                    let before = before.and_then(|b| self.bodies.get(&b)).map(|b| b.element.clone());
                    if let Some(body) = self.body(&title) {
                        let _ = self.table.insert_before(&body, before.as_deref());
                    }
                }
            }
        }
        for (title, steps) in rows {
            let Some(body) = self.bodies.get(&title) else { continue };
            for step in steps {
                if let Step::Put(app, before) = step
                    && let Some(row) = self.rows.get(&app)
                {
                    let before = before.and_then(|b| self.rows.get(&b));
                    let _ = body.element.insert_before(&row.element, before.map(|b| &*b.element));
                }
            }
        }
    }

    // Rows that have no element yet, all in one go.
    fn make(&mut self, next: &Order<AppId>, state: &BoardState, view: &Around) {
        let missing: Vec<&AppRow> =
            next.iter().flat_map(|(_, rows)| rows).filter(|app| !self.rows.contains_key(app)).filter_map(|app| state.rows.get(app)).collect();
        if missing.is_empty() {
            return;
        }
        let written = html(|h| missing.iter().for_each(|row| write_row(row, view, h)));
        let mut element = patch::parse(written.as_str()).and_then(|f| f.first_element_child());
        for row in missing {
            let Some(here) = element else { return };
            element = here.next_element_sibling();
            self.rows.insert(row.id.clone(), Row { element: here, cells: digests(row) });
        }
    }

    fn body(&mut self, title: &str) -> Option<Element> {
        if !self.bodies.contains_key(title) {
            let written = html(|h| {
                open_group(title, h);
                h.raw("</tbody>");
            });
            let element = patch::parse(written.as_str())?.first_element_child()?;
            self.bodies.insert(title.to_owned(), Body { element, title: None });
        }
        Some(self.bodies.get(title)?.element.clone())
    }

    fn title(&mut self, group: &Group, listing: &Listing, view: &Around) {
        let titled = Titled { title: &group.title, counts: &group.counts, rows: group.count, collapsed: group.collapsed };
        let written = html(|h| write_title(&titled, listing, view, h));
        let Some(body) = self.bodies.get_mut(&group.title) else { return };
        match &mut body.title {
            Some((_, before)) if *before == written => {}
            Some((element, _)) if written == Html::new() => {
                element.remove();
                body.title = None;
            }
            Some((element, before)) => {
                patch::whole(element, written.as_str());
                *before = written;
            }
            None => {
                if let Some(element) = patch::parse(written.as_str()).and_then(|f| f.first_element_child()) {
                    let _ = body.element.insert_before(&element, body.element.first_child().as_ref());
                    body.title = Some((element, written));
                }
            }
        }
    }

    /// Paints a part around the rows, where it says something else than before.
    pub(super) fn part(&mut self, part: Part, written: Html) {
        let name = part.name();
        if !self.parts.contains_key(name)
            && let Some(element) = self.board.query_selector(&format!("[data-part={name}]")).ok().flatten()
        {
            self.parts.insert(name, (element, Html::new()));
        }
        if let Some((element, before)) = self.parts.get_mut(name)
            && *before != written
        {
            patch::inner(element, written.as_str());
            *before = written;
            if part == Part::Attention {
                self.steady.keep(element);
            }
        }
    }
}
