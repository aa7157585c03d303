//! What every page does once it is awake: copy buttons, menus that close, forms that go to the API, local times.

use super::{ages, api, dom, keys};
use domain::UnixMs;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, FormData, HtmlElement, HtmlFormElement, MouseEvent, SubmitEvent};

/// Listens once for all of the page, so that views need no handlers of their own.
pub fn start() {
    if let Some(root) = dom::document().and_then(|d| d.document_element()) {
        let _ = root.set_attribute("data-js", "");
    }
    local_times();
    ages::start();
    dom::on("click", |event: MouseEvent| click(&event));
    dom::on("submit", submit);
    dom::on("change", |event: Event| {
        if let Some(form) =
            dom::closest(&event, "select[data-go]").and_then(|s| s.closest("form").ok().flatten()).and_then(|f| f.dyn_into::<HtmlFormElement>().ok())
        {
            let _ = form.request_submit();
        }
    });
    // Where nothing was measured the server has painted no chart to draw into.
    dom::on("quays-first", |_: Event| dom::read_again());
    keys::start();
}

/// Times that the server wrote in UTC, in the zone of the person.
#[allow(clippy::cast_possible_truncation)]
fn local_times() {
    let minutes = -js_sys::Date::new_0().get_timezone_offset() as i64;
    crate::parts::set_zone(minutes);
    for time in dom::all("time[data-local]") {
        let at = js_sys::Date::parse(&time.get_attribute("datetime").unwrap_or_default());
        if at.is_finite() {
            time.set_text_content(Some(&crate::parts::clock(UnixMs(at as i64))));
        }
    }
}

fn click(event: &MouseEvent) {
    if let Some(button) = dom::closest(event, "[data-copy]") {
        copy(button);
    }
    if let Some(button) = dom::closest(event, "[data-dialog]") {
        open_dialog(&button.get_attribute("data-dialog").unwrap_or_default());
    }
    if dom::closest(event, ".toast .copybtn").is_some()
        && let Some(toast) = dom::closest(event, ".toast")
    {
        toast.remove();
    }
    let inside = dom::closest(event, "details.drop");
    for open in dom::all("details.drop[open]") {
        if inside.as_ref() != Some(&open) && inside.as_ref().is_none_or(|i| !open.contains(Some(i))) {
            let _ = open.remove_attribute("open");
        }
    }
}

/// Opens a `<dialog>` by its id.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = dom::find(&format!("dialog#{id}")).and_then(|d| d.dyn_into::<web_sys::HtmlDialogElement>().ok())
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

fn copy(button: HtmlElement) {
    let text = button.get_attribute("data-copy").unwrap_or_default();
    let text = match text.strip_prefix('#').and_then(|id| dom::find(&format!("[data-text=\"{id}\"]"))) {
        Some(source) => source.get_attribute("data-raw").or_else(|| source.text_content()).unwrap_or_default(),
        None => text,
    };
    let Some(clipboard) = dom::window().map(|w| w.navigator().clipboard()) else { return };
    wasm_bindgen_futures::spawn_local(async move {
        let said = match JsFuture::from(clipboard.write_text(&text)).await {
            Ok(_) => "Copied.",
            Err(_) => "The browser does not allow copying here. Select the text instead.",
        };
        toast("ok", said);
    });
}

/// Says something for some seconds at the edge of the page.
pub fn toast(tone: &str, text: &str) {
    let (Some(document), Some(place)) = (dom::document(), dom::find("#toasts")) else { return };
    let (Ok(toast), Ok(words)) = (document.create_element("div"), document.create_element("p")) else { return };
    toast.set_class_name("toast");
    let glyph = if tone == "bad" { "failing" } else { "pass" };
    let color = if tone == "bad" { "c-bad" } else { "c-ok" };
    toast.set_inner_html(&format!(
        "<span class=\"g {color}\"><svg class=\"g\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><use href=\"#g-{glyph}\"/></svg></span>"
    ));
    words.set_text_content(Some(text));
    let _ = toast.append_child(&words);
    let _ = place.append_child(&toast);
    dom::later(if tone == "bad" { 12_000 } else { 5_000 }, move || toast.remove());
}

// A form with data-api goes to the API instead of the page; what it refuses is said in the form.
fn submit(event: SubmitEvent) {
    let Some(form) = event.target().and_then(|t| t.dyn_into::<HtmlFormElement>().ok()) else { return };
    let Some(path) = form.get_attribute("data-api") else { return };
    event.prevent_default();
    if form.has_attribute("data-busy") {
        return;
    }
    let _ = form.set_attribute("data-busy", "");
    let json = json_of(&form);
    // Asked before the answer: by then the watch may have turned Pause into Resume.
    let done = said_when_done(&form);
    wasm_bindgen_futures::spawn_local(async move {
        let result = api::text("POST", &path, Some(json)).await;
        let _ = form.remove_attribute("data-busy");
        let said = form.query_selector("[data-problem]").ok().flatten().and_then(|e| e.dyn_into::<HtmlElement>().ok());
        match (result, said) {
            (Ok(_), _) => finished(&form, &done),
            (Err(problem), Some(said)) => {
                said.set_text_content(Some(&problem.detail));
                said.set_hidden(false);
            }
            (Err(problem), None) => toast("bad", &problem.detail),
        }
    });
}

fn said_when_done(form: &HtmlFormElement) -> String {
    let words = form.get_attribute("data-done").unwrap_or_default();
    fields(form).into_iter().fold(words, |words, (name, text, _)| words.replace(&format!("{{{name}}}"), &text))
}

fn finished(form: &HtmlFormElement, done: &str) {
    if let Some(open) = form.closest("details[open]").ok().flatten() {
        let _ = open.remove_attribute("open");
        if let Some(summary) = open.query_selector("summary").ok().flatten().and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    }
    toast("ok", done);
}

// The fields as one flat object; numbers where the field is one.
fn json_of(form: &HtmlFormElement) -> String {
    let value = |text: String, number: bool| match text.parse::<u64>() {
        Ok(n) if number => n.into(),
        _ => serde_json::Value::String(text),
    };
    serde_json::Value::Object(fields(form).into_iter().map(|(name, text, number)| (name, value(text, number))).collect()).to_string()
}

// Name, text, and whether it is a number.
fn fields(form: &HtmlFormElement) -> Vec<(String, String, bool)> {
    let (Ok(list), Ok(data)) = (form.query_selector_all("[name]"), FormData::new_with_form(form)) else { return Vec::new() };
    let field = |i| {
        let field: HtmlElement = list.item(i)?.dyn_into().ok()?;
        let name = field.get_attribute("name")?;
        let text = data.get(&name).as_string()?;
        Some((name, text, field.has_attribute("data-number")))
    };
    (0..list.length()).filter_map(field).collect()
}
