//! Pages that say why something cannot be shown, and what to do.

use crate::icons::icon;
use crate::page::Frame;
use crate::parts::empty;
use domain::{Code, ProblemDetails};
use leptos::prelude::*;

/// A title in words; never a number alone.
pub(super) const fn title(problem: &ProblemDetails) -> &'static str {
    match problem.code {
        Code::NotFound => "Not found",
        Code::Forbidden => "Not allowed",
        Code::Unauthenticated | Code::WrongCredentials => "Sign in first",
        Code::CrossSite => "Request from another site",
        Code::MethodNotAllowed => "Not possible this way",
        Code::Conflict => "Can't do that right now",
        Code::Invalid => "Check your input",
        Code::TooLarge => "Too large",
        Code::TooMany => "Too many requests",
        Code::ClusterRefused => "The cluster refused this",
        Code::ClusterAway => "Can't reach the cluster",
        Code::DatabaseAway => "Can't save changes right now",
        Code::Internal => "Something went wrong in the portal",
    }
}

/// A problem as a page of its own.
pub(super) fn view(frame: &Frame, problem: &ProblemDetails) -> AnyView {
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
            "No team has a namespace yet. Create a team and give it namespaces and members. Their apps appear here.".to_owned(),
            view! { <a class="btn btn-primary mt-1" href=frame.links().to("/teams")>{icon("users")}"Create a team"</a> }.into_any(),
        )
    } else {
        (
            format!("You're signed in as {name} but not on a team yet. Ask {who} to add you to one; its apps appear here."),
            view! { <a class="btn btn-sm mt-1" href=frame.links().to("/apps")>{icon("rotate-cw")}"Reload"</a> }.into_any(),
        )
    };
    view! { <div class="wrap grid gap-3.5"><h1 class="h1">"Apps"</h1>{empty("users", "No namespaces yet", text, action)}</div> }.into_any()
}
