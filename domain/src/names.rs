//! Names that have rules. Each is a type that can only hold a valid value; the error is a sentence for the form.

mod app_id;
mod image;

pub use app_id::{AppId, Kind};
pub use image::{short_image, told_image};

use image::image;
use serde::{Deserialize, Serialize, Serializer};
use std::sync::Arc;

/// Why a name was refused; the text is what the person reads beside the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(pub String);

fn fail<T>(text: impl Into<String>) -> Result<T, NameError> {
    Err(NameError(text.into()))
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// The first letter as a capital.
fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), chars.as_str()))
}

/// A character that is not allowed, so that a person sees which: `"M"`, `spaces`.
fn sign(c: char) -> String {
    match c {
        ' ' => "spaces".into(),
        '"' => "quotes".into(),
        '\n' | '\r' => "line breaks".into(),
        c => format!("\"{}\"", c.escape_debug()),
    }
}

/// RFC 1123 label: what Kubernetes asks of most names
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names>).
fn label(what: &str, text: &str, most: usize) -> Result<(), NameError> {
    if text.is_empty() {
        return fail(format!("Enter {} {what} name.", article(what)));
    }
    if text.len() > most {
        return fail(format!("{} names can have at most {most} characters ({} now).", capital(what), text.len()));
    }
    if let Some(c) = text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')) {
        return fail(format!("{} names can't contain {}. Use lowercase letters, digits, and dashes.", capital(what), sign(c)));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return fail(format!("{} names must start and end with a letter or digit.", capital(what)));
    }
    Ok(())
}

/// RFC 1123 subdomain: labels joined by dots, 253 characters at most.
fn subdomain(what: &str, text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return fail(format!("Enter {} {what} name.", article(what)));
    }
    if text.len() > 253 {
        return fail(format!("{} names can have at most 253 characters ({} now).", capital(what), text.len()));
    }
    if let Some(c) = text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))) {
        return fail(format!("{} names can't contain {}. Use lowercase letters, digits, dashes, and dots.", capital(what), sign(c)));
    }
    if text.split('.').any(|part| part.is_empty() || part.starts_with('-') || part.ends_with('-')) {
        return fail(format!("Each part of {} {what} name must start and end with a letter or digit.", article(what)));
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
            /// A sentence for the person at the form.
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
    |t| label("namespace", t, 63)
);
name!(
    /// The name of a workload that exists in the cluster (a DNS subdomain).
    WorkloadName,
    |t| subdomain("workload", t)
);
name!(
    /// The name of an app that the portal creates. Stricter than [`WorkloadName`], because its service, which
    /// has the same name, must be a label that starts with a letter (RFC 1035).
    AppName,
    |t| {
        label("app", t, 63)?;
        if t.starts_with(|c: char| c.is_ascii_digit()) { fail("App names must start with a letter, because the app's service gets the same name.") } else { Ok(()) }
    }
);
name!(
    /// The name of a secret.
    SecretName,
    |t| subdomain("secret", t)
);
name!(
    /// The name of a config map.
    ConfigMapName,
    |t| subdomain("config map", t)
);
name!(
    /// A key in a secret or config map.
    KeyName,
    |t| {
        if t.is_empty() {
            return fail("Enter a key.");
        }
        if t.len() > 253 {
            return fail(format!("Keys can have at most 253 characters ({} now).", t.len()));
        }
        if t == "." {
            return fail("A key can't be a single dot. Add a letter or digit.");
        }
        if t.starts_with("..") {
            return fail("A key can't start with two dots. Remove one.");
        }
        match t.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
            Some(c) => fail(format!("Keys can't contain {}. Use letters, digits, dashes, underscores, and dots.", sign(c))),
            None => Ok(()),
        }
    }
);
name!(
    /// The name of an environment variable.
    EnvName,
    |t| {
        if t.is_empty() {
            return fail("Enter a variable name.");
        }
        if t.len() > 256 {
            return fail(format!("Variable names can have at most 256 characters ({} now).", t.len()));
        }
        if t.starts_with(|c: char| c.is_ascii_digit()) {
            return fail("Variable names can't start with a digit.");
        }
        match t.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))) {
            Some(c) => fail(format!("Variable names can't contain {}. Use letters, digits, and underscores.", sign(c))),
            None => Ok(()),
        }
    }
);
name!(
    /// The name of a container port (IANA service name: 15 characters at most, with a letter).
    PortName,
    |t| {
        label("port", t, 15)?;
        if t.contains("--") { return fail("Port names can't contain two dashes in a row."); }
        if t.chars().any(|c| c.is_ascii_lowercase()) { Ok(()) } else { fail("Port names need at least one letter.") }
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
            return fail("Enter a username.");
        }
        if t.len() > 64 {
            return fail(format!("Usernames can have at most 64 characters ({} now).", t.len()));
        }
        match t.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@' | '+'))) {
            Some(c) => fail(format!("Usernames can't contain {}. Use lowercase letters, digits, dots, dashes, underscores, +, and @.", sign(c))),
            None => Ok(()),
        }
    }
);
name!(
    /// The name of a team: any words a person would read, one line, 64 characters at most.
    TeamName,
    |t| {
        if t.trim().is_empty() {
            return fail("Enter a team name.");
        }
        if t.trim() != t || t.chars().count() > 64 {
            return fail("Team names can have at most 64 characters, with no space at either end.");
        }
        if crate::invisible::any(t) { fail("Team names can't contain line breaks or invisible characters. Type the name again.") } else { Ok(()) }
    }
);
name!(
    /// A host name of an ingress; the first label may be `*`.
    IngressHost,
    |t| subdomain("host", t.strip_prefix("*.").unwrap_or(t))
);
name!(
    /// An absolute path prefix of an ingress.
    IngressPath,
    |t| {
        if !t.starts_with('/') {
            return fail("Paths start with a slash, such as / or /api.");
        }
        if t.len() > 1024 || t.contains("//") || t.split('/').any(|p| p == "." || p == "..") {
            return fail("Paths can have at most 1,024 characters and no empty, . or .. segments.");
        }
        match t.chars().find(|c| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '%' | '\\')) {
            Some(c) => fail(format!("Paths can't contain {}.", sign(c))),
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
            return fail("A base path starts with a slash and doesn't end with one, such as /team/portal.");
        }
        if t.len() > 256 || t[1..].split('/').any(|p| p.is_empty() || p == "." || p == "..") {
            return fail("A base path can have at most 256 characters and no empty, . or .. segments.");
        }
        match t.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~'))) {
            Some(c) => fail(format!("A base path can't contain {}. Use letters, digits, - _ . and ~.", sign(c))),
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
    /// A sentence that says what cannot stand in the path.
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
    /// A sentence for the person at the form.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        match text.parse::<u16>() {
            Ok(n) if n > 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(n)),
            _ => fail(format!("{text:?} isn't a port. Enter a number from 1 to 65535.")),
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Port {
    type Error = NameError;
    fn try_from(n: u16) -> Result<Self, NameError> {
        if n == 0 { fail("0 isn't a port. Enter a number from 1 to 65535.") } else { Ok(Self(n)) }
    }
}

impl From<Port> for u16 {
    fn from(port: Port) -> Self {
        port.0
    }
}
