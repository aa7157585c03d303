//! Reads the form of a new secret. No sentence here ever has a value in it, not even a part of one.

use super::escape::push_json;
use super::pem::Block;
use super::{DecodeBase64, MAX_SECRET_BYTES, Parsed, SecretEntry, SecretForm, SecretKind, SecretSpec, SecretText, SecretValue, pem};
use crate::form::{CertificateWrong, EntryPart, Field, Finding, LoginWrong, PrivateKeyWrong, RegistryWrong, SecretWrong, Wrong};
use crate::{KeyName, Namespace, SecretName};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Most keys of a secret.
pub const MAX_KEYS: usize = 100;

type Data = BTreeMap<KeyName, SecretValue>;

impl SecretForm {
    /// Reads every field and tells all that is wrong at once. `decode` and `encode` are the caller's base64.
    ///
    /// # Errors
    /// All that is wrong; never with a value.
    pub fn parse(self, namespace: Namespace, decode: DecodeBase64, encode: fn(&[u8]) -> String) -> Parsed<SecretSpec> {
        let mut found = Findings::default();
        let name = SecretName::parse(self.name.trim()).map_err(|e| found.add(Field::Name, e)).ok();
        let data = match self.kind {
            SecretKind::Opaque => opaque(&self.entries, decode, &mut found),
            SecretKind::DockerRegistry => registry(&self, encode, &mut found),
            SecretKind::Tls => tls(&self, &mut found),
            SecretKind::BasicAuth => basic(&self, &mut found),
        };
        let size: usize = data.values().map(SecretValue::len).sum();
        if size > MAX_SECRET_BYTES {
            let field = if self.kind == SecretKind::Opaque { Field::Entries } else { Field::Name };
            found.add(field, SecretWrong::TooLarge { most: MAX_SECRET_BYTES, now: size });
        }
        match name {
            Some(name) if found.0.is_empty() => Ok(SecretSpec { namespace, name, kind: self.kind, data }),
            _ => Err(found.0),
        }
    }
}

/// Findings while a form is read.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, field: Field, wrong: impl Into<Wrong>) {
        self.0.push(Finding::new(field, wrong));
    }

    /// Adds one about the credentials of a secret.
    fn wrong(&mut self, field: Field, wrong: impl Into<SecretWrong>) {
        self.add(field, wrong.into());
    }
}

fn key(text: &'static str) -> Option<KeyName> {
    KeyName::parse(text).ok()
}

fn exposed(text: Option<&SecretText>) -> &str {
    text.map_or("", SecretText::expose)
}

fn bytes(text: &str) -> SecretValue {
    text.as_bytes().to_vec().into()
}

fn opaque(entries: &[SecretEntry], decode: DecodeBase64, found: &mut Findings) -> Data {
    let mut data = Data::new();
    if entries.is_empty() {
        found.add(Field::Entries, SecretWrong::NoKeys);
    }
    if entries.len() > MAX_KEYS {
        found.add(Field::Entries, SecretWrong::TooManyKeys { most: MAX_KEYS, now: entries.len() });
        return data;
    }
    for (i, entry) in entries.iter().enumerate() {
        let key = match KeyName::parse(entry.key.trim()) {
            Ok(key) => key,
            Err(e) => {
                found.add(Field::Entry(i, EntryPart::Key), e);
                continue;
            }
        };
        if data.contains_key(&key) {
            found.add(Field::Entry(i, EntryPart::Key), SecretWrong::KeyTwice(key));
            continue;
        }
        let value = if entry.base64 {
            match decode(entry.value.expose()) {
                Some(bytes) => bytes.into(),
                None => {
                    found.add(Field::Entry(i, EntryPart::Value), SecretWrong::BrokenFile(key));
                    continue;
                }
            }
        } else {
            bytes(entry.value.expose())
        };
        data.insert(key, value);
    }
    data
}

