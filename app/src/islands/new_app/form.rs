//! What forms have in common in the browser: errors beside their fields and above all of them.

use crate::client::dom;
use domain::{Code, FieldError, ProblemDetails};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// The first element within `root` that fits.
pub(crate) fn within(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// All elements within `root` that fit.
pub(crate) fn all(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
}

/// The field of a row whose path ends in `f`.
pub(crate) fn part(row: &Element, f: &str) -> Option<HtmlElement> {
    within(row, &format!("[data-f={f}]"))
}

/// What that field holds; empty where there is none.
pub(crate) fn part_value(row: &Element, f: &str) -> String {
    part(row, f).map(|field| value(&field)).unwrap_or_default()
}

/// The element with this id.
pub(crate) fn by_id(id: &str) -> Option<HtmlElement> {
    dom::document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Listens at an element for as long as the page lives.
pub(crate) fn on<E: wasm_bindgen::convert::FromWasmAbi + AsRef<Event> + 'static>(target: &Element, name: &str, run: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(E)>::new(run);
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// The value of a field.
pub(crate) fn value(field: &Element) -> String {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else {
        field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
    }
}

/// Sets the value of a field.
pub(crate) fn set_value(field: &Element, text: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(text);
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
    }
}

/// Writes each error beside its field and takes away those that are gone.
pub(crate) fn mark(form: &Element, errors: &[FieldError]) {
    for place in all(form, ".err[id]") {
        let id = place.id();
        let Some(path) = id.strip_prefix("f-").and_then(|i| i.strip_suffix("-e")) else { continue };
        let message = errors.iter().find(|e| e.field == path).map(|e| e.message.as_str());
        if let Some(words) = within(&place, "[data-msg]")
            && words.text_content().as_deref() != Some(message.unwrap_or_default())
        {
            words.set_text_content(message);
        }
        place.set_hidden(message.is_none());
        let Some(field) = by_id(&format!("f-{path}")) else { continue };
        let help = format!("f-{path}-h");
        let mut described = Vec::new();
        if by_id(&help).is_some() {
            described.push(help);
        }
        if message.is_some() {
            let _ = field.set_attribute("aria-invalid", "true");
            described.push(id);
        } else {
            let _ = field.remove_attribute("aria-invalid");
        }
        let _ = if described.is_empty() { field.remove_attribute("aria-describedby") } else { field.set_attribute("aria-describedby", &described.join(" ")) };
    }
}

/// Says above the form what needs a change, with links to the fields, and takes the focus there. Without errors
/// the words stand alone; without words it goes away.
pub(crate) fn summary(title: &str, errors: &[FieldError]) {
    write_summary(title, errors);
    for field in errors.iter().filter_map(|e| by_id(&format!("f-{}", e.field))) {
        reveal(&field);
    }
    if let Some(banner) = by_id("form-errors").filter(|_| !title.is_empty()) {
        let _ = banner.focus();
        banner.scroll_into_view();
    }
}

/// Says why the form as a whole did not work. That the session has ended stands on the page already.
pub(crate) fn refused(problem: &ProblemDetails) {
    if problem.code != Code::Unauthenticated {
        summary(&problem.detail, &[]);
    } else if let Some(said) = dom::find(dom::SIGNED_OUT) {
        said.scroll_into_view();
    }
}

/// The same where it stands already, while a person makes the changes.
pub(crate) fn keep_summary(title: &str, errors: &[FieldError]) {
    if by_id("form-errors").is_some_and(|b| !b.hidden()) {
        write_summary(if errors.is_empty() { "" } else { title }, errors);
    }
}

fn write_summary(title: &str, errors: &[FieldError]) {
    let (Some(banner), Some(document)) = (by_id("form-errors"), dom::document()) else { return };
    banner.set_hidden(title.is_empty());
    if let Some(words) = within(&banner, "[data-title]") {
        words.set_text_content(Some(title));
    }
    if let Some(list) = within(&banner, "[data-links]") {
        list.set_text_content(None);
        for error in errors {
            let (Ok(item), Ok(link)) = (document.create_element("li"), document.create_element("a")) else { continue };
            link.set_class_name("link");
            let _ = link.set_attribute("href", &format!("#f-{}", error.field));
            link.set_text_content(Some(&error.message));
            let _ = item.append_child(&link);
            let _ = list.append_child(&item);
        }
    }
    if let Some(cleared) = within(&banner, "[data-cleared]") {
        cleared.set_hidden(true);
    }
}

/// A link to a field puts the cursor into it.
pub(crate) fn links_to_fields(form: &Element) {
    on(form, "click", |event: web_sys::MouseEvent| {
        if let Some(link) = dom::closest(&event, "a[href^='#f-']")
            && let Some(field) = link.get_attribute("href").and_then(|h| by_id(h.trim_start_matches('#')))
        {
            event.prevent_default();
            reveal(&field);
            let _ = field.focus();
        }
    });
}

/// Opens what a field is folded into.
pub(crate) fn reveal(field: &Element) {
    if let Some(folded) = field.closest("details:not([open])").ok().flatten() {
        let _ = folded.set_attribute("open", "");
    }
}

/// Gives the rows of a table their numbers again, after one came or went.
pub(crate) fn renumber(form: &Element, table: &str, labels: &[(&str, &str)]) {
    for (i, row) in all(form, &format!("[data-line={table}]")).into_iter().enumerate() {
        for field in all(&row, "[data-f]") {
            let f = field.get_attribute("data-f").unwrap_or_default();
            let path = format!("{table}.{i}.{f}");
            let old = field.id();
            let _ = field.set_attribute("name", &path);
            if let Some(place) = within(&row, &format!("[id='{old}-e']")) {
                place.set_id(&format!("f-{path}-e"));
            }
            if !old.is_empty() {
                field.set_id(&format!("f-{path}"));
            }
            if let Some((_, words)) = labels.iter().find(|(name, _)| *name == f) {
                let _ = field.set_attribute("aria-label", &words.replace("{}", &(i + 1).to_string()));
            }
        }
    }
}

/// A copy of the last row, empty, behind it.
pub(crate) fn add_row(form: &Element, table: &str) -> Option<HtmlElement> {
    let last = all(form, &format!("[data-line={table}]")).pop()?;
    let copy = last.clone_node_with_deep(true).ok()?.dyn_into::<HtmlElement>().ok()?;
    empty_row(&copy);
    last.parent_node()?.insert_before(&copy, last.next_sibling().as_ref()).ok()?;
    Some(copy)
}

/// Takes a row away, or all that is in it where it is the only one. Whether it went.
pub(crate) fn remove_row(form: &Element, row: &Element, table: &str, labels: &[(&str, &str)]) -> bool {
    let goes = all(form, &format!("[data-line={table}]")).len() > 1;
    if goes {
        row.remove();
        renumber(form, table, labels);
    } else {
        empty_row(row);
    }
    goes
}

/// Takes every value and error out of a row.
pub(crate) fn empty_row(row: &Element) {
    for field in all(row, "[data-f]") {
        match field.dyn_ref::<HtmlSelectElement>() {
            Some(select) => select.set_selected_index(0),
            None => set_value(&field, ""),
        }
        for gone in ["aria-invalid", "list", "data-again"] {
            let _ = field.remove_attribute(gone);
        }
    }
    for place in all(row, ".err") {
        place.set_hidden(true);
    }
}
