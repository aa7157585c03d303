//! The form for a new secret, as it lives in the browser: it checks names and keys with the rules that the server
//! has, reads files, posts JSON, and clears every value from the page once the secret is there.
#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
mod browser {
    //! The server has no form to watch.
    pub(super) fn start(_: &domain::Namespace) {}
}
#[cfg(any(feature = "hydrate", test))]
mod base64;

use domain::Namespace;
use leptos::prelude::*;

/// Wakes the form `#new-secret` of the page. Paints nothing of its own.
#[island(lazy)]
pub fn NewSecret(
    /// Where the secret is made.
    namespace: Namespace,
) -> impl IntoView {
    Effect::new(move |_| browser::start(&namespace));
    view! { <span hidden></span> }
}
