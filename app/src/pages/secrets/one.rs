//! The page of one secret: its keys, who uses it, and what can be changed.

use super::change::{add_key, key, replace, together};
use super::{age, apps, kind_words, link, path};
use crate::icons::{glyph, icon};
use crate::page::{Frame, Refused};
use crate::parts::{Act, Again, To, act_open, banner, confirm, done, refusal};
use domain::secret::SecretInfo;
use domain::{Code, ProblemDetails, Tone, time};
use leptos::prelude::*;

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
            {unsaved.as_ref().map(|_| banner(Tone::Info, "You were signed out before this was saved. Type the value again."))}
            {(!secret.hosts.is_empty()).then(|| view! { <p class="help">"Signs in to "<span class="mono soft">{secret.hosts.join(", ")}</span></p> })}
            {secret.certificate.as_ref().map(|c| certificate(frame, c))}
            {secret.fault.clone().map(|text| banner(Tone::Warn, text))}
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
    Refused { form: form.to_owned(), problem: ProblemDetails::new(Code::Unauthenticated, "", ""), typed: typed.into_iter().collect() }
}
