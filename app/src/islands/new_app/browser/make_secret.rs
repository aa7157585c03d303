//! Makes a secret that the form names, in a dialog, without leaving the form. Its values go from the fields to the portal and
//! are cleared from the page at once.

use super::{Shared, apply, changed, read};
use crate::client::{api, dom};
use crate::islands::new_app::form;
use domain::form::{EnvPart, Field as FormField};
use domain::spec::Source;
use domain::view::{Remedy, Setting};
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlDialogElement, HtmlElement, MouseEvent, SubmitEvent};

/// A field of the dialog.
struct Field {
    name: String,
    label: String,
    value: String,
    /// Its text shows as dots.
    masked: bool,
    rows: &'static str,
}

impl Field {
    fn plain(name: &str, label: &str) -> Self {
        Self { name: name.to_owned(), label: label.to_owned(), value: String::new(), masked: false, rows: "1" }
    }

    fn value(key: &str) -> Self {
        Self { masked: true, ..Self::plain(key, key) }
    }
}

/// The field with the name of a secret, where the person chooses it. No key can be called so.
const NAME: &str = " name";

fn dialog() -> Option<HtmlDialogElement> {
    form::by_id("make-secret")?.dyn_into().ok()
}

/// Opens the dialog for a remedy.
pub(super) fn open(app: &Shared, remedy: &Remedy) {
    let Some(dialog) = dialog() else { return };
    let (title, action) = match remedy {
        Remedy::CreateSecret { name } | Remedy::CreatePullSecret { name } | Remedy::CreateTlsSecret { name } => (format!("New secret {name}"), "Create secret"),
        Remedy::AddKey { name, key } => (format!("Add {key} to {name}"), "Add key"),
        Remedy::MoveToSecret { .. } => ("Move to a new secret".to_owned(), "Create secret"),
        Remedy::Set { .. } => return,
    };
    let say = |selector: &str, text: &str| {
        if let Some(place) = form::within(&dialog, selector) {
            place.set_text_content(Some(text));
        }
    };
    say("h2", &title);
    say("[type=submit]", action);
    problem(&dialog, None);
    fill(&dialog, &fields(app, remedy));
    if !dialog.has_attribute("data-listens") {
        let _ = dialog.set_attribute("data-listens", "");
        listen(app, &dialog);
    }
    let _ = dialog.set_attribute("data-remedy", &serde_json::to_string(remedy).unwrap_or_default());
    let _ = dialog.show_modal();
}

/// The keys that the form names of this secret; of a pull secret its host, user and password.
fn fields(app: &Shared, remedy: &Remedy) -> Vec<Field> {
    let form = || read(&app.borrow().form).form;
    match remedy {
        Remedy::AddKey { key, .. } => vec![Field::value(key)],
        Remedy::CreateSecret { name } => {
            let form = form();
            let of_it = form.env.iter().filter(|v| Source::chosen(&v.from) == Some(Source::Secret) && v.value.trim() == name.as_str());
            let mut keys: Vec<String> = of_it.map(|v| v.key.trim().to_owned()).filter(|k| !k.is_empty()).collect();
            keys.sort();
            keys.dedup();
            keys.iter().map(|key| Field::value(key)).collect()
        }
        Remedy::CreatePullSecret { .. } => {
            let host = form().image.split_once('/').map(|(host, _)| host.to_owned()).filter(|h| h.contains(['.', ':'])).unwrap_or_default();
            let password = Field { label: "Password".to_owned(), ..Field::value("password") };
            vec![Field { value: host, ..Field::plain("server", "Registry") }, Field::plain("username", "Username"), password]
        }
        Remedy::CreateTlsSecret { .. } => [("certificate", "Certificate chain, PEM"), ("private_key", "Private key, PEM")]
            .map(|(name, label)| Field { rows: "4", ..Field::plain(name, label) })
            .into(),
        Remedy::MoveToSecret { name, rows } => {
            let name = Field { value: name.clone(), ..Field::plain(NAME, "Name of the secret") };
            let form = form();
            let moved = rows.iter().filter_map(|row| form.env.get(*row as usize));
            std::iter::once(name).chain(moved.map(|v| Field { value: v.value.clone(), ..Field::value(v.name.trim()) })).collect()
        }
        Remedy::Set { .. } => Vec::new(),
    }
}

fn fill(dialog: &HtmlDialogElement, fields: &[Field]) {
    let (Some(place), Some(document)) = (form::within(dialog, "[data-fields]"), dom::document()) else { return };
    place.set_text_content(None);
    for (n, field) in fields.iter().enumerate() {
        let (Ok(row), Ok(words), Ok(input)) = (document.create_element("div"), document.create_element("label"), document.create_element("textarea")) else {
            continue;
        };
        row.set_class_name("field");
        words.set_class_name("label");
        words.set_text_content(Some(&field.label));
        let id = format!("make-secret-{n}");
        let _ = words.set_attribute("for", &id);
        input.set_id(&id);
        input.set_class_name(if field.masked { "in in-mono masked" } else { "in in-mono" });
        let attributes =
            [("rows", field.rows), ("spellcheck", "false"), ("autocapitalize", "none"), ("autocomplete", "off"), ("data-key", field.name.as_str())];
        for (name, value) in attributes {
            let _ = input.set_attribute(name, value);
        }
        form::set_value(&input, &field.value);
        let _ = row.append_child(&words);
        let _ = row.append_child(&input);
        let _ = place.append_child(&row);
    }
}

