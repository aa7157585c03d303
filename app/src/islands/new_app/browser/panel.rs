//! Checks, YAML, sections and foot: what is said beside the fields.

use super::{apply, form, words};
use crate::client::dom;
use domain::FieldError;
use domain::Language;
use domain::cause::ProbeKind;
use domain::form::{Field, Section, probe_word};
use domain::spec::AppForm;
use domain::view::{CheckView, Outcome, Plan};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, HtmlTemplateElement};

/// How far from the top of the window a section begins to be read, in pixels.
const READ_FROM: f64 = 160.0;

fn part(selector: &str) -> Option<HtmlElement> {
    form::within(form::by_id("checks")?.as_ref(), selector)
}

/// How the last check stands.
pub(super) fn state(words: &str) {
    if let Some(place) = part("[data-state]") {
        place.set_text_content(Some(words));
    }
}

/// The list of sections says where something needs a change, where a check warns, and what is complete: filled, and without any
/// of `all` errors, told or not yet. `warned` are fields.
pub(super) fn sections(form: &Element, errors: &[FieldError], all: &[FieldError], warned: &[String]) {
    for link in form::all(form, "[data-toc]") {
        let id = link.get_attribute("data-toc").unwrap_or_default();
        let Some(section) = Section::from_slug(&id) else { continue };
        let here = |path: &str| Field::parse(path).is_some_and(|field| field.section() == Some(section));
        let bad = errors.iter().filter(|e| here(&e.field)).count();
        let warnings = if bad > 0 { 0 } else { warned.iter().filter(|field| here(field)).count() };
        let open = all.iter().any(|e| here(&e.field));
        let done = !open && bad + warnings == 0 && is_filled(&id);
        for (name, shown) in [("[data-bad]", bad > 0), ("[data-warned]", warnings > 0), ("[data-done]", done), ("[data-good]", bad + warnings == 0 && !done)] {
            if let Some(sign) = form::within(&link, name) {
                sign.set_hidden(!shown);
            }
        }
        if let Some(place) = form::within(&link, "[data-words]") {
            place.set_text_content(Some(&words::section(bad, warnings, done)));
        }
    }
}

/// Marks the section that is being read, and keeps it in sight where the list is a row.
pub(super) fn follow(form: &HtmlElement) {
    let watched = form.clone();
    let look = move || {
        let sections = form::all(&watched, ".fs[id]");
        let Some(first) = sections.first() else { return };
        // A section is read once it has come up to where links to it lead.
        let reached = |section: &&HtmlElement| section.get_bounding_client_rect().top() < READ_FROM;
        let here = sections.iter().rev().find(reached).unwrap_or(first).id();
        for link in form::all(&watched, "[data-toc]") {
            let on = link.get_attribute("data-toc").as_deref() == Some(&here);
            if on == link.has_attribute("aria-current") {
                continue;
            }
            let _ = if on { link.set_attribute("aria-current", "true") } else { link.remove_attribute("aria-current") };
            if let (true, Some(list)) = (on, link.closest("ol").ok().flatten()) {
                list.set_scroll_left(link.offset_left() - list.client_width() / 3);
            }
        }
    };
    look();
    dom::on_window("scroll", move |_: Event| look());
}

/// Each probe says in one line what it does.
pub(super) fn probes(form: &Element, typed: &AppForm) {
    for (kind, probe) in [(ProbeKind::Readiness, &typed.readiness), (ProbeKind::Liveness, &typed.liveness), (ProbeKind::Startup, &typed.startup)] {
        let Some(place) = form::within(form, &format!("[data-probe={}]", probe_word(kind))) else { continue };
        for (part, said) in [("[data-probe-line]", words::probe(probe)), ("[data-probe-verb]", words::probe_verb(probe).to_owned())] {
            if let Some(part) = form::within(&place, part) {
                part.set_text_content(Some(&said));
            }
        }
    }
}