/// `{"auths":{SERVER:{"username","password","email","auth"}}}`, as kubectl writes it
/// (<https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets>).
fn registry(form: &SecretForm, encode: fn(&[u8]) -> String, found: &mut Findings) -> Data {
    let server = server(&form.server, found);
    let user = form.username.trim();
    let password = exposed(form.password.as_ref());
    if user.is_empty() {
        found.wrong(Field::Username, RegistryWrong::NoUser);
    } else if user.contains(':') {
        found.wrong(Field::Username, RegistryWrong::UserHasColon);
    }
    if password.is_empty() {
        found.wrong(Field::Password, RegistryWrong::NoPassword);
    }
    let email = form.email.trim();
    if !email.is_empty() && (!email.contains('@') || email.contains(char::is_whitespace)) {
        found.wrong(Field::Email, RegistryWrong::Email);
    }
    let auth = Zeroizing::new(encode(Zeroizing::new(format!("{user}:{password}")).as_bytes()));
    // Room for every character escaped, so that no copy is left behind by growing.
    let mut json = Zeroizing::new(String::with_capacity(128 + 6 * (server.len() + user.len() + password.len() + email.len()) + auth.len()));
    json.push_str("{\"auths\":{");
    push_json(&mut json, &server);
    json.push_str(":{\"username\":");
    push_json(&mut json, user);
    json.push_str(",\"password\":");
    push_json(&mut json, password);
    if !email.is_empty() {
        json.push_str(",\"email\":");
        push_json(&mut json, email);
    }
    json.push_str(",\"auth\":");
    push_json(&mut json, &auth);
    json.push_str("}}}");
    key(".dockerconfigjson").map(|k| (k, bytes(&json))).into_iter().collect()
}

/// The registry as it stands in front of image names, which is what nodes look for. The address of its API (`/v2/`) is left
/// out, as the kubelet does it; without its last slash the kubelet would take it for a part of the image's name
/// (<https://kubernetes.io/docs/concepts/containers/images/#config-json>). Docker Hub has its historic address.
fn server(text: &str, found: &mut Findings) -> String {
    let text = text.trim();
    let typed = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text).trim_end_matches('/');
    let (domain, path) = typed.split_once('/').unwrap_or((typed, ""));
    let path = match path.split_once('/').unwrap_or((path, "")) {
        ("v1" | "v2", rest) => rest,
        _ => path,
    };
    if matches!(domain, "docker.io" | "index.docker.io" | "registry-1.docker.io") && path.is_empty() {
        return "https://index.docker.io/v1/".into();
    }
    let host = if path.is_empty() { domain.to_owned() } else { format!("{domain}/{path}") };
    let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '/' | '_'));
    let wrong = if host.is_empty() {
        RegistryWrong::NoHost
    } else if host.len() > 253 || host.contains(odd) || typed.contains("//") || host.starts_with(['/', ':', '.']) {
        RegistryWrong::Host
    } else {
        return host;
    };
    found.wrong(Field::Server, wrong);
    String::new()
}

/// Text without byte order marks. Go's PEM reader misses a block that begins behind one.
fn without_marks(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.replace(pem::MARK, ""))
}

/// A new value as it is stored: of the keys that hold text by the secret's type, without byte order marks.
#[must_use]
pub fn stored_value(kind: SecretKind, key: &KeyName, value: SecretValue) -> SecretValue {
    let is_text = matches!((kind, key.as_str()), (SecretKind::Tls, "tls.crt" | "tls.key") | (SecretKind::DockerRegistry, ".dockerconfigjson"));
    match std::str::from_utf8(value.expose()) {
        Ok(text) if is_text && text.contains(pem::MARK) => bytes(&without_marks(text)),
        _ => value,
    }
}

/// What is wrong with a new value of one key of a secret of this type; keys that the type does not know may hold anything.
#[must_use]
pub fn value_problem(kind: SecretKind, key: &KeyName, value: &SecretValue) -> Option<SecretWrong> {
    // What is no text is no PEM either, and not nothing.
    let text = || std::str::from_utf8(value.expose()).unwrap_or("binary").trim();
    match (kind, key.as_str()) {
        (SecretKind::Tls, "tls.crt") => certificate_problem(text()).map(SecretWrong::from),
        (SecretKind::Tls, "tls.key") => private_key_problem(text()).map(SecretWrong::from),
        (SecretKind::DockerRegistry, ".dockerconfigjson") => docker_config_problem(text()).map(SecretWrong::from),
        _ => None,
    }
}

/// Docker's configuration, of which only the registries are read.
#[derive(serde::Deserialize)]
struct Config {
    auths: BTreeMap<String, serde::de::IgnoredAny>,
}

