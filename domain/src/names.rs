//! Names that have rules. Each is a type that can only hold a valid value; the error says which rule a text breaks.

mod app_id;
mod error;
mod image;

pub use app_id::{AppId, Kind};
pub use error::{ImageRule, NameError, NameRule, PortError, What};
pub use image::{short_image, told_image};

use image::image;
use serde::{Deserialize, Serialize, Serializer};
use std::sync::Arc;

fn fail<T>(what: What, rule: NameRule) -> Result<T, NameError> {
    Err(NameError { what, rule })
}

/// RFC 1123 label: what Kubernetes asks of most names
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names>).
fn label(what: What, text: &str, most: usize) -> Result<(), NameError> {
    if text.is_empty() {
        return fail(what, NameRule::Empty);
    }
    if text.len() > most {
        return fail(what, NameRule::TooLong { most, now: text.len() });
    }
    if let Some(c) = text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')) {
        return fail(what, NameRule::Has(c));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return fail(what, NameRule::Ends);
    }
    Ok(())
}

/// RFC 1123 subdomain: labels joined by dots, 253 characters at most.
fn subdomain(what: What, text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return fail(what, NameRule::Empty);
    }
    if text.len() > 253 {
        return fail(what, NameRule::TooLong { most: 253, now: text.len() });
    }
    if let Some(c) = text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))) {
        return fail(what, NameRule::Has(c));
    }
    if text.split('.').any(|part| part.is_empty() || part.starts_with('-') || part.ends_with('-')) {
        return fail(what, NameRule::PartEnds);
    }
    Ok(())
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        // Names are keys of every map of apps: a clone shares the text.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the rules and takes the text.
            ///
            /// # Errors
            /// The first rule that the text breaks.
            pub fn parse(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                let check: fn(&str) -> Result<(), NameError> = $check;
                check(&text).map(|()| Self(text.into()))
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.as_ref().into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// A namespace of the cluster.
    Namespace,
    |t| label(What::Namespace, t, 63)
);
name!(
    /// The name of a workload that exists in the cluster (a DNS subdomain).
    WorkloadName,
    |t| subdomain(What::Workload, t)
);
name!(
    /// The name of an app that the portal creates. Stricter than [`WorkloadName`], because its service, which
    /// has the same name, must be a label that starts with a letter (RFC 1035).
    AppName,
    |t| {
        label(What::App, t, 63)?;
        if t.starts_with(|c: char| c.is_ascii_digit()) { fail(What::App, NameRule::LetterFirst) } else { Ok(()) }
    }
);
name!(
    /// The name of a secret.
    SecretName,
    |t| subdomain(What::Secret, t)
);
name!(
    /// The name of a config map.
    ConfigMapName,
    |t| subdomain(What::ConfigMap, t)
);
name!(
    /// A key in a secret or config map.
    KeyName,
    |t| {
        if t.is_empty() {
            return fail(What::Key, NameRule::Empty);
        }
        if t.len() > 253 {
            return fail(What::Key, NameRule::TooLong { most: 253, now: t.len() });
        }
        if t == "." {
            return fail(What::Key, NameRule::Dot);
        }
        if t.starts_with("..") {
            return fail(What::Key, NameRule::TwoDots);
        }
        match t.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
            Some(c) => fail(What::Key, NameRule::Has(c)),
            None => Ok(()),
        }
    }
);
name!(
    /// The name of an environment variable.
    EnvName,
    |t| {
        if t.is_empty() {
            return fail(What::Variable, NameRule::Empty);
        }
        if t.len() > 256 {
            return fail(What::Variable, NameRule::TooLong { most: 256, now: t.len() });
        }
        if t.starts_with(|c: char| c.is_ascii_digit()) {
            return fail(What::Variable, NameRule::DigitFirst);
        }
        match t.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))) {
            Some(c) => fail(What::Variable, NameRule::Has(c)),
            None => Ok(()),
        }
    }
);
name!(
    /// The name of a container port (IANA service name: 15 characters at most, with a letter).
    PortName,
    |t| {
        label(What::Port, t, 15)?;
        if t.contains("--") { return fail(What::Port, NameRule::TwoDashes); }
        if t.chars().any(|c| c.is_ascii_lowercase()) { Ok(()) } else { fail(What::Port, NameRule::NoLetter) }
    }
);
name!(
    /// An image reference such as `registry.example.org:5000/team/app:1.2` or one with `@sha256:…`.
    ImageRef,
    image
);
name!(
    /// The name with which a person signs in.
    Username,
    |t| {
        if t.is_empty() {
            return fail(What::User, NameRule::Empty);
        }
        if t.len() > 64 {
            return fail(What::User, NameRule::TooLong { most: 64, now: t.len() });
        }
        match t.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@' | '+'))) {
            Some(c) => fail(What::User, NameRule::Has(c)),
            None => Ok(()),
        }
    }
);
name!(
    /// The name of a team: any words a person would read, one line, 64 characters at most.
    TeamName,
    |t| {
        if t.trim().is_empty() {
            return fail(What::Team, NameRule::Empty);
        }
        if t.trim() != t || t.chars().count() > 64 {
            return fail(What::Team, NameRule::LongOrPadded(64));
        }
        if crate::invisible::any(t) { fail(What::Team, NameRule::Invisible) } else { Ok(()) }
    }
);
name!(
    /// A host name of an ingress; the first label may be `*`.
    IngressHost,
    |t| subdomain(What::Host, t.strip_prefix("*.").unwrap_or(t))
);
name!(
    /// The name of an ingress class.
    IngressClass,
    |t| subdomain(What::IngressClass, t)
);
name!(
    /// An absolute path prefix of an ingress.
    IngressPath,
    |t| {
        if !t.starts_with('/') {
            return fail(What::Path, NameRule::NoSlash);
        }
        if t.len() > 1024 || t.contains("//") || t.split('/').any(|p| p == "." || p == "..") {
            return fail(What::Path, NameRule::Segments(1024));
        }
        match t.chars().find(|c| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '%' | '\\')) {
            Some(c) => fail(What::Path, NameRule::Has(c)),
            None => Ok(()),
        }
    }
);
name!(
    /// The path under which the portal is served: empty for the root, else `/a/b` without a slash at the end.
    BasePath,
    |t| {
        if t.is_empty() {
            return Ok(());
        }
        if !t.starts_with('/') || t.ends_with('/') {
            return fail(What::BasePath, NameRule::NoSlashOrLast);
        }
        if t.len() > 256 || t[1..].split('/').any(|p| p.is_empty() || p == "." || p == "..") {
            return fail(What::BasePath, NameRule::Segments(256));
        }
        match t.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~'))) {
            Some(c) => fail(What::BasePath, NameRule::Has(c)),
            None => Ok(()),
        }
    }
);

