//! The form for a new app: fields by section, the checks and the YAML beside them.
//!
//! It is a plain form with indexed names (`env.0.name`); the island in [`crate::islands::new_app`] parses it while
//! it is filled and asks for a dry run. Every field with the name `x` has the id `f-x`, its error the id `f-x-e`.

mod field;
mod sections;
mod side;

use crate::icons::glyph;
use crate::islands::new_app::NewApp;
use crate::page::Frame;
use crate::parts::{discard, draft_state, namespace_menu, restored, signed_out};
use domain::draft::AppDraft;
use domain::form::{Field, Section};
use domain::spec::{AppForm, ServiceType};
use domain::view::Plan;
use domain::{FieldError, Namespace, UnixMs};
use leptos::prelude::*;

/// What the form can offer for choosing.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Secrets: name, type, keys.
    pub secrets: &'a [(String, String, Vec<String>)],
    /// Config maps: name, keys.
    pub config_maps: &'a [(String, Vec<String>)],
    /// Why not all of them are offered.
    pub incomplete: Option<&'static str>,
}

/// The form as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// What was typed.
    pub form: &'a AppForm,
    /// When the draft that it comes from was last changed, where it comes from one.
    pub draft: Option<UnixMs>,
    /// Fields that the draft has left out, to be typed again.
    pub left_out: &'a [String],
    /// Fields that need a change.
    pub errors: &'a [FieldError],
    /// The verdict, if it was asked for.
    pub plan: Option<&'a Plan>,
}

/// The title of a section.
const fn title_of(section: Section) -> &'static str {
    match section {
        Section::Basics => "Basics",
        Section::Image => "Image",
        Section::Ports => "Ports",
        Section::Environment => "Environment",
        Section::Resources => "Resources",
        Section::Probes => "Health checks",
        Section::Network => "Networking",
    }
}

/// A form that nobody has filled: what is sensible for most apps.
fn with_defaults(form: &AppForm) -> AppForm {
    if *form != AppForm::default() {
        return form.clone();
    }
    AppForm {
        replicas: "1".to_owned(),
        cpu_request: "100m".to_owned(),
        memory_request: "128Mi".to_owned(),
        service: ServiceType::ClusterIp.slug().to_owned(),
        ..AppForm::default()
    }
}

/// The page.
#[must_use]
pub fn view(frame: &Frame, namespace: &Namespace, namespaces: &[Namespace], filled: Filled<'_>, choices: Choices<'_>) -> AnyView {
    let Filled { draft, left_out, errors, plan, .. } = filled;
    let told = [frame.language.form(&AppDraft::again(left_out)), errors.to_vec()].concat();
    let form = with_defaults(filled.form);
    let links = frame.links();
    let action = links.to(&format!("/new-app/{namespace}"));
    let action_to_discard = links.to(&format!("/new-app/{namespace}/discard"));
    let cancel = links.to(&format!("/apps/{namespace}"));
    let menu = namespace_menu(namespace, namespaces, |n| links.to(&format!("/new-app/{n}")));
    let toc = Section::ALL
        .iter()
        .map(|section| {
            let id = section.slug();
            let bad = errors.iter().filter(|e| Field::parse(&e.field).is_some_and(|field| field.section() == Some(*section))).count();
            let words = if bad > 0 { format!(", {bad} to fix") } else { String::new() };
            view! {
                <li>
                    <a href=format!("#{id}") data-toc=id>
                        <span class="c-bad" data-bad hidden=bad == 0>{glyph("failing")}</span>
                        <span class="c-warn" data-warned hidden>{glyph("degraded")}</span>
                        <span class="c-ok" data-done hidden>{glyph("pass")}</span>
                        <span class="toc-dot" data-good hidden={bad > 0}></span>
                        {title_of(*section)}
                        <span class="sr-only" data-words>{words}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <form class="create" method="post" action=action id="new-app" data-left-out=(!left_out.is_empty()).then(|| left_out.join(" ")) novalidate aria-labelledby="new-app-h" autocomplete="off">
            <div class="create-head">
                <h1 class="h1" id="new-app-h">"New app"</h1>
                <span class="muted">"in"</span>
                {menu}
            </div>
            <nav class="toc" aria-label="Sections"><ol>{toc}</ol></nav>
            <div class="fields">
                {signed_out(frame)}
                {draft.map(|at| restored(frame, at, None))}
                {summary(errors)}
                {sections::all(&form, &told, choices)}
            </div>
            {side::view(frame.language, plan)}
            <footer class="create-foot">
                {draft_state(draft)}
                <p class="st min-w-0" id="foot-why" role="status"><span class="soft trunc" data-why></span></p>
                <div class="ml-auto flex gap-2">
                    <a class="btn" href=cancel>"Cancel"</a>
                    <button class="btn" type="submit" name="intent" value="check" data-check>"Check"</button>
                    <button class="btn btn-primary" type="submit" name="intent" value="create" data-create>"Create app"</button>
                </div>
            </footer>
        </form>
        {discard(action_to_discard)}
        {make_secret()}
        <NewApp namespace=namespace.clone()/>
    }
    .into_any()
}

/// Where a secret that the form names is made without leaving it; the island fills and opens it.
fn make_secret() -> AnyView {
    view! {
        <dialog class="dialog" id="make-secret" aria-labelledby="make-secret-h">
            <form method="dialog" class="act-form" autocomplete="off" novalidate>
                <h2 class="h2" id="make-secret-h"></h2>
                <p class="soft text-xs">"Values go to the cluster and are never shown again."</p>
                <div class="grid gap-2.5" data-fields></div>
                <p class="err" role="alert" data-problem hidden></p>
                <p class="act-foot gap-2"><button class="btn" type="button" data-cancel>"Cancel"</button><button class="btn btn-primary" type="submit"></button></p>
            </form>
        </dialog>
    }
    .into_any()
}

/// All that needs a change, with links to the fields. The island fills and focuses it.
fn summary(errors: &[FieldError]) -> AnyView {
    let links = errors.iter().map(|e| view! { <li><a class="link" href=format!("#f-{}", e.field)>{e.message.clone()}</a></li> }).collect_view();
    let title = title(errors.len());
    view! {
        <div class="banner banner-bad" role="alert" tabindex="-1" id="form-errors" hidden=errors.is_empty()>
            {glyph("failing")}
            <div><p><strong class="font-semibold" data-title>{title}</strong></p><ul data-links>{links}</ul></div>
        </div>
    }
    .into_any()
}

fn title(errors: usize) -> String {
    crate::islands::new_app::words::summary(errors, "create the app")
}

#[cfg(test)]
mod tests;
