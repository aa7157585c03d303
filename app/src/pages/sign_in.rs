//! Sign in and set up. Both work with scripts off and load no wasm.

use crate::icons::mark;
use crate::page::Frame;
use crate::parts::Field;
use domain::ProblemDetails;
use domain::account::NO_USERS;
use leptos::prelude::*;

// These pages have no sprite, so the one glyph they need is drawn here.
const FAILING: &str = "<path d=\"M4.3.9h5.4l3.4 3.4v5.4l-3.4 3.4H4.3L.9 9.7V4.3Z\" fill=\"currentColor\" stroke=\"currentColor\" stroke-width=\".8\" stroke-linejoin=\"round\"/><path d=\"m5 5 4 4m0-4L5 9\" stroke=\"var(--q-surface)\" stroke-width=\"1.5\" stroke-linecap=\"round\"/>";

fn failing() -> impl IntoView {
    view! { <svg class="g" viewBox="0 0 14 14" aria-hidden="true" inner_html=FAILING></svg> }
}

/// Said above the fields while nothing is wrong.
const ENDED: &str = "Session ended. Sign in to go on.";

fn card(title: String, problem: Option<&ProblemDetails>, ended: bool, action: String, body: AnyView, foot: &'static str) -> AnyView {
    let ended = (ended && problem.is_none()).then(|| view! { <p class="banner" role="status">{ENDED}</p> });
    let said = problem.map(|p| view! { <div class="banner banner-bad" role="alert">{failing()}<p>{p.detail.clone()}</p></div> });
    view! {
        <main class="lo" id="main"><div class="lo-in">
            <header class="lo-h"><span class="lo-mark">{mark()}</span><h1>"Quayside"</h1></header>
            <form class="lo-card" method="post" action=action novalidate aria-labelledby="lo-t"><h2 class="h2" id="lo-t">{title}</h2>{ended}{said}{body}</form>
            <p class="lo-f muted text-xs">{foot}</p>
        </div></main>
    }
    .into_any()
}

/// What a field of these forms is.
struct Line<'a> {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    help: &'a str,
}

const NAME: Line<'static> = Line { name: "name", label: "Username", kind: "text", autocomplete: "username", help: "" };
const PASSWORD: Line<'static> = Line { name: "password", label: "Password", kind: "password", autocomplete: "current-password", help: "" };
const TOKEN: Line<'static> = Line { name: "token", label: "Setup token", kind: "text", autocomplete: "off", help: "" };
const DISPLAY: Line<'static> =
    Line { name: "display", label: "Your name", kind: "text", autocomplete: "name", help: "Shown to others, such as Mara Okafor. Empty uses the username." };
const NEW_PASSWORD: Line<'static> = Line { autocomplete: "new-password", help: "At least 12 characters. Four random words work well.", ..PASSWORD };

fn line(frame: &Frame, problem: Option<&ProblemDetails>, line: &Line<'_>, value: &str, focus: bool) -> AnyView {
    let Line { name, label, kind, autocomplete, help } = *line;
    let errors = problem.map_or(&[][..], |p| &p.fields);
    let f = Field::new(name, label).help(help).error_in(errors);
    // In a frame the page leaves the focus to the portal around it; browsers refuse it there anyway.
    let focus = !frame.embed && if errors.is_empty() { focus } else { f.first };
    let value = (kind != "password").then(|| value.to_owned());
    let (error_id, help_id) = (format!("f-{name}-e"), format!("f-{name}-h"));
    let error = f.error.clone().map(|e| view! { <p class="err" id=error_id>{failing()}<span>{e}</span></p> });
    let help = (!help.is_empty()).then(|| view! { <p class="help" id=help_id>{help.to_owned()}</p> });
    view! {
        <div class="field"><label class="label" for=f.id()>{label}</label>
            <input class="in in-lg" id=f.id() name=name type=kind value=value autocomplete=autocomplete autocapitalize="none" spellcheck="false" aria-invalid=f.invalid() aria-describedby=f.described_by() required=name != DISPLAY.name autofocus=focus/>{error}{help}
        </div>
    }
    .into_any()
}

/// Name and password.
pub(super) fn sign_in(frame: &Frame, next: &str, name: &str, problem: Option<&ProblemDetails>, ended: bool) -> AnyView {
    let again = !name.is_empty();
    let body = view! {
        {line(frame, problem, &NAME, name, !again)}
        {line(frame, problem, &PASSWORD, "", again)}
        <input type="hidden" name="next" value=next.to_owned()/>
        <button class="btn btn-primary btn-lg w-full" type="submit">"Sign in"</button>
    };
    card("Sign in".to_owned(), problem, ended, frame.links().to("/signin"), body.into_any(), "Sign-ins are recorded. Ask a portal admin for access.")
}

/// The first admin.
pub(super) fn set_up(frame: &Frame, token: &str, name: &str, display: &str, problem: Option<&ProblemDetails>) -> AnyView {
    let where_from = format!("Find it in the portal's log, in the line that starts with “{NO_USERS}”.");
    let body = view! {
        <p class="soft">"No users yet. Create the first one to manage users and teams."</p>
        {line(frame, problem, &Line { help: &where_from, ..TOKEN }, token, token.is_empty())}
        {line(frame, problem, &NAME, name, !token.is_empty())}
        {line(frame, problem, &DISPLAY, display, false)}
        {line(frame, problem, &NEW_PASSWORD, "", false)}
        <button class="btn btn-primary btn-lg w-full" type="submit">"Set up"</button>
    };
    card("Set up Quayside".to_owned(), problem, false, frame.base.link("/setup"), body.into_any(), "The token works once.")
}

/// Something went wrong before anybody was signed in.
pub(super) fn refused(frame: &Frame, problem: &ProblemDetails) -> AnyView {
    view! {
        <main class="lo" id="main"><div class="lo-in">
            <header class="lo-h"><span class="lo-mark">{mark()}</span><h1>"Quayside"</h1></header>
            <div class="lo-card"><h2 class="h2">{super::refused::title(problem)}</h2><p class="soft">{problem.detail.clone()}</p><a class="btn btn-primary btn-lg w-full" href=frame.base.link("/")>"Go to the home page"</a></div>
        </div></main>
    }
    .into_any()
}
