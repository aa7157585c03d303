//! The live log in the browser. What can be computed without a browser lives in modules of its own; `browser` paints.
#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

pub mod address;
#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
mod browser {
    //! The server has no log to paint.
    pub(super) fn start(_: domain::AppId, _: super::address::Place, _: Vec<String>) {}
}
#[cfg(any(feature = "hydrate", test))]
mod find;
#[cfg(any(feature = "hydrate", test))]
mod layout;
#[cfg(any(feature = "hydrate", test))]
mod pending;
#[cfg(any(feature = "hydrate", test))]
mod scope;
#[cfg(any(feature = "hydrate", test))]
mod shown;
#[cfg(any(feature = "hydrate", test))]
mod sources;
#[cfg(any(feature = "hydrate", test))]
mod strip;

use address::Place;
use domain::AppId;
use leptos::prelude::*;

/// Wakes the log view `#log` of the page. Paints nothing of its own.
#[island(lazy)]
pub fn LogView(
    /// Whose log.
    app: AppId,
    /// What of it, from the address.
    place: Place,
    /// Its pods, for their colours.
    pods: Vec<String>,
) -> impl IntoView {
    Effect::new(move |_| browser::start(app.clone(), place.clone(), pods.clone()));
    view! { <span hidden></span> }
}
