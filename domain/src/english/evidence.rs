//! What a link to a piece of evidence says.

use crate::status::Evidence as Link;
use crate::verdict::{Evidence, LogLines, SecretChange};

/// The link, with its words.
#[must_use]
pub fn link(evidence: &Evidence) -> Link {
    match evidence {
        Evidence::Log { lines, pod, container, at } => {
            let label = match lines {
                LogLines::Current => "Current log",
                LogLines::Last => "Last log lines",
                LogLines::BeforeRestart => "Log from before the restart",
            };
            let previous = *lines == LogLines::BeforeRestart;
            Link::Log { label: label.to_owned(), pod: pod.clone(), container: container.clone(), previous, at: *at }
        }
        Evidence::MemoryBeforeKill { at } => Link::Chart { label: "Memory before the kill".to_owned(), at: *at },
        Evidence::Event { reason, name } => Link::Event { label: "See event".to_owned(), reason: reason.clone(), name: name.clone() },
        Evidence::Endpoints(app) => Link::Object { label: "Endpoints".to_owned(), path: app.path() },
        Evidence::Secret { namespace: ns, name, change } => {
            let create = |kind: &str| format!("/new-secret/{ns}?kind={kind}&name={name}");
            let page = || format!("/secrets/{ns}/{name}");
            let (label, path) = match change {
                SecretChange::AddKey(key) => (format!("Add key {key} to {name}"), page()),
                SecretChange::Create => (format!("Create secret {name}"), create("opaque")),
                SecretChange::CreatePull => (format!("Create pull secret {name}"), create("docker-registry")),
                SecretChange::OpenPull => (format!("Open pull secret {name}"), page()),
            };
            Link::Object { label, path }
        }
        Evidence::NamePullSecret { secret, command } => Link::Command { label: format!("Add pull secret {secret} to the app"), text: command.clone() },
        Evidence::Role { call, manifest } => Link::Command { label: format!("Role to {call}"), text: manifest.clone() },
    }
}
