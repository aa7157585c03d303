//! How live the page is, in the top bar.

use crate::backoff::Link;
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
#[path = "live_state/browser.rs"]
mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "live_state/server.rs"]
mod browser;

/// Live, reconnecting with a countdown, or polling; before the script runs, that the page stands still.
#[island]
pub fn LiveState() -> impl IntoView {
    let link: RwSignal<Link> = browser::link().into();
    let said = move || words(link.get());
    view! {
        <span class="live" role="status" data-live=move || link.get().slug() title=move || said().2><span class=move || said().0 aria-hidden="true"></span><span>{move || said().1}</span></span>
    }
}

// Class of the dot, text, and what it means.
fn words(link: Link) -> (&'static str, String, &'static str) {
    match link {
        Link::Connecting => ("dot", "Not live".to_owned(), "Updates start once the page connects"),
        Link::Live => ("dot dot-live", "Live".to_owned(), "Updates arrive as they happen"),
        Link::Waiting(0) => ("dot dot-warn", "Reconnecting".to_owned(), "Connection lost. Reconnecting"),
        Link::Waiting(s) => ("dot dot-warn", format!("Reconnecting in {s} s"), "Connection lost. You see the last known state"),
        Link::Polling => ("dot dot-warn", "Polling".to_owned(), "WebSockets are blocked. This page refreshes every 5 s instead"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_words_of_its_own() {
        assert_eq!(words(Link::Waiting(3)).1, "Reconnecting in 3 s");
        assert_eq!(words(Link::Waiting(0)).1, "Reconnecting");
        assert!(words(Link::Polling).2.contains("every 5 s"));
    }
}
