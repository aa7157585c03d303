//! Password and sessions of the person who is signed in.

use crate::page::Frame;
use crate::parts::{Field, ago, done, problem, text_field};
use domain::account::SessionInfo;
use domain::{FieldError, ProblemDetails};
use leptos::prelude::*;

/// The page.
pub(super) fn view(frame: &Frame, sessions: &[SessionInfo], said: Option<&String>, wrong: Option<&ProblemDetails>) -> AnyView {
    let me = frame.me.as_ref();
    let errors: &[FieldError] = wrong.map_or(&[], |p| &p.fields);
    let line = |name: &'static str, label: &'static str, help: &'static str, auto: &'static str| {
        text_field(&Field::new(name, label).help(help).error_in(errors), "password", "", "", auto)
    };
    let name = me.map(|m| m.name.to_string()).unwrap_or_default();
    let rows = sessions.iter().map(|s| session(frame, s)).collect_view();
    let others = (sessions.len() > 1).then(|| view! { <form class="push" method="post" action=frame.links().to("/account/end-others")><button class="btn btn-sm" type="submit">"Sign out all others"</button></form> });
    view! {
        <div class="wrap grid gap-4 narrow"><div class="head"><h1 class="h1">"Account"</h1><span class="muted">{me.map(|m| m.display.clone())}</span></div>
            {done(said)}{problem(wrong)}
            <section class="panel" aria-labelledby="pw-h"><div class="panel-head"><h2 class="h3" id="pw-h">"Password"</h2></div>
                <form class="panel-body grid gap-3 form-w" method="post" action=frame.links().to("/account/password") novalidate>
                    <input type="text" name="username" value=name autocomplete="username" hidden/>
                    {line("current", "Current password", "", "current-password")}
                    {line("new", "New password", "At least 12 characters. Signs out all other sessions.", "new-password")}
                    {line("repeat", "Repeat new password", "", "new-password")}
                    <p><button class="btn btn-primary" type="submit">"Change password"</button></p>
                </form></section>
            <section class="panel" aria-labelledby="se-h"><div class="panel-head"><h2 class="h3" id="se-h">"Sessions"</h2>{others}</div><ul class="rows">{rows}</ul></section>
        </div>
    }
    .into_any()
}

fn session(frame: &Frame, s: &SessionInfo) -> impl IntoView + use<> {
    let id = s.id.to_string();
    let end = if s.current {
        view! { <span class="tag">"This session"</span> }.into_any()
    } else {
        view! { <form method="post" action=frame.links().to("/account/end-session")><input type="hidden" name="id" value=id/><button class="btn btn-sm" type="submit" aria-label=format!("Sign out the session from {}", s.address)>"Sign out"</button></form> }.into_any()
    };
    view! { <li><div class="flex-1 min-w-0"><p><b class="font-medium mono">{s.address.clone()}</b>" "<span class="muted">"Signed in "{ago(s.created, frame.now)}", last used "{ago(s.last_seen, frame.now)}</span></p><p class="muted text-xs wrap-any">{s.agent.clone()}</p></div>{end}</li> }
}
