//! The form for a new app, as it lives in the browser: it reads the fields of the page with the rules that the server
//! has, says beside each field what needs a change, and asks for a dry run when a person stops typing.
#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
mod browser {
    //! The server has no form to watch.
    pub(super) fn start(_: &domain::Namespace) {}
}
#[cfg(feature = "hydrate")]
pub(crate) mod form;
pub mod words;

use domain::Namespace;
use leptos::prelude::*;

/// Wakes the form `#new-app` of the page. Paints nothing of its own.
#[island(lazy)]
pub fn NewApp(
    /// Where the app is made.
    namespace: Namespace,
) -> impl IntoView {
    Effect::new(move |_| browser::start(&namespace));
    view! { <span hidden></span> }
}