// A choice of "none" or "off" fills nothing.
fn is_filled(section: &str) -> bool {
    let Some(section) = form::by_id(section) else { return false };
    form::all(&section, "[name]").iter().any(|field| !matches!(form::value(field).trim(), "" | "none" | "value" | "TCP"))
}

/// The foot says in one sentence what stands in the way.
pub(super) fn why(form: &Element, words: &str, bad: bool) {
    if let Some(place) = form::within(form, "[data-why]") {
        place.set_text_content(Some(words));
        place.set_class_name(if bad { "c-bad trunc" } else { "soft trunc" });
    }
}

/// The sentence for a verdict.
pub(super) fn verdict(plan: &Plan) -> (String, bool) {
    let count = |outcome| plan.checks.iter().filter(|c| c.outcome == outcome).count();
    let words = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    match (count(Outcome::Fail), count(Outcome::Warn)) {
        (0, 0) => ("Dry run passed".to_owned(), false),
        (0, warnings) => (format!("Dry run passed with {}", words(warnings, "warning")), false),
        (problems, 0) => (format!("{} to fix", words(problems, "problem")), true),
        (problems, warnings) => (format!("{} to fix, {}", words(problems, "problem"), words(warnings, "warning")), true),
    }
}

/// Fills the lists of findings and the YAML.
pub(super) fn plan(plan: &Plan, field: impl Fn(&str) -> String) {
    let (Some(open), Some(passed)) = (part("[data-open]"), part("[data-passed-list]")) else { return };
    open.set_text_content(None);
    passed.set_text_content(None);
    for check in &plan.checks {
        let (template, list) = match check.outcome {
            Outcome::Fail => ("tpl-fail", &open),
            Outcome::Warn => ("tpl-warn", &open),
            Outcome::Skip => ("tpl-skip", &open),
            Outcome::Pass => ("tpl-pass", &passed),
        };
        if let Some(item) = item(template, check, &field) {
            let _ = list.append_child(&item);
        }
    }
    let count = |outcome| plan.checks.iter().filter(|c| c.outcome == outcome).count();
    let (failed, good) = (count(Outcome::Fail), count(Outcome::Pass));
    if let Some(number) = part("[data-count]") {
        number.set_text_content(Some(&failed.to_string()));
        number.set_hidden(failed == 0);
    }
    if let Some(all) = part("[data-passed]") {
        all.set_hidden(good == 0);
    }
    if let Some(words) = part("[data-passed-words]") {
        words.set_text_content(Some(&if good == 1 { "1 check passed".to_owned() } else { format!("{good} checks passed") }));
    }
    if let Some(yaml) = part("[data-yaml]") {
        yaml.set_hidden(plan.yaml.is_empty());
    }
    if let Some(text) = part("[data-yaml-text]") {
        text.set_text_content(Some(&plan.yaml));
    }
    state(&Language::English.plan(plan));
}

fn item(template: &str, check: &CheckView, field: impl Fn(&str) -> String) -> Option<Element> {
    let template = form::by_id(template)?.dyn_into::<HtmlTemplateElement>().ok()?;
    let item = template.content().first_element_child()?.clone_node_with_deep(true).ok()?.dyn_into::<Element>().ok()?;
    form::within(&item, "[data-title]")?.set_text_content(Some(&check.title));
    if let Some(advice) = form::within(&item, "[data-advice]") {
        advice.set_text_content(Some(&check.advice));
    }
    if let (Some(path), Some(place)) = (&check.field, form::within(&item, "[data-field]")) {
        place.set_hidden(false);
        if let Some(link) = form::within(&place, "a") {
            let _ = link.set_attribute("href", &format!("#f-{}", field(path)));
        }
        if let (Some(remedy), Some(button)) = (&check.remedy, form::within(&place, "[data-remedy]")) {
            apply::label(&button, remedy);
        }
    }
    Some(item)
}
