//! The fields of a page's form for a secret, as the form that the API takes.

use crate::web::body::Fields;
use base64::Engine as _;
use domain::secret::{SecretEntry, SecretForm, SecretKind, SecretText};
use std::collections::BTreeSet;

/// The type of secret that was chosen; `None` where none is.
pub(super) fn kind(slug: &str) -> Option<SecretKind> {
    SecretKind::ALL.into_iter().find(|k| k.slug() == slug)
}

/// Reads them; a file stands in the place of a typed text.
pub(super) fn form(kind: SecretKind, fields: &Fields) -> SecretForm {
    let text_or_file = |name: &str, file: &str| match fields.file(file) {
        Some(bytes) => SecretText::new(String::from_utf8_lossy(bytes).into_owned()),
        None => fields.secret(name),
    };
    let some = |text: SecretText| Some(text).filter(|t| !t.expose().is_empty());
    SecretForm {
        name: fields.text("name").trim().to_owned(),
        kind,
        entries: entries(fields),
        server: fields.text("server").trim().to_owned(),
        username: fields.text("username").trim().to_owned(),
        password: some(fields.secret("password")),
        email: fields.text("email").trim().to_owned(),
        certificate: text_or_file("certificate", "certificate_file").expose().to_owned(),
        private_key: some(text_or_file("private_key", "private_key_file")),
    }
}

fn entries(fields: &Fields) -> Vec<SecretEntry> {
    let names = fields.texts.iter().map(|(n, _)| n).chain(fields.files.iter().map(|(n, _)| n));
    let rows: BTreeSet<usize> = names.filter_map(|n| n.strip_prefix("entries.")?.split('.').next()?.parse().ok()).collect();
    // A value goes from one place that is wiped to the next.
    let entry = |row: usize| {
        let key = fields.text(&format!("entries.{row}.key")).trim().to_owned();
        let file = fields.file(&format!("entries.{row}.file"));
        let text = fields.secret(&format!("entries.{row}.value"));
        if key.is_empty() && file.is_none() && text.expose().is_empty() {
            return None;
        }
        let (value, base64) = match file {
            Some(bytes) => (SecretText::new(base64::engine::general_purpose::STANDARD.encode(bytes)), true),
            None => (text, false),
        };
        Some(SecretEntry { key, value, base64 })
    };
    rows.into_iter().filter_map(entry).collect()
}
