//! The list of secrets and the page of one. What is shown of a value is its length and its fingerprint, never the
//! value.

mod change;
mod one;

pub use one::one;

use crate::icons::{glyph, icon};
use crate::page::Frame;
use crate::parts::{Live, done, kept, new_one};
use domain::secret::{SecretInfo, SecretKind};
use domain::{Bytes, Code, Namespace, ProblemDetails, UnixMs, time};
use leptos::prelude::*;

/// Types as chips of the filter: value in the address, words.
const TYPES: [(&str, &str); 5] = [("opaque", "Opaque"), ("docker-registry", "Docker"), ("tls", "TLS"), ("basic-auth", "Basic"), ("unused", "Not used")];

/// A link with what is not empty of a query.
fn link(frame: &Frame, path: &str, words: &[(&str, &str)]) -> String {
    let words: Vec<(&str, &str)> = words.iter().copied().filter(|(_, v)| !v.is_empty()).collect();
    frame.links().with(path, &words)
}

fn word<'a>(frame: &'a Frame, name: &str) -> &'a str {
    frame.query.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v)
}

/// Words and icon of a type.
fn kind_words(kind: &str) -> (String, &'static str) {
    match kind {
        "Opaque" => ("Opaque".to_owned(), "braces"),
        "kubernetes.io/dockerconfigjson" | "kubernetes.io/dockercfg" => ("Docker registry".to_owned(), "container"),
        "kubernetes.io/tls" => ("TLS".to_owned(), "shield-check"),
        "kubernetes.io/basic-auth" => ("Basic auth".to_owned(), "circle-user-round"),
        "kubernetes.io/ssh-auth" => ("SSH key".to_owned(), "key-square"),
        other => (other.rsplit('/').next().unwrap_or(other).to_owned(), "key-round"),
    }
}

fn of_type(secret: &SecretInfo, wanted: &str) -> bool {
    match wanted {
        "" => true,
        "unused" => secret.users.is_empty(),
        slug => SecretKind::ALL.into_iter().any(|k| k.slug() == slug && k.kubernetes() == secret.kind),
    }
}

/// Whether a secret matches what was typed: its name, a key, or an app that uses it.
fn matches(secret: &SecretInfo, wanted: &str) -> bool {
    let wanted = wanted.trim().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    wanted.is_empty() || has(&secret.name) || secret.keys.iter().any(|k| has(&k.key)) || secret.users.iter().any(|u| has(u.app.name.as_str()))
}

fn path(secret: &SecretInfo) -> String {
    use crate::links::encode;
    format!("/secrets/{}/{}", secret.namespace, encode(&secret.name))
}

fn age(now: UnixMs, since: UnixMs) -> AnyView {
    view! { <time datetime=since.rfc3339() title=since.rfc3339()>{time::short(now.since(since))}</time> }.into_any()
}

/// Lengths as a person reads them.
fn size(bytes: u32) -> String {
    Bytes(u64::from(bytes)).to_string()
}

/// The list, of one namespace or of all.
#[must_use]
pub fn view(
    frame: &Frame,
    namespace: Option<&Namespace>,
    secrets: &[SecretInfo],
    namespaces: &[Namespace],
    problems: &[(Namespace, ProblemDetails)],
    said: Option<&String>,
) -> AnyView {
    let list = namespace.map_or_else(|| "/secrets".to_owned(), |n| format!("/secrets/{n}"));
    let (q, kind) = (word(frame, "q").to_owned(), word(frame, "type").to_owned());
    let found: Vec<&SecretInfo> = secrets.iter().filter(|s| matches(s, &q) && of_type(s, &kind)).collect();
    let place = namespace.map_or_else(
        || view! { {format!("{} in all namespaces", secrets.len())} }.into_any(),
        |n| view! { {format!("{} in ", secrets.len())}<span class="mono soft">{n.to_string()}</span> }.into_any(),
    );
    let new = namespace.filter(|n| namespaces.contains(n)).or_else(|| namespaces.first());
    let create = |class| new_one("secret", class, new.is_some(), &new.map_or_else(String::new, |n| link(frame, &format!("/new-secret/{n}"), &[])));
    let chips = TYPES
        .iter()
        .map(|(slug, words)| {
            let on = kind == *slug;
            let count = secrets.iter().filter(|s| of_type(s, slug)).count();
            let href = link(frame, &list, &[("q", &q), ("type", if on { "" } else { slug })]);
            view! { <a class="chip" href=href aria-current=on.then_some("true")>{*words}" "<span class="chip-n">{count}</span></a> }
        })
        .collect_view();
    let refused = problems
        .iter()
        .map(|(n, p)| {
            let whose = (p.code != Code::ClusterAway).then(|| view! { <span class="mono">{n.to_string()}</span>": " });
            view! { <div class="banner banner-warn mb-3.5" role="status">{glyph("degraded")}<p>{whose}{p.detail.clone()}</p></div> }
        })
        .collect_view();
    let body = match (found.is_empty(), secrets.is_empty()) {
        (false, _) => table(frame, namespace.is_none(), &found),
        // Where not all could be read, nobody knows whether there are none.
        (true, true) if !problems.is_empty() => ().into_any(),
        (true, true) => nothing(create("btn-primary")),
        (true, false) => nothing_found(frame, &list, &q),
    };
    view! {
        <div class="wrap">
            <div class="head"><h1 class="h1">"Secrets"</h1><span class="muted">{place}</span>{create("btn-primary ml-auto")}</div>
            <form class="tools my-3.5" role="search" aria-label="Filter secrets" method="get" action=frame.base.link(&list)>
                <div class="in-wrap tools-q">
                    {icon("list-filter")}
                    <input class="in in-sm" type="search" name="q" value=q.clone() placeholder="Filter by name, key, or app" aria-label="Filter secrets" aria-keyshortcuts="/" data-filter/>
                </div>
                {(!kind.is_empty()).then(|| view! { <input type="hidden" name="type" value=kind.clone()/> })}
                {kept(&frame.links())}
                <div class="chips" role="group" aria-label="Type">{chips}</div>
            </form>
            {done(said)}
            {refused}
            {body}
        </div>
    }
    .into_any()
}