#[allow(clippy::derivable_impls, reason = "the macro makes the type, and only this name may be empty")]
impl Default for BasePath {
    fn default() -> Self {
        Self("".into())
    }
}

impl BasePath {
    /// Reads what an operator would write: `team/portal/`, `/team/portal` and `/` all work.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn lenient(text: &str) -> Result<Self, NameError> {
        let inner = text.trim().trim_matches('/');
        if inner.is_empty() { Ok(Self::default()) } else { Self::parse(format!("/{inner}")) }
    }

    /// A link below this base: `path` starts with a slash.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// What remains of `path` below this base; `None` where it is not below it (`/a/bc` is not below `/a/b`).
    #[must_use]
    pub fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        match path.strip_prefix(&*self.0)? {
            "" => Some("/"),
            rest if rest.starts_with('/') => Some(rest),
            _ => None,
        }
    }
}

/// A TCP or UDP port, 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Port(u16);

impl Port {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// The text is no number from 1 to 65535.
    pub fn parse(text: &str) -> Result<Self, PortError> {
        let text = text.trim();
        match text.parse::<u16>() {
            Ok(n) if n > 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(n)),
            _ => Err(PortError::NotANumber(text.to_owned())),
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Port {
    type Error = PortError;
    fn try_from(n: u16) -> Result<Self, PortError> {
        if n == 0 { Err(PortError::Zero) } else { Ok(Self(n)) }
    }
}

impl From<Port> for u16 {
    fn from(port: Port) -> Self {
        port.0
    }
}
