//! The form for a new secret. Names come back, after an error or from a draft; the fields of values are always empty.

use crate::icons::{glyph, icon};
use crate::islands::new_app::words::summary;
use crate::islands::new_secret::NewSecret;
use crate::page::Frame;
use crate::parts::{discard, dotenv, dotenv_button, draft_state, namespace_menu, restored, signed_out};
use domain::draft::SecretDraft;
use domain::secret::{MAX_KEYS, SecretKind};
use domain::{FieldError, Namespace, UnixMs};
use leptos::prelude::*;

/// Rows that a form without scripts has.
const ROWS: usize = 3;

/// The types: kind, id of the radio button, icon, words, what it is for.
const KINDS: [(SecretKind, &str, &str, &str, &str); 4] = [
    (SecretKind::Opaque, "t-opaque", "braces", "Opaque", "Any keys and values"),
    (SecretKind::DockerRegistry, "t-docker", "container", "Docker registry", "Pull images"),
    (SecretKind::Tls, "t-tls", "shield-check", "TLS", "Certificate and key"),
    (SecretKind::BasicAuth, "t-basic", "circle-user-round", "Basic auth", "Username and password"),
];

/// How the value of a field is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    Text,
    Hidden,
    Lines,
}

/// The form as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// Names typed before, and which values were.
    pub typed: &'a SecretDraft,
    /// When the draft that it comes from was last changed, where it comes from one.
    pub draft: Option<UnixMs>,
    /// Fields that need a change.
    pub errors: &'a [FieldError],
}

/// The page: type, name, and the fields of each type.
#[must_use]
pub fn view(frame: &Frame, namespace: &Namespace, namespaces: &[Namespace], filled: Filled<'_>) -> AnyView {
    let Filled { typed, draft, errors } = filled;
    let kind = typed.kind;
    let links = frame.links();
    let action = links.to(&format!("/new-secret/{namespace}"));
    let cancel = links.to(&format!("/secrets/{namespace}"));
    let menu = namespace_menu(namespace, namespaces, |n| links.to(&format!("/new-secret/{n}?kind={}", kind.slug())));
    let kinds = KINDS
        .iter()
        .map(|(k, id, sign, words, hint)| {
            let on = *k == kind;
            view! { <label class="type"><input type="radio" name="kind" id=*id value=k.slug() checked=on/>{icon(sign)}<strong>{*words}</strong><span>{*hint}</span></label> }
        })
        .collect_view();
    view! {
        <form class="wrap csec" method="post" action=action id="new-secret" enctype="multipart/form-data" novalidate aria-labelledby="new-secret-h" autocomplete="off">
            <div class="head">
                <h1 class="h1" id="new-secret-h">"New secret"</h1>
                <span class="muted">"in"</span>
                {menu}
            </div>
            {signed_out(frame)}
            {draft.map(|at| restored(frame, at, values_to_type(typed)))}
            {banner(errors)}
            <fieldset class="types"><legend class="label mb-1.5">"Type"</legend><div>{kinds}</div></fieldset>
            <div class="csec-g">
                <div class="grid gap-4 content-start min-w-0">
                    {field(("name", "Name"), Typed::Text, &typed.name, "Lowercase letters, digits, dashes, and dots. Can't be changed later.", filled)}
                    {opaque(filled)}
                    {registry(filled)}
                    {login(filled)}
                    {tls(filled)}
                </div>
                {what_happens()}
            </div>
            <footer class="csec-foot">
                {draft_state(draft)}
                <p class="st min-w-0" role="status" data-why></p>
                <div class="ml-auto flex gap-2"><a class="btn" href=cancel>"Cancel"</a><button class="btn btn-primary" type="submit">"Create secret"</button></div>
            </footer>
        </form>
        {discard(links.to(&format!("/new-secret/{namespace}/discard")))}
        <NewSecret namespace=namespace.clone()/>
    }
    .into_any()
}

/// How many values have to be typed again.
fn values_to_type(typed: &SecretDraft) -> Option<String> {
    match typed.filled.len() {
        0 => None,
        1 => Some("Values are never kept: type 1 again.".to_owned()),
        n => Some(format!("Values are never kept: type {n} again.")),
    }
}

