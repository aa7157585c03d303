//! What is known of changes that were cut.

use crate::ports::{ClusterError, NewAudit, Steady, StoreError};
use domain::UnixMs;
use domain::operation::{Interruption, MAX_NOTICES, Notice, Operation, OperationId, Piece};
use std::collections::BTreeMap;

/// Waits after a try that failed, from the first one to the longest.
pub(super) const WAITS_MS: (i64, i64) = (2_000, 300_000);

/// Why an operation could not be settled yet; it is tried again.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotYet {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is too early to tell.
    #[error("not known before {0:?}")]
    Until(Steady),
}

/// What is recorded of a change of one call whose end the portal did not live to see.
pub(super) const NOT_SEEN: &str = "The portal stopped before this finished. It may have been done.";

/// Why a change has to be settled.
pub(super) enum Why {
    /// It was found at the start.
    Killed,
    /// A call got no answer, so nobody knows whether it was carried out.
    Unanswered,
    /// A call was refused, for this reason. All others had their answers.
    Refused(String),
    /// All was done but for the marks.
    Done,
}

/// A change that has to be settled.
pub(super) struct Case {
    pub(super) operation: Operation,
    /// The audit entry of before its first call.
    pub(super) intent: NewAudit,
    pub(super) why: Why,
    /// No call was made from here on.
    pub(super) since: Steady,
    pub(super) removed: Vec<Piece>,
    pub(super) wait_ms: i64,
    pub(super) next: Steady,
}

/// What earlier runs of the portal have left.
#[derive(Clone, Copy)]
pub(super) struct Earlier {
    /// When this run began.
    pub(super) start: Steady,
    /// The newest audit entry of an earlier run.
    pub(super) newest: i64,
    /// It is looked at no sooner.
    pub(super) next: Steady,
    /// Wait after the next try that fails.
    pub(super) wait_ms: i64,
}

/// A creation that was undone.
pub(super) struct Late {
    pub(super) operation: Operation,
    /// The audit entry of before its first call.
    pub(super) intent: NewAudit,
    /// When it is looked for once more.
    pub(super) due: Steady,
}

#[derive(Default)]
pub(super) struct State {
    /// What earlier runs have left, until that was looked at.
    pub(super) earlier: Option<Earlier>,
    pub(super) cases: BTreeMap<OperationId, Case>,
    /// Creations that were undone and are looked for once more, because a call can have been made late.
    pub(super) late: Vec<Late>,
    /// By person, each with when its change ended.
    pub(super) notices: BTreeMap<i64, Vec<(UnixMs, Notice)>>,
}

impl State {
    /// Of a portal that starts now, with this newest entry of the audit table.
    pub(super) fn new(start: Steady, newest: i64) -> Self {
        let earlier = Some(Earlier { start, newest, next: start, wait_ms: WAITS_MS.0 });
        Self { earlier, ..Self::default() }
    }

    pub(super) fn notice(&mut self, of: &Operation, told: Interruption) {
        let all = self.notices.entry(of.user_id).or_default();
        all.push((of.moved, Notice { id: of.id, told }));
        let over = all.len().saturating_sub(MAX_NOTICES);
        all.drain(..over);
    }

    /// Puts off what earlier runs have left, unless somebody else has looked at it meanwhile.
    pub(super) fn put_off_earlier(&mut self, now: Steady) {
        if let Some(earlier) = &mut self.earlier {
            earlier.next = now.plus(earlier.wait_ms);
            earlier.wait_ms = (earlier.wait_ms * 2).min(WAITS_MS.1);
        }
    }

    pub(super) fn take_late(&mut self, now: Steady) -> Option<Late> {
        let at = self.late.iter().position(|late| late.due <= now)?;
        Some(self.late.swap_remove(at))
    }
}
