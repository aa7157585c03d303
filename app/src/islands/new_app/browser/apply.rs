//! Remedies that the form carries out by itself: texts that are put into its fields.

use super::{Shared, choosers, form, read, typed};
use domain::form::Field;
use domain::spec::{Collected, repair};
use domain::view::{Remedy, Setting};
use domain::{FieldError, Language};
use web_sys::{Element, HtmlElement};

/// What the button of a remedy does.
pub(super) fn remedy_of(button: &HtmlElement) -> Option<Remedy> {
    serde_json::from_str(&button.get_attribute("data-remedy")?).ok()
}

/// Gives a button to a remedy.
pub(super) fn label(place: &HtmlElement, remedy: &Remedy) {
    place.set_text_content(Some(&Language::English.remedy(remedy)));
    place.set_hidden(false);
    let _ = place.set_attribute("data-remedy", &serde_json::to_string(remedy).unwrap_or_default());
}

/// Beside each error that is shown, the button that mends it, where that is known. `wrong` are fields of the form, in which
/// rows left empty do not count; `shown` are those of the page.
pub(super) fn offer(root: &Element, got: &Collected, wrong: &[Field], shown: &[FieldError]) {
    for place in form::all(root, "[data-fix]") {
        place.set_hidden(true);
    }
    let meant = got.meant();
    for field in wrong {
        let on_page = got.field(field).to_string();
        if !shown.iter().any(|e| e.field == on_page) {
            continue;
        }
        if let (Some(remedy), Some(place)) = (repair(&meant, field), form::within(root, &format!("[id='f-{on_page}-e'] [data-fix]"))) {
            label(&place, &remedy);
        }
    }
}

/// Puts texts into fields, and the cursor into the first of them.
pub(super) fn set(app: &Shared, settings: &[Setting]) {
    let root = app.borrow().form.clone();
    let got = read(&root);
    let mut first = None;
    for Setting { field, value } in settings {
        let path = got.path(field);
        let Some(place) = form::within(&root, &format!("[name='{path}']")) else { continue };
        form::set_value(&place, value);
        if let Some(row) = place.closest("[data-line=env]").ok().flatten() {
            choosers(&row);
        }
        if let Some(field) = Field::parse(&path) {
            app.borrow_mut().touch(field);
        }
        first = first.or(Some(place));
    }
    if let Some(place) = first {
        form::reveal(&place);
        let _ = place.focus();
    }
    typed(app);
}
