//! Where a sentence shows: links, and texts that do what it advises, to be copied.

use super::{IntoLive as _, Live, copy};
use crate::links::Links;
use crate::list::{Around, evidence_link};
use domain::status::Evidence;
use domain::{AppId, Namespace, SecretName};
use leptos::prelude::*;

/// Links to what can be looked at, for the end of a sentence. Of several events each says its reason.
#[must_use]
pub fn evidence_links<'a>(all: impl Iterator<Item = &'a Evidence>, app: &AppId, around: &Around) -> Live {
    let seen: Vec<&Evidence> = all.filter(|e| !matches!(e, Evidence::Command { .. })).collect();
    let events = seen.iter().filter(|e| matches!(e, Evidence::Event { .. })).count();
    let link = |e: &Evidence| {
        let (mut label, path) = evidence_link(app, e);
        if let (Evidence::Event { reason, .. }, true) = (e, events > 1) {
            label = format!("{label} {reason}");
        }
        view! { " "<a class="link mr-2" href=around.links.to(&path)>{label}</a> }
    };
    seen.into_iter().map(link).collect_view().into_live()
}

/// A text that names a secret, as a link to its page. A name that no secret can have is no link.
#[must_use]
pub fn secret_link(namespace: &Namespace, name: &str, text: String, links: &Links) -> Live {
    match SecretName::parse(name) {
        Ok(name) => view! { <a class="link" href=links.to(&format!("/secrets/{namespace}/{name}"))>{text}</a> }.into_live(),
        Err(_) => text.into_live(),
    }
}

/// Commands and objects, each in a box that can be copied.
#[must_use]
pub fn commands(all: &[Evidence]) -> Live {
    let boxes = all.iter().filter_map(|e| {
        let Evidence::Command { label, text } = e else { return None };
        Some(view! {
            <div class="code cmd mt-2"><pre tabindex="0" aria-label=label.clone() data-text="">{text.clone()}</pre><span class="copy">{copy("the command")}</span></div>
        })
    });
    boxes.collect_view().into_live()
}
