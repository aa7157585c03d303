//! One subscription to the app of the page, shared by its parts.

mod overview;

use super::Known;
use crate::client::pace::Pace;
use crate::client::socket::{self, Message};
use crate::client::{again, api, dom};
use crate::detail::Part;
use crate::links::Links;
use crate::list::Around;
use domain::live::{AppState, ServerFrame, Topic};
use domain::{AppId, Code};
use leptos::prelude::{ArcRwSignal, Set as _, WithUntracked as _};
use overview::Overview;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static KNOWN: RefCell<Option<ArcRwSignal<Known>>> = const { RefCell::new(None) };
    /// The newest of what came while the first swap waits.
    static WAITING: RefCell<Option<Known>> = const { RefCell::new(None) };
    /// The app as it was last told, and the overview, where this page has one that is awake.
    static OPEN: RefCell<Option<Rc<RefCell<Open>>>> = const { RefCell::new(None) };
}

struct Open {
    state: AppState,
    overview: Option<Overview>,
}

/// What a frame says of the app.
enum Told {
    /// It may not be seen, and why.
    Denied(String),
    /// The cluster has it no more.
    Gone,
    /// It is there, and these of its pods say something else.
    Here { revision: Option<u64>, pods: Vec<String> },
}

/// A part of the page that is painted by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// All but the cells of pods.
    Around,
    Pod(String),
}

pub(super) fn links() -> Links {
    dom::links()
}

fn view() -> Around {
    Around { links: links(), now: socket::now(), spaces: false, creates: false }
}

pub(super) fn watch(app: AppId, which: Part) -> ArcRwSignal<Known> {
    let known = match KNOWN.with_borrow(Clone::clone) {
        Some(known) => known,
        None => {
            let known = ArcRwSignal::new(Known::AsLoaded);
            KNOWN.set(Some(known.clone()));
            start(app, known.clone());
            known
        }
    };
    if which == Part::Overview
        && let Some(open) = OPEN.with_borrow(Clone::clone)
    {
        open.borrow_mut().adopt();
    }
    known
}

impl Open {
    // The parts of a page wake one after the other; the state may be there before the overview or after it.
    fn adopt(&mut self) {
        self.overview = Overview::adopt();
        if let (Some(overview), Some(detail)) = (&mut self.overview, &self.state.detail) {
            overview.compare(detail, &view());
        }
    }

    fn hear(&mut self, frame: ServerFrame) -> Option<Told> {
        let first = self.state.detail.is_none();
        let pods = self.state.apply(frame)?;
        if let Some(problem) = &self.state.denied {
            return Some(Told::Denied(problem.detail.clone()));
        }
        let Some(detail) = &self.state.detail else { return Some(Told::Gone) };
        if let Some(overview) = self.overview.as_mut().filter(|_| first) {
            overview.compare(detail, &view());
        }
        Some(Told::Here { revision: detail.revision, pods: if first { Vec::new() } else { pods } })
    }

    /// Paints a piece; what the other parts of the page are painted from, where it is for them too.
    fn paint(&mut self, piece: &Piece) -> Option<Known> {
        let detail = self.state.detail.as_ref()?;
        match piece {
            Piece::Around => {
                if let Some(overview) = &mut self.overview {
                    overview.show(true);
                    overview.around(detail, &view());
                }
                Some(Known::Now(detail.clone(), self.state.health.clone(), socket::now()))
            }
            Piece::Pod(name) => {
                if let (Some(overview), Some(pod)) = (&mut self.overview, detail.pods.iter().find(|p| p.name == *name)) {
                    overview.pod(pod, &detail.row.id, &view());
                }
                None
            }
        }
    }
}

fn start(app: AppId, known: ArcRwSignal<Known>) {
    let (name, path, api) = (app.name.to_string(), app.path(), app.api_path());
    let coming = dom::find("[data-coming]").is_some();
    let id = socket::new_id();
    let open = Rc::new(RefCell::new(Open { state: AppState::new(id), overview: None }));
    OPEN.set(Some(open.clone()));
    let (painted, told) = (open.clone(), known.clone());
    let pace = Pace::new(move |piece| {
        // Painted apart: the other parts may ask for what is open.
        let now = painted.borrow_mut().paint(&piece);
        if let Some(now) = now {
            show(&told, now);
        }
    });
    let watched = socket::subscribe(id, Topic::App { app }, move |message| {
        let Message::Frame(frame) = message else { return };
        let Some(told) = open.borrow_mut().hear(frame) else { return };
        match told {
            Told::Denied(why) => gone(&open, &known, Known::Gone(format!("You can no longer see {name}"), why)),
            Told::Gone => {
                let title = format!("{name} was deleted");
                gone(&open, &known, Known::Gone(title.clone(), "It no longer exists in the cluster.".to_owned()));
                ask_who(&known, title, api.clone());
            }
            Told::Here { .. } if coming => {
                if let Some(window) = dom::window() {
                    let _ = window.location().replace(&dom::links().to(&path));
                }
            }
            Told::Here { revision, .. } if is_newer(revision) => dom::read_again(),
            Told::Here { pods, .. } => {
                pace.note(Piece::Around);
                for pod in pods {
                    pace.note(Piece::Pod(pod));
                }
                pace.go();
                again::hint();
            }
        }
    });
    std::mem::forget(watched);
}

fn gone(open: &Rc<RefCell<Open>>, known: &ArcRwSignal<Known>, next: Known) {
    if let Some(overview) = &open.borrow().overview {
        overview.show(false);
    }
    show(known, next);
}

// The frame says only that it is gone; the answer for its page knows more.
fn ask_who(known: &ArcRwSignal<Known>, title: String, path: String) {
    let known = known.clone();
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(problem) = api::look(&path).await
            && problem.code == Code::NotFound
            && known.with_untracked(|k| matches!(k, Known::Gone(..)))
        {
            known.set(Known::Gone(title, problem.detail));
        }
    });
}

// The history was read when the page was made; with another revision in force it is read again.
fn is_newer(revision: Option<u64>) -> bool {
    let painted = dom::find("[data-revision]").and_then(|e| e.get_attribute("data-revision")?.parse::<u64>().ok());
    painted.zip(revision).is_some_and(|(painted, now)| now > painted)
}

// The first swap waits until no form of the server's page is open, so that nothing typed is lost. What comes meanwhile
// takes the place of what waits.
fn show(known: &ArcRwSignal<Known>, next: Known) {
    let first = known.with_untracked(|k| *k == Known::AsLoaded);
    if !first {
        paint(known, next);
    } else if WAITING.replace(Some(next)).is_none() {
        swap(known.clone());
    }
}

fn swap(known: ArcRwSignal<Known>) {
    if dom::find("leptos-children details[open], leptos-children input:focus").is_some() {
        dom::later(500, move || swap(known));
    } else if let Some(next) = WAITING.take() {
        paint(&known, next);
        dom::empty_children("LiveApp_", "[data-overview]");
    }
}

fn paint(known: &ArcRwSignal<Known>, next: Known) {
    dom::mark("main", "data-gone", matches!(next, Known::Gone(..)));
    known.set(next);
}
