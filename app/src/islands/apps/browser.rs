//! The live list in the browser: the socket feeds the state, the address says what is shown.

mod listen;
mod painted;

use super::{Part, Told, write_part};
use crate::client::dom;
use crate::client::socket::{self, Message};
use crate::links::decode;
use crate::list::{Around, Listing};
use domain::live::{BoardState, Gather, ServerFrame, Topic, arrange};
use domain::{AppId, Namespace};
use painted::{Group, Painted};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

/// Milliseconds that rows may be painted in one go.
const GO_MS: f64 = 8.0;
/// Milliseconds from one go to the next, about a frame of the screen. A frame itself is not asked for: what changes out
/// of sight needs none.
const PACE_MS: i32 = 16;

/// A part of the page that is painted by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// The order of the rows, and what stands around them.
    Around,
    /// A row.
    Row(AppId),
}

/// What the live list knows and how it is looked at.
struct List {
    creates: bool,
    listing: Listing,
    state: BoardState,
    gather: Gather<Piece>,
    /// Pieces whose time has come.
    due: VecDeque<Piece>,
    /// The page, once it was adopted.
    page: Option<Painted>,
    /// Something was painted a moment ago.
    fresh: bool,
    /// A timer runs for what may not be painted yet.
    timed: bool,
    /// Rows stand elsewhere than they should, because somebody points at them.
    held: bool,
}

type Shared = Rc<RefCell<List>>;

pub(super) fn wire(namespace: Option<Namespace>, creates: bool) {
    let id = socket::new_id();
    let list = Rc::new(RefCell::new(List {
        creates,
        listing: Listing::new(namespace.clone(), &address()),
        state: BoardState::new(id),
        gather: Gather::default(),
        due: VecDeque::new(),
        page: None,
        fresh: false,
        timed: false,
        held: false,
    }));
    let hears = list.clone();
    let watched = socket::subscribe(id, Topic::Apps { namespace }, move |message| {
        if let Message::Frame(frame) = message {
            hear(&hears, frame);
        }
    });
    // The list is watched for as long as the page lives.
    std::mem::forget(watched);
    let settles = list.clone();
    dom::every(1000, move || {
        if settles.borrow().held {
            settles.borrow_mut().gather.note(Piece::Around);
            soon(&settles);
        }
    });
    listen::listen(&list);
}

fn address() -> Vec<(String, String)> {
    decode(&dom::window().and_then(|w| w.location().search().ok()).unwrap_or_default())
}

fn hear(list: &Shared, frame: ServerFrame) {
    {
        let mut l = list.borrow_mut();
        let changed = l.state.apply(frame);
        if l.page.is_none() {
            if !(l.state.loaded || l.state.denied.is_some()) {
                return;
            }
            l.adopt();
        } else if changed.any() {
            l.gather.note(Piece::Around);
            for app in changed.apps {
                l.gather.note(Piece::Row(app));
            }
        }
    }
    soon(list);
}

// Paints what may be painted: at once where nothing was a moment ago, otherwise a moment later.
fn soon(list: &Shared) {
    {
        let mut l = list.borrow_mut();
        if l.fresh || l.page.is_none() {
            return;
        }
        l.fresh = l.paint();
        if !l.fresh {
            return l.wait(list);
        }
    }
    let list = list.clone();
    dom::later(PACE_MS, move || {
        list.borrow_mut().fresh = false;
        soon(&list);
    });
}

impl List {
    /// Paints some of what is due; whether it did.
    fn paint(&mut self) -> bool {
        let begun = dom::ticks();
        #[allow(clippy::cast_possible_truncation)]
        self.due.extend(self.gather.take(begun as i64));
        let any = !self.due.is_empty();
        while let Some(piece) = self.due.pop_front() {
            match piece {
                Piece::Around => self.around(),
                Piece::Row(app) => self.row(&app),
            }
            if dom::ticks() - begun > GO_MS {
                break;
            }
        }
        any
    }

    /// Comes back when the next piece may be painted.
    fn wait(&mut self, list: &Shared) {
        #[allow(clippy::cast_possible_truncation)]
        let Some(ms) = self.gather.next(dom::ticks() as i64).filter(|_| !self.timed) else { return };
        self.timed = true;
        let list = list.clone();
        dom::later(i32::try_from(ms).unwrap_or(0), move || {
            list.borrow_mut().timed = false;
            soon(&list);
        });
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
        self.around();
    }

    fn row(&mut self, app: &AppId) {
        let view = self.view();
        if let (Some(page), Some(row)) = (&mut self.page, self.state.rows.get(app)) {
            page.row(row, &view);
        }
    }

    /// The order that filter and sort ask for, and what is said around the rows. While somebody points at the rows or
    /// walks through them, none of them moves.
    fn around(&mut self) {
        let view = self.view();
        let Some(page) = &mut self.page else { return };
        let groups = arrange(self.state.rows.values(), &self.listing.query);
        let groups = groups.into_iter().filter(|g| !g.rows.is_empty()).map(|g| Group {
            title: g.title,
            counts: g.counts,
            rows: g.rows.iter().map(|r| r.id.clone()).collect(),
        });
        let busy = dom::find(".apps tbody:hover, .apps tbody:focus-within").is_some();
        self.held = page.arrange(groups.collect(), busy, &self.state, &self.listing, &view);
        let told = Told { rows: self.state.rows.values().collect(), health: &self.state.health, denied: self.state.denied.as_ref(), shown: page.shows_any() };
        for part in Part::ALL {
            let written = crate::html::html(|h| write_part(part, &told, &self.listing, &view, h));
            page.part(part, written);
        }
        listen::fill_tools(&self.listing);
    }
}
