//! The live list in the browser: the socket feeds the state, the address says what is shown.

mod listen;
mod menu;
mod painted;
mod rows;
mod steady;

use super::{Part, Told, write_part};
use crate::client::pace::Pace;
use crate::client::socket::{self, Message};
use crate::client::{dom, quiet};
use crate::links::decode;
use crate::list::{Around, Listing};
use domain::live::{BoardState, ServerFrame, Topic, arrange, need_attention};
use domain::{AppId, Namespace};
use painted::{Group, Painted};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

/// A part of the page that is painted by itself; of those that are due the first come first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// A row.
    Row(AppId),
    /// The order of the rows, and what stands around them: much more work than a row, which does not wait for it.
    Around,
}

/// What the live list knows and how it is looked at.
struct List {
    creates: bool,
    listing: Listing,
    state: BoardState,
    /// The page, once it was adopted.
    page: Option<Painted>,
    /// Rows stand elsewhere than they should, because somebody reads them.
    held: bool,
}

/// Why the list is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// The person asked for another order, filter or group.
    Person,
    /// The cluster says something else.
    Cluster,
}

/// Rows move by themselves only when nobody has pointed, scrolled, touched or typed for so long, in milliseconds.
const READS_MS: f64 = 10_000.0;

type Shared = Rc<RefCell<List>>;

pub(super) fn wire(namespace: Option<Namespace>, creates: bool) {
    let id = socket::new_id();
    let list =
        Rc::new(RefCell::new(List { creates, listing: Listing::new(namespace.clone(), &address()), state: BoardState::new(id), page: None, held: false }));
    let painted = list.clone();
    let pace = Pace::new(move |piece| {
        let mut list = painted.borrow_mut();
        match piece {
            Piece::Around => list.around(For::Cluster),
            Piece::Row(app) => list.row(&app),
        }
    });
    let (hears, paced) = (list.clone(), pace.clone());
    let watched = socket::subscribe(id, Topic::Apps { namespace }, move |message| {
        if let Message::Frame(frame) = message {
            hears.borrow_mut().hear(frame, &paced);
            paced.go();
        }
    });
    // The list is watched for as long as the page lives.
    std::mem::forget(watched);
    let settles = list.clone();
    dom::every(1000, move || {
        if settles.borrow().held {
            pace.note(Piece::Around);
            pace.go();
        }
    });
    quiet::start();
    let resized = list.clone();
    dom::on_window("resize", move |_: web_sys::Event| {
        if let Some(page) = &mut resized.borrow_mut().page {
            page.measure();
        }
    });
    listen::listen(&list);
    rows::listen();
}

fn address() -> Vec<(String, String)> {
    decode(&dom::window().and_then(|w| w.location().search().ok()).unwrap_or_default())
}

impl List {
    fn hear(&mut self, frame: ServerFrame, pace: &Pace<Piece>) {
        let changed = self.state.apply(frame);
        if self.page.is_none() {
            if self.state.loaded || self.state.denied.is_some() {
                self.adopt();
            }
        } else if changed.any() {
            pace.note(Piece::Around);
            for app in changed.apps {
                pace.note(Piece::Row(app));
            }
        }
    }

    fn view(&self) -> Around {
        Around { links: dom::links(), now: socket::now(), spaces: self.listing.names_spaces(), creates: self.creates }
    }

    // What the server has written becomes what is painted. What is being typed counts before the address, which follows
    // it; anything else that a browser puts into the field when it comes back to a page does not.
    fn adopt(&mut self) {
        let focus = dom::document().and_then(|d| d.active_element());
        let field = focus.filter(|f| f.has_attribute("data-filter")).and_then(|f| f.dyn_into::<HtmlInputElement>().ok());
        if let Some(text) = field.map(|f| f.value()).filter(|text| *text != self.listing.query.text) {
            self.listing = self.listing.but(|q| q.text = text);
            listen::write_address(&self.listing, false);
        }
        self.page = Painted::adopt(&self.state, &self.view());
        self.around(For::Person);
    }

    fn row(&mut self, app: &AppId) {
        let view = self.view();
        if let (Some(page), Some(row)) = (&mut self.page, self.state.rows.get(app)) {
            page.row(row, &view);
        }
    }

    /// The order that filter and sort ask for, and what is said around the rows. While somebody reads, none of the rows moves
    /// by itself.
    fn around(&mut self, why: For) {
        let view = self.view();
        let Some(page) = &mut self.page else { return };
        let groups = arrange(self.state.rows.values(), &self.listing.query);
        let groups = groups.into_iter().filter(|g| !g.rows.is_empty()).map(|g| Group {
            title: g.title,
            counts: g.counts,
            count: g.rows.len(),
            collapsed: g.collapsed,
            rows: if g.collapsed { Vec::new() } else { g.rows.iter().map(|r| r.id.clone()).collect() },
        });
        // Nobody reads a page that is hidden.
        let hidden = dom::document().is_none_or(|d| d.hidden());
        let reads = why == For::Cluster && !hidden && (is_used() || page.is_pointed_at());
        let held = page.arrange(groups.collect(), reads, &self.state, &self.listing, &view);
        let troubled = need_attention(self.state.rows.values()).into_iter().map(|r| r.id.clone()).collect();
        let (troubled, other) = page.troubled(troubled, reads);
        self.held = held || other;
        let told = Told {
            rows: self.state.rows.values().collect(),
            troubled: troubled.iter().filter_map(|app| self.state.rows.get(app)).collect(),
            health: &self.state.health,
            denied: self.state.denied.as_ref(),
            shown: page.shows_any(),
        };
        for part in Part::ALL {
            let written = crate::html::html(|h| write_part(part, &told, &self.listing, &view, h));
            page.part(part, written);
        }
        listen::fill_tools(&self.listing);
    }
}

/// Whether somebody did anything on the page within [`READS_MS`], or has a dialog open.
fn is_used() -> bool {
    quiet::for_ms() < READS_MS || dom::find("dialog[open]").is_some()
}
