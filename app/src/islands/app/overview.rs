//! The overview on the page: adopted from what the server has written, and patched.

use crate::client::{dom, patch};
use crate::detail::{Cell, Piece, digests, write_pod};
use crate::digest::{Digest, whole};
use crate::html::{Html, html};
use crate::list::Around;
use domain::AppId;
use domain::live::{Step, steps};
use domain::view::{AppDetail, PodRow};
use std::collections::HashMap;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, Node};

/// The elements, and what they were painted from.
pub(super) struct Overview {
    root: HtmlElement,
    table: Element,
    pieces: HashMap<&'static str, (Element, Html)>,
    rows: HashMap<String, Row>,
    shown: Vec<String>,
}

struct Row {
    element: Element,
    cells: [Digest; 10],
}

impl Overview {
    /// Takes over what the server has written, where this page has an overview.
    pub(super) fn adopt() -> Option<Self> {
        let root = dom::find("[data-overview]")?;
        let table = root.query_selector("table.pods").ok().flatten()?;
        let mut page = Self { root, table, pieces: HashMap::new(), rows: HashMap::new(), shown: Vec::new() };
        for body in dom::all("[data-overview] tbody[data-pod-row]") {
            let name = body.get_attribute("data-pod-row").unwrap_or_default();
            page.shown.push(name.clone());
            // What it was painted from is not known until the state says the same.
            page.rows.insert(name, Row { element: body.unchecked_into(), cells: [Digest::default(); 10] });
        }
        Some(page)
    }

    /// Compares what the server has written with the state: rows that say the same stay as they are.
    pub(super) fn compare(&mut self, d: &AppDetail, view: &Around) {
        for pod in &d.pods {
            if let Some(row) = self.rows.get_mut(&pod.name) {
                row.cells = digests(pod);
                if row.element.get_attribute("data-row").as_deref() != Some(&*whole(&row.cells)) {
                    patch::whole(&row.element, html(|h| write_pod(pod, &d.row.id, view, h)).as_str());
                }
            }
        }
        self.around(d, view);
    }

    /// The app is there, or it is not.
    pub(super) fn show(&self, on: bool) {
        self.root.set_hidden(!on);
    }

    /// Paints the cells of a pod that say something else than before.
    pub(super) fn pod(&mut self, pod: &PodRow, app: &AppId, view: &Around) {
        let Some(row) = self.rows.get_mut(&pod.name) else { return };
        for ((cell, before), place) in Cell::ALL.into_iter().zip(&mut row.cells).zip(0..) {
            let now = cell.digest(pod);
            if *before != now
                && let Some(element) = place_of(&row.element, cell, place)
            {
                *before = now;
                patch::whole(&element, html(|h| cell.write(pod, app, view, h)).as_str());
            }
        }
    }

    /// Brings the pods in their order, and says what stands around them.
    pub(super) fn around(&mut self, d: &AppDetail, view: &Around) {
        for pod in &d.pods {
            if !self.rows.contains_key(&pod.name) {
                let written = html(|h| write_pod(pod, &d.row.id, view, h));
                if let Some(element) = patch::parse(written.as_str()).and_then(|f| f.first_element_child()) {
                    self.rows.insert(pod.name.clone(), Row { element, cells: digests(pod) });
                }
            }
        }
        let next: Vec<String> = d.pods.iter().map(|p| p.name.clone()).collect();
        for step in steps(&self.shown, &next) {
            match step {
                Step::Remove(name) => {
                    if let Some(row) = self.rows.remove(&name) {
                        row.element.remove();
                    }
                }
                Step::Put(name, before) => {
                    let before = before.and_then(|b| self.rows.get(&b)).map(|r| &*r.element);
                    if let Some(row) = self.rows.get(&name) {
                        let _ = self.table.insert_before(&row.element, before);
                    }
                }
            }
        }
        self.shown = next;
        let _ = self.table.parent_element().map(|b| b.toggle_attribute_with_force("hidden", d.pods.is_empty()));
        for piece in Piece::ALL {
            self.piece(piece, html(|h| piece.write(d, h)));
        }
    }

    fn piece(&mut self, piece: Piece, written: Html) {
        let name = piece.name();
        if !self.pieces.contains_key(name)
            && let Some(element) = self.root.query_selector(&format!("[data-piece={name}]")).ok().flatten()
        {
            self.pieces.insert(name, (element, Html::new()));
        }
        if let Some((element, before)) = self.pieces.get_mut(name)
            && *before != written
        {
            patch::inner(element, written.as_str());
            *before = written;
        }
    }
}

// The containers are a row of their own below the other cells.
fn place_of(body: &Element, cell: Cell, place: u32) -> Option<Node> {
    if matches!(cell, Cell::Containers) { body.last_child() } else { body.first_child()?.child_nodes().item(place) }
}
