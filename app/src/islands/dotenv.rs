//! Lines of an `.env` file become rows of a form: pasted into the field that a button opens, or right into the name of a row.

use super::new_app::form;
use crate::client::dom;
use crate::client::toast::toast;
use domain::dotenv;
pub(super) use domain::dotenv::Setting;
use std::collections::HashSet;
use std::rc::Rc;
use web_sys::{ClipboardEvent, Element, Event, HtmlElement, MouseEvent};

/// Puts settings into rows, or says why not.
type Insert = dyn Fn(&[Setting]) -> Result<(), String>;

/// Listens at a form that has [`crate::parts::dotenv`] in it. `names` are the fields of names in its rows.
pub(super) fn start(root: &HtmlElement, names: &'static str, insert: impl Fn(&[Setting]) -> Result<(), String> + 'static) {
    let insert: Rc<Insert> = Rc::new(insert);
    let (clicked, adds) = (root.clone(), Rc::clone(&insert));
    form::on(root, "click", move |event: MouseEvent| {
        if dom::closest(&event, "[data-dotenv-open]").is_some() {
            let opened = form::within(&clicked, "#dotenv").is_some_and(|panel| panel.hidden());
            show(&clicked, opened);
        } else if dom::closest(&event, "[data-dotenv-close]").is_some() {
            show(&clicked, false);
        } else if dom::closest(&event, "[data-dotenv-add]").is_some() {
            let text = text(&clicked).map(|field| form::value(&field)).unwrap_or_default();
            take(&clicked, &text, &*adds);
        }
    });
    let pasted = root.clone();
    form::on(root, "paste", move |event: ClipboardEvent| {
        if dom::closest(&event, names).is_none() {
            return;
        }
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        if dotenv::looks_like(&text) {
            event.prevent_default();
            take(&pasted, &text, &*insert);
        }
    });
    // What was pasted and not added is in no page that the browser remembers.
    let left = root.clone();
    dom::on_window("pagehide", move |_: Event| empty(&left));
}

fn text(root: &Element) -> Option<HtmlElement> {
    form::within(root, "#dotenv-text")
}

fn empty(root: &Element) {
    if let Some(field) = text(root) {
        form::set_value(&field, "");
    }
}

/// Opens the field or closes it; closed it holds nothing.
fn show(root: &Element, open: bool) {
    let (Some(panel), Some(button), Some(field)) = (form::within(root, "#dotenv"), form::within(root, "[data-dotenv-open]"), text(root)) else { return };
    panel.set_hidden(!open);
    let _ = button.set_attribute("aria-expanded", if open { "true" } else { "false" });
    say(root, None);
    if open {
        let _ = field.focus();
    } else {
        empty(root);
        let _ = button.focus();
    }
}

/// Adds what a text sets. A text that cannot be read stays in the field, to be mended.
fn take(root: &Element, text: &str, insert: &Insert) {
    let added = dotenv::read(text).map_err(|refused| refused.to_string()).and_then(|settings| insert(&settings).map(|()| settings.len()));
    match added {
        Ok(number) => {
            show(root, false);
            toast(domain::Tone::Ok, &if number == 1 { "Added 1 line".to_owned() } else { format!("Added {number} lines") });
        }
        Err(why) => {
            show(root, true);
            if let Some(field) = self::text(root) {
                form::set_value(&field, text);
            }
            say(root, Some(&why));
        }
    }
}

fn say(root: &Element, why: Option<&str>) {
    let (Some(place), Some(field)) = (form::within(root, "#dotenv-e"), text(root)) else { return };
    place.set_hidden(why.is_none());
    if let Some(words) = form::within(&place, "[data-dotenv-msg]") {
        words.set_text_content(why);
    }
    let _ = if why.is_some() { field.set_attribute("aria-invalid", "true") } else { field.remove_attribute("aria-invalid") };
}

/// How many rows there are with these settings: of the names in `name_fields`, those that are filled, and the new ones.
pub(super) fn rows_with(root: &Element, name_fields: &str, settings: &[Setting]) -> usize {
    let names: HashSet<String> = form::all(root, name_fields).iter().map(|field| form::value(field).trim().to_owned()).collect();
    names.iter().filter(|name| !name.is_empty()).count() + settings.iter().filter(|setting| !names.contains(&setting.name)).count()
}

/// The row of this name, or an empty one, or a new one.
pub(super) fn row(root: &Element, table: &str, name_field: &str, name: &str, is_empty: fn(&HtmlElement) -> bool) -> Option<HtmlElement> {
    let rows = form::all(root, &format!("[data-line={table}]"));
    let named = |row: &&HtmlElement| form::within(row, name_field).is_some_and(|field| form::value(&field).trim() == name);
    let free = |row: &&HtmlElement| is_empty(row);
    rows.iter().find(named).or_else(|| rows.iter().find(free)).cloned().or_else(|| form::add_row(root, table))
}

/// Sets one field of a row.
pub(super) fn put(row: &HtmlElement, part: &str, value: &str) {
    if let Some(field) = form::part(row, part) {
        form::set_value(&field, value);
    }
}
