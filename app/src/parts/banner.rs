//! What has to be said above or instead of something.

use super::IntoLive as _;
use crate::html::Html;
use crate::icons::{glyph, icon};
use crate::page::Frame;
use domain::{FieldError, ProblemDetails, Tone};
use leptos::prelude::*;

/// A banner.
#[must_use]
pub fn banner(tone: Tone, text: impl IntoView + 'static) -> impl IntoView {
    let mark = match tone {
        Tone::Bad => glyph("failing").into_live(),
        Tone::Warn => glyph("degraded").into_live(),
        Tone::Ok => glyph("pass").into_live(),
        Tone::Info | Tone::Change | Tone::End => icon("info").into_live(),
    };
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! { <div class=format!("banner banner-{}", tone.slug()) role=role>{mark}<p>{text}</p></div> }
}

/// Why the last try did not work, where it did not; fields that need a change are listed with links to them.
#[must_use]
pub fn problem(problem: Option<&ProblemDetails>) -> impl IntoView + use<> {
    problem.map(|p| match p.fields.len() {
        0 | 1 => banner(Tone::Bad, p.detail.clone()).into_live(),
        _ => summary(&p.fields).into_live(),
    })
}

/// What was just done.
#[must_use]
pub fn done(sentence: Option<&String>) -> impl IntoView + use<> {
    sentence.cloned().map(|text| banner(Tone::Ok, text))
}

/// Fields that need a change, each a link to the field.
#[must_use]
pub fn summary(fields: &[FieldError]) -> impl IntoView + use<> {
    (!fields.is_empty()).then(|| {
        let title = crate::islands::new_app::words::fix(fields.len());
        let items = fields.iter().map(|f| view! { <li><a class="link" href=format!("#f-{}", f.field)>{f.message.clone()}</a></li> }).collect_view();
        view! {
            <div class="banner banner-bad" role="alert">{glyph("failing")}<div><b class="font-medium">{title}</b><ul>{items}</ul></div></div>
        }
    })
}

/// What a page says when the session ends under it, with a way to sign in that keeps what was typed. Hidden until then.
#[must_use]
pub fn signed_out(frame: &Frame) -> impl IntoView + use<> {
    let href = frame.base.link("/signin");
    view! {
        <div class="banner ended" role="alert" data-signed-out hidden>{icon("lock")}<p>"Session ended. What you typed stays here: "<a class="link" href=href target="_blank">"sign in in a new tab"</a>", then continue."</p></div>
    }
}

/// What belongs here and the one action.
#[must_use]
pub fn empty(mark: &'static str, title: impl IntoView + 'static, text: impl IntoView + 'static, action: impl IntoView + 'static) -> impl IntoView {
    view! {
        <div class="panel empty"><svg class="i c-ink3" aria-hidden="true" inner_html=format!("<use href=\"#i-{mark}\"/>")></svg><h2 class="h3">{title}</h2><p>{text}</p>{action}</div>
    }
}

impl Html {
    /// As [`empty`].
    pub fn empty(&mut self, mark: &'static str, title: &str, text: &str, action: &Self) {
        self.raw("<div class=\"panel empty\"><svg class=\"i c-ink3\" aria-hidden=\"true\"><use href=\"#i-").raw(mark).raw("\"/></svg>");
        self.raw("<h2 class=\"h3\">").text(title).raw("</h2><p>").text(text).raw("</p>").add(action).raw("</div>");
    }

    /// A banner of the tone [`Tone::Bad`] or [`Tone::Warn`].
    pub fn banner(&mut self, bad: bool, text: &Self) {
        self.raw(if bad { "<div class=\"banner banner-bad\" role=\"alert\">" } else { "<div class=\"banner banner-warn\" role=\"status\">" });
        self.glyph(if bad { "failing" } else { "degraded" }).raw("<p>").add(text).raw("</p></div>");
    }
}
