//! Reads the form of a new secret. No sentence here ever has a value in it, not even a part of one.

use super::escape::push_json;
use super::{DecodeBase64, MAX_SECRET_BYTES, Parsed, SecretEntry, SecretForm, SecretKind, SecretSpec, SecretText, SecretValue, pem};
use crate::{FieldError, KeyName, Namespace, SecretName};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Most keys of a secret.
pub const MAX_KEYS: usize = 100;

type Data = BTreeMap<KeyName, SecretValue>;

impl SecretForm {
    /// Reads every field and tells all that is wrong at once. `decode` and `encode` are the caller's base64.
    ///
    /// # Errors
    /// One sentence per field, with paths such as `entries.2.key`; never with a value.
    pub fn parse(self, namespace: Namespace, decode: DecodeBase64, encode: fn(&[u8]) -> String) -> Parsed<SecretSpec> {
        let mut found = Vec::new();
        let name = SecretName::parse(self.name.trim()).map_err(|e| found.push(FieldError::new("name", e.to_string()))).ok();
        let data = match self.kind {
            SecretKind::Opaque => opaque(&self.entries, decode, &mut found),
            SecretKind::DockerRegistry => registry(&self, encode, &mut found),
            SecretKind::Tls => tls(&self, &mut found),
            SecretKind::BasicAuth => basic(&self, &mut found),
        };
        let size: usize = data.values().map(SecretValue::len).sum();
        if size > MAX_SECRET_BYTES {
            let field = if self.kind == SecretKind::Opaque { "entries" } else { "name" };
            found.push(FieldError::new(field, format!("Secrets can hold at most {MAX_SECRET_BYTES} bytes ({size} now). Split it.")));
        }
        match name {
            Some(name) if found.is_empty() => Ok(SecretSpec { namespace, name, kind: self.kind, data }),
            _ => Err(found),
        }
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

fn opaque(entries: &[SecretEntry], decode: DecodeBase64, found: &mut Vec<FieldError>) -> Data {
    let mut data = Data::new();
    if entries.is_empty() {
        found.push(FieldError::new("entries", "Add at least one key."));
    }
    if entries.len() > MAX_KEYS {
        found.push(FieldError::new("entries", format!("Use at most {MAX_KEYS} keys ({} now).", entries.len())));
        return data;
    }
    for (i, entry) in entries.iter().enumerate() {
        let key = match KeyName::parse(entry.key.trim()) {
            Ok(key) => key,
            Err(e) => {
                found.push(FieldError::new(format!("entries.{i}.key"), e.to_string()));
                continue;
            }
        };
        if data.contains_key(&key) {
            found.push(FieldError::new(format!("entries.{i}.key"), format!("Key {key} is listed twice. Remove one.")));
            continue;
        }
        let value = if entry.base64 {
            match decode(entry.value.expose()) {
                Some(bytes) => bytes.into(),
                None => {
                    found
                        .push(FieldError::new(format!("entries.{i}.value"), format!("The file for key {key} is incomplete (broken base64). Choose it again.")));
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
fn registry(form: &SecretForm, encode: fn(&[u8]) -> String, found: &mut Vec<FieldError>) -> Data {
    let server = server(&form.server, found);
    let user = form.username.trim();
    let password = exposed(form.password.as_ref());
    if user.is_empty() {
        found.push(FieldError::new("username", "Enter the registry username."));
    } else if user.contains(':') {
        found.push(FieldError::new("username", "Registry usernames can't contain a colon."));
    }
    if password.is_empty() {
        found.push(FieldError::new("password", "Enter the registry password or token."));
    }
    let email = form.email.trim();
    if !email.is_empty() && (!email.contains('@') || email.contains(char::is_whitespace)) {
        found.push(FieldError::new("email", "Enter a valid email address, or leave it empty."));
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
fn server(text: &str, found: &mut Vec<FieldError>) -> String {
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
    let message = if host.is_empty() {
        "Enter the registry host, such as registry.example.org."
    } else if host.len() > 253 || host.contains(odd) || typed.contains("//") || host.starts_with(['/', ':', '.']) {
        "This isn't a registry host. Enter it as image names start with it, such as registry.example.org:5000."
    } else {
        return host;
    };
    found.push(FieldError::new("server", message));
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
pub fn value_problem(kind: SecretKind, key: &KeyName, value: &SecretValue) -> Option<String> {
    // What is no text is no PEM either, and not nothing.
    let text = || std::str::from_utf8(value.expose()).unwrap_or("binary").trim();
    match (kind, key.as_str()) {
        (SecretKind::Tls, "tls.crt") => certificate_problem(text()),
        (SecretKind::Tls, "tls.key") => private_key_problem(text()),
        (SecretKind::DockerRegistry, ".dockerconfigjson") => docker_config_problem(text()),
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
fn docker_config_problem(text: &str) -> Option<String> {
    let fits = serde_json::from_str::<Config>(text).is_ok_and(|config| !config.auths.is_empty());
    (!fits).then(|| {
        "This isn't a Docker config.json. It needs JSON with \"auths\" and the credentials of each registry host in it, as docker login writes it.".into()
    })
}

fn certificate_problem(text: &str) -> Option<String> {
    match pem::labels(text) {
        _ if text.is_empty() => Some("Paste the certificate in PEM format.".into()),
        Err(why) => Some(format!("This PEM text is broken: {why}. Copy it again, from the first BEGIN line to the last END line.")),
        Ok(l) if l.iter().any(|l| pem::is_key(l)) => Some("This contains a private key. Move it to the private key field.".into()),
        Ok(l) if l.is_empty() || l.iter().any(|l| *l != "CERTIFICATE") => {
            Some("This isn't a PEM certificate. It should start with -----BEGIN CERTIFICATE-----; convert .der or .p12 files with openssl.".into())
        }
        Ok(_) => None,
    }
}

fn private_key_problem(text: &str) -> Option<String> {
    match pem::labels(text) {
        _ if text.is_empty() => Some("Paste the private key in PEM format.".into()),
        Err(why) => Some(format!("This PEM text is broken: {why}. Copy it again, from the BEGIN line to the END line.")),
        Ok(l) if l.iter().any(|l| l.starts_with("ENCRYPTED")) || text.contains("Proc-Type: 4,ENCRYPTED") => {
            Some("This private key is encrypted, and an ingress can't ask for a passphrase. Decrypt it with openssl pkey.".into())
        }
        Ok(l) if l.iter().filter(|l| pem::is_key(l)).count() > 1 => {
            Some("This contains more than one private key. Keep the one that matches the certificate.".into())
        }
        Ok(l) if !l.iter().any(|l| pem::is_key(l)) => {
            Some("This isn't a PEM private key. It should start with a line such as -----BEGIN PRIVATE KEY-----.".into())
        }
        Ok(_) => None,
    }
}

fn tls(form: &SecretForm, found: &mut Vec<FieldError>) -> Data {
    let (certificate, private) = (without_marks(&form.certificate), without_marks(exposed(form.private_key.as_ref())));
    let (certificate, private) = (certificate.trim(), private.trim());
    let before = found.len();
    let (cert_labels, key_labels) = (pem::labels(certificate), pem::labels(private));
    let keys_in = |l: &Result<Vec<&str>, _>| l.as_ref().is_ok_and(|l| l.iter().any(|l| pem::is_key(l)));
    let certs_in = |l: &Result<Vec<&str>, _>| l.as_ref().is_ok_and(|l| l.contains(&"CERTIFICATE"));
    if keys_in(&cert_labels) && certs_in(&key_labels) && !certs_in(&cert_labels) {
        found.push(FieldError::new("certificate", "The certificate and the private key are swapped. Swap them back."));
        return Data::new();
    }
    found.extend(certificate_problem(certificate).map(|message| FieldError::new("certificate", message)));
    found.extend(private_key_problem(private).map(|message| FieldError::new("private_key", message)));
    if found.len() > before {
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

fn basic(form: &SecretForm, found: &mut Vec<FieldError>) -> Data {
    let (user, password) = (form.username.trim(), exposed(form.password.as_ref()));
    if user.is_empty() {
        found.push(FieldError::new("username", "Enter the username."));
    } else if user.contains(':') {
        found.push(FieldError::new("username", "Basic authentication usernames can't contain a colon."));
    }
    if password.is_empty() {
        found.push(FieldError::new("password", "Enter the password."));
    }
    [key("username").map(|k| (k, bytes(user))), key("password").map(|k| (k, bytes(password)))].into_iter().flatten().collect()
}
