//! What can be done to an app of the list, in a menu beside its row. It is made when it is asked for, and so is its code loaded.

use crate::client::{api, dom, socket};
use crate::detail::action_lines;
use crate::icons::icon;
use crate::list::Around;
use crate::parts::IntoLive as _;
use domain::live::read;
use domain::view::AppDetail;
use domain::{Action, AppId, Tab};
use leptos::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlDialogElement, HtmlElement, KeyboardEvent};

const DIALOG: &str = "dialog.row-menu";
/// The button whose menu is open or about to be.
const OPENER: &str = ".apps [data-more][aria-expanded=true]";
/// The lines of the menu, in their order.
const LINES: &str = "dialog.row-menu > a, .row-acts a.btn, .row-acts summary";

thread_local! {
    /// What the open menu is painted from; it goes with the menu.
    static PAINTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Opens the menu of the row that this button is in.
pub(super) fn open_at(button: &HtmlElement) {
    // One at a time, also while its code is still being loaded.
    if dom::find(DIALOG).is_none() && dom::find(OPENER).is_none() {
        let _ = button.set_attribute("aria-expanded", "true");
        wasm_bindgen_futures::spawn_local(open());
    }
}

/// The page has moved under the menu: it closes, but for a form under way.
pub(super) fn scrolled() {
    if PAINTED.with_borrow(Option::is_some)
        && let Some(dialog) = dialog().filter(|_| dom::find("dialog.row-menu details[open]").is_none())
    {
        dialog.close();
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    dom::find(DIALOG)?.dyn_into().ok()
}

/// What is known of what can be done.
#[derive(Clone)]
enum Known {
    Asked,
    Told(Box<AppDetail>),
    Not(String),
}

#[lazy]
fn open() {
    let Some(button) = dom::find(OPENER) else { return };
    let row = button.closest("[data-row]").ok().flatten();
    let (Some(app), Some(dialog)) = (row.and_then(|row| AppId::parse(&row.id())), made(&button)) else {
        let _ = button.remove_attribute("aria-expanded");
        return;
    };
    let known = RwSignal::new(Known::Asked);
    ask(app.clone(), known);
    let mounted = leptos::mount::mount_to(dialog.clone().into(), move || view(&app, known));
    PAINTED.set(Some(Box::new(mounted)));
    let _ = dialog.show_modal();
}

fn made(button: &HtmlElement) -> Option<HtmlDialogElement> {
    let document = dom::document()?;
    let dialog: HtmlDialogElement = document.create_element("dialog").ok()?.dyn_into().ok()?;
    dialog.set_class_name("pop menu row-menu");
    let _ = dialog.set_attribute("aria-label", &button.get_attribute("aria-label").unwrap_or_default());
    place(&dialog, button);
    document.body()?.append_child(&dialog).ok()?;
    let (gone, opener) = (dialog.clone(), button.clone());
    let closed = Closure::once_into_js(move || {
        let _ = opener.remove_attribute("aria-expanded");
        gone.remove();
        PAINTED.set(None);
        let _ = opener.focus();
    });
    let _ = dialog.add_event_listener_with_callback("close", closed.unchecked_ref());
    Some(dialog)
}

// Below its button, or above it where there is more room; it grows away from the button. On a phone the style sheet decides.
fn place(dialog: &HtmlDialogElement, button: &HtmlElement) {
    let Some(window) = dom::window() else { return };
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or_default();
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let at = button.get_bounding_client_rect();
    let (side, gap) = if at.top() > height / 2.0 { ("--above", height - at.top()) } else { ("--below", at.bottom()) };
    for (name, value) in [(side, gap), ("--right", width - at.right())] {
        let _ = HtmlElement::style(dialog).set_property(name, &format!("{}px", value.round()));
    }
}

fn ask(app: AppId, known: RwSignal<Known>) {
    wasm_bindgen_futures::spawn_local(async move {
        let next = match api::text("GET", &app.api_path(), None).await {
            Ok(answer) => match read::value(&answer).as_ref().and_then(read::detail) {
                Some(mut detail) => {
                    detail.actions.retain(|action, _| Action::of(app.kind).contains(action));
                    Known::Told(Box::new(detail))
                }
                None => Known::Not("Couldn't read the portal's answer. Reload the page.".to_owned()),
            },
            Err(problem) => Known::Not(problem.detail),
        };
        known.try_set(next);
    });
}

fn view(app: &AppId, known: RwSignal<Known>) -> impl IntoView + use<> {
    let around = Around { links: dom::links(), now: socket::now(), spaces: false, creates: false };
    let (own, logs) = (around.links.to(&app.path()), around.links.to(&Tab::Logs.path(app)));
    // Of pause and resume only one can be done.
    let lines = Action::of(app.kind).iter().filter(|action| **action != Action::Resume).count();
    let acts = move || {
        known.with(|known| match known {
            // As high as what comes, so that nothing moves under the pointer.
            Known::Asked => (0..lines).map(|_| view! { <span class="row-wait"></span> }).collect_view().into_live(),
            Known::Told(detail) => action_lines(detail, &around).into_live(),
            Known::Not(why) => view! { <p class="note">{icon("info")}<span>{why.clone()}</span></p> }.into_live(),
        })
    };
    view! {
        <p class="menu-t trunc">{app.name.to_string()}</p>
        <a href=own on:keydown=press>{icon("arrow-up-right")}"Open"</a>
        <a href=logs on:keydown=press>{icon("scroll-text")}"Logs"</a>
        <div class="row-acts" role="group" aria-label="Actions" on:keydown=press>{acts}</div>
    }
}

// The arrows lead from line to line, and Escape closes an open form before the menu.
fn press(event: KeyboardEvent) {
    let typing = dom::typing();
    let step = match event.key().as_str() {
        "ArrowDown" if !typing => 1,
        "ArrowUp" if !typing => -1,
        "Escape" => {
            if let Some(open) = dom::find("dialog.row-menu details[open]") {
                event.prevent_default();
                let _ = open.remove_attribute("open");
                if let Some(summary) = open.first_element_child().and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
                    let _ = summary.focus();
                }
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    let lines = dom::all(LINES);
    let focus = dom::document().and_then(|d| d.active_element());
    let here = lines.iter().position(|l| focus.as_ref().is_some_and(|f| f.is_same_node(Some(l))));
    let next = here.map_or(0, |here| (here.cast_signed() + step).rem_euclid(lines.len().max(1).cast_signed()));
    if let Some(line) = lines.get(next.unsigned_abs()) {
        let _ = line.focus();
    }
}