/// What an empty field of a value shows.
fn hint(typed: &SecretDraft, field: &str, otherwise: &'static str) -> Option<&'static str> {
    Some(if typed.had(field) { "Type it again" } else { otherwise }).filter(|text| !text.is_empty())
}

fn banner(errors: &[FieldError]) -> AnyView {
    let links = errors.iter().map(|e| view! { <li><a class="link" href=format!("#f-{}", e.field)>{e.message.clone()}</a></li> }).collect_view();
    let title = summary(errors.len(), "create the secret");
    let cleared = (!errors.is_empty()).then_some("Values aren't kept. Type them again.");
    view! {
        <div class="banner banner-bad" role="alert" tabindex="-1" id="form-errors" hidden=errors.is_empty()>
            {glyph("failing")}
            <div><p><strong class="font-semibold" data-title>{title}</strong></p><ul data-links>{links}</ul><p data-cleared>{cleared}</p></div>
        </div>
    }
    .into_any()
}

fn error(path: &str, errors: &[FieldError]) -> AnyView {
    let message = errors.iter().find(|e| e.field == path).map(|e| e.message.clone());
    view! { <p class="err" id=format!("f-{path}-e") hidden=message.is_none()>{glyph("failing")}<span data-msg>{message.clone()}</span></p> }.into_any()
}

fn bad(path: &str, errors: &[FieldError]) -> bool {
    errors.iter().any(|e| e.field == path)
}

fn field((path, label): (&'static str, &'static str), kind: Typed, value: &str, help: &'static str, filled: Filled<'_>) -> AnyView {
    let errors = filled.errors;
    let id = format!("f-{path}");
    let bad = bad(path, errors);
    let described = match (help.is_empty(), bad) {
        (true, false) => None,
        (false, false) => Some(format!("{id}-h")),
        (true, true) => Some(format!("{id}-e")),
        (false, true) => Some(format!("{id}-h {id}-e")),
    };
    let invalid = bad.then_some("true");
    let (placeholder, again) = (hint(filled.typed, path, ""), filled.typed.had(path));
    let input = match kind {
        Typed::Lines => view! { <textarea class="in in-mono" rows="4" id=id.clone() name=path placeholder=placeholder data-again=again autocomplete="off" spellcheck="false" aria-invalid=invalid aria-describedby=described></textarea> }.into_any(),
        Typed::Hidden => view! { <input class="in in-mono" type="password" id=id.clone() name=path placeholder=placeholder data-again=again autocomplete="off" aria-invalid=invalid aria-describedby=described/> }.into_any(),
        Typed::Text => view! { <input class="in in-mono" type="text" id=id.clone() name=path value=value.to_owned() autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=invalid aria-describedby=described/> }.into_any(),
    };
    let help = (!help.is_empty()).then(|| view! { <p class="help" id=format!("{id}-h")>{help}</p> });
    view! { <div class="field"><label class="label" for=id.clone()>{label}</label>{input}{help}{error(path, errors)}</div> }.into_any()
}

fn opaque(filled: Filled<'_>) -> AnyView {
    let errors = filled.errors;
    let wrong = errors.iter().filter_map(|e| e.field.strip_prefix("entries.")?.split('.').next()?.parse::<usize>().ok()).max().map_or(0, |n| n + 1);
    let rows = (wrong.max(filled.typed.keys.len()) + 1).clamp(ROWS, MAX_KEYS);
    let rows = (0..rows).map(|i| entry(i, filled)).collect_view();
    view! {
        <div class="tp tp-opaque">
            <div class="flex flex-wrap items-baseline gap-x-2"><h2 class="label">"Keys and values"</h2><span class="help">"Values are write-only: you can't read them back here."</span></div>
            <div class="panel kvs">
                <div class="kvs" data-entries>{rows}</div>
                {error("entries", errors)}
                <div class="kva">
                    <button class="btn btn-sm" type="button" data-add hidden>{icon("plus")}"Add key"</button>
                    <label class="btn btn-sm up" data-upload hidden>{icon("upload")}"Upload files"<input class="sr-only" type="file" multiple data-files/></label>
                    {dotenv_button()}
                </div>
                {dotenv("keys")}
            </div>
        </div>
    }
    .into_any()
}

fn entry(i: usize, filled: Filled<'_>) -> AnyView {
    let Filled { typed, errors, .. } = filled;
    let (key, value, file) = (format!("entries.{i}.key"), format!("entries.{i}.value"), format!("entries.{i}.file"));
    let n = i + 1;
    let (name, placeholder, again) = (typed.keys.get(i).cloned(), hint(typed, &value, "Value"), typed.had(&value));
    let (bad_key, bad_value) = (bad(&key, errors), bad(&value, errors));
    view! {
        <div class="kvr" data-line="entries">
            <input class="in in-mono" type="text" data-f="key" id=format!("f-{key}") name=key.clone() value=name aria-label=format!("Key {n}") placeholder="Key" autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=bad_key.then_some("true") aria-describedby=bad_key.then(|| format!("f-{key}-e"))/>
            <span class="kvv">
                <span class="in-wrap" data-typed>
                    <textarea class="in in-mono masked" rows="1" data-f="value" autocapitalize="none" spellcheck="false" id=format!("f-{value}") name=value.clone() aria-label=format!("Value {n}") placeholder=placeholder data-again=again autocomplete="off" aria-invalid=bad_value.then_some("true") aria-describedby=bad_value.then(|| format!("f-{value}-e"))></textarea>
                    <span class="tail"><button class="copybtn" type="button" data-show hidden aria-pressed="false" aria-label=format!("Show value {n}")>{icon("eye")}</button></span>
                </span>
                <input class="in-file" type="file" data-f="file" name=file aria-label=format!("Or a file as value {n}")/>
                <span class="file" data-file hidden>{icon("file-key-2")}<span class="mono trunc" data-file-name></span><span class="muted text-xs" data-file-size></span><button class="copybtn ml-auto" type="button" data-file-off aria-label=format!("Remove the file of key {n}")>{icon("x")}</button></span>
            </span>
            <button class="copybtn" type="button" data-remove hidden aria-label=format!("Remove key {n}")>{icon("x")}</button>
            {error(&key, errors)}
            {error(&value, errors)}
        </div>
    }
    .into_any()
}

fn registry(filled: Filled<'_>) -> AnyView {
    view! { <div class="tp tp-docker">{field(("server", "Registry"), Typed::Text, &filled.typed.server, "Host, such as registry.example.org.", filled)}</div> }
        .into_any()
}

/// Username and password, of a registry or on their own.
fn login(filled: Filled<'_>) -> AnyView {
    view! {
        <div class="tp tp-login">
            <div class="g2">
                {field(("username", "Username"), Typed::Text, &filled.typed.username, "", filled)}
                {field(("password", "Password or token"), Typed::Hidden, "", "", filled)}
            </div>
        </div>
        <div class="tp tp-docker">{field(("email", "Email (optional)"), Typed::Text, &filled.typed.email, "", filled)}</div>
    }
    .into_any()
}

fn tls(filled: Filled<'_>) -> AnyView {
    // The one that the browser reads into the text above, and for a form without scripts the one that is sent as it is.
    let file = |label: &'static str, name: &'static str, target: &'static str| view! { <input class="in-file" type="file" name=name aria-label=label/> <label class="btn btn-sm up justify-self-start" data-upload hidden>{icon("upload")}"Read from a file"<input class="sr-only" type="file" data-into=target/></label> };
    view! {
        <div class="tp tp-tls">
            {field(("certificate", "Certificate chain"), Typed::Lines, "", "PEM, server certificate first.", filled)}
            {file("Or a file with the chain", "certificate_file", "f-certificate")}
            {field(("private_key", "Private key"), Typed::Lines, "", "PEM, unencrypted, matching the certificate.", filled)}
            {file("Or a file with the key", "private_key_file", "f-private_key")}
        </div>
    }
    .into_any()
}

fn what_happens() -> AnyView {
    view! {
        <aside aria-label="What happens">
            <section class="panel">
                <div class="panel-head"><h2 class="h3">"What happens"</h2></div>
                <div class="panel-body grid gap-2.5 text-xs">
                    <p class="flex gap-2">{icon("lock")}<span>"Values go to the cluster. From then on you only see their length and fingerprint."</span></p>
                    <p class="flex gap-2">{icon("history")}<span>"Changes are recorded with your name, never with a value."</span></p>
                    <p class="flex gap-2">{icon("rotate-cw")}<span>"Apps pick up new values when they restart."</span></p>
                </div>
            </section>
        </aside>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render_tests::bare_frame;

    const EVIL: &str = "\"><script>alert(1)</script>";

    fn html(typed: &SecretDraft, draft: Option<UnixMs>, errors: &[FieldError]) -> String {
        let frame = Frame { base: domain::BasePath::default(), now: UnixMs(120_000), ..bare_frame("/new-secret/web") };
        let web = Namespace::parse("web").unwrap();
        Owner::new().with(|| view(&frame, &web, std::slice::from_ref(&web), Filled { typed, draft, errors }).to_html())
    }

    #[test]
    fn names_and_messages_stay_text() {
        let evil = || EVIL.to_owned();
        let typed = SecretDraft { name: evil(), keys: vec![evil()], server: evil(), username: evil(), email: evil(), ..SecretDraft::default() };
        let page = html(&typed, None, &[FieldError::new("name", EVIL), FieldError::new("entries.5.key", EVIL)]);
        assert!(!page.contains("<script>"));
        assert!(page.contains("href=\"#f-entries.5.key\"") && page.contains("id=\"f-entries.5.key\""));
    }

    #[test]
    fn no_field_of_a_value_has_one() {
        for kind in SecretKind::ALL {
            let page =
                html(&SecretDraft { name: "loklak-es".into(), kind, ..SecretDraft::default() }, None, &[FieldError::new("password", "Type the password.")]);
            for field in page.split("<input").skip(1).map(|f| &f[..f.find('>').unwrap()]).filter(|f| f.contains("type=\"password\"")) {
                assert!(!field.contains("value=\"") && field.contains("autocomplete=\"off\""), "{field}");
            }
            for area in page.split("<textarea").skip(1) {
                assert!(area[area.find('>').unwrap() + 1..].starts_with("</textarea>"));
            }
        }
    }

    #[test]
    fn a_draft_comes_back_with_its_keys_and_says_which_values_to_type() {
        let keys = ["host", "user", "password", "token"].map(String::from).to_vec();
        let typed = SecretDraft { keys, filled: ["entries.2.value".to_owned(), "entries.3.value".to_owned()].into(), ..SecretDraft::default() };
        let page = html(&typed, Some(UnixMs(0)), &[]);
        assert!(page.contains("data-restored") && page.contains("Values are never kept: type 2 again."), "{page}");
        assert_eq!(page.matches("Type it again").count(), 2);
        assert_eq!(page.matches("data-line=\"entries\"").count(), 5, "its rows and one to go on");
        assert!(page.contains("data-seen=\"0\"") && page.contains("form=\"discard-draft\""));
    }
}
