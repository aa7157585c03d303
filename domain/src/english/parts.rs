//! What a change of a pod template changed.

use super::text::{and, clip};
use crate::facts::ChangedPart;

/// Parts that are told.
const PARTS: usize = 3;

/// `removed env MODE, changed the image to shop:2 and changed 2 more`.
pub(crate) fn all(parts: &[ChangedPart]) -> String {
    let mut told: Vec<String> = parts.iter().take(PARTS).map(part).collect();
    match parts.len().saturating_sub(PARTS) {
        0 => {}
        more => told.push(format!("changed {more} more")),
    }
    and(&told, PARTS + 1)
}

fn part(part: &ChangedPart) -> String {
    let name = |name: &str| clip(name, 60);
    match part {
        ChangedPart::EnvRemoved(n) => format!("removed env {}", name(n)),
        ChangedPart::EnvAdded(n) => format!("added env {}", name(n)),
        ChangedPart::EnvChanged(n) => format!("changed env {}", name(n)),
        ChangedPart::Image(image) => format!("changed the image to {}", name(image)),
        ChangedPart::Command => "changed the command".into(),
        ChangedPart::ContainerAdded(n) => format!("added container {}", name(n)),
        ChangedPart::ContainerRemoved(n) => format!("removed container {}", name(n)),
        ChangedPart::Resources => "changed requests or limits".into(),
        ChangedPart::Probes => "changed a probe".into(),
        ChangedPart::Volumes => "changed the volumes".into(),
        ChangedPart::Identity => "changed the service account or security context".into(),
    }
}
