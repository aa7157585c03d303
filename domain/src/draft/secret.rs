//! The form for a new secret, as it may be kept.

use crate::form::{EntryPart, Field, Finding, SecretWrong};
use crate::redact;
use crate::secret::{MAX_KEYS, SecretKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A form for a new secret without its values: there is no place for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecretDraft {
    /// The name as it was typed.
    pub name: String,
    /// Which of the form's types was chosen.
    pub kind: SecretKind,
    /// Opaque: names of the keys, in the order of their rows, [`MAX_KEYS`] at most.
    pub keys: Vec<String>,
    /// docker-registry: the registry's host.
    pub server: String,
    /// docker-registry and basic-auth: the user.
    pub username: String,
    /// docker-registry: the e-mail address of the user.
    pub email: String,
    /// Fields of values that held something, such as `entries.1.value` and `password`.
    pub filled: BTreeSet<String>,
}

impl SecretDraft {
    /// Takes out what looks like a secret in a field of a name, and the names of fields that the form does not have.
    ///
    /// # Errors
    /// More keys than a secret can have.
    pub fn cleaned(mut self) -> Result<Self, Finding> {
        if self.keys.len() > MAX_KEYS {
            return Err(Finding::new(Field::Keys, SecretWrong::TooManyKeys { most: MAX_KEYS, now: self.keys.len() }));
        }
        let rows = self.keys.len();
        self.filled.retain(|field| Field::parse(field).is_some_and(|field| is_value(&field, rows)));
        let named = [&mut self.name, &mut self.server, &mut self.username, &mut self.email];
        for text in named.into_iter().chain(&mut self.keys) {
            if redact::text(text) != *text {
                text.clear();
            }
        }
        Ok(self)
    }

    /// Whether a value has to be typed again.
    #[must_use]
    pub fn had(&self, field: &str) -> bool {
        self.filled.contains(field)
    }
}

/// Whether a field holds a value, in a form with so many rows of keys.
fn is_value(field: &Field, rows: usize) -> bool {
    matches!(field, Field::Entry(row, EntryPart::Value) if *row < rows) || matches!(field, Field::Password | Field::Certificate | Field::PrivateKey)
}

#[cfg(test)]
mod tests {
    use super::super::{read, write};
    use super::*;

    #[test]
    fn names_stay_and_whatever_looks_like_a_secret_goes() {
        let draft = SecretDraft {
            name: "shop-db".into(),
            kind: SecretKind::DockerRegistry,
            keys: vec!["password".into(), "ghp_abcdefghijklmnopqrstuvwxyz0123456789".into()],
            server: "https://me:hunter22@registry.example.org".into(),
            username: "robot".into(),
            filled: ["password", "entries.1.value", "entries.2.value", "name", "hunter22"].map(String::from).into(),
            ..SecretDraft::default()
        };
        let kept = draft.cleaned().unwrap();
        assert_eq!((kept.name.as_str(), kept.username.as_str(), kept.server.as_str()), ("shop-db", "robot", ""));
        assert_eq!(kept.keys, ["password", ""]);
        assert!(kept.had("password") && kept.had("entries.1.value") && !kept.had("entries.2.value"));
        let text = write(&kept);
        assert!(!text.contains("hunter22") && !text.contains("ghp_"));
        assert_eq!(read::<SecretDraft>(&text), Some(kept));
    }

    #[test]
    fn there_is_no_place_for_a_value() {
        for body in [r#"{"password":"x"}"#, r#"{"entries":[{"key":"a","value":"x"}]}"#, r#"{"certificate":"x"}"#] {
            assert_eq!(read::<SecretDraft>(body), None, "{body}");
        }
        let many = SecretDraft { keys: vec![String::new(); MAX_KEYS + 1], ..SecretDraft::default() };
        assert_eq!(many.cleaned().unwrap_err().field, Field::Keys);
    }
}
