//! The list of secrets and the page of one. What is shown of a value is its length and its fingerprint, never the
//! value.

use crate::icons::{glyph, icon};
use crate::page::{Frame, Refused};
use crate::parts::{Act, Again, Live, To, act_open, banner, confirm, done, field, kept, new_one, refusal, text_field};
use domain::secret::{SecretInfo, SecretKind};
use domain::{Bytes, Code, Namespace, Problem, UnixMs, time};
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
    problems: &[(Namespace, Problem)],
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

/// One secret: its keys, who uses it, and what can be changed.
#[must_use]
pub fn one(frame: &Frame, secret: &SecretInfo, may_change: bool, said: Option<&String>, refused: Option<&Refused>) -> AnyView {
    let (words, _) = kind_words(&secret.kind);
    let why_not = if !may_change {
        Some("You can view this secret. Changing it needs the operator role; ask a team owner.".to_owned())
    } else if secret.immutable {
        Some("This secret is immutable. Delete and recreate it to change it.".to_owned())
    } else {
        None
    };
    let editable = why_not.is_none();
    let unsaved = frame.asked("unsaved").filter(|_| editable && refused.is_none()).map(|form| lost(secret, form));
    let told = refused;
    let refused = refused.or(unsaved.as_ref());
    let managed = secret.managed_by.as_ref().map(|by| {
        let sentence = format!("{by} manages this secret and would undo changes made here. Change it there.");
        view! { <div class="banner banner-warn">{glyph("degraded")}<p>{sentence}</p></div> }
    });
    let reason = why_not.map(|why| view! { <div class="banner">{icon("lock")}<p>{why}</p></div> });
    let keys = secret.keys.iter().enumerate().map(|(i, k)| key(frame, secret, k, editable.then(|| Again::of(refused, format!("key-{i}"))))).collect_view();
    let no_keys = secret.keys.is_empty().then(|| view! { <li class="muted">"No keys"</li> });
    let add = editable.then(|| add_key(frame, secret, &Again::of(refused, "add")));
    let delete = may_change.then(|| delete(frame, secret, &Again::of(refused, "delete")));
    view! {
        <div class="wrap sec-one">
            <div class="head"><h1 class="h1 mono-h">{secret.name.clone()}</h1><span class="tag">{words}</span><span class="muted text-xs">"in "<span class="mono soft">{secret.namespace.to_string()}</span>", created "{age(frame.now, secret.created)}" ago"</span>{delete}</div>
            {done(said)}{refusal(told)}
            {unsaved.as_ref().map(|_| banner("info", "You were signed out before this was saved. Type the value again."))}
            {(!secret.hosts.is_empty()).then(|| view! { <p class="help">"Signs in to "<span class="mono soft">{secret.hosts.join(", ")}</span></p> })}
            {secret.certificate.as_ref().map(|c| certificate(frame, c))}
            {secret.fault.clone().map(|text| banner("warn", text))}
            {managed}
            {reason}
            <div class="sec-cols">
                <section aria-labelledby="sec-keys-h">
                    <h2 class="h2" id="sec-keys-h">"Keys"</h2>
                    <p class="help">"Values are write-only: you see their length and a fingerprint. Equal values have equal fingerprints."</p>
                    <ul class="panel rows">{keys}{no_keys}</ul>
                    {editable.then(|| together(secret)).flatten().map(|kind| replace(frame, secret, kind, &Again::of(refused, "replace")))}
                    {add}
                </section>
                <div class="grid gap-4 content-start">
                    <section aria-labelledby="users-h">
                        <h2 class="h2" id="users-h">"Used by"</h2>
                        {users(frame, secret, may_change)}
                    </section>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// For whom a certificate is, and until when.
fn certificate(frame: &Frame, certificate: &domain::secret::CertificateInfo) -> AnyView {
    const MONTH_MS: i64 = 30 * 86_400_000;
    let left = certificate.expires.since(frame.now);
    let end = if left < 0 { format!("expired {} ago", time::short(-left)) } else { format!("expires in {}", time::short(left)) };
    let tone = if left < MONTH_MS { "c-warn" } else { "" };
    let names = if certificate.names.is_empty() { "no hosts".to_owned() } else { certificate.names.join(", ") };
    view! { <p class="help">"For "<span class="mono soft">{names}</span>", "<time class=tone datetime=certificate.expires.rfc3339() title=certificate.expires.rfc3339()>{end}</time></p> }.into_any()
}

/// The type of a secret whose values belong together and are replaced in one step. One with several registries is not: the form
/// has one.
fn together(secret: &SecretInfo) -> Option<SecretKind> {
    let kind = SecretKind::ALL.into_iter().find(|k| k.kubernetes() == secret.kind)?;
    (kind != SecretKind::Opaque && secret.hosts.len() <= 1).then_some(kind)
}

/// One form for the values that belong together, so that no half of them goes live alone.
fn replace(frame: &Frame, secret: &SecretInfo, kind: SecretKind, again: &Again<'_>) -> AnyView {
    let lines = |name: &'static str, label: &'static str, help: &'static str| {
        let f = again.field(name, label).help(help);
        let file = again.field(if name == "certificate" { "certificate_file" } else { "private_key_file" }, "Or a file");
        view! {
            {field(&f, view! { <textarea class="in in-mono" rows="4" id=f.id() name=name autocomplete="off" spellcheck="false" aria-invalid=f.invalid() aria-describedby=f.described_by()></textarea> })}
            {field(&file, view! { <input class="in-file" type="file" id=file.id() name=file.name.clone()/> })}
        }
    };
    let hidden = |name: &'static str, label: &'static str| {
        let f = again.field(name, label);
        field(
            &f,
            view! { <input class="in in-mono" type="password" id=f.id() name=name autocomplete="off" aria-invalid=f.invalid() aria-describedby=f.described_by()/> },
        )
    };
    let text = |name: &'static str, label: &'static str, usual: &str| text_field(&again.field(name, label), "text", "in-mono", &again.text(name, usual), "off");
    let (words, fields) = match kind {
        SecretKind::Tls => (
            "certificate and key",
            view! { {lines("certificate", "Certificate chain", "PEM, server certificate first.")}{lines("private_key", "Private key", "PEM, unencrypted, matching the certificate.")} }.into_any(),
        ),
        SecretKind::DockerRegistry => {
            let host = secret.hosts.first().map_or("", String::as_str);
            ("credentials", view! { {text("server", "Registry", host)}{text("username", "Username", "")}{hidden("password", "Password or token")} }.into_any())
        }
        SecretKind::BasicAuth | SecretKind::Opaque => ("username and password", view! { {text("username", "Username", "")}{hidden("password", "Password")} }.into_any()),
    };
    view! {
        <details class="mt-3" open=again.open()>
            <summary class="btn btn-sm">{format!("Replace {words}")}</summary>
            <form class="reveal mt-2" method="post" enctype="multipart/form-data" action=link(frame, &format!("{}/replace", path(secret)), &[("form", again.name())]) autocomplete="off" novalidate>
                <input type="hidden" name="kind" value=kind.slug()/>
                <input type="hidden" name="version" value=secret.version.clone()/>
                {fields}
                <p class="help">"Saved together in one step."</p>
                <div class="flex justify-end"><button class="btn btn-sm btn-primary" type="submit">{format!("Replace {words}")}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn users(frame: &Frame, secret: &SecretInfo, may_change: bool) -> AnyView {
    if secret.users.is_empty() {
        return view! { <p class="help">"No app in this namespace uses it."</p> }.into_any();
    }
    let rows = secret
        .users
        .iter()
        .map(|u| view! { <li><a class="link mono" href=link(frame, &u.app.path(), &[])>{u.app.name.to_string()}</a><span class="muted">{u.how.clone()}</span></li> })
        .collect_view();
    view! { <ul class="panel rows text-xs">{rows}</ul>{still_old(frame, secret, may_change)} }.into_any()
}

/// Which apps started before the last change, and a button to restart each. Files of a mounted secret follow it within two
/// minutes, but most apps read them only once.
fn still_old(frame: &Frame, secret: &SecretInfo, may_change: bool) -> AnyView {
    let mut old: Vec<_> = secret.users.iter().filter(|u| u.old).map(|u| &u.app).collect();
    old.sort_unstable();
    old.dedup();
    if old.is_empty() {
        return view! { <p class="help mt-2">"Apps pick up new values when they restart."</p> }.into_any();
    }
    let since = secret.changed.map(|at| view! { " "{age(frame.now, at)}" ago" });
    let restarts = |app: &domain::AppId| may_change && matches!(app.kind, domain::Kind::Deployment | domain::Kind::StatefulSet | domain::Kind::DaemonSet);
    let rows = old
        .into_iter()
        .map(|app| {
            let button = restarts(app).then(|| view! { <form method="post" class="ml-auto" action=link(frame, &format!("{}/restart", app.path()), &[])><button class="btn btn-sm" type="submit">"Restart"<span class="sr-only">" "{app.name.to_string()}</span></button></form> });
            view! { <li><span class="mono">{app.name.to_string()}</span>{button}</li> }
        })
        .collect_view();
    view! {
        <p class="c-warn text-xs mt-3">"Started before the last change"{since}", so still using the old value:"</p>
        <ul class="panel rows text-xs mt-1" data-old>{rows}</ul>
    }
    .into_any()
}

/// The value of a key: typed, or a file. What was typed before is never there again.
fn value_fields(again: &Again<'_>, label: &str) -> impl IntoView + use<> {
    let (typed, file) = (again.field("value", label), again.field("file", "Or a file"));
    let typed = field(
        &typed,
        view! { <textarea class="in in-mono masked" rows="3" id=typed.id() name="value" autocomplete="off" autocapitalize="none" spellcheck="false" aria-invalid=typed.invalid() aria-describedby=typed.described_by() autofocus=typed.first></textarea> },
    );
    let file = field(&file, view! { <input class="in-file" type="file" id=file.id() name="file"/> });
    view! { {typed}{file} }
}

/// Whether a secret of this type cannot be without the key: the API server refuses to remove some, and others are what the
/// type is for.
fn demanded(kind: &str, key: &str) -> bool {
    matches!(
        (kind, key),
        ("kubernetes.io/tls", "tls.crt" | "tls.key")
            | ("kubernetes.io/dockerconfigjson", ".dockerconfigjson")
            | ("kubernetes.io/dockercfg", ".dockercfg")
            | ("kubernetes.io/basic-auth", "username" | "password")
            | ("kubernetes.io/ssh-auth", "ssh-privatekey")
    )
}

/// What the page shows of a key, sent back so that nobody overwrites what they have not seen.
fn seen(secret: &SecretInfo, key: &domain::secret::KeyInfo) -> impl IntoView + use<> {
    view! { <input type="hidden" name="fingerprint" value=key.fingerprint.clone()/><input type="hidden" name="version" value=secret.version.clone()/> }
}

fn key(frame: &Frame, secret: &SecretInfo, key: &domain::secret::KeyInfo, again: Option<Again<'_>>) -> AnyView {
    let demanded = demanded(&secret.kind, &key.key);
    // What belongs together is replaced together, below.
    let alone = !(demanded && together(secret).is_some());
    let edit = again.map(|again| {
        let name = key.key.clone();
        view! {
            <div class="flex gap-1 ml-auto">
                {alone.then(|| view! { <details class="drop end" open=again.open()>
                    <summary class="btn btn-sm">"Replace"<span class="sr-only">" "{name.clone()}</span></summary>
                    <form class="pop reveal" method="post" enctype="multipart/form-data" action=link(frame, &format!("{}/key", path(secret)), &[("form", again.name())]) autocomplete="off" novalidate>
                        <input type="hidden" name="key" value=name.clone()/>
                        {seen(secret, key)}
                        {value_fields(&again, "New value")}
                        <div class="flex justify-end"><button class="btn btn-sm btn-primary" type="submit">{format!("Replace {name}")}</button></div>
                    </form>
                </details> })}
                {(!demanded).then(|| view! { <details class="drop end">
                    <summary class="btn btn-sm">"Remove"<span class="sr-only">" "{name.clone()}</span></summary>
                    <form class="pop reveal" method="post" action=link(frame, &format!("{}/remove-key", path(secret)), &[])>
                        <input type="hidden" name="key" value=name.clone()/>
                        {seen(secret, key)}
                        <p class="text-xs">{removal(secret, &name)}</p>
                        <div class="flex justify-end"><button class="btn btn-sm btn-danger-solid" type="submit">{format!("Remove {name}")}</button></div>
                    </form>
                </details> })}
            </div>
        }
    });
    view! {
        <li class="krow2">
            <div class="min-w-0">
                <p class="flex items-center gap-2"><span class="mono font-medium trunc">{key.key.clone()}</span><span class="muted text-xs">{size(key.size)}{key.binary.then_some(", binary")}{(key.size == 0).then_some(", empty")}</span></p>
                <p class="text-xs muted"><span class="dots" aria-hidden="true">"••••••••••••"</span><span class="sr-only">"Fingerprint "</span><span class="mono">{key.fingerprint.clone()}</span></p>
            </div>
            {edit}
        </li>
    }
    .into_any()
}

fn removal(secret: &SecretInfo, key: &str) -> String {
    let using = apps(secret).len();
    match using {
        0 => format!("No app uses this secret. {key} can't be recovered."),
        1 => format!(
            "{} uses this secret. If it needs {key}, it can't restart without it.",
            apps(secret).first().map(|a| a.name.to_string()).unwrap_or_default()
        ),
        n => format!("{n} apps use this secret. Those that need {key} can't restart without it."),
    }
}

fn add_key(frame: &Frame, secret: &SecretInfo, again: &Again<'_>) -> AnyView {
    view! {
        <details class="mt-3" open=again.open()>
            <summary class="btn btn-sm">{icon("plus")}"Add key"</summary>
            <form class="reveal mt-2" method="post" enctype="multipart/form-data" action=link(frame, &format!("{}/key", path(secret)), &[("form", again.name())]) autocomplete="off" novalidate>
                <input type="hidden" name="new" value="true"/>
                {text_field(&again.field("key", "Key"), "text", "in-mono", &again.text("key", ""), "off")}
                {value_fields(again, "Value")}
                <div class="flex justify-end"><button class="btn btn-sm btn-primary" type="submit">"Add key"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Closed, so that it stands in nobody's way.
fn delete(frame: &Frame, secret: &SecretInfo, again: &Again<'_>) -> AnyView {
    let using = apps(secret);
    let warning = if using.is_empty() {
        "No app uses it. Its values can't be recovered.".to_owned()
    } else {
        let names = using.iter().map(|a| a.name.to_string()).collect::<Vec<_>>().join(", ");
        format!("{names} {} it and can't restart without it.", if using.len() == 1 { "uses" } else { "use" })
    };
    let tone = if using.is_empty() { "soft" } else { "c-warn" };
    let f = again.field("confirm", "");
    let error = f.error.clone().map(|e| view! { <p class="err" id=format!("{}-e", f.id())>{glyph("failing")}<span>{e}</span></p> });
    let body = view! {
        <p class=tone>{warning}</p>
        <div class="field"><label class="label" for=f.id()>"Type "<span class="mono">{secret.name.clone()}</span>" to confirm"</label><input class="in in-mono" type="text" id=f.id() name="confirm" value=again.text("confirm", "") autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=f.invalid() aria-describedby=f.described_by() required autofocus=f.first/>{error}</div>
    };
    let button = Act { mark: "trash-2", label: "Delete…".into(), class: "btn-sm", refused: None };
    let action = link(frame, &format!("{}/delete", path(secret)), &[("form", "delete")]);
    let form = confirm(action, To::Page, format!("Delete {}?", secret.name), body, format!("Delete {}", secret.name), true);
    view! { <span class="ml-auto">{act_open(&button, again.open(), form)}</span> }.into_any()
}

/// A form that was sent after the session had ended: it is opened again. The registry is no secret, and usually stays.
fn lost(secret: &SecretInfo, form: &str) -> Refused {
    let typed = secret.hosts.first().map(|host| ("server".to_owned(), host.clone()));
    Refused { form: form.to_owned(), problem: Problem::new(Code::Unauthenticated, ""), typed: typed.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::secret::{KeyInfo, SecretUser};
    use domain::{AppId, Kind, WorkloadName};

    const EVIL: &str = "\"><script>alert(1)</script>";

    fn frame(query: &[(&str, &str)]) -> Frame {
        Frame {
            base: domain::BasePath::lenient("/team/portal").unwrap(),
            nonce: "n".to_owned(),
            me: None,
            path: "/secrets".to_owned(),
            query: query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            embed: true,
            theme: None,
            assets: crate::page::Assets::default(),
            notices: Vec::new(),
            health: domain::view::ClusterHealth::default(),
            now: UnixMs(0),
        }
    }

    fn secret(name: &str, key: &str) -> SecretInfo {
        let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("loklak-server").unwrap() };
        SecretInfo {
            namespace: Namespace::parse("web").unwrap(),
            name: name.to_owned(),
            kind: "Opaque".to_owned(),
            created: UnixMs(0),
            keys: vec![KeyInfo { key: key.to_owned(), size: 24, binary: false, fingerprint: "9f2ce710aa10".to_owned() }],
            users: vec![SecretUser { app, how: format!("env ES_PASSWORD {EVIL}"), old: false }],
            managed_by: Some(EVIL.to_owned()),
            immutable: false,
            version: "77".to_owned(),
            hosts: Vec::new(),
            certificate: None,
            changed: None,
            fault: None,
        }
    }

    fn html(render: impl FnOnce() -> AnyView) -> String {
        Owner::new().with(|| render().to_html())
    }

    #[test]
    fn hostile_names_stay_text() {
        let web = Namespace::parse("web").unwrap();
        let problems = [(web.clone(), Problem::new(domain::Code::ClusterRefused, EVIL))];
        let frame = frame(&[("q", "")]);
        let list = html(|| view(&frame, None, &[secret(EVIL, EVIL)], std::slice::from_ref(&web), &problems, None));
        let one = html(|| one(&frame, &secret(EVIL, EVIL), true, None, None));
        for page in [&list, &one] {
            assert!(!page.contains("<script>"), "{page}");
            assert!(page.contains("9f2c"));
        }
        assert!(one.contains("action=\"/team/portal/secrets/web/%22%3E%3Cscript%3Ealert%281%29%3C/script%3E/delete?form=delete&amp;embed=1\""), "{one}");
    }

    #[test]
    fn fields_for_values_are_empty_hidden_and_not_kept_and_take_several_lines() {
        let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, None));
        let fields: Vec<_> = page.split("<textarea").skip(1).collect();
        assert_eq!(fields.len(), 2);
        for field in fields {
            let (head, text) = field.split_once('>').unwrap();
            assert!(head.contains("autocomplete=\"off\"") && head.contains("masked"), "{head}");
            assert!(text.starts_with("</textarea>"), "{text}");
        }
    }

    #[test]
    fn a_page_says_what_it_can_of_a_secret_without_its_values() {
        let mut pull = secret("pull", ".dockerconfigjson");
        pull.kind = "kubernetes.io/dockerconfigjson".to_owned();
        pull.hosts = vec!["registry.local:5000".to_owned()];
        pull.keys.push(KeyInfo { key: "keystore".to_owned(), size: 9, binary: true, fingerprint: "aa".to_owned() });
        let page = html(|| one(&frame(&[]), &pull, true, None, None));
        assert!(page.contains("registry.local:5000") && page.contains(", binary"), "{page}");
        assert!(!page.contains("Remove .dockerconfigjson") && page.contains("Remove keystore"), "a key that the type needs stays");
        assert_eq!(page.matches("name=\"fingerprint\"").count(), 2, "one that replaces, one that removes");
        assert!(page.contains("Replace credentials") && page.contains("value=\"registry.local:5000\""), "{page}");
        pull.keys.clear();
        let list = html(|| view(&frame(&[]), None, &[pull], &[], &[], None));
        assert!(list.contains("No keys"));
        for (kind, key) in [("kubernetes.io/basic-auth", "password"), ("kubernetes.io/ssh-auth", "ssh-privatekey"), ("kubernetes.io/dockercfg", ".dockercfg")] {
            assert!(demanded(kind, key) && !demanded("Opaque", key));
        }
    }

    #[test]
    fn deleting_is_closed_until_it_is_asked_for() {
        let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, None));
        let form = page.find("/delete?form=delete").unwrap();
        let around = &page[page[..form].rfind("<details").unwrap()..form];
        assert!(!around.contains("open") && around.contains("Delete…") && !around.contains("btn-danger"), "{around}");
        let typed = vec![("confirm".to_owned(), "other".to_owned())];
        let refused = Refused { form: "delete".into(), problem: Problem::invalid(vec![domain::FieldError::new("confirm", "Type es to delete it.")]), typed };
        let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, Some(&refused)));
        let form = page.find("/delete?form=delete").unwrap();
        assert!(page[page[..form].rfind("<details").unwrap()..form].contains(" open"), "what was wrong is in sight");
    }

    #[test]
    fn a_form_that_was_sent_after_the_session_is_open_again_and_empty() {
        let page = html(|| one(&frame(&[("unsaved", "key-0")]), &secret("es", "password"), true, None, None));
        assert!(page.contains("You were signed out before this was saved. Type the value again.") && !page.contains("banner-bad"), "{page}");
        let form = page.find("/key?form=key-0").unwrap();
        assert!(page[page[..form].rfind("<details").unwrap()..form].contains(" open"));
        let mut pull = secret("pull", ".dockerconfigjson");
        (pull.kind, pull.hosts) = ("kubernetes.io/dockerconfigjson".to_owned(), vec!["registry.local:5000".to_owned()]);
        let page = html(|| one(&frame(&[("unsaved", "replace")]), &pull, true, None, None));
        assert!(page.contains("value=\"registry.local:5000\""));
    }

    #[test]
    fn apps_that_run_with_the_old_value_are_named_with_a_button_each() {
        let mut changed = secret("es", "password");
        (changed.changed, changed.users[0].old) = (Some(UnixMs(-60_000)), true);
        let page = html(|| one(&frame(&[]), &changed, true, None, None));
        assert!(page.contains("Started before the last change") && page.contains("action=\"/team/portal/apps/web/deployment/loklak-server/restart"), "{page}");
        let viewer = html(|| one(&frame(&[]), &changed, false, None, None));
        assert!(viewer.contains("Started before the last change") && !viewer.contains("/restart"));
        changed.users[0].old = false;
        assert!(!html(|| one(&frame(&[]), &changed, true, None, None)).contains("Started before"));
    }

    #[test]
    fn a_pair_is_replaced_in_one_form_with_its_names_and_its_end() {
        let mut tls = secret("cert", "tls.crt");
        tls.kind = "kubernetes.io/tls".to_owned();
        let expires = UnixMs(10 * 86_400_000);
        tls.certificate = Some(domain::secret::CertificateInfo { names: vec!["shop.example.org".to_owned()], expires });
        let page = html(|| one(&frame(&[]), &tls, true, None, None));
        assert!(page.contains("shop.example.org") && page.contains("expires in 10 d") && page.contains("c-warn"), "{page}");
        assert!(page.contains("name=\"certificate\"") && page.contains("name=\"private_key\"") && page.contains("name=\"kind\" value=\"tls\""));
        assert!(!page.contains("Replace tls.crt"), "no half alone");
    }

    #[test]
    fn a_refused_key_comes_back_with_its_error_and_without_its_value() {
        let problem = Problem::invalid(vec![domain::FieldError::new("key", "A key has no spaces.")]);
        let typed = vec![("key".to_owned(), "my key".to_owned())];
        let refused = Refused { form: "add".to_owned(), problem, typed };
        let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, Some(&refused)));
        assert!(page.contains("<details open class=\"mt-3\""), "{page}");
        assert!(page.contains("value=\"my key\"") && page.contains("id=\"f-add-key-e\"") && page.contains("aria-describedby=\"f-add-key-e\""));
    }

    #[test]
    fn who_may_not_change_reads_why() {
        let page = html(|| one(&frame(&[]), &secret("es", "password"), false, None, None));
        assert!(!page.contains("<form"));
        assert!(page.contains("operator role"));
    }

    #[test]
    fn nobody_reads_that_there_are_none_where_the_cluster_is_away() {
        let web = Namespace::parse("web").unwrap();
        let problems = [(web.clone(), Problem::new(domain::Code::ClusterAway, "The cluster does not answer."))];
        let page = html(|| view(&frame(&[]), None, &[], std::slice::from_ref(&web), &problems, None));
        assert!(page.contains("The cluster does not answer.") && !page.contains("No secrets yet"));
    }

    #[test]
    fn the_filter_finds_names_keys_and_apps() {
        let web = Namespace::parse("web").unwrap();
        let all = [secret("loklak-es", "password"), secret("old", "token")];
        let page = |q| html(|| view(&frame(&[("q", q)]), Some(&web), &all, &[], &[], None));
        assert!(page("TOKEN").contains("web/old") && !page("TOKEN").contains("web/loklak-es"));
        assert!(page("loklak-server").contains("web/old"));
        assert!(page("mosq").contains("No secrets match mosq"));
    }
}
