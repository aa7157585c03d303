//! Watches the form for a new secret. Values are read when the form is sent. They stay for correction where it is refused,
//! and are cleared once the secret is there or the page is left.

use super::base64;
use crate::client::{api, dom};
use crate::islands::dotenv;
use crate::islands::draft::{self, Draft};
use crate::islands::new_app::form;
use crate::islands::new_app::words::{fix, outcome, summary};
use domain::draft::SecretDraft;
use domain::secret::{MAX_KEYS, MAX_SECRET_BYTES};
use domain::{FieldError, KeyName, Namespace, ProblemDetails, SecretName};
use serde_json::json;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, File, HtmlElement, HtmlInputElement, MouseEvent, SubmitEvent};

/// The class of a field whose text shows as dots. It is no password field, because that would lose line feeds.
const MASKED: &str = "masked";
const LABELS: [(&str, &str); 3] = [("key", "Key {}"), ("value", "Value {}"), ("file", "Or a file as value {}")];

struct NewSecret {
    form: HtmlElement,
    namespace: Namespace,
    /// Base64 of files, by the number in `data-held` of their rows.
    files: HashMap<String, String>,
    next: u32,
    busy: bool,
    tried: bool,
    draft: Rc<Draft>,
}

type Shared = Rc<RefCell<NewSecret>>;

/// Wakes the form.
pub(super) fn start(namespace: &Namespace) {
    let Some(form) = form::by_id("new-secret") else { return };
    let typed = form.clone();
    let path = format!("/api/v1/namespaces/{namespace}/drafts/new-secret");
    // Before the values are cleared, so that the draft knows which there were.
    let draft = draft::start(&form, path, move || serde_json::to_string(&names(&typed)).ok());
    let it = NewSecret { form: form.clone(), namespace: namespace.clone(), files: HashMap::new(), next: 0, busy: false, tried: false, draft };
    let it = Rc::new(RefCell::new(it));
    let mut rows = form::all(&form, "[data-line=entries]");
    while rows.len() > 1 && rows.last().is_some_and(|r| is_empty(r) && form::within(r, ".err:not([hidden])").is_none()) {
        if let Some(row) = rows.pop() {
            row.remove();
        }
    }
    for name in ["[data-add]", "[data-remove]", "[data-upload]", "[data-show]"] {
        for button in form::all(&form, name) {
            button.set_hidden(false);
        }
    }
    for field in form::all(&form, ".in-file") {
        field.set_hidden(true);
    }
    listen(&it, &form);
    form::links_to_fields(&form);
    let pasted = Rc::clone(&it);
    dotenv::start(&form, "[data-line=entries] [data-f=key]", move |settings| paste(&pasted, settings));
    // Nothing typed waits in the browser's memory of pages.
    if let Some(window) = dom::window() {
        let hidden = Rc::clone(&it);
        let closure = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(move || clear(&hidden));
        let _ = window.add_event_listener_with_callback("pagehide", closure.as_ref().unchecked_ref());
        closure.forget();
    }
}

fn listen(it: &Shared, form: &Element) {
    let clicked = Rc::clone(it);
    form::on(form, "click", move |event: MouseEvent| {
        if dom::closest(&event, "[data-add]").is_some() {
            if let Some(field) = add(&clicked).and_then(|row| form::part(&row, "key")) {
                let _ = field.focus();
            }
        } else if let Some(button) = dom::closest(&event, "[data-remove]") {
            remove(&clicked, &button);
        } else if let Some(button) = dom::closest(&event, "[data-show]") {
            show_typed(&button);
        } else if let Some(row) = dom::closest(&event, "[data-file-off]").and_then(|b| row_of(&b)) {
            let_go(&clicked, &row);
            clicked.borrow().draft.later();
        }
    });
    let picked = Rc::clone(it);
    form::on(form, "change", move |event: Event| {
        if let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
            && input.type_() == "file"
        {
            pick(&picked, &input);
        }
        mark(&picked);
        picked.borrow().draft.later();
    });
    let typed = Rc::clone(it);
    form::on(form, "input", move |_: Event| {
        if typed.borrow().tried {
            mark(&typed);
        }
        typed.borrow().draft.later();
    });
    let sent = Rc::clone(it);
    form::on(form, "submit", move |event: SubmitEvent| {
        event.prevent_default();
        send(&sent);
    });
}