fn listen(app: &Shared, dialog: &HtmlDialogElement) {
    let sent = app.clone();
    form::on(dialog, "submit", move |event: SubmitEvent| {
        event.prevent_default();
        send(&sent);
    });
    form::on(dialog, "click", |event: MouseEvent| {
        if let (Some(_), Some(dialog)) = (dom::closest(&event, "[data-cancel]"), self::dialog()) {
            dialog.close();
        }
    });
    // However it is closed, no value stays in the page.
    form::on(dialog, "close", |_: Event| {
        if let Some(place) = self::dialog().and_then(|d| form::within(&d, "[data-fields]")) {
            place.set_text_content(None);
        }
    });
}

fn send(app: &Shared) {
    let Some(dialog) = dialog() else { return };
    let Some(remedy) = dialog.dyn_ref::<HtmlElement>().and_then(apply::remedy_of) else { return };
    let typed: Vec<(String, String)> =
        form::all(&dialog, "[data-key]").iter().map(|f| (f.get_attribute("data-key").unwrap_or_default(), form::value(f))).collect();
    if let Some((key, _)) = typed.iter().find(|(_, value)| value.is_empty()) {
        return problem(&dialog, Some(&format!("Enter a value for {}.", key.trim())));
    }
    let namespace = app.borrow().namespace.clone();
    let (method, path, body) = request(&namespace, &remedy, &typed);
    let app = app.clone();
    wasm_bindgen_futures::spawn_local(async move {
        match api::text(method, &path, Some(body.to_string())).await {
            Ok(_) => {
                dialog.close();
                match moved(&app, &remedy, &typed) {
                    Some(settings) => apply::set(&app, &settings),
                    None => changed(&app),
                }
            }
            Err(refused) => problem(&dialog, Some(&refused.fields.first().map_or(refused.detail.clone(), |f| f.message.clone()))),
        }
    });
}

/// The name that was typed for the secret.
fn chosen(typed: &[(String, String)]) -> &str {
    typed.iter().find(|(field, _)| field == NAME).map_or("", |(_, name)| name.trim())
}

/// Where the values were moved, their variables read them from there.
fn moved(app: &Shared, remedy: &Remedy, typed: &[(String, String)]) -> Option<Vec<Setting>> {
    let Remedy::MoveToSecret { rows, .. } = remedy else { return None };
    let form = read(&app.borrow().form).form;
    let secret = chosen(typed);
    let settings = rows.iter().filter_map(|row| {
        let row = *row as usize;
        let key = form.env.get(row)?.name.trim();
        let texts = [(EnvPart::From, Source::Secret.slug()), (EnvPart::Value, secret), (EnvPart::Key, key)];
        Some(texts.map(|(part, value)| Setting { field: FormField::Env(row, part).to_string(), value: value.to_owned() }))
    });
    Some(settings.flatten().collect())
}

fn request(namespace: &domain::Namespace, remedy: &Remedy, typed: &[(String, String)]) -> (&'static str, String, Value) {
    let secrets = format!("/api/v1/namespaces/{namespace}/secrets");
    let entries: Vec<Value> = typed.iter().filter(|(key, _)| key != NAME).map(|(key, value)| json!({"key": key, "value": value})).collect();
    let of_kind = |name: &str, kind: &str| {
        let mut body = json!({"name": name, "kind": kind});
        for (field, value) in typed {
            body[field.as_str()] = json!(value);
        }
        body
    };
    match remedy {
        Remedy::AddKey { name, .. } => ("PUT", format!("{secrets}/{name}"), json!({"entries": entries})),
        Remedy::CreatePullSecret { name } => ("POST", secrets, of_kind(name, "docker-registry")),
        Remedy::CreateTlsSecret { name } => ("POST", secrets, of_kind(name, "tls")),
        Remedy::CreateSecret { name } => ("POST", secrets, json!({"name": name, "kind": "opaque", "entries": entries})),
        Remedy::MoveToSecret { .. } | Remedy::Set { .. } => ("POST", secrets, json!({"name": chosen(typed), "kind": "opaque", "entries": entries})),
    }
}

fn problem(dialog: &HtmlDialogElement, text: Option<&str>) {
    if let Some(place) = form::within(dialog, "[data-problem]") {
        place.set_text_content(text);
        place.set_hidden(text.is_none());
    }
}
