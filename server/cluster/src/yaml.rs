//! Objects as clean YAML: without what the cluster adds, and without values that look like secrets.

use crate::text::cut;
use serde_json::Value;
use std::collections::BTreeMap;

/// Stands for a value that looks like a secret.
pub(crate) const HIDDEN: &str = "(hidden)";
/// Most bytes of a text; an object of the API can be 1.5 MB long.
const MOST: usize = 400_000;

/// Names of variables and annotations whose values are not shown.
pub(crate) fn looks_secret(name: &str) -> bool {
    const WORDS: [&str; 10] = ["PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "SECRET", "KEY", "CREDENTIAL", "PRIVATE", "PWD", "DSN"];
    let name = name.to_uppercase();
    WORDS.iter().any(|w| name.contains(w))
}

/// Whether a value is an address with a password in it.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

/// A value as it may be shown under this name.
pub(crate) fn shown(name: &str, value: &str) -> String {
    if !value.is_empty() && (looks_secret(name) || has_password(value)) { HIDDEN.into() } else { value.into() }
}

/// The object without what the cluster adds.
pub(crate) fn clean(mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    for meta in ["/metadata", "/spec/template/metadata", "/spec/jobTemplate/metadata", "/spec/jobTemplate/spec/template/metadata"] {
        if let Some(meta) = object.pointer_mut(meta).and_then(Value::as_object_mut) {
            for field in ["managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink"] {
                meta.remove(field);
            }
            if let Some(annotations) = meta.get_mut("annotations").and_then(Value::as_object_mut) {
                annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
            }
            meta.retain(|_, v| !v.as_object().is_some_and(serde_json::Map::is_empty));
        }
    }
    hide(&mut object);
    object
}

/// Replaces values that look like secrets, wherever they stand.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut() {
                match (key.as_str(), field) {
                    ("env", Value::Array(env)) => env.iter_mut().for_each(hide_variable),
                    ("annotations", Value::Object(all)) => all.iter_mut().for_each(|(name, v)| hide_text(name, v)),
                    ("command" | "args", Value::Array(args)) => args.iter_mut().for_each(hide_argument),
                    (_, field) => hide(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

fn hide_variable(variable: &mut Value) {
    let name = variable.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(value) = variable.get_mut("value") {
        hide_text(&name, value);
    }
}

fn hide_text(name: &str, value: &mut Value) {
    if let Value::String(text) = value {
        *text = shown(name, text);
    }
}

// --password=… and PASSWORD=…
fn hide_argument(argument: &mut Value) {
    if let Value::String(text) = argument {
        match text.split_once('=') {
            Some((name, value)) if !value.is_empty() && !name.contains(char::is_whitespace) && looks_secret(name) => *text = format!("{name}={HIDDEN}"),
            _ if has_password(text) => *text = HIDDEN.into(),
            _ => {}
        }
    }
}

/// JSON as YAML, fields by name.
pub(crate) fn yaml(value: &Value) -> String {
    cut(serde_yaml_ng::to_string(&sorted(value)).unwrap_or_default(), MOST)
}

// Whether serde_json sorts is a feature that any crate of a build can change.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().collect::<BTreeMap<_, _>>().into_iter().map(|(k, v)| (k.clone(), sorted(v))).collect(),
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_looks_like_a_secret_is_hidden() {
        let object = json!({
            "metadata": {"name": "a", "uid": "1", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "example.org/api-token": "t0k", "note": "x"}},
            "spec": {"template": {"metadata": {"creationTimestamp": null, "annotations": {}}, "spec": {"containers": [{
                "command": ["run", "--db-password=hunter2", "postgres://u:hunter2@db/x"],
                "env": [{"name": "ES_PASSWORD", "value": "hunter2"}, {"name": "URL", "value": "http://u:hunter2@h"}, {"name": "MODE", "value": "fast"}]}]}}},
            "status": {"replicas": 1},
        });
        let text = yaml(&clean(object));
        assert!(!text.contains("hunter2") && !text.contains("t0k") && !text.contains("uid") && !text.contains("status"), "{text}");
        assert!(text.contains("value: fast") && text.contains("--db-password=(hidden)") && text.contains("note: x"), "{text}");
    }
}
