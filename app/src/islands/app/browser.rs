//! One subscription to the app of the page, shared by its parts.

use super::Known;
use crate::client::socket::{self, Message};
use crate::client::{api, dom};
use crate::links::Links;
use domain::live::{ServerFrame, Topic};
use domain::{AppId, Code};
use leptos::prelude::{ArcRwSignal, Set as _, WithUntracked as _};
use std::cell::RefCell;

thread_local! {
    static KNOWN: RefCell<Option<ArcRwSignal<Known>>> = const { RefCell::new(None) };
    /// The newest of what came while the first swap waits.
    static WAITING: RefCell<Option<Known>> = const { RefCell::new(None) };
}

pub(super) fn links() -> Links {
    dom::links()
}

pub(super) fn watch(app: AppId) -> ArcRwSignal<Known> {
    if let Some(known) = KNOWN.with_borrow(Clone::clone) {
        return known;
    }
    let known = ArcRwSignal::new(Known::AsLoaded);
    KNOWN.set(Some(known.clone()));
    start(app, known.clone());
    known
}

fn start(app: AppId, known: ArcRwSignal<Known>) {
    let (name, path, api) = (app.name.to_string(), app.path(), app.api_path());
    let coming = dom::find("[data-coming]").is_some();
    let watched = socket::subscribe(socket::new_id(), Topic::App { app }, move |message| match message {
        Message::Frame(ServerFrame::App { detail, .. }) if coming => {
            if let (true, Some(window)) = (detail.is_some(), dom::window()) {
                let _ = window.location().replace(&dom::links().to(&path));
            }
        }
        Message::Frame(ServerFrame::App { detail: Some(detail), .. }) if is_newer(detail.revision) => {
            dom::read_again();
        }
        Message::Frame(ServerFrame::App { detail: Some(detail), health, .. }) => show(&known, Known::Now(detail, health, socket::now())),
        Message::Frame(ServerFrame::App { detail: None, .. }) => {
            let title = format!("{name} was deleted");
            show(&known, Known::Gone(title.clone(), "The cluster has it no more.".to_owned()));
            ask_who(&known, title, api.clone());
        }
        Message::Frame(ServerFrame::Denied { problem, .. }) => show(&known, Known::Gone(format!("{name} cannot be shown any more"), problem.detail)),
        _ => {}
    });
    std::mem::forget(watched);
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
        dom::empty_children("LiveApp_");
    }
}

fn paint(known: &ArcRwSignal<Known>, next: Known) {
    dom::mark("main", "data-gone", matches!(next, Known::Gone(..)));
    known.set(next);
}
