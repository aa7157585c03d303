//! On the server nothing is connected yet.

use crate::backoff::Link;
use leptos::prelude::ArcRwSignal;

pub(super) fn link() -> ArcRwSignal<Link> {
    ArcRwSignal::new(Link::Connecting)
}
