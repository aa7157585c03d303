//! The palette in the browser: `Ctrl K` or `⌘ K`. Its code loads when it is first opened.

use super::{api, dom, recent};
use crate::icons::{glyph, icon};
use crate::palette::{Entry, Palette};
use crate::parts::{tone, word_glyph};
use domain::search::{MAX_QUERY, Place, PlaceKind};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlDialogElement, HtmlElement, KeyboardEvent, MouseEvent};

/// What the page offers itself, in the order in which it is listed. `data-act` names what its text does not say alone.
const ACTIONS: &str = ".acts summary, .acts a.btn, .head a.btn-primary, .tabs[data-of-app] a:not([aria-current]), [data-act]";
/// The dialog, which is made when it is first opened.
const DIALOG: &str = "dialog#palette";

/// Opens the palette.
#[lazy]
pub fn open() {
    // Made anew each time: the page's actions change while it is open.
    if let Some(old) = dialog() {
        if old.open() {
            return;
        }
        old.remove();
    }
    let Some(dialog) = make() else { return };
    let labels = dom::all(ACTIONS).iter().map(label).filter(|l| !l.is_empty()).collect::<Vec<_>>();
    let state = RwSignal::new(Palette::new(labels, recent::places()));
    leptos::mount::mount_to(dialog.clone().into(), move || view(state)).forget();
    let _ = dialog.show_modal();
    ask(state, String::new());
}

fn dialog() -> Option<HtmlDialogElement> {
    dom::find(DIALOG)?.dyn_into().ok()
}

fn make() -> Option<HtmlDialogElement> {
    let document = dom::document()?;
    let dialog: HtmlDialogElement = document.create_element("dialog").ok()?.dyn_into().ok()?;
    dialog.set_id("palette");
    dialog.set_class_name("dialog palette");
    let _ = dialog.set_attribute("aria-label", "Go to");
    document.body()?.append_child(&dialog).ok()?;
    Some(dialog)
}

fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

fn label(element: &HtmlElement) -> String {
    if let Some(label) = element.get_attribute("data-act") {
        return label;
    }
    // A tab's text is followed by a count.
    let first = element.first_child().filter(|n| n.node_type() == web_sys::Node::TEXT_NODE).and_then(|n| n.text_content());
    let text = first.or_else(|| element.text_content()).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Deserialize)]
struct Found {
    items: Vec<Place>,
}

fn ask(state: RwSignal<Palette>, query: String) {
    let here = Place::at(&dom::here()).and_then(|p| p.path.split('/').nth(2).map(str::to_owned)).unwrap_or_default();
    let path = format!("/api/v1/search{}", crate::links::query(&[("q", &query), ("namespace", &here)]));
    let Some(number) = state.try_update(|p| p.ask(query)) else { return };
    wasm_bindgen_futures::spawn_local(async move {
        let answer = api::call::<Found>("GET", &path, None).await.map(|f| f.items).map_err(|p| p.detail);
        state.try_update(|p| p.answer(number, answer));
    });
}

fn view(state: RwSignal<Palette>) -> impl IntoView {
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => step(state, &event, 1),
        "ArrowUp" => step(state, &event, -1),
        "Enter" => {
            event.prevent_default();
            if let Some(line) = dom::find("#palette [aria-selected=true]") {
                line.click();
            }
        }
        _ => {}
    };
    // A click beside the palette is one on the dialog itself.
    let input = view! {
        <div class="palette-in">{icon("search")}
            <input class="in" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" autofocus
                aria-label="Go to" placeholder="Find an app, secret, namespace, page, or action" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength=MAX_QUERY
                aria-activedescendant=move || state.with(|p| p.choice().map(|_| line_id(p.chosen())))
                on:input=move |event| ask(state, event_target_value(&event)) on:keydown=press/>
            <kbd class="kbd">"Esc"</kbd>
        </div>
    };
    view! { {input}<div class="palette-list" id="palette-list" role="listbox" aria-label="Results">{move || state.with(lines)}</div> }
}

fn step(state: RwSignal<Palette>, event: &KeyboardEvent, by: isize) {
    event.prevent_default();
    state.update(|p| p.step(by));
    if let Some(line) = dom::find("#palette [aria-selected=true]") {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn line_id(number: usize) -> String {
    format!("palette-{number}")
}

fn lines(p: &Palette) -> AnyView {
    if let Some(problem) = p.problem() {
        return view! { <p class="palette-none">{problem.to_owned()}</p> }.into_any();
    }
    let sections = p.sections();
    if sections.is_empty() {
        let text = if p.query().trim().is_empty() { "Type to search".to_owned() } else { format!("No matches for “{}”", p.query().trim()) };
        return view! { <p class="palette-none">{text}</p> }.into_any();
    }
    let mut number = 0;
    let sections = sections.into_iter().map(|section| {
        let lines = section
            .entries
            .into_iter()
            .map(|entry| {
                let here = number;
                number += 1;
                line(entry, here, here == p.chosen())
            })
            .collect_view();
        view! { <div role="group" aria-label=section.title><p class="menu-t" aria-hidden="true">{section.title}</p>{lines}</div> }
    });
    sections.collect_view().into_any()
}

fn line(entry: Entry, number: usize, chosen: bool) -> AnyView {
    let selected = if chosen { "true" } else { "false" };
    match entry {
        Entry::Place(place) => {
            let href = dom::links().to(&place.path);
            view! {
                <a class="palette-line" role="option" id=line_id(number) aria-selected=selected tabindex="-1" href=href>
                    {sign(&place)}<span class="trunc">{place.title}</span><span class="muted text-xs trunc">{place.detail}</span>
                </a>
            }
            .into_any()
        }
        Entry::Action(action) => {
            let wanted = action.label.clone();
            let run = move |event: MouseEvent| {
                event.prevent_default();
                close();
                // Looked for now: a live page may have painted its buttons anew meanwhile.
                let Some(target) = dom::all(ACTIONS).into_iter().find(|e| label(e) == wanted) else { return };
                // After this click has gone its way: it closes every menu that it is not in.
                dom::later(0, move || match target.closest("details.act").ok().flatten() {
                    Some(form) => dom::open_form(&form),
                    None => target.click(),
                });
            };
            view! {
                <button type="button" class="palette-line" role="option" id=line_id(number) aria-selected=selected tabindex="-1" on:click=run>
                    {icon("chevron-right")}<span class="trunc">{action.label}</span><span class="muted text-xs">"action"</span>
                </button>
            }
            .into_any()
        }
    }
}

fn sign(place: &Place) -> AnyView {
    match (place.kind, place.word) {
        (PlaceKind::App, Some(word)) => view! { <span class=format!("st {}", tone(word)) title=word.text()>{glyph(word_glyph(word))}</span> }.into_any(),
        (PlaceKind::App, None) => icon("box").into_any(),
        (PlaceKind::Namespace, _) => icon("users").into_any(),
        (PlaceKind::Secret, _) => icon("key-round").into_any(),
        (PlaceKind::Page, _) => icon("chevron-right").into_any(),
    }
}
