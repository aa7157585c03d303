//! Fields with paths (`env.0.name`) as the nested form that the API takes as JSON.

use domain::secret::SecretText;
use domain::spec::AppForm;
use serde_json::{Map, Value};

/// Most rows of a list in a form: as many as there can be fields, so that what is too much is told and not left out.
const MOST_ROWS: usize = 1000;

/// The form for a new app, out of the fields of a plain form. Rows left empty do not count.
#[must_use]
pub fn app_form(fields: &[(String, SecretText)]) -> AppForm {
    let mut root = Map::new();
    for (path, text) in fields {
        let text = text.expose();
        let parts: Vec<&str> = path.split('.').collect();
        match *parts.as_slice() {
            [name] => put(&mut root, name, text),
            [name @ ("liveness" | "readiness" | "startup"), field] => {
                if let Some(inner) = root.entry(name).or_insert_with(|| Value::Object(Map::new())).as_object_mut() {
                    put(inner, field, text);
                }
            }
            [name @ ("ports" | "env"), row, field] => {
                let (Ok(row), Some(rows)) = (row.parse::<usize>(), root.entry(name).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()) else {
                    continue;
                };
                if row < MOST_ROWS {
                    if rows.len() <= row {
                        rows.resize_with(row + 1, || Value::Object(Map::new()));
                    }
                    if let Some(inner) = rows[row].as_object_mut() {
                        put(inner, field, text);
                    }
                }
            }
            _ => {}
        }
    }
    for list in ["ports", "env"] {
        if let Some(rows) = root.get_mut(list).and_then(Value::as_array_mut) {
            let filled =
                |row: &Value| ["name", "port", "value", "key"].iter().any(|f| row.get(f).and_then(Value::as_str).is_some_and(|t| !t.trim().is_empty()));
            rows.retain(filled);
        }
    }
    root.retain(|name, _| KNOWN.contains(&name.as_str()));
    serde_json::from_value(Value::Object(root)).unwrap_or_default()
}

/// The form as it is meant: a service needs a port to lead to, and nobody has to switch it off for an app without.
#[must_use]
pub fn meant(form: &AppForm) -> AppForm {
    let mut form = form.clone();
    if form.ports.is_empty() && form.service == "ClusterIP" {
        "none".clone_into(&mut form.service);
    }
    form
}

fn put(map: &mut Map<String, Value>, name: &str, text: &str) {
    map.insert(name.to_owned(), Value::String(text.replace("\r\n", "\n")));
}

/// Fields of [`AppForm`]; buttons and whatever else a form sends are left out.
const KNOWN: &[&str] = &[
    "name",
    "image",
    "pullSecret",
    "replicas",
    "command",
    "args",
    "ports",
    "env",
    "cpuRequest",
    "cpuLimit",
    "memoryRequest",
    "memoryLimit",
    "liveness",
    "readiness",
    "startup",
    "service",
    "nodePort",
    "ingressHost",
    "ingressPath",
    "ingressClass",
    "ingressTlsSecret",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_the_form() {
        let fields = [
            ("name", "web"),
            ("intent", "check"),
            ("pullSecret", "reg"),
            ("env.0.name", "A"),
            ("env.0.value", "1"),
            ("env.2.name", ""),
            ("env.3.name", "B"),
            ("ports.0.port", "80"),
            ("liveness.kind", "http"),
            ("command", "a\r\nb"),
            ("env.999999.name", "x"),
            ("service", "ClusterIP"),
        ];
        let fields: Vec<_> = fields.iter().map(|(n, v)| ((*n).to_owned(), SecretText::new((*v).to_owned()))).collect();
        let form = app_form(&fields);
        assert_eq!((form.name.as_str(), form.pull_secret.as_str(), form.env.len(), form.env[1].name.as_str()), ("web", "reg", 2, "B"));
        assert_eq!(
            (form.ports[0].port.as_str(), form.liveness.kind.as_str(), form.command.as_str(), form.service.as_str()),
            ("80", "http", "a\nb", "ClusterIP")
        );
    }

    #[test]
    fn every_known_field_is_one_of_the_form() {
        let all = serde_json::to_value(AppForm::default()).unwrap();
        let mut names: Vec<_> = all.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = KNOWN.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
    }
}
