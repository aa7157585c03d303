//! Objects of a list or watch one by one: what cannot be read is left out, and nothing else with it.
//!
//! The API server keeps some things that no reader of types can take, such as a time at the end of the year 9999 in a pod
//! template. Without this, one such object would hide all of its resource from everybody.

use crate::shallow;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Resource;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;

/// An object, or only its name where the rest cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Lenient<K> {
    meta: ObjectMeta,
    object: Option<K>,
}

impl<K> Lenient<K> {
    /// The object, where it could be read.
    pub(crate) fn into_object(self) -> Option<K> {
        self.object
    }
}

impl<'de, K: Resource<DynamicType = ()> + DeserializeOwned> Deserialize<'de> for Lenient<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = shallow::value(deserializer)?;
        let meta = names(&value);
        // The error may quote what stands in the object.
        let object = K::deserialize(&value).ok();
        if object.is_none() {
            tracing::error!(kind = %K::kind(&()), namespace = meta.namespace, name = meta.name, "an object cannot be read and is left out");
        }
        Ok(Self { meta, object })
    }
}

/// Which object it is, and of which version.
fn names(value: &Value) -> ObjectMeta {
    let text = |key: &str| value.pointer(&format!("/metadata/{key}")).and_then(Value::as_str).map(str::to_owned);
    ObjectMeta {
        name: text("name"),
        namespace: text("namespace"),
        uid: text("uid"),
        resource_version: text("resourceVersion"),
        // By these the watcher of kube knows a bookmark that ends a streamed list.
        annotations: value.pointer("/metadata/annotations").and_then(|a| serde_json::from_value(a.clone()).ok()),
        ..ObjectMeta::default()
    }
}

impl<K: Resource<DynamicType = ()>> Resource for Lenient<K> {
    type DynamicType = ();
    type Scope = K::Scope;

    fn kind((): &()) -> Cow<'_, str> {
        K::kind(&())
    }
    fn group((): &()) -> Cow<'_, str> {
        K::group(&())
    }
    fn version((): &()) -> Cow<'_, str> {
        K::version(&())
    }
    fn plural((): &()) -> Cow<'_, str> {
        K::plural(&())
    }
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }
    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.meta
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::apps::v1::Deployment;
    use serde_json::json;

    #[test]
    fn one_object_that_cannot_be_read_hides_no_other() {
        let app = |name: &str, created: &str| {
            json!({"metadata": {"name": name, "namespace": "web", "resourceVersion": "7"}, "spec": {"selector": {},
            "template": {"metadata": {"creationTimestamp": created}, "spec": {"containers": []}}}})
        };
        let list = json!([app("shop", "2024-02-29T00:00:00Z"), app("evil", "9999-12-31T23:59:59Z"), app("api", "2024-02-29T00:00:00Z")]);
        let read: Vec<Lenient<Deployment>> = serde_json::from_value(list).unwrap();
        let names: Vec<_> = read.iter().map(|o| (o.meta.name.as_deref().unwrap(), o.object.is_some())).collect();
        assert_eq!(names, [("shop", true), ("evil", false), ("api", true)]);
        assert_eq!(read[1].meta.resource_version.as_deref(), Some("7"), "the watch goes on behind it");
    }

    #[test]
    fn an_object_with_fields_as_deep_as_a_well_is_read_and_hides_no_other() {
        let deep = format!("{}{{}}{}", r#"{"f:x":"#.repeat(300), "}".repeat(300));
        let managed = format!(r#"[{{"manager":"evil","fieldsV1":{deep}}}]"#);
        let app = |name: &str| format!(r#"{{"metadata":{{"name":"{name}","managedFields":{managed}}},"spec":{{"selector":{{}},"template":{{}}}}}}"#);
        let read: Vec<Lenient<Deployment>> = serde_json::from_str(&format!("[{},{}]", app("shop"), app("api"))).unwrap();
        assert!(read.iter().all(|o| o.object.is_some()));
        let event = format!(r#"{{"type":"ADDED","object":{}}}"#, app("shop"));
        assert!(serde_json::from_str::<kube::core::WatchEvent<Lenient<Deployment>>>(&event).is_ok());
    }
}
