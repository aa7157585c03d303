//! Pages that say why something cannot be shown, and what to do.

use crate::icons::icon;
use crate::page::Frame;
use crate::parts::empty;
use domain::{Code, Problem};
use leptos::prelude::*;

/// A title in words; never a number alone.
pub(super) const fn title(problem: &Problem) -> &'static str {
    match problem.code {
        Code::NotFound => "Nothing here",
        Code::Forbidden => "Not allowed",
        Code::Unauthenticated | Code::WrongCredentials => "Sign in first",
        Code::CrossSite => "Sent by another site",
        Code::MethodNotAllowed => "Not possible this way",
        Code::Conflict => "Not possible as things are",
        Code::Invalid => "Something needs a change",
        Code::TooLarge => "Too large",
        Code::TooMany => "Too much at once",
        Code::ClusterRefused => "The cluster refused",
        Code::ClusterAway => "The cluster does not answer",
        Code::DatabaseAway => "Nothing can be recorded now",
        Code::Internal => "The portal has a fault",
    }
}

/// A problem as a page of its own.
pub(super) fn view(frame: &Frame, problem: &Problem) -> AnyView {
    let back = view! { <a class="btn btn-sm mt-1" href=frame.links().to("/apps")>"Go to apps"</a> };
    view! { <div class="wrap grid gap-3.5"><h1 class="h1">{title(problem)}</h1>{empty("info", title(problem), problem.detail.clone(), back)}</div> }.into_any()
}

/// Signed in, but without a namespace.
pub(super) fn no_namespaces(frame: &Frame, admins: &[String]) -> AnyView {
    let name = frame.me.as_ref().map(|m| m.name.to_string()).unwrap_or_default();
    let who = match admins {
        [] => "a portal admin".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    };
    let admin = frame.me.as_ref().is_some_and(|m| m.admin);
    let (text, action) = if admin {
        (
            "No team has a namespace yet. Make a team, give it namespaces and members; its apps appear here.".to_owned(),
            view! { <a class="btn btn-primary mt-1" href=frame.links().to("/teams")>{icon("users")}"Make a team"</a> }.into_any(),
        )
    } else {
        (
            format!("You are signed in as {name}, but you are in no team yet. Ask {who} to add you to a team; its apps appear here."),
            view! { <a class="btn btn-sm mt-1" href=frame.links().to("/apps")>{icon("rotate-cw")}"Look again"</a> }.into_any(),
        )
    };
    view! { <div class="wrap grid gap-3.5"><h1 class="h1">"Apps"</h1>{empty("users", "No namespaces yet", text, action)}</div> }.into_any()
}