/// Most registries told of one secret, and most characters of each.
const MAX_HOSTS: usize = 20;
const MAX_HOST: usize = 253;

/// The registries that a `.dockerconfigjson` has credentials for, without the credentials.
#[must_use]
pub fn registry_hosts(value: &SecretValue) -> Vec<String> {
    let shown = |host: String| host.chars().filter(|c| !c.is_control()).take(MAX_HOST).collect();
    serde_json::from_slice::<Config>(value.expose()).map_or_else(|_| Vec::new(), |c| c.auths.into_keys().take(MAX_HOSTS).map(shown).collect())
}

/// Kubernetes takes any JSON here, and the kubelet then pulls without credentials.
fn docker_config_problem(text: &str) -> Option<RegistryWrong> {
    let fits = serde_json::from_str::<Config>(text).is_ok_and(|config| !config.auths.is_empty());
    (!fits).then_some(RegistryWrong::DockerConfig)
}

fn certificate_problem(text: &str) -> Option<CertificateWrong> {
    match pem::blocks(text) {
        _ if text.is_empty() => Some(CertificateWrong::Missing),
        Err(fault) => Some(CertificateWrong::Broken(fault)),
        Ok(blocks) if blocks.iter().any(|b| b.is_key()) => Some(CertificateWrong::HasPrivateKey),
        Ok(blocks) if blocks.is_empty() || blocks.iter().any(|b| *b != Block::Certificate) => Some(CertificateWrong::NoCertificate),
        Ok(_) => None,
    }
}

fn private_key_problem(text: &str) -> Option<PrivateKeyWrong> {
    match pem::blocks(text) {
        _ if text.is_empty() => Some(PrivateKeyWrong::Missing),
        Err(fault) => Some(PrivateKeyWrong::Broken(fault)),
        Ok(blocks) if blocks.contains(&Block::PrivateKey { encrypted: true }) => Some(PrivateKeyWrong::Encrypted),
        Ok(blocks) if blocks.iter().filter(|b| b.is_key()).count() > 1 => Some(PrivateKeyWrong::Several),
        Ok(blocks) if !blocks.iter().any(|b| b.is_key()) => Some(PrivateKeyWrong::NoPrivateKey),
        Ok(_) => None,
    }
}

fn tls(form: &SecretForm, found: &mut Findings) -> Data {
    let (certificate, private) = (without_marks(&form.certificate), without_marks(exposed(form.private_key.as_ref())));
    let (certificate, private) = (certificate.trim(), private.trim());
    let before = found.0.len();
    let (in_certificate, in_key) = (pem::blocks(certificate).unwrap_or_default(), pem::blocks(private).unwrap_or_default());
    let has_key = |blocks: &[Block]| blocks.iter().any(|b| b.is_key());
    let has_certificate = |blocks: &[Block]| blocks.contains(&Block::Certificate);
    if has_key(&in_certificate) && has_certificate(&in_key) && !has_certificate(&in_certificate) {
        found.wrong(Field::Certificate, CertificateWrong::Swapped);
        return Data::new();
    }
    if let Some(wrong) = certificate_problem(certificate) {
        found.wrong(Field::Certificate, wrong);
    }
    if let Some(wrong) = private_key_problem(private) {
        found.wrong(Field::PrivateKey, wrong);
    }
    if found.0.len() > before {
        return Data::new();
    }
    // Some readers miss the last block of a text without a line feed at its end.
    let line = |text: &str| {
        let mut out = Vec::with_capacity(text.len() + 1);
        out.extend_from_slice(text.as_bytes());
        out.push(b'\n');
        SecretValue::from(out)
    };
    [key("tls.crt").map(|k| (k, line(certificate))), key("tls.key").map(|k| (k, line(private)))].into_iter().flatten().collect()
}

fn basic(form: &SecretForm, found: &mut Findings) -> Data {
    let (user, password) = (form.username.trim(), exposed(form.password.as_ref()));
    if user.is_empty() {
        found.wrong(Field::Username, LoginWrong::NoUser);
    } else if user.contains(':') {
        found.wrong(Field::Username, LoginWrong::UserHasColon);
    }
    if password.is_empty() {
        found.wrong(Field::Password, LoginWrong::NoPassword);
    }
    [key("username").map(|k| (k, bytes(user))), key("password").map(|k| (k, bytes(password)))].into_iter().flatten().collect()
}
