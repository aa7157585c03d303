//! Live parts of an app's page. All parts of a page share one subscription.

#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

use crate::detail::{Part, part};
use crate::list::Around;
use crate::parts::banner;
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
#[island]
pub fn LiveApp(app: AppId, which: Part, children: Children) -> impl IntoView {
    let known = browser::watch(app);
    let mut before = Some(children);
    move || {
        known.with(|known| match known {
            Known::AsLoaded => before.take().map(|children| children()).into_any(),
            Known::Now(detail, now) => part(which, detail, &Around { links: browser::links(), now: *now, spaces: false }),
            Known::Gone(sentence) if which == Part::Head => banner("warn", sentence.clone()).into_any(),
            Known::Gone(_) => ().into_any(),
        })
    }
}
