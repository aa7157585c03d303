//! One field: label, input, help and error, tied together for assistive technology.

use crate::icons::glyph;
use crate::parts::as_text;
use domain::FieldError;
use leptos::prelude::*;

/// How a field looks and what it says beside its value.
#[derive(Clone, Copy, Default)]
pub(super) struct Field<'a> {
    /// Its path in the form.
    pub path: &'a str,
    pub label: &'a str,
    pub value: &'a str,
    pub help: &'a str,
    pub placeholder: &'a str,
    /// More classes of the outer element.
    pub class: &'a str,
    pub optional: bool,
    /// Datalist with suggestions.
    pub list: Option<&'a str>,
    pub numeric: bool,
}

/// The message at a field, if it has one.
pub(super) fn message(errors: &[FieldError], path: &str) -> Option<String> {
    errors.iter().find(|e| e.field == path).map(|e| e.message.clone())
}

/// Where the message of a field stands, and the button that mends it; hidden until there is one.
pub(super) fn error(path: &str, message: Option<String>) -> AnyView {
    let hidden = message.is_none();
    view! { <p class="err" id=format!("f-{path}-e") hidden=hidden>{glyph("failing")}<span data-msg>{message}</span><button class="btn btn-sm fix" type="button" data-remedy data-fix hidden></button></p> }.into_any()
}

fn described(path: &str, help: bool, bad: bool) -> Option<String> {
    let words: Vec<String> = [(help, "h"), (bad, "e")].into_iter().filter(|(on, _)| *on).map(|(_, end)| format!("f-{path}-{end}")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn around(field: &Field<'_>, errors: &[FieldError], input: AnyView) -> AnyView {
    let id = format!("f-{}", field.path);
    let help = (!field.help.is_empty()).then(|| view! { <p class="help" id=format!("f-{}-h", field.path)>{field.help.to_owned()}</p> });
    let optional = field.optional.then(|| view! { " "<span class="opt">"optional"</span> });
    view! {
        <div class=format!("field {}", field.class)>
            <label class="label" for=id>{field.label.to_owned()}{optional}</label>
            {input}
            {help}
            {error(field.path, message(errors, field.path))}
        </div>
    }
    .into_any()
}

/// A line of text.
pub(super) fn text(field: Field<'_>, errors: &[FieldError]) -> AnyView {
    let bad = message(errors, field.path).is_some();
    let input = view! {
        <input
            class="in in-mono"
            type="text"
            id=format!("f-{}", field.path)
            name=field.path.to_owned()
            value=field.value.to_owned()
            placeholder=(!field.placeholder.is_empty()).then(|| field.placeholder.to_owned())
            list=field.list.map(str::to_owned)
            inputmode=field.numeric.then_some("numeric")
            spellcheck="false"
            autocapitalize="off"
            aria-invalid=bad.then_some("true")
            aria-describedby=described(field.path, !field.help.is_empty(), bad)
        />
    };
    around(&field, errors, input.into_any())
}

/// Several lines of text.
pub(super) fn lines(field: Field<'_>, errors: &[FieldError]) -> AnyView {
    let bad = message(errors, field.path).is_some();
    let input = view! {
        <textarea
            class="in in-mono"
            rows="2"
            id=format!("f-{}", field.path)
            name=field.path.to_owned()
            placeholder=(!field.placeholder.is_empty()).then(|| field.placeholder.to_owned())
            spellcheck="false"
            aria-invalid=bad.then_some("true")
            aria-describedby=described(field.path, !field.help.is_empty(), bad)
            inner_html=as_text(field.value)
        ></textarea>
    };
    around(&field, errors, input.into_any())
}

/// One of several.
pub(super) fn choice(field: Field<'_>, errors: &[FieldError], options: &[(String, String)]) -> AnyView {
    let bad = message(errors, field.path).is_some();
    let input = view! {
        <select class="in" id=format!("f-{}", field.path) name=field.path.to_owned() aria-invalid=bad.then_some("true") aria-describedby=described(field.path, !field.help.is_empty(), bad)>
            {self::options(options, field.value)}
        </select>
    };
    around(&field, errors, input.into_any())
}

/// The options of a select; a value that is none of them is offered too, so that nothing typed is lost.
pub(super) fn options(options: &[(String, String)], value: &str) -> AnyView {
    let other = (!options.iter().any(|(v, _)| v == value)).then(|| (value.to_owned(), value.to_owned()));
    options
        .iter()
        .cloned()
        .chain(other)
        .map(|(v, words)| {
            let selected = v == value;
            view! { <option value=v selected=selected>{words}</option> }
        })
        .collect_view()
        .into_any()
}

/// A small input in the row of a table. `f` is the last part of its path.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell<'a> {
    pub path: &'a str,
    pub f: &'static str,
    pub label: &'a str,
    pub value: &'a str,
    pub placeholder: &'static str,
    pub list: Option<&'static str>,
}

/// A line of text in a table.
pub(super) fn cell(cell: Cell<'_>, errors: &[FieldError]) -> AnyView {
    let message = message(errors, cell.path);
    let bad = message.is_some();
    view! {
        <input
            class="in in-sm in-mono"
            type="text"
            data-f=cell.f
            id=format!("f-{}", cell.path)
            name=cell.path.to_owned()
            value=cell.value.to_owned()
            aria-label=cell.label.to_owned()
            placeholder=(!cell.placeholder.is_empty()).then_some(cell.placeholder)
            list=cell.list
            spellcheck="false"
            autocapitalize="off"
            aria-invalid=bad.then_some("true")
            aria-describedby=bad.then(|| format!("f-{}-e", cell.path))
        />
        {error(cell.path, message)}
    }
    .into_any()
}

/// One of several in a table.
pub(super) fn cell_choice(cell: Cell<'_>, errors: &[FieldError], options: &[(String, String)]) -> AnyView {
    let message = message(errors, cell.path);
    let bad = message.is_some();
    view! {
        <select
            class="in in-sm"
            data-f=cell.f
            id=format!("f-{}", cell.path)
            name=cell.path.to_owned()
            aria-label=cell.label.to_owned()
            aria-invalid=bad.then_some("true")
            aria-describedby=bad.then(|| format!("f-{}-e", cell.path))
        >
            {self::options(options, cell.value)}
        </select>
        {error(cell.path, message)}
    }
    .into_any()
}

/// Pairs of value and words.
pub(super) fn pairs(words: &[(&str, &str)]) -> Vec<(String, String)> {
    words.iter().map(|(v, w)| ((*v).to_owned(), (*w).to_owned())).collect()
}
