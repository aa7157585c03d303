//! JSON to a certain depth. What managers of fields write into an object may be nested as deep as anybody likes, and the JSON
//! parser gives up a whole list at 128 levels; what is skipped has no limit.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference, Time};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Levels that are kept: no type of Kubernetes that the portal reads has half as many.
const DEPTH: usize = 64;

/// Reads a value; below [`DEPTH`] levels stands null.
///
/// # Errors
/// What comes is no JSON.
pub(crate) fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Level(DEPTH).deserialize(deserializer)
}

/// How many levels may follow.
struct Level(usize);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.0 == 0 { IgnoredAny::deserialize(deserializer).map(|_| Value::Null) } else { deserializer.deserialize_any(self) }
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Number::from_f64(v).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Self(self.0 - 1))? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            all.insert(key, entries.next_value_seed(Self(self.0 - 1))?);
        }
        Ok(Value::Object(all))
    }
}

/// Metadata without the fields of managers.
///
/// # Errors
/// What comes is no metadata.
pub(crate) fn metadata<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ObjectMeta, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        name: Option<String>,
        resource_version: Option<String>,
        creation_timestamp: Option<Time>,
        labels: Option<BTreeMap<String, String>>,
        annotations: Option<BTreeMap<String, String>>,
        owner_references: Option<Vec<OwnerReference>>,
    }
    let Meta { name, resource_version, creation_timestamp, labels, annotations, owner_references } = Meta::deserialize(deserializer)?;
    Ok(ObjectMeta { name, resource_version, creation_timestamp, labels, annotations, owner_references, ..ObjectMeta::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Read(#[serde(deserialize_with = "value")] Value);

    #[test]
    fn what_is_shallow_is_read_as_it_is() {
        let text = r#"{"a":[1,-2,2.5,"x",null,true,{"b":{}}],"c":18446744073709551615}"#;
        assert_eq!(serde_json::from_str::<Read>(text).unwrap().0, serde_json::from_str::<Value>(text).unwrap());
        assert!(serde_json::from_str::<Read>("{\"a\":").is_err());
    }

    #[test]
    fn what_is_too_deep_is_left_out_alone() {
        let deep = format!("{}1{}", r#"{"f":"#.repeat(3000), "}".repeat(3000));
        let read = serde_json::from_str::<Read>(&format!(r#"{{"deep":{deep},"name":"x"}}"#)).unwrap().0;
        assert_eq!(read["name"], "x");
        assert!(read["deep"]["f"]["f"].is_object());
    }
}
