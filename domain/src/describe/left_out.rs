//! Workloads of which only the name is known.

use crate::cause::{Cause, WorkloadTrouble};
use crate::facts::{Unread, Workload};
use crate::status::Word;
use crate::verdict::Verdict;

/// Says why nothing is known of a workload but its name; `None` where more is known.
pub(crate) fn verdict(workload: &Workload) -> Option<Verdict> {
    let kind = workload.id.kind;
    let trouble = match workload.unread? {
        Unread::TooLarge { most } => WorkloadTrouble::TooLargeToRead { kind, most },
        Unread::NotReadable => WorkloadTrouble::NotReadable { kind },
    };
    Some(Verdict::trouble(Word::Unknown, Cause::Workload(trouble), None))
}
