//! The annotation in which the portal tells who restarted an app or rolled it back: the API server knows only the portal.
//!
//! It stands on the workload. A deployment's annotations are copied to its replica set by the deployment controller,
//! so the revision that a person made keeps his name.

use domain::facts::PortalChange;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// Its name; the value is a [`PortalChange`] as JSON.
pub(crate) const ANNOTATION: &str = "quayside/changed";
/// Longest value that is read; anybody who may edit the workload can write one.
const MOST: usize = 1_000;
/// The year 3000: later times are no times.
const LATEST: i64 = 32_503_680_000_000;

/// The value of the annotation.
pub(crate) fn written(change: &PortalChange) -> String {
    serde_json::to_string(change).unwrap_or_default()
}

/// What the annotation of an object tells; nothing where it is not as the portal writes it.
pub(crate) fn read(meta: &ObjectMeta) -> Option<PortalChange> {
    let text = meta.annotations.as_ref()?.get(ANNOTATION).filter(|text| text.len() <= MOST)?;
    serde_json::from_str(text).ok().filter(|change: &PortalChange| (0..LATEST).contains(&change.at.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UnixMs;
    use domain::facts::PortalAction;
    use domain::operation::OperationId;

    fn on_object(text: &str) -> ObjectMeta {
        ObjectMeta { annotations: Some([(ANNOTATION.to_owned(), text.to_owned())].into()), ..ObjectMeta::default() }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for action in [PortalAction::Restart, PortalAction::Rollback { to: 2 }] {
            let change = PortalChange { at: UnixMs(7), by: "Ilse \"Brandt\"".into(), action, revision: Some(6), operation: Some(OperationId(9)) };
            assert_eq!(read(&on_object(&written(&change))), Some(change));
        }
    }

    #[test]
    fn what_others_write_there_is_left_out() {
        let long = format!(r#"{{"at":7,"by":"{}","action":"restart","revision":null}}"#, "x".repeat(MOST));
        let never = format!(r#"{{"at":{},"by":"Ilse","action":"restart","revision":null}}"#, i64::MIN);
        for text in ["", "restart", "{}", "[1]", &long, &never] {
            assert_eq!(read(&on_object(text)), None, "{text}");
        }
    }
}
