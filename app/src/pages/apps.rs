//! The list of apps, rendered with its rows; the island around it takes over once its first snapshot is there.

use crate::islands::apps::{LiveApps, board};
use crate::list::{Around, Listing};
use crate::page::Frame;
use crate::parts::banner;
use domain::account::{NamespaceAccess, Role};
use domain::view::AppRow;
use domain::{Namespace, Tone};
use leptos::prelude::*;
use std::sync::Arc;

/// The page.
pub(super) fn view(frame: &Frame, namespace: Option<&Namespace>, rows: &[Arc<AppRow>], stayed: Option<&String>) -> AnyView {
    let listing = Listing::new(namespace.cloned(), &frame.query);
    let may = |a: &NamespaceAccess| a.role >= Role::Operator && namespace.is_none_or(|n| *n == a.namespace);
    let creates = frame.me.as_ref().is_some_and(|me| me.namespaces.iter().any(may));
    let around = Around { links: frame.links(), now: frame.now, spaces: namespace.is_none(), creates };
    let refs: Vec<&AppRow> = rows.iter().map(AsRef::as_ref).collect();
    let board = board(&refs, &frame.health, &listing, &around);
    view! { <div class="wrap grid gap-3.5">{stayed.map(|text| banner(Tone::Warn, text.clone()))}<LiveApps namespace=namespace.cloned() creates=creates><div data-board="" inner_html=board.into_string()></div></LiveApps></div> }.into_any()
}
