//! What a mark on a chart says.

use crate::UnixMs;
use crate::metrics::{Mark, Marked};

/// A mark for what happened at this moment, `times` with those of its kind that lie beneath it.
#[must_use]
pub fn mark(at: UnixMs, marked: &Marked, times: usize) -> Mark {
    let (label, several) = match marked {
        Marked::Rollout { revision, image } => {
            let image = image.as_deref().map(crate::short_image).map_or_else(String::new, |(name, tag)| format!(": {name} {tag}"));
            (format!("Revision {revision}{image}"), "rollouts")
        }
        Marked::OutOfMemory { container, pod } => (format!("Out of memory: {container} of {pod}"), "kills"),
        Marked::Restarted { container, pod, exit_code } => (format!("Restarted: {container} of {pod}, exit code {exit_code}"), "restarts"),
    };
    let label = if times > 1 { format!("{label} ({times} {several})") } else { label };
    Mark { at, kind: marked.kind(), label }
}