fn row_of(element: &Element) -> Option<HtmlElement> {
    element.closest("[data-line]").ok().flatten()?.dyn_into().ok()
}

fn add(it: &Shared) -> Option<HtmlElement> {
    let form = it.borrow().form.clone();
    let row = form::add_row(&form, "entries")?;
    bare(&row);
    form::renumber(&form, "entries", &LABELS);
    Some(row)
}

// A row that takes a typed value.
fn bare(row: &HtmlElement) {
    let _ = row.remove_attribute("data-held");
    for (name, hidden) in [("[data-file]", true), ("[data-typed]", false)] {
        if let Some(part) = form::within(row, name) {
            part.set_hidden(hidden);
        }
    }
    if let Some(value) = form::part(row, "value") {
        let _ = value.class_list().add_1(MASKED);
    }
}

fn remove(it: &Shared, button: &HtmlElement) {
    let Some(row) = row_of(button) else { return };
    let form = it.borrow().form.clone();
    let_go(it, &row);
    form::remove_row(&form, &row, "entries", &LABELS);
    mark(it);
    it.borrow().draft.later();
}

/// Puts the lines of an `.env` file into rows.
fn paste(it: &Shared, settings: &[dotenv::Setting]) -> Result<(), String> {
    let form = it.borrow().form.clone();
    let all = dotenv::rows_with(&form, "[data-line=entries] [data-f=key]", settings);
    if all > MAX_KEYS {
        return Err(format!("That would be {all} keys. Use at most {MAX_KEYS}."));
    }
    for setting in settings {
        let Some(row) = dotenv::row(&form, "entries", "[data-f=key]", &setting.name, is_empty) else { continue };
        // A row that was copied may stand for a file.
        let_go(it, &row);
        dotenv::put(&row, "key", &setting.name);
        dotenv::put(&row, "value", &setting.value);
    }
    form::renumber(&form, "entries", &LABELS);
    mark(it);
    it.borrow().draft.later();
    Ok(())
}

/// What of the form a draft keeps: names, and which values there are or were.
fn names(form: &Element) -> SecretDraft {
    let holds = |field: &HtmlElement| !form::value(field).is_empty() || field.has_attribute("data-again");
    let rows = rows(form);
    let has_value = |row: &HtmlElement| row.has_attribute("data-held") || form::part(row, "value").is_some_and(|field| holds(&field));
    let values = rows.iter().enumerate().filter(|(_, (_, row))| has_value(row)).map(|(n, _)| format!("entries.{n}.value"));
    let others = ["password", "certificate", "private_key"].into_iter();
    let others = others.filter(|name| form::within(form, &format!("[name={name}]")).is_some_and(|field| holds(&field))).map(str::to_owned);
    SecretDraft {
        name: field(form, "name"),
        kind: serde_json::from_value(kind(form).into()).unwrap_or_default(),
        keys: rows.iter().map(|(_, row)| form::part_value(row, "key").trim().to_owned()).collect(),
        server: field(form, "server"),
        username: field(form, "username"),
        email: field(form, "email"),
        filled: values.chain(others).collect(),
    }
}

fn let_go(it: &Shared, row: &HtmlElement) {
    if let Some(held) = row.get_attribute("data-held") {
        it.borrow_mut().files.remove(&held);
    }
    bare(row);
}

fn show_typed(button: &HtmlElement) {
    let Some(field) = row_of(button).and_then(|r| form::part(&r, "value")) else { return };
    let hidden = field.class_list().toggle(MASKED).unwrap_or(true);
    let _ = button.set_attribute("aria-pressed", if hidden { "false" } else { "true" });
}

