//! Secrets: the value type that cannot be printed, and what may be told of a secret.

use crate::form::Finding;
use crate::{KeyName, Namespace, SecretName, UnixMs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

mod escape;
mod parse;
mod pem;
#[cfg(test)]
mod tests;

pub use parse::{MAX_KEYS, registry_hosts, stored_value, value_problem};

/// A secret value. It has no `Debug`, no `Display` and no `Serialize`, and is wiped when dropped.
#[derive(Clone, Deserialize)]
#[serde(from = "Vec<u8>")]
pub struct SecretValue(Zeroizing<Vec<u8>>);

impl SecretValue {
    /// The bytes, for the API server and the fingerprint only.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for SecretValue {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

/// Most bytes of all values of a secret together; Kubernetes refuses more
/// (<https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size>).
pub const MAX_SECRET_BYTES: usize = 1_048_576;

/// The types of secret that the form can make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// Keys and values of one's own.
    #[default]
    Opaque,
    /// Credentials of an image registry.
    DockerRegistry,
    /// Certificate and key.
    Tls,
    /// User name and password.
    BasicAuth,
}

impl SecretKind {
    /// All kinds, in the form's order.
    pub const ALL: [Self; 4] = [Self::Opaque, Self::DockerRegistry, Self::Tls, Self::BasicAuth];

    /// `type` of the Kubernetes object.
    #[must_use]
    pub const fn kubernetes(self) -> &'static str {
        match self {
            Self::Opaque => "Opaque",
            Self::DockerRegistry => "kubernetes.io/dockerconfigjson",
            Self::Tls => "kubernetes.io/tls",
            Self::BasicAuth => "kubernetes.io/basic-auth",
        }
    }

    /// As it stands in a URL or form.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Opaque => "opaque",
            Self::DockerRegistry => "docker-registry",
            Self::Tls => "tls",
            Self::BasicAuth => "basic-auth",
        }
    }
}

/// A secret about to be created: checked, ready for the API server.
#[derive(Clone)]
pub struct SecretSpec {
    /// Where.
    pub namespace: Namespace,
    /// The name that the object gets.
    pub name: SecretName,
    /// Which keys it has, and its `type`.
    pub kind: SecretKind,
    /// Keys and values as they are stored (for a registry: one `.dockerconfigjson`).
    pub data: BTreeMap<KeyName, SecretValue>,
}

/// What may be told of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// Name of the key within the secret.
    pub key: String,
    /// Length of the value in bytes.
    pub size: u32,
    /// The value is no text.
    pub binary: bool,
    /// First 12 hexadecimal digits of an HMAC-SHA-256 under a key of this portal: equal values of a namespace look equal, nothing else shows.
    pub fingerprint: String,
}

/// Who uses a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretUser {
    /// The app whose pods or ingress name it.
    pub app: crate::AppId,
    /// How: `env ES_PASSWORD`, `mounted at /etc/tls`, `pull secret`, `ingress web`.
    pub how: String,
    /// It reads the secret when it starts, and one of its containers has run since before the last change.
    pub old: bool,
}

/// What is public of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateInfo {
    /// Hosts that it is for; 20 at most.
    pub names: Vec<String>,
    /// When it ends.
    pub expires: UnixMs,
}

/// What may be told of a secret. Never a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretInfo {
    /// Where.
    pub namespace: Namespace,
    /// `metadata.name` of the secret.
    pub name: String,
    /// `type` of the object.
    pub kind: String,
    /// When it was created.
    pub created: UnixMs,
    /// When it was last changed, where its field managers tell.
    pub changed: Option<UnixMs>,
    /// Its keys.
    pub keys: Vec<KeyInfo>,
    /// Apps that use it.
    pub users: Vec<SecretUser>,
    /// Helm or another controller manages it; a change here would be undone.
    pub managed_by: Option<String>,
    /// Cannot be changed (`immutable: true`).
    pub immutable: bool,
    /// The resource version that this was read at.
    pub version: String,
    /// Registries that a docker-registry secret has credentials for.
    pub hosts: Vec<String>,
    /// Of a TLS secret: the server's own certificate, where it can be read.
    pub certificate: Option<CertificateInfo>,
    /// What is wrong with its values together, and what to do: a certificate with the key of another one.
    pub fault: Option<String>,
}

/// The form for a new secret, as text from the person. `K` pairs are key and value.
/// Deserialize only: it exists in the server's memory and in the browser's fields, never in an answer.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretForm {
    /// The name as it was typed.
    #[serde(default)]
    pub name: String,
    /// Which of the fields below count.
    pub kind: SecretKind,
    /// Opaque: typed keys and values; values of uploaded files come as base64 with `base64: true`.
    #[serde(default)]
    pub entries: Vec<SecretEntry>,
    /// docker-registry: server, such as `registry.example.org`.
    #[serde(default)]
    pub server: String,
    /// docker-registry and basic-auth: user name.
    #[serde(default)]
    pub username: String,
    /// docker-registry and basic-auth: password or token.
    #[serde(default)]
    pub password: Option<SecretText>,
    /// docker-registry: e-mail, optional.
    #[serde(default)]
    pub email: String,
    /// tls: certificate chain in PEM.
    #[serde(default)]
    pub certificate: String,
    /// tls: private key in PEM.
    #[serde(default)]
    pub private_key: Option<SecretText>,
}

/// One typed or uploaded key.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretEntry {
    /// Key.
    pub key: String,
    /// Value.
    pub value: SecretText,
    /// The value is base64 of a file's bytes.
    #[serde(default)]
    pub base64: bool,
}

/// Secret text from a form; wiped when dropped, cannot be printed.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes text from a field.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for checking and encoding only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// A function that turns base64 text into bytes; the caller brings it, because this room has no codec.
pub type DecodeBase64 = fn(&str) -> Option<Vec<u8>>;

/// Result of reading a form.
pub type Parsed<T> = Result<T, Vec<Finding>>;
