//! Which parts of a pod's spec two revisions have differently. Names come out of here, values never.

use crate::text::{SHORT, cut};
use domain::facts::ChangedPart;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most parts that are told.
const MOST: usize = 12;

/// The parts that differ, variables first.
pub(super) fn changed(old: &Value, new: &Value) -> Vec<ChangedPart> {
    let mut parts = Vec::new();
    let (before, after) = (containers(old), containers(new));
    for (name, now) in &after {
        match before.get(name) {
            None => parts.push(ChangedPart::ContainerAdded(cut((*name).to_owned(), SHORT))),
            Some(was) => container(was, now, &mut parts),
        }
    }
    parts.extend(before.keys().filter(|name| !after.contains_key(*name)).map(|name| ChangedPart::ContainerRemoved(cut((*name).to_owned(), SHORT))));
    if differ(old, new, &["volumes"]) {
        parts.push(ChangedPart::Volumes);
    }
    if differ(old, new, &["serviceAccountName", "securityContext"]) {
        parts.push(ChangedPart::Identity);
    }
    parts.sort();
    parts.dedup();
    parts.truncate(MOST);
    parts
}

fn containers(spec: &Value) -> BTreeMap<&str, &Value> {
    let of = |key: &str| spec.get(key).and_then(Value::as_array).into_iter().flatten();
    of("initContainers").chain(of("containers")).filter_map(|c| Some((c.get("name")?.as_str()?, c))).collect()
}

fn differ(old: &Value, new: &Value, keys: &[&str]) -> bool {
    // The API server writes an empty object where nothing is set, or nothing.
    let set = |value: &Value, key: &str| value.get(key).filter(|v| !v.is_null() && v.as_object().is_none_or(|o| !o.is_empty())).cloned();
    keys.iter().any(|key| set(old, key) != set(new, key))
}

fn container(old: &Value, new: &Value, parts: &mut Vec<ChangedPart>) {
    let (before, after) = (variables(old), variables(new));
    for (name, now) in &after {
        match before.get(name) {
            None => parts.push(ChangedPart::EnvAdded(name.clone())),
            Some(was) if was != now => parts.push(ChangedPart::EnvChanged(name.clone())),
            Some(_) => {}
        }
    }
    parts.extend(before.into_keys().filter(|name| !after.contains_key(name)).map(ChangedPart::EnvRemoved));
    if differ(old, new, &["image"]) {
        parts.push(ChangedPart::Image(cut(new.get("image").and_then(Value::as_str).unwrap_or_default().to_owned(), SHORT)));
    }
    for (keys, part) in [
        (["command", "args", "workingDir"], ChangedPart::Command),
        (["resources", "resizePolicy", ""], ChangedPart::Resources),
        (["livenessProbe", "readinessProbe", "startupProbe"], ChangedPart::Probes),
        (["volumeMounts", "volumeDevices", ""], ChangedPart::Volumes),
        (["securityContext", "", ""], ChangedPart::Identity),
    ] {
        if differ(old, new, &keys) {
            parts.push(part);
        }
    }
}

/// Variables by name, and whole objects whose keys become variables.
fn variables(container: &Value) -> BTreeMap<String, &Value> {
    let list = |key: &str| container.get(key).and_then(Value::as_array).into_iter().flatten();
    let single = list("env").filter_map(|e| Some((cut(e.get("name")?.as_str()?.to_owned(), SHORT), e)));
    let whole = list("envFrom").filter_map(|e| {
        let name = ["configMapRef", "secretRef"].iter().find_map(|kind| e.get(*kind)?.get("name")?.as_str())?;
        Some((format!("from {}", cut(name.to_owned(), SHORT)), e))
    });
    single.chain(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spec(change: impl FnOnce(&mut Value)) -> Value {
        let mut spec = json!({"containers": [{"name": "main", "image": "shop:1", "resources": {}, "env": [{"name": "MODE", "value": "s3cret"}, {"name": "PORT", "value": "80"}]}]});
        change(&mut spec);
        spec
    }

    #[test]
    fn a_variable_that_was_removed_is_named_and_no_value_is() {
        let old = spec(|_| {});
        let new = spec(|s| s["containers"][0]["env"] = json!([{"name": "PORT", "value": "81"}, {"name": "NEW", "value": "s3cret"}]));
        let parts = changed(&old, &new);
        assert_eq!(parts, [ChangedPart::EnvRemoved("MODE".into()), ChangedPart::EnvAdded("NEW".into()), ChangedPart::EnvChanged("PORT".into())]);
        assert!(!format!("{parts:?}").contains("s3cret"));
    }

    #[test]
    fn other_parts_are_told_each_once() {
        let new = spec(|s| {
            s["containers"][0]["image"] = "shop:2".into();
            s["containers"][0]["args"] = json!(["x"]);
            s["containers"][0]["livenessProbe"] = json!({});
            s["containers"][0]["readinessProbe"] = json!({"httpGet": {"port": 1}});
            s["containers"][0]["envFrom"] = json!([{"secretRef": {"name": "shop"}}]);
            s["volumes"] = json!([{"name": "a"}]);
            s["securityContext"] = json!({});
            s["initContainers"] = json!([{"name": "init"}]);
        });
        let wanted = [
            ChangedPart::EnvAdded("from shop".into()),
            ChangedPart::Image("shop:2".into()),
            ChangedPart::Command,
            ChangedPart::ContainerAdded("init".into()),
            ChangedPart::Probes,
            ChangedPart::Volumes,
        ];
        assert_eq!(changed(&spec(|_| {}), &new), wanted);
        assert_eq!(changed(&new, &spec(|_| {})).len(), 6);
        assert!(changed(&new, &new).is_empty());
    }

    #[test]
    fn hostile_specs_stay_within_bounds() {
        let many: Vec<_> = (0..500).map(|n| json!({"name": format!("V{n}{}", "x".repeat(3000)), "value": ""})).collect();
        let parts = changed(&spec(|_| {}), &spec(|s| s["containers"][0]["env"] = json!(many)));
        assert_eq!(parts.len(), MOST);
        assert!(changed(&json!(1), &json!({"containers": 3, "volumes": null})).is_empty());
    }
}
