//! The forms that change what a secret holds: a key alone, or all that belongs together.

use super::{apps, link, path, size};
use crate::icons::icon;
use crate::page::Frame;
use crate::parts::{Again, field, text_field};
use domain::secret::{SecretInfo, SecretKind};
use leptos::prelude::*;

/// The type of a secret whose values belong together and are replaced in one step. One with several registries is not: the form
/// has one.
pub(super) fn together(secret: &SecretInfo) -> Option<SecretKind> {
    let kind = SecretKind::ALL.into_iter().find(|k| k.kubernetes() == secret.kind)?;
    (kind != SecretKind::Opaque && secret.hosts.len() <= 1).then_some(kind)
}

/// One form for the values that belong together, so that no half of them goes live alone.
pub(super) fn replace(frame: &Frame, secret: &SecretInfo, kind: SecretKind, again: &Again<'_>) -> AnyView {
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
pub(super) fn demanded(kind: &str, key: &str) -> bool {
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

pub(super) fn key(frame: &Frame, secret: &SecretInfo, key: &domain::secret::KeyInfo, again: Option<Again<'_>>) -> AnyView {
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

pub(super) fn add_key(frame: &Frame, secret: &SecretInfo, again: &Again<'_>) -> AnyView {
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
