//! Checks and YAML beside the form. The island fills the same elements after each dry run.

use crate::icons::{glyph, icon};
use domain::Language;
use domain::view::{CheckView, Outcome, Plan};
use leptos::prelude::*;
use std::borrow::Cow;

pub(super) fn view(language: Language, plan: Option<&Plan>) -> AnyView {
    let worth = plan.map(|p| p.checks.iter().filter(|c| c.outcome != Outcome::Pass).map(open).collect_view());
    let passed: Vec<&CheckView> = plan.map(|p| p.checks.iter().filter(|c| c.outcome == Outcome::Pass).collect()).unwrap_or_default();
    let words = if passed.len() == 1 { "1 check passed".to_owned() } else { format!("{} checks passed", passed.len()) };
    let none_passed = passed.is_empty();
    let passed = passed.into_iter().map(pass).collect_view();
    let state = match plan {
        None => "Checks run once you enter a name and an image".into(),
        Some(plan) => language.plan(plan),
    };
    let yaml = plan.map(|p| p.yaml.clone()).unwrap_or_default();
    let no_yaml = yaml.is_empty();
    view! {
        <aside class="side" aria-label="Checks and YAML" id="checks">
            <div class="side-b">
                <details class="side-s" open>
                    <summary><h2 class="h3">"Checks"</h2><span class="count count-bad" data-count hidden></span></summary>
                    <p class="help" role="status" data-state>{state}</p>
                    <ul class="cks" data-open>{worth}</ul>
                    <details class="passed" data-passed hidden=none_passed>
                        <summary>{icon("chevron-down")}<span data-passed-words>{words}</span></summary>
                        <ul data-passed-list>{passed}</ul>
                    </details>
                </details>
                <details class="side-s" data-yaml hidden=no_yaml>
                    <summary><h2 class="h3">"YAML"</h2></summary>
                    <div class="code"><pre tabindex="0" aria-label="YAML of the objects" data-yaml-text>{yaml}</pre></div>
                    <p class="help">"Quayside creates exactly these objects."</p>
                </details>
            </div>
            // What the island copies for each finding.
            <template id="tpl-fail">{open(&blank(Outcome::Fail))}</template>
            <template id="tpl-warn">{open(&blank(Outcome::Warn))}</template>
            <template id="tpl-skip">{open(&blank(Outcome::Skip))}</template>
            <template id="tpl-pass">{pass(&blank(Outcome::Pass))}</template>
        </aside>
    }
    .into_any()
}

const fn blank(outcome: Outcome) -> CheckView {
    CheckView { outcome, code: Cow::Borrowed(""), title: String::new(), advice: String::new(), field: None, remedy: None }
}

fn open(check: &CheckView) -> AnyView {
    let (class, sign, word) = match check.outcome {
        Outcome::Fail => ("c-bad", "failing", "Fails"),
        Outcome::Warn => ("c-warn", "degraded", "Warning"),
        Outcome::Skip => ("c-idle", "unknown", "Not checked"),
        Outcome::Pass => ("c-ok", "pass", "Passed"),
    };
    let field = check.field.clone();
    let href = field.clone().map(|f| format!("#f-{f}"));
    view! {
        <li class="ck">
            <span class=class>{glyph(sign)}<span class="sr-only">{word}</span></span>
            <div>
                <p class="ck-t" data-title>{check.title.clone()}</p>
                <p class="soft text-xs" data-advice>{check.advice.clone()}</p>
                <p class="mt-1 flex flex-wrap gap-2 items-center" data-field hidden=field.is_none()><button class="btn btn-sm" type="button" data-remedy hidden></button><a class="link text-xs" href=href>"Go to the field"</a></p>
            </div>
        </li>
    }
    .into_any()
}

fn pass(check: &CheckView) -> AnyView {
    view! { <li><span class="c-ok">{glyph("pass")}</span><span data-title>{check.title.clone()}</span></li> }.into_any()
}
