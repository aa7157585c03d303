//! Makes a secret that the form names, in a dialog, without leaving the form. Its values go from the fields to the portal and
//! are cleared from the page at once.

use super::{Shared, changed, read};
use crate::client::{api, dom};
use crate::islands::new_app::form;
use domain::view::Remedy;
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlDialogElement, HtmlElement, MouseEvent, SubmitEvent};

/// A field of the dialog: name, label, and whether its text shows as dots.
type Field = (String, String, bool);

fn dialog() -> Option<HtmlDialogElement> {
    form::by_id("make-secret")?.dyn_into().ok()
}

/// Opens the dialog for the remedy of a check.
pub(super) fn open(app: &Shared, button: &HtmlElement) {
    let remedy = button.get_attribute("data-remedy").and_then(|text| serde_json::from_str::<Remedy>(&text).ok());
    let (Some(remedy), Some(dialog)) = (remedy, dialog()) else { return };
    let (title, action) = match &remedy {
        Remedy::CreateSecret { name } | Remedy::CreatePullSecret { name } => (format!("New secret {name}"), "Create secret"),
        Remedy::AddKey { name, key } => (format!("Add {key} to {name}"), "Add key"),
    };
    let say = |selector: &str, text: &str| {
        if let Some(place) = form::within(&dialog, selector) {
            place.set_text_content(Some(text));
        }
    };
    say("h2", &title);
    say("[type=submit]", action);
    problem(&dialog, None);
    fill(&dialog, &fields(app, &remedy));
    if !dialog.has_attribute("data-listens") {
        let _ = dialog.set_attribute("data-listens", "");
        listen(app, &dialog);
    }
    let _ = dialog.set_attribute("data-remedy", &serde_json::to_string(&remedy).unwrap_or_default());
    let _ = dialog.show_modal();
}

/// The keys that the form names of this secret; of a pull secret its host, user and password.
fn fields(app: &Shared, remedy: &Remedy) -> Vec<Field> {
    match remedy {
        Remedy::AddKey { key, .. } => vec![(key.clone(), key.clone(), true)],
        Remedy::CreateSecret { name } => {
            let form = read(&app.borrow().form).form;
            let of_it = form.env.iter().filter(|v| v.from == "secret" && v.value.trim() == name.as_str());
            let mut keys: Vec<String> = of_it.map(|v| v.key.trim().to_owned()).filter(|k| !k.is_empty()).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().map(|key| (key.clone(), key, true)).collect()
        }
        Remedy::CreatePullSecret { .. } => {
            let host =
                read(&app.borrow().form).form.image.split_once('/').map(|(host, _)| host.to_owned()).filter(|h| h.contains(['.', ':'])).unwrap_or_default();
            vec![
                (format!("server={host}"), "Registry".into(), false),
                ("username".into(), "Username".into(), false),
                ("password".into(), "Password".into(), true),
            ]
        }
    }
}

fn fill(dialog: &HtmlDialogElement, fields: &[Field]) {
    let (Some(place), Some(document)) = (form::within(dialog, "[data-fields]"), dom::document()) else { return };
    place.set_text_content(None);
    for (n, (name, label, masked)) in fields.iter().enumerate() {
        let (name, value) = name.split_once('=').unwrap_or((name, ""));
        let (Ok(row), Ok(words), Ok(input)) = (document.create_element("div"), document.create_element("label"), document.create_element("textarea")) else {
            continue;
        };
        row.set_class_name("field");
        words.set_class_name("label");
        words.set_text_content(Some(label));
        let id = format!("make-secret-{n}");
        let _ = words.set_attribute("for", &id);
        input.set_id(&id);
        input.set_class_name(if *masked { "in in-mono masked" } else { "in in-mono" });
        let _ = input.set_attribute("rows", "1");
        let _ = input.set_attribute("spellcheck", "false");
        let _ = input.set_attribute("autocapitalize", "none");
        let _ = input.set_attribute("data-key", name);
        form::set_value(&input, value);
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
    let Some(remedy) = dialog.get_attribute("data-remedy").and_then(|text| serde_json::from_str::<Remedy>(&text).ok()) else { return };
    let typed: Vec<(String, String)> =
        form::all(&dialog, "[data-key]").iter().map(|f| (f.get_attribute("data-key").unwrap_or_default(), form::value(f))).collect();
    if let Some((key, _)) = typed.iter().find(|(_, value)| value.is_empty()) {
        return problem(&dialog, Some(&format!("Enter a value for {key}.")));
    }
    let namespace = app.borrow().namespace.clone();
    let (method, path, body) = request(&namespace, &remedy, &typed);
    let app = app.clone();
    wasm_bindgen_futures::spawn_local(async move {
        match api::text(method, &path, Some(body.to_string())).await {
            Ok(_) => {
                dialog.close();
                changed(&app);
            }
            Err(refused) => problem(&dialog, Some(&refused.fields.first().map_or(refused.detail.clone(), |f| f.message.clone()))),
        }
    });
}

fn request(namespace: &domain::Namespace, remedy: &Remedy, typed: &[(String, String)]) -> (&'static str, String, Value) {
    let secrets = format!("/api/v1/namespaces/{namespace}/secrets");
    let entries: Vec<Value> = typed.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    match remedy {
        Remedy::CreateSecret { name } => ("POST", secrets, json!({"name": name, "kind": "opaque", "entries": entries})),
        Remedy::AddKey { name, .. } => ("PUT", format!("{secrets}/{name}"), json!({"entries": entries})),
        Remedy::CreatePullSecret { name } => {
            let mut body = json!({"name": name, "kind": "docker-registry"});
            for (field, value) in typed {
                body[field.as_str()] = json!(value);
            }
            ("POST", secrets, body)
        }
    }
}

fn problem(dialog: &HtmlDialogElement, text: Option<&str>) {
    if let Some(place) = form::within(dialog, "[data-problem]") {
        place.set_text_content(text);
        place.set_hidden(text.is_none());
    }
}
