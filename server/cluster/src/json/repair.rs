//! Objects with a field that no reader of types can take.
//!
//! The API server keeps some such fields, as a time at the end of the year 9999 in a pod template. What cannot be read costs
//! that field, and neither the object nor the rest of its list.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Most fields of one object that are left out.
const MOST: usize = 100;
/// Most bytes of a field's path in the log.
const PATH: usize = 200;

/// Reads an object without the fields that cannot be read; `None` where nothing of it can.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8], which: impl Fn() -> String) -> Option<T> {
    if let Ok(object) = serde_json::from_slice(json) {
        return Some(object);
    }
    let mut value: Value = serde_json::from_slice(json).ok()?;
    let mut lost = Vec::new();
    let object = loop {
        match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(object) => break Some(object),
            // The error itself may quote what stands in the object.
            Err(error) if lost.len() < MOST && remove(&mut value, error.path()) => lost.push(error.path().to_string()),
            Err(_) => break None,
        }
    };
    lost.sort_unstable();
    lost.dedup();
    let fields = crate::text::cut(lost.join(", "), PATH);
    tracing::warn!(object = ?which(), fields = ?fields, "fields of an object cannot be read and are left out");
    object
}

/// Takes away what stands at a path; false where nothing does.
fn remove(value: &mut Value, path: &Path) -> bool {
    let mut steps: Vec<&Segment> = path.iter().filter(|s| matches!(s, Segment::Map { .. } | Segment::Seq { .. })).collect();
    let Some(last) = steps.pop() else { return false };
    let mut parent = value;
    for step in steps {
        let next = match step {
            Segment::Map { key } => parent.get_mut(key),
            Segment::Seq { index } => parent.get_mut(*index),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        let Some(next) = next else { return false };
        parent = next;
    }
    match (last, parent) {
        (Segment::Map { key }, Value::Object(fields)) => fields.remove(key).is_some(),
        (Segment::Seq { index }, Value::Array(elements)) if *index < elements.len() => {
            elements.remove(*index);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::apps::v1::Deployment;
    use k8s_openapi::api::core::v1::{Event, Pod};
    use serde_json::json;

    fn repaired<T: DeserializeOwned>(object: &Value) -> Option<T> {
        read(object.to_string().as_bytes(), || "x".into())
    }

    #[test]
    fn a_time_that_nobody_can_read_costs_the_time_alone() {
        let object = json!({"metadata": {"name": "shop"}, "spec": {"replicas": 2, "selector": {}, "template":
            {"metadata": {"creationTimestamp": "9999-12-31T23:59:59Z", "labels": {"a": "b"}}, "spec": {"containers": [{"name": "main"}]}}}});
        let template = repaired::<Deployment>(&object).unwrap().spec.unwrap().template;
        let meta = template.metadata.unwrap();
        assert_eq!((meta.creation_timestamp, meta.labels.unwrap().len(), template.spec.unwrap().containers.len()), (None, 1, 1));
    }

    #[test]
    fn whatever_cannot_be_read_costs_its_field() {
        let object = json!({"metadata": {"name": "p", "creationTimestamp": "no time", "labels": {"a": 7, "b": "c"}},
            "spec": {"nodeName": {}, "containers": [{"name": "main", "image": "i:1", "ports": "none", "args": ["x", 1]}, "no container"]},
            "status": {"phase": 7, "containerStatuses": [{"name": "main", "restartCount": 99_999_999_999_u64, "ready": true}]}});
        let pod: Pod = repaired(&object).unwrap();
        let (spec, status) = (pod.spec.unwrap(), pod.status.unwrap());
        assert_eq!(spec.containers.len(), 1);
        assert_eq!((spec.containers[0].image.as_deref(), spec.containers[0].args.as_deref()), (Some("i:1"), Some(["x".to_owned()].as_slice())));
        let main = &status.container_statuses.unwrap()[0];
        assert_eq!((status.phase, main.ready, main.restart_count), (None, true, 0));
        assert_eq!(pod.metadata.labels.unwrap().into_keys().collect::<Vec<_>>(), ["b"]);
        let event: Event = repaired(&json!({"involvedObject": {"kind": "Pod"}, "eventTime": "9999-12-31T23:59:59.000000Z", "message": "m"})).unwrap();
        assert_eq!((event.event_time, event.message.as_deref()), (None, Some("m")));
    }

    #[test]
    fn what_is_no_object_at_all_is_left_out() {
        assert!(repaired::<Pod>(&json!(7)).is_none());
        assert!(read::<Pod>(b"{\"a\":", String::new).is_none());
        let many: Vec<_> = (0..200).map(|n| json!({"name": n})).collect();
        assert!(repaired::<Pod>(&json!({"spec": {"containers": many}})).is_none(), "the work on one object is bounded");
    }
}