/// Files were chosen: for keys, or for a field of a certificate.
fn pick(it: &Shared, input: &HtmlInputElement) {
    let Some(files) = input.files() else { return };
    let into = input.get_attribute("data-into");
    for i in 0..files.length() {
        let Some(file) = files.get(i) else { continue };
        let it = Rc::clone(it);
        let into = into.clone();
        wasm_bindgen_futures::spawn_local(async move {
            #[allow(clippy::cast_precision_loss)]
            if file.size() > MAX_SECRET_BYTES as f64 {
                let words = format!("{} is larger than 1 MiB, the limit for a secret. Nothing was read.", file.name());
                form::summary(&words, &[]);
                return;
            }
            match into {
                Some(field) => {
                    if let (Some(field), Ok(text)) = (form::by_id(&field), JsFuture::from(file.text()).await) {
                        form::set_value(&field, &text.as_string().unwrap_or_default());
                    }
                }
                None => hold(&it, &file).await,
            }
            mark(&it);
            it.borrow().draft.later();
        });
    }
    input.set_value("");
}

/// Reads a file and puts it into a row of its own, under its name.
async fn hold(it: &Shared, file: &File) {
    let Ok(buffer) = JsFuture::from(file.array_buffer()).await else { return };
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    let free = form::all(&it.borrow().form, "[data-line=entries]").into_iter().find(|row| !row.has_attribute("data-held") && is_empty(row));
    let Some(row) = free.or_else(|| add(it)) else { return };
    let number = {
        let mut n = it.borrow_mut();
        n.next += 1;
        let number = n.next.to_string();
        n.files.insert(number.clone(), base64::encode(&bytes));
        number
    };
    let _ = row.set_attribute("data-held", &number);
    if let Some(key) = form::part(&row, "key")
        && form::value(&key).is_empty()
    {
        form::set_value(&key, &key_of(&file.name()));
    }
    for (name, text) in [("[data-file-name]", file.name()), ("[data-file-size]", domain::Bytes(bytes.len() as u64).to_string())] {
        if let Some(part) = form::within(&row, name) {
            part.set_text_content(Some(&text));
        }
    }
    for (name, hidden) in [("[data-file]", false), ("[data-typed]", true)] {
        if let Some(part) = form::within(&row, name) {
            part.set_hidden(hidden);
        }
    }
}

// The name of a file as a key: what cannot stand in a key becomes a dash.
fn key_of(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' }).collect()
}

fn is_empty(row: &HtmlElement) -> bool {
    ["key", "value"].iter().all(|f| form::part_value(row, f).is_empty())
}

fn field(form: &Element, name: &str) -> String {
    form::within(form, &format!("[name='{name}']")).map(|f| form::value(&f)).unwrap_or_default()
}

fn kind(form: &Element) -> String {
    form::within(form, "[name=kind]:checked").map(|f| form::value(&f)).unwrap_or_default()
}

/// Rows that are not empty, with their numbers on the page.
fn rows(form: &Element) -> Vec<(usize, HtmlElement)> {
    form::all(form, "[data-line=entries]").into_iter().enumerate().filter(|(_, row)| row.has_attribute("data-held") || !is_empty(row)).collect()
}

/// What needs a change, as far as the browser can tell: the name and the keys. Values are for the server.
fn errors(form: &Element) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if let Err(e) = SecretName::parse(field(form, "name").trim()) {
        errors.push(FieldError::new("name", e.to_string()));
    }
    if kind(form) == "opaque" {
        let mut seen = Vec::new();
        for (i, row) in rows(form) {
            let key = form::part_value(&row, "key").trim().to_owned();
            match KeyName::parse(key.clone()) {
                Err(e) => errors.push(FieldError::new(format!("entries.{i}.key"), e.to_string())),
                Ok(_) if seen.contains(&key) => {
                    errors.push(FieldError::new(format!("entries.{i}.key"), format!("{key} is listed twice. Give each key its own name.")))
                }
                Ok(_) => {}
            }
            seen.push(key);
        }
    }
    errors
}

