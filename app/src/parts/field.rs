//! Fields of forms: label, control, help and error tied together for assistive tech.

use crate::icons::glyph;
use crate::links::Links;
use domain::FieldError;
use leptos::prelude::*;

/// What a field is made of. `name` is also the path of the field in errors, its element's id is `f-{name}`, or
/// `f-{scope}-{name}` where a page has several forms.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Path in the form: `env.2.value`.
    pub name: String,
    /// Name of its form, where a page has several.
    pub scope: String,
    /// Label.
    pub label: String,
    /// One sentence of help, or empty.
    pub help: String,
    /// One sentence that says what to change, or none.
    pub error: Option<String>,
    /// May be left empty; the label says so.
    pub optional: bool,
    /// The first wrong field of its form, which takes the focus.
    pub first: bool,
}

/// The error of a field, if it has one.
#[must_use]
pub fn error_of(errors: &[FieldError], name: &str) -> Option<String> {
    errors.iter().find(|e| e.field == name).map(|e| e.message.clone())
}

impl Field {
    /// A field without help and error.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// With one sentence of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    /// With its error among all.
    #[must_use]
    pub fn error_in(mut self, errors: &[FieldError]) -> Self {
        self.error = error_of(errors, &self.name);
        self.first = errors.first().is_some_and(|e| e.field == self.name);
        self
    }

    /// May be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Where it stands on the page: its name, within its form.
    #[must_use]
    pub fn place(&self) -> String {
        if self.scope.is_empty() { self.name.clone() } else { format!("{}-{}", self.scope, self.name) }
    }

    /// The id of the control.
    #[must_use]
    pub fn id(&self) -> String {
        format!("f-{}", self.place())
    }

    /// The ids that describe the control, for `aria-describedby`.
    #[must_use]
    pub fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if self.error.is_some() {
            ids.push(format!("{}-e", self.id()));
        }
        if !self.help.is_empty() {
            ids.push(format!("{}-h", self.id()));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// `true` where the field has an error, for `aria-invalid`.
    #[must_use]
    pub fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }
}

/// Label, the control given, help and error around it.
#[must_use]
pub fn field(f: &Field, control: impl IntoView + 'static) -> AnyView {
    let (help_id, error_id) = (format!("{}-h", f.id()), format!("{}-e", f.id()));
    let optional = f.optional.then(|| view! { <span class="opt">" optional"</span> });
    let help = (!f.help.is_empty()).then(|| view! { <p class="help" id=help_id>{f.help.clone()}</p> });
    let error = f.error.clone().map(|e| view! { <p class="err" id=error_id>{glyph("failing")}<span>{e}</span></p> });
    view! { <div class="field"><label class="label" for=f.id()>{f.label.clone()}{optional}</label>{control.into_any()}{error}{help}</div> }.into_any()
}

/// A line of text. `kind` is the input's type (`text`, `password`, …), `class` goes beside `in`.
#[must_use]
pub fn text_field(f: &Field, kind: &'static str, class: &'static str, value: &str, autocomplete: &'static str) -> impl IntoView + use<> {
    let value = (kind != "password").then(|| value.to_owned());
    let control = view! {
        <input class=format!("in {class}") id=f.id() name=f.name.clone() type=kind value=value autocomplete=autocomplete autocapitalize="none" spellcheck="false"
            aria-invalid=f.invalid() aria-describedby=f.described_by() required=!f.optional autofocus=f.first/>
    };
    field(f, control)
}

/// One of several; options are value and text.
#[must_use]
pub fn select(f: &Field, class: &'static str, options: Vec<(String, String)>, chosen: &str) -> impl IntoView + use<> {
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let on = value == chosen;
            view! { <option value=value selected=on>{text}</option> }
        })
        .collect_view();
    let control = view! { <select class=format!("in {class}") id=f.id() name=f.name.clone() aria-invalid=f.invalid() aria-describedby=f.described_by()>{options}</select> };
    field(f, control)
}

/// A box to tick, posted as `true`.
#[must_use]
pub fn checkbox(name: &str, label: &str, on: bool) -> impl IntoView + use<> {
    view! { <label class="check"><input type="checkbox" name=name.to_owned() value="true" checked=on/><span>{label.to_owned()}</span></label> }
}

/// What a form that reads an address has to keep in it, so that an embedded page stays embedded.
#[must_use]
pub fn kept(links: &Links) -> impl IntoView + use<> {
    crate::links::decode(&links.keep).into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
}
