//! Gathers the raw text of every setting: flags over environment over file over defaults.

use super::table::{self, SETTINGS, Setting};
use std::collections::BTreeMap;

/// A setting's text and where it was written, for the sentence when it is wrong.
#[derive(Clone)]
pub struct Raw {
    /// The text.
    pub text: String,
    /// Such as `--port`, `QUAYSIDE_PORT` or `port in quayside.toml`.
    pub origin: String,
}

/// Why the portal does not start: one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Texts of settings by key.
pub type Texts = BTreeMap<&'static str, Raw>;

/// Puts the sources over each other; the file is read where `config` names one.
///
/// # Errors
/// One sentence about the first unknown or unreadable setting.
pub fn gather(flags: Texts, environment: impl Iterator<Item = (String, String)>) -> Result<Texts, ConfigError> {
    let mut over = from_environment(environment)?;
    over.extend(flags);
    let mut all: Texts = SETTINGS.iter().map(|s| (s.key, Raw { text: s.default.to_owned(), origin: "the default".to_owned() })).collect();
    if let Some(path) = over.get("config").filter(|raw| !raw.text.is_empty()) {
        let text = std::fs::read_to_string(&path.text).map_err(|e| ConfigError(format!("Can't read {1:?} from {0}: {e}.", path.origin, path.text)))?;
        all.extend(from_file(&path.text, &text)?);
    }
    all.extend(over);
    Ok(all)
}

/// Kubernetes writes `QUAYSIDE_SERVICE_HOST`, `QUAYSIDE_PORT=tcp://…` and more into every pod beside a Service
/// called `quayside`; those are not settings.
fn service_link(name: &str, value: &str) -> bool {
    name.starts_with("QUAYSIDE_SERVICE_") || name.starts_with("QUAYSIDE_PORT_") || (name == "QUAYSIDE_PORT" && value.contains("://"))
}

fn from_environment(variables: impl Iterator<Item = (String, String)>) -> Result<Texts, ConfigError> {
    let mut found = Texts::new();
    let mut aliases = Texts::new();
    for (name, value) in variables {
        if let Some(s) = SETTINGS.iter().find(|s| s.alias == Some(name.as_str())) {
            aliases.insert(s.key, Raw { text: value, origin: name });
            continue;
        }
        if !name.starts_with("QUAYSIDE_") || service_link(&name, &value) {
            continue;
        }
        match SETTINGS.iter().find(|s| s.variable() == name) {
            Some(s) => found.insert(s.key, Raw { text: value, origin: name }),
            None => return Err(ConfigError(format!("{name} isn't a setting{}. `quayside settings` lists all settings.", nearest(&name, |s| s.variable())))),
        };
    }
    aliases.extend(found);
    Ok(aliases)
}

fn from_file(path: &str, text: &str) -> Result<Texts, ConfigError> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| ConfigError(format!("{path} isn't valid TOML: {}.", e.message())))?;
    let mut found = Texts::new();
    for (key, value) in table {
        let Some(s) = table::find(&key).filter(|s| s.key != "config") else {
            return Err(ConfigError(format!(
                "{key} in {path} isn't a setting{}. `quayside settings` lists all settings.",
                nearest(&key, |s| s.key.to_owned())
            )));
        };
        let text = flat(&value).ok_or_else(|| ConfigError(format!("{key} in {path} must be {}, not a table.", s.takes)))?;
        found.insert(s.key, Raw { text, origin: format!("{key} in {path}") });
    }
    Ok(found)
}

fn flat(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(s) => Some(s.clone()),
        toml::Value::Integer(n) => Some(n.to_string()),
        toml::Value::Boolean(b) => Some(b.to_string()),
        toml::Value::Array(items) => items.iter().map(flat).collect::<Option<Vec<_>>>().map(|v| v.join(",")),
        _ => None,
    }
}

/// `, but X is` for a name that is nearly right.
fn nearest(typed: &str, name: impl Fn(&Setting) -> String) -> String {
    let best = SETTINGS.iter().map(&name).min_by_key(|n| distance(n, typed));
    best.filter(|n| distance(n, typed) <= 3).map(|n| format!(", but {n} is")).unwrap_or_default()
}

// Levenshtein's distance, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