// Before the first try only fields that are filled are marked.
fn mark(it: &Shared) {
    let n = it.borrow();
    let mut errors = errors(&n.form);
    if !n.tried {
        errors.retain(|e| !field(&n.form, &e.field).is_empty());
    }
    form::mark(&n.form, &errors);
    form::keep_summary(&summary(errors.len(), "create the secret"), &errors);
    why(&n.form, &if errors.is_empty() { String::new() } else { fix(errors.len()) });
}

fn why(form: &Element, words: &str) {
    if let Some(place) = form::within(form, "[data-why]") {
        place.set_text_content(Some(words));
    }
}

fn send(it: &Shared) {
    if it.borrow().busy {
        return;
    }
    it.borrow_mut().tried = true;
    let form = it.borrow().form.clone();
    // Also where a name or key is wrong: the server sees the values too, and tells all that is wrong at once.
    let rows = rows(&form);
    let kind = kind(&form);
    let entries: Vec<serde_json::Value> = rows
        .iter()
        .map(|(_, row)| {
            let part = |f: &str| form::part_value(row, f);
            match row.get_attribute("data-held").and_then(|h| it.borrow().files.get(&h).cloned()) {
                Some(file) => json!({ "key": part("key").trim(), "value": file, "base64": true }),
                None => json!({ "key": part("key").trim(), "value": part("value") }),
            }
        })
        .collect();
    let name = field(&form, "name").trim().to_owned();
    let body = match kind.as_str() {
        "opaque" => json!({ "name": name, "kind": kind, "entries": entries }),
        "docker-registry" => {
            json!({ "name": name, "kind": kind, "server": field(&form, "server"), "username": field(&form, "username"), "password": field(&form, "password"), "email": field(&form, "email") })
        }
        "tls" => json!({ "name": name, "kind": kind, "certificate": field(&form, "certificate"), "private_key": field(&form, "private_key") }),
        _ => json!({ "name": name, "kind": kind, "username": field(&form, "username"), "password": field(&form, "password") }),
    };
    let places: Vec<usize> = rows.iter().map(|(i, _)| *i).collect();
    let namespace = it.borrow().namespace.clone();
    it.borrow_mut().busy = true;
    form::summary("", &[]);
    why(&form, "Creating…");
    let it = Rc::clone(it);
    wasm_bindgen_futures::spawn_local(async move {
        match api::create(&format!("/api/v1/namespaces/{namespace}/secrets"), body.to_string()).await {
            Ok(page) => {
                it.borrow().draft.stop();
                clear(&it);
                dom::go(&page.unwrap_or_else(|| format!("/secrets/{namespace}/{name}")));
            }
            Err(problem) => {
                it.borrow_mut().busy = false;
                refuse(&form, &places, &problem);
            }
        }
    });
}

fn refuse(form: &Element, places: &[usize], problem: &ProblemDetails) {
    let errors: Vec<FieldError> = problem.fields.iter().map(|e| FieldError::new(on_page(&e.field, places), e.message.clone())).collect();
    form::mark(form, &errors);
    why(form, outcome(problem));
    if errors.is_empty() {
        form::refused(problem);
    } else {
        form::summary(&summary(errors.len(), "create the secret"), &errors);
    }
}

// The row of the page that an entry is.
fn on_page(path: &str, places: &[usize]) -> String {
    let entry = path.strip_prefix("entries.").and_then(|rest| rest.split_once('.'));
    match entry.and_then(|(n, f)| Some((places.get(n.parse::<usize>().ok()?)?, f))) {
        Some((row, f)) => format!("entries.{row}.{f}"),
        None => path.to_owned(),
    }
}

/// Takes every value out of the page and out of memory.
fn clear(it: &Shared) {
    let Ok(mut n) = it.try_borrow_mut() else { return };
    n.files.clear();
    for field in form::all(&n.form, "[data-f=value], [name=password], [name=private_key], [name=certificate]") {
        form::set_value(&field, "");
    }
    for row in form::all(&n.form, "[data-held]") {
        bare(&row);
    }
}
