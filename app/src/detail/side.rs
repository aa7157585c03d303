//! How to reach the app, and its settings in short.

use crate::icons::icon;
use crate::list::Around;
use crate::parts::{IntoLive as _, Live, copy, secret_link};
use domain::view::{AppDetail, Endpoint, EndpointKind, Referent};
use leptos::prelude::*;

/// Endpoints and settings.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    let endpoints = d.endpoints.iter().map(endpoint).collect_view();
    let none = d.endpoints.is_empty().then(|| view! { <p class="panel-body soft">"No service or ingress routes to this app"</p> });
    let settings = d.settings.iter().map(|line| view! { <dt>{line.label.clone()}</dt><dd class="break-words">{line.text.clone()}</dd> }).collect_view();
    let all = around.links.to(&format!("{}/configuration", d.row.id.path()));
    view! {
        <section class="panel" aria-labelledby="ep-h"><div class="panel-head"><h2 class="h3" id="ep-h">"Endpoints"</h2></div>{none}<ul class="rows">{endpoints}</ul></section>
        <section class="panel" aria-labelledby="cfg-h"><div class="panel-head"><h2 class="h3" id="cfg-h">"Configuration"</h2><a class="push link text-xs" href=all aria-label="Full configuration">"All"</a></div>
            <div class="panel-body"><dl class="kv text-xs leading-5">{settings}{references(d, around)}</dl></div></section>
    }
    .into_live()
}

// What the template refers to; secrets have pages of their own.
fn references(d: &AppDetail, around: &Around) -> Live {
    let of = |kind: Referent, label: &'static str| {
        let named = d.references.iter().filter(|r| r.kind == kind).map(|r| match kind {
            Referent::Secret | Referent::PullSecret => secret_link(&d.row.id.namespace, &r.name, r.name.clone(), &around.links),
            Referent::ConfigMap | Referent::Claim => r.name.clone().into_live(),
        });
        let named: Vec<Live> = named.collect();
        (!named.is_empty()).then(|| {
            let listed = named.into_iter().map(|name| view! { <li>{name}</li> }).collect_view();
            view! { <dt>{label}</dt><dd class="break-words"><ul>{listed}</ul></dd> }
        })
    };
    view! { {of(Referent::Secret, "Secrets")}{of(Referent::ConfigMap, "Config maps")}{of(Referent::PullSecret, "Pull secrets")}{of(Referent::Claim, "Claims")} }
        .into_live()
}

fn endpoint(e: &Endpoint) -> impl IntoView + use<> {
    let mark = match e.kind {
        EndpointKind::Ingress => icon("globe"),
        EndpointKind::NodePort | EndpointKind::LoadBalancer => icon("ethernet-port"),
        EndpointKind::Service => icon("network"),
    };
    // An ingress without a host or with a wildcard is no address to go to.
    let host = e.address.strip_prefix("https://").or_else(|| e.address.strip_prefix("http://")).and_then(|rest| rest.split('/').next());
    let web = host.is_some_and(|h| !h.is_empty() && h.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b)));
    let address = if web {
        view! { <a class="link mono trunc block" href=e.address.clone() target="_blank" rel="noopener noreferrer" data-text="">{e.address.clone()}</a> }
            .into_live()
    } else {
        view! { <span class="mono break-all" data-text="">{e.address.clone()}</span> }.into_live()
    };
    let class = if e.broken { "text-xs c-bad" } else { "muted text-xs" };
    view! { <li><span class="ep-i">{mark}</span><div class="flex-1 min-w-0">{address}<p class=class>{e.broken.then_some("Broken: ")}{e.sentence.clone()}</p></div>{copy("address")}</li> }
}
