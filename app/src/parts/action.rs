//! Buttons that change something: a summary that opens a small form, so that it works without scripts.

use super::{IntoLive as _, Live};
use crate::html::{Html, html};
use crate::icons::icon;
use leptos::prelude::*;

/// An action of an app or of a row in a list.
#[derive(Clone, Debug)]
pub struct Act {
    /// Icon.
    pub mark: &'static str,
    /// What the button says: `Restart`.
    pub label: String,
    /// Extra classes of the button: `btn-danger`, `a-more`.
    pub class: &'static str,
    /// Why it is not possible, and who can help.
    pub refused: Option<String>,
}

/// The button and the form behind it; where it is refused, a disabled button with the reason.
#[must_use]
pub fn act(a: &Act, form: impl IntoView + 'static) -> Live {
    // Without the attribute `open`: a live part that is painted again would close what the person has opened.
    match closed(a) {
        Some(refused) => refused,
        None => view! { <details class="drop end act" name="act">{inner(a, form)}</details> }.into_live(),
    }
}

/// The same, open at first where the form says something. For parts that are painted once.
#[must_use]
pub fn act_open(a: &Act, open: bool, form: impl IntoView + 'static) -> Live {
    match closed(a) {
        Some(refused) => refused,
        None if open => view! { <details class="drop end act" name="act" open>{inner(a, form)}</details> }.into_live(),
        None => act(a, form),
    }
}

impl Html {
    /// The way to a form for a new `app` or `secret`; for who may not make one, a disabled button with the reason.
    pub fn new_one(&mut self, what: &'static str, class: &'static str, allowed: bool, href: &str) {
        if allowed {
            self.raw("<a class=\"btn ").raw(class).raw("\"").attr("href", href).raw(">").icon("plus").raw("New ").raw(what).raw("</a>");
        } else {
            let refused = Act { mark: "plus", label: format!("New {what}"), class, refused: Some("Needs the operator role. Ask a team owner.".to_owned()) };
            self.closed(&refused);
        }
    }

    fn closed(&mut self, a: &Act) {
        let reason = a.refused.as_deref().unwrap_or_default();
        self.raw("<button class=\"btn ").raw(a.class).raw("\" type=\"button\" aria-disabled=\"true\"").attr("title", reason);
        self.attr("aria-label", &format!("{} isn't available: {reason}", a.label)).raw(">").icon(a.mark).raw("<span>").text(&a.label).raw("</span></button>");
    }
}

/// As [`Html::new_one`].
#[must_use]
pub fn new_one(what: &'static str, class: &'static str, allowed: bool, href: &str) -> Live {
    html(|h| h.new_one(what, class, allowed, href)).into_view().into_live()
}

fn closed(a: &Act) -> Option<Live> {
    a.refused.is_some().then(|| html(|h| h.closed(a)).into_view().into_live())
}

fn inner(a: &Act, form: impl IntoView + 'static) -> Live {
    let (class, label) = (format!("btn {}", a.class), a.label.clone());
    view! { <summary class=class>{icon(a.mark)}<span>{label}</span></summary><div class="pop act-pop">{form.into_live()}</div> }.into_live()
}

/// Where a form goes; without scripts always to the page.
pub enum To {
    /// To this address of the API, which is followed by a sentence on what was done (`{replicas}` in it stands for what
    /// was typed there).
    Api(String, String),
    /// To this address of the API, which deletes what the page is about; then to the page below `next`, where the sentence is said.
    Delete {
        /// The address of the API.
        api: String,
        /// What was done.
        done: String,
        /// The page to go to.
        next: String,
    },
    /// To the page.
    Page,
}

/// A form with a sentence, fields and one button. What is wrong is said by the portal and never by the browser.
#[must_use]
pub fn confirm(
    action: String,
    to: To,
    title: impl IntoView + 'static,
    body: impl IntoView + 'static,
    button: impl IntoView + 'static,
    danger: bool,
) -> impl IntoView {
    let (url, done, next) = match to {
        To::Api(url, done) => (Some(url), Some(done), None),
        To::Delete { api, done, next } => (Some(api), Some(done), Some(next)),
        To::Page => (None, None, None),
    };
    let class = if danger { "btn btn-danger-solid" } else { "btn btn-primary" };
    view! {
        <form class="act-form" method="post" action=action data-api=url data-done=done data-next=next novalidate>
            <p class="h3">{title}</p>
            {body.into_live()}
            <p class="err" role="alert" data-problem="" hidden></p>
            <p class="act-foot"><button class=class type="submit">{button}</button></p>
        </form>
    }
}

/// Copies the text of the nearest element with `data-text`; needs scripts and is hidden without.
#[must_use]
pub fn copy(what: &str) -> impl IntoView + use<> {
    view! { <button class="copybtn js" type="button" data-copy="" aria-label=format!("Copy {what}") title="Copy">{icon("copy")}</button> }
}
