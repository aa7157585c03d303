//! Live parts of an app's page. All parts of a page share one subscription.

#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

use crate::detail::{Part, part};
use crate::list::Around;
use crate::parts::{IntoLive as _, Live, banner};
use domain::view::AppDetail;
use domain::{AppId, UnixMs};
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
#[path = "app/browser.rs"]
mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "app/server.rs"]
mod browser;

/// What the page knows of its app.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Known {
    /// What the server has rendered.
    #[default]
    AsLoaded,
    /// A snapshot and when it came.
    Now(Box<AppDetail>, UnixMs),
    /// It is gone, or may no longer be seen: one sentence.
    Gone(String),
}

/// A part around its server-rendered form.
#[island(lazy)]
pub fn LiveApp(app: AppId, which: Part, children: Children) -> impl IntoView {
    let known = browser::watch(app);
    // The children of an island cannot be swapped by a view; the browser empties them when the live part comes.
    view! { {children()}{move || known.with(|known| live(which, known))} }
}

fn live(which: Part, known: &Known) -> Option<Live> {
    match known {
        Known::AsLoaded => None,
        Known::Now(detail, now) => Some(part(which, detail, &Around { links: browser::links(), now: *now, spaces: false })),
        Known::Gone(sentence) => (which == Part::Head).then(|| banner("warn", sentence.clone()).into_live()),
    }
}
