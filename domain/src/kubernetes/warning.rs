//! Events that a story repeats, by what they say of an object (`pkg/kubelet/events/event.go`, the scheduler, the volume and
//! node controllers).

use super::words::{EventReason, ObjectKind};
use crate::facts::Event;

/// What an event tells of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventSaid {
    /// A readiness probe of a pod fails.
    ReadinessFails,
    /// Something may not work.
    Warns,
    /// Something does not work.
    Fails,
    /// A pod made room for one of higher priority.
    Preempted,
    /// Anything else, also what the state of the object tells better.
    Other,
}

impl EventSaid {
    /// Reads an event.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        let text = event.message.as_str();
        match (&event.reason, &event.kind) {
            (EventReason::Unhealthy, ObjectKind::Pod) if text.starts_with("Readiness") => Self::ReadinessFails,
            (
                EventReason::Unhealthy
                | EventReason::FailedMount
                | EventReason::FailedScheduling
                | EventReason::FailedAttachVolume
                | EventReason::ProvisioningFailed
                | EventReason::InspectFailed
                | EventReason::NodeNotReady
                | EventReason::Evicted,
                _,
            ) => Self::Warns,
            (EventReason::Preempted, ObjectKind::Pod) => Self::Preempted,
            // That an image cannot be pulled is told by the pod.
            (EventReason::Failed, _) if !text.starts_with("Error: ImagePull") && !text.starts_with("Error: ErrImage") => Self::Fails,
            (EventReason::Killing, _) if text.contains("probe") => Self::Fails,
            _ => Self::Other,
        }
    }
}

/// What is left of an event's text without the names of its object and without numbers, such as addresses, ports and
/// counts: events of several pods that say the same have the same rest.
#[must_use]
pub fn without_names(text: &str, names: [&str; 2]) -> String {
    let text = names.iter().filter(|name| !name.is_empty()).fold(text.to_owned(), |text, name| text.replace(name, ""));
    text.split(|c: char| c.is_ascii_digit()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("#")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_of_two_pods_has_the_same_rest() {
        let said = |pod: &str, ip: &str| format!("Readiness probe of {pod} failed: Get \"http://{ip}:8080/healthy\"");
        assert_eq!(without_names(&said("shop-a1", "10.0.0.1"), ["shop-a1", "a1"]), without_names(&said("shop-b2", "10.0.0.22"), ["shop-b2", "b2"]));
    }
}
