//! What every page does once it is awake: copy buttons, menus that close, forms that go to the API, local times.

use super::dialogs::{open_dialog, open_palette};
use super::toast::{go_and_say, say_what_was_left, toast};
use super::{again, ages, api, copy, dom, keys, recent, session, times};
use domain::{FieldError, ProblemDetails, Tone};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, FormData, HtmlElement, HtmlFormElement, MouseEvent, SubmitEvent};

/// Listens once for all of the page, so that views need no handlers of their own.
pub fn start() {
    if let Some(root) = dom::document().and_then(|d| d.document_element()) {
        let _ = root.set_attribute("data-js", "");
    }
    times::local();
    show_current_tab();
    ages::start();
    again::start();
    dom::on("click", |event: MouseEvent| click(&event));
    dom::on("submit", submit);
    dom::on("change", |event: Event| {
        // A form that has nothing to save shows no button for it.
        if let Some(form) = dom::closest(&event, "form[data-saves]") {
            let _ = form.set_attribute("data-saves", "changed");
        }
        if let Some(form) =
            dom::closest(&event, "select[data-go]").and_then(|s| s.closest("form").ok().flatten()).and_then(|f| f.dyn_into::<HtmlFormElement>().ok())
        {
            let _ = form.request_submit();
        }
    });
    // Where nothing was measured the server has painted no chart to draw into.
    dom::on("quays-first", |_: Event| dom::read_again());
    say_what_was_left();
    recent::visit();
    session::watch();
    keys::start();
}

/// Brings the chosen tab into sight where the row of tabs is wider than the page. The page itself stays where it is.
#[allow(clippy::cast_possible_truncation)]
fn show_current_tab() {
    for tabs in dom::all(".tabs") {
        if let Some(tab) = tabs.query_selector("[aria-current]").ok().flatten() {
            let (row, tab) = (tabs.get_bounding_client_rect(), tab.get_bounding_client_rect());
            let middle = |of: &web_sys::DomRect| of.left() + of.width() / 2.0;
            tabs.set_scroll_left(tabs.scroll_left() + (middle(&tab) - middle(&row)) as i32);
        }
    }
}

fn click(event: &MouseEvent) {
    if let Some(button) = dom::closest(event, "[data-word]") {
        toggle_word(&button);
    }
    if let Some(button) = dom::closest(event, "[data-copy]") {
        copy::beside(&button);
    }
    if let Some(button) = dom::closest(event, "[data-dialog]") {
        open_dialog(&button.get_attribute("data-dialog").unwrap_or_default());
    }
    if let Some(name) = dom::closest(event, "[data-open]").and_then(|b| b.get_attribute("data-open")) {
        // After this click has gone its way: it closes every menu that it is not in.
        dom::later(0, move || {
            if let Some(form) = dom::find(&format!("[data-form=\"{name}\"] details")) {
                dom::open_form(&form);
            }
        });
    }
    if dom::closest(event, "[data-palette]").is_some() {
        open_palette();
    }
    if dom::closest(event, ".toast .copybtn").is_some()
        && let Some(toast) = dom::closest(event, ".toast")
    {
        toast.remove();
    }
    // A click on the dialog itself is one beside what is in it.
    if let Some(beside) =
        event.target().and_then(|t| t.dyn_into::<web_sys::HtmlDialogElement>().ok()).filter(|d| d.id() == "palette" || d.class_list().contains("row-menu"))
    {
        beside.close();
    }
    let inside = dom::closest(event, "details.drop");
    for open in dom::all("details.drop[open]") {
        if inside.as_ref() != Some(&open) && inside.as_ref().is_none_or(|i| !open.contains(Some(i))) {
            let _ = open.remove_attribute("open");
        }
    }
}

// Puts a word into the field that the button names, or takes it out.
fn toggle_word(button: &HtmlElement) {
    let (Some(word), Some(field)) = (button.get_attribute("data-word"), button.get_attribute("data-into")) else { return };
    let Some(field) = dom::document().and_then(|d| d.get_element_by_id(&field)).and_then(|f| f.dyn_into::<web_sys::HtmlTextAreaElement>().ok()) else { return };
    let text = field.value();
    let mut words: Vec<&str> = text.split([' ', ',', '\n']).filter(|w| !w.is_empty()).collect();
    match words.iter().position(|w| *w == word) {
        Some(at) => drop(words.remove(at)),
        None => words.push(&word),
    }
    field.set_value(&words.join(" "));
    let pressed = words.contains(&word.as_str());
    let _ = button.set_attribute("aria-pressed", if pressed { "true" } else { "false" });
}

