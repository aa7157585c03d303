//! How to reach the app, and its settings in short.

use crate::icons::icon;
use crate::list::Around;
use crate::parts::{IntoLive as _, Live, copy};
use domain::view::{AppDetail, Endpoint};
use leptos::prelude::*;

/// Endpoints and settings.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    let endpoints = d.endpoints.iter().map(endpoint).collect_view();
    let none = d.endpoints.is_empty().then(|| view! { <p class="panel-body soft">"No service or ingress routes to this app"</p> });
    let settings = d.settings.iter().map(|(k, v)| view! { <dt>{k.clone()}</dt><dd class="break-words">{v.clone()}</dd> }).collect_view();
    let all = around.links.to(&format!("{}/configuration", d.row.id.path()));
    view! {
        <section class="panel" aria-labelledby="ep-h"><div class="panel-head"><h2 class="h3" id="ep-h">"Endpoints"</h2></div>{none}<ul class="rows">{endpoints}</ul></section>
        <section class="panel" aria-labelledby="cfg-h"><div class="panel-head"><h2 class="h3" id="cfg-h">"Configuration"</h2><a class="push link text-xs" href=all aria-label="Full configuration">"All"</a></div>
            <div class="panel-body"><dl class="kv text-xs leading-5">{settings}</dl></div></section>
    }
    .into_live()
}

fn endpoint(e: &Endpoint) -> impl IntoView + use<> {
    let mark = match e.kind.as_str() {
        "ingress" => icon("globe"),
        "node_port" | "load_balancer" => icon("ethernet-port"),
        _ => icon("network"),
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