fn nothing(create: Live) -> AnyView {
    view! { <section class="panel"><div class="empty"><h2 class="h2">"No secrets yet"</h2><p>"Passwords, certificates, and registry credentials belong here. Apps read them when they start."</p>{create}</div></section> }.into_any()
}

fn nothing_found(frame: &Frame, list: &str, q: &str) -> AnyView {
    let sentence = if q.trim().is_empty() { "No secrets of this type".to_owned() } else { format!("No secrets match {}", q.trim()) };
    view! { <section class="panel"><div class="empty"><h2 class="h2">{sentence}</h2><a class="btn" href=link(frame, list, &[])>"Clear filter"</a></div></section> }.into_any()
}

fn table(frame: &Frame, with_namespace: bool, secrets: &[&SecretInfo]) -> AnyView {
    let rows = secrets.iter().map(|s| row(frame, with_namespace, s)).collect_view();
    view! {
        <div class="panel overflow-clip">
            <table class="tbl sec-t">
                <thead>
                    <tr>
                        <th scope="col" class="s-n">"Name"</th>
                        <th scope="col" class="s-t">"Type"</th>
                        <th scope="col" class="s-k">"Keys, size, and fingerprint"</th>
                        <th scope="col" class="s-u">"Used by"</th>
                        <th scope="col" class="s-c">"Age"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(frame: &Frame, with_namespace: bool, secret: &SecretInfo) -> AnyView {
    let (words, sign) = kind_words(&secret.kind);
    let keys = secret
        .keys
        .iter()
        .take(2)
        .map(|k| view! { <span class="key"><span class="mono">{k.key.clone()}</span><span class="muted">{size(k.size)}</span><span class="mono muted">{k.fingerprint.chars().take(4).collect::<String>()}</span></span> })
        .collect_view();
    let none = secret.keys.is_empty().then(|| view! { <span class="muted">"No keys"</span> });
    let more = secret.keys.len().saturating_sub(2);
    let more = (more > 0).then(|| view! { <span class="muted text-xs">{format!("+{more}")}</span> });
    let namespace = with_namespace.then(|| view! { <span class="muted text-xs mono">{format!("{}/", secret.namespace)}</span> });
    view! {
        <tr data-row="" data-secret=format!("{}/{}", secret.namespace, secret.name)>
            <th scope="row" class="s-n"><span class="trunc block">{namespace}<a class="name" href=link(frame, &path(secret), &[]) title=secret.name.clone()>{secret.name.clone()}</a></span></th>
            <td class="s-t"><span class="inline-flex items-center gap-2 soft">{icon(sign)}{words}{secret.fault.clone().map(|text| view! { <span class="c-warn" role="img" aria-label=text.clone() title=text.clone()>{glyph("degraded")}</span> })}</span></td>
            <td class="s-k"><span class="keys">{keys}{more}{none}</span></td>
            <td class="s-u">{used_by(secret)}</td>
            <td class="s-c">{age(frame.now, secret.created)}</td>
        </tr>
    }
    .into_any()
}

fn apps(secret: &SecretInfo) -> Vec<&domain::AppId> {
    let mut apps: Vec<_> = secret.users.iter().map(|u| &u.app).collect();
    apps.sort_unstable();
    apps.dedup();
    apps
}

fn used_by(secret: &SecretInfo) -> AnyView {
    match apps(secret).as_slice() {
        [] => view! { <span class="st st-idle">{glyph("stopped")}<b>"Not used"</b></span> }.into_any(),
        [one] => view! { <span class="trunc block soft">{one.name.to_string()}</span> }.into_any(),
        many => view! { <span class="trunc block soft">{format!("{} apps", many.len())}</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests;
