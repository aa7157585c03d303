//! Workloads of which only the name is known.

use crate::english::text::size;
use crate::facts::{Unread, Workload};
use crate::status::{Status, Word};

/// Says why nothing is known of a workload but its name; `None` where more is known.
pub(crate) fn status(workload: &Workload) -> Option<Status> {
    let kind = workload.id.kind.words();
    let (reason, sentence) = match workload.unread? {
        Unread::TooLarge { most } => (
            "too large to read",
            format!(
                "This {kind} is larger than the {} the portal reads per object, so only its name is known. Remove what makes it so large, such as long annotations or lists with thousands of entries.",
                size(most)
            ),
        ),
        Unread::NotReadable => ("can't be read", format!("The portal can't read this {kind}, so only its name is known. The portal's log names the fields.")),
    };
    Some(Status { word: Word::Unknown, code: None, reason: reason.into(), sentence, since: None, evidence: Vec::new() })
}