// A form with data-api goes to the API instead of the page; what it refuses is said in the form.
fn submit(event: SubmitEvent) {
    let Some(form) = event.target().and_then(|t| t.dyn_into::<HtmlFormElement>().ok()) else { return };
    let Some(path) = form.get_attribute("data-api") else {
        if form.has_attribute("data-leaves") {
            dom::leave();
        }
        return;
    };
    event.prevent_default();
    if form.has_attribute("data-busy") {
        return;
    }
    if let Some(marked) = form.query_selector("[aria-invalid]").ok().flatten() {
        let _ = marked.remove_attribute("aria-invalid");
    }
    let fields = fields(&form);
    if let Some(wrong) = fields.iter().find_map(Field::no_number) {
        return refused(&form, &ProblemDetails::invalid(vec![wrong]));
    }
    let _ = form.set_attribute("data-busy", "");
    // Asked before the answer: by then the watch may have turned Pause into Resume.
    let done = said_when_done(&form, &fields);
    let next = form.get_attribute("data-next");
    wasm_bindgen_futures::spawn_local(async move {
        let result = match &next {
            Some(_) => api::call::<Option<Deleted>>("DELETE", &format!("{path}{}", query(&fields)), None).await,
            None => api::text("POST", &path, Some(json_of(&fields))).await.map(|_| None),
        };
        let _ = form.remove_attribute("data-busy");
        match (result, next) {
            (Err(problem), _) => refused(&form, &problem),
            (Ok(_), None) => {
                finished(&form, &done);
                again::changed();
            }
            (Ok(stayed), Some(next)) => {
                let said = stayed.map_or(done.clone(), |s| format!("{done}. {}", s.note));
                // Over a list it is the list that goes on.
                if form.closest("dialog").is_ok_and(|d| d.is_some()) { finished(&form, &said) } else { go_and_say(&next, &said) }
            }
        }
    });
}

/// What a deletion answers where something stayed.
#[derive(serde::Deserialize)]
struct Deleted {
    note: String,
}

fn refused(form: &HtmlFormElement, problem: &ProblemDetails) {
    let inside = |selector: &str| form.query_selector(selector).ok().flatten().and_then(|e| e.dyn_into::<HtmlElement>().ok());
    let Some(said) = inside("[data-problem]") else { return toast(Tone::Bad, &problem.detail) };
    said.set_text_content(Some(&problem.detail));
    said.set_hidden(false);
    if let Some(field) = problem.fields.first().and_then(|f| inside(&format!("[name=\"{}\"]", f.field))) {
        let _ = field.set_attribute("aria-invalid", "true");
        let _ = field.focus();
    }
}

fn said_when_done(form: &HtmlFormElement, fields: &[Field]) -> String {
    let words = form.get_attribute("data-done").unwrap_or_default();
    fields.iter().fold(words, |words, field| words.replace(&format!("{{{}}}", field.name), &field.text))
}

fn finished(form: &HtmlFormElement, done: &str) {
    if let Some(dialog) = form.closest("dialog").ok().flatten().and_then(|d| d.dyn_into::<web_sys::HtmlDialogElement>().ok()) {
        dialog.close();
    }
    // With the menu that it is in.
    while let Some(open) = form.closest("details[open]").ok().flatten() {
        let _ = open.remove_attribute("open");
        if let Some(summary) = open.query_selector("summary").ok().flatten().and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    }
    toast(Tone::Ok, done);
}

/// What stands in a field of a form.
struct Field {
    name: String,
    text: String,
    /// Where it is to be a number: what to say if it is none.
    number: Option<String>,
    /// The largest.
    most: Option<u64>,
}

impl Field {
    fn value(&self) -> serde_json::Value {
        match self.text.trim().parse::<u64>() {
            Ok(n) if self.number.is_some() => n.into(),
            _ => serde_json::Value::String(self.text.clone()),
        }
    }

    fn no_number(&self) -> Option<FieldError> {
        let wants = self.number.as_ref()?;
        let fits = |n: u64| self.most.is_none_or(|most| n <= most);
        (!self.text.trim().parse().is_ok_and(fits)).then(|| FieldError::new(self.name.clone(), wants.clone()))
    }
}

// The fields as one flat object.
fn json_of(fields: &[Field]) -> String {
    serde_json::Value::Object(fields.iter().map(|f| (f.name.clone(), f.value())).collect()).to_string()
}

fn query(fields: &[Field]) -> String {
    crate::links::query(&fields.iter().map(|f| (f.name.as_str(), f.text.as_str())).collect::<Vec<_>>())
}

fn fields(form: &HtmlFormElement) -> Vec<Field> {
    let (Ok(list), Ok(data)) = (form.query_selector_all("[name]"), FormData::new_with_form(form)) else { return Vec::new() };
    let field = |i| {
        let field: HtmlElement = list.item(i)?.dyn_into().ok()?;
        let name = field.get_attribute("name")?;
        let text = data.get(&name).as_string()?;
        let most = field.get_attribute("max").and_then(|max| max.parse().ok());
        Some(Field { name, text, number: field.get_attribute("data-number"), most })
    };
    (0..list.length()).filter_map(field).collect()
}
