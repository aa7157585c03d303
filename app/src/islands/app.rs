//! Live parts of an app's page. All parts of a page share one subscription.

#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

use crate::detail::{Part, part};
use crate::islands::apps::notices;
use crate::list::Around;
use crate::parts::{IntoLive as _, Live, empty};
use domain::view::{AppDetail, ClusterHealth};
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
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "on the server the page stands still"))]
pub(crate) enum Known {
    /// What the server has rendered.
    #[default]
    AsLoaded,
    /// A snapshot, how the portal stands to the cluster, and the time now.
    Now(Box<AppDetail>, ClusterHealth, UnixMs),
    /// It is gone, or may no longer be seen: that in a few words, and what is known about it.
    Gone(String, String),
}

/// A part around its server-rendered form.
#[island(lazy)]
pub fn LiveApp(app: AppId, which: Part, children: Children) -> impl IntoView {
    let known = browser::watch(app, which);
    // The children of an island cannot be swapped by a view; the browser empties them when the live part comes. The overview
    // is adopted instead, and patched.
    let swapped = which != Part::Overview;
    view! { {children()}{move || swapped.then(|| known.with(|known| live(which, known)))} }
}

/// A part as it stands; the head says first what has to be known about the cluster.
#[must_use]
pub fn shown(which: Part, detail: &AppDetail, health: &ClusterHealth, around: &Around) -> Live {
    let inner = part(which, detail, around);
    if which == Part::Head { view! { {notices(health, around.now)}{inner} }.into_live() } else { inner }
}

fn live(which: Part, known: &Known) -> Option<Live> {
    match known {
        Known::AsLoaded => None,
        Known::Now(detail, health, now) => Some(shown(which, detail, health, &Around { links: browser::links(), now: *now, spaces: false, creates: false })),
        Known::Gone(title, sentence) => (which == Part::Head).then(|| gone(title, sentence)),
    }
}

// All that is left of the page; see `data-of-app` in the style sheet.
fn gone(title: &str, sentence: &str) -> Live {
    let back = view! { <a class="btn btn-sm mt-1" href=browser::links().to("/apps")>"Go to apps"</a> };
    view! { <h1 class="h1 mono-h break-all">{title.to_owned()}</h1>{empty("info", "Nothing to show", sentence.to_owned(), back)} }.into_live()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::render_tests::{NOW, detail};
    use domain::status::Word;

    fn said(known: &Known) -> String {
        Owner::new().with(|| live(Part::Head, known).map(|l| l.to_html()).unwrap_or_default())
    }

    #[test]
    fn an_open_page_says_that_the_cluster_went_away_and_came_back() {
        let snapshot = |away_since| Known::Now(Box::new(detail(Word::Running)), ClusterHealth { ready: true, away_since, ..ClusterHealth::default() }, NOW);
        assert!(said(&snapshot(Some(NOW.plus(-180_000)))).contains("responded for 3 min."));
        assert!(!said(&snapshot(None)).contains("responded"));
    }

    #[test]
    fn a_deleted_app_is_named_with_what_is_known_and_a_way_back_and_offers_nothing_else() {
        let gone = Known::Gone("kpow was deleted".into(), "Ilse Brandt deleted it.".into());
        let html = said(&gone);
        assert!(html.contains("kpow was deleted<") && html.contains("Ilse Brandt deleted it.") && html.contains("href=\"/apps\""), "{html}");
        assert!(!html.contains("<form") && !html.contains("<button"), "{html}");
        for part in [Part::Overview, Part::Side, Part::Events, Part::EventCount] {
            assert!(Owner::new().with(|| live(part, &gone)).is_none(), "{part:?}");
        }
    }
}
