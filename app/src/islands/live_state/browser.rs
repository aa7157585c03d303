//! The state of the page's socket.

use crate::backoff::Link;
use leptos::prelude::ArcRwSignal;

pub(super) fn link() -> ArcRwSignal<Link> {
    crate::client::socket::link()
}
