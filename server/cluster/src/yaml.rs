//! Objects as clean YAML: without what the cluster adds, and without values that look like secrets.

use crate::text::cut;
use domain::redact;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most bytes of a text; an object of the API can be 1.5 MB long.
const MOST: usize = 400_000;

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
                annotations.remove(crate::objects::MARK);
                annotations.remove(crate::portal_change::ANNOTATION);
            }
            meta.retain(|_, v| !v.as_object().is_some_and(serde_json::Map::is_empty));
        }
    }
    redact::object(&mut object);
    object
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
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
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
