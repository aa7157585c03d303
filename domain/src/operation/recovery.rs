//! What to do at the next start with an operation that a kill has cut off. The portal may always look; it changes something
//! only where that can't be anything else than what was asked for.

use super::{EndCode, Operation, OperationId, Piece, State, Version, Work};
use crate::{Steady, UnixMs};

/// An API server gives a request up after this long (`--request-timeout`): a call from before a kill may be carried out that
/// late. In milliseconds.
pub const LATE_MS: i64 = 60_000;
/// Nothing is sent again that was asked for longer ago than this, in milliseconds.
pub const RECENT_MS: i64 = 10 * 60_000;

/// What the cluster has of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The workload with the app's name, where there is one.
    pub workload: Option<FoundWorkload>,
    /// Objects beside it that a creation has marked, or that a deletion was to delete, by their uids.
    pub pieces: Vec<FoundPiece>,
}

/// An object beside the workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPiece {
    /// Which one it is.
    pub piece: Piece,
    /// Who has changed it beside the portal. What is written of its status is no change.
    pub touched_by: Option<String>,
}

/// What is found of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundWorkload {
    /// Which object it is, and how often it was changed.
    pub version: Version,
    /// It is being deleted.
    pub deleting: bool,
    /// It has the whole mark of the creation that is looked for, and the portal has written it.
    pub has_mark: bool,
    /// The operation that has left its number on it last.
    pub changed_by: Option<OperationId>,
    /// The field manager that changed it last, where that was not the portal. What is written of its status is no change.
    pub manager: Option<String>,
    /// Replicas that are wanted; none where its kind has no such number.
    pub replicas: Option<u32>,
    /// It is held.
    pub paused: bool,
}

/// When it was looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookedAt {
    /// The time of day.
    pub now: UnixMs,
    /// The time that nobody sets.
    pub steady: Steady,
    /// Milliseconds for which nothing can have been sent of the operation: since the start of the portal.
    pub quiet_ms: i64,
}

impl LookedAt {
    /// Whether what was begun then may still be sent. By both clocks: where one of them was set meanwhile nobody knows, and it is old.
    #[must_use]
    pub fn is_recent(self, begun: UnixMs) -> bool {
        [self.now, self.steady.date()].iter().all(|now| (0..RECENT_MS).contains(&now.since(begun)))
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A creation is whole: its marks go, and then it is waited for its pods.
    Finish,
    /// It is as asked for, and it is waited for what comes of it.
    Wait,
    /// Nothing more: this is the verdict.
    End {
        /// How it ended.
        code: EndCode,
        /// Objects that are there.
        there: Vec<Piece>,
    },
    /// Its one call is sent again, with the resource version that was just read.
    SendAgain,
    /// The calls of a deletion that are left are sent.
    DeleteRest {
        /// The objects that they delete.
        pieces: Vec<Piece>,
    },
    /// What carries its mark is removed, unless somebody has changed or uses it.
    TakeBack,
    /// It is too early to tell.
    LookAgain {
        /// In how many milliseconds it is not.
        in_ms: i64,
    },
}

impl Step {
    fn end(code: EndCode) -> Self {
        Self::End { code, there: Vec::new() }
    }
}

/// Decides. `newer` is the newest operation of the app after this one, whatever has become of it: nothing is sent behind that.
#[must_use]
pub fn decide(operation: &Operation, found: &Found, newer: Option<OperationId>, looked: LookedAt) -> Step {
    if operation.undo {
        return Step::TakeBack;
    }
    if operation.state == State::Waiting {
        return Step::Wait;
    }
    let may_send = newer.is_none() && looked.is_recent(operation.begun);
    match &operation.work {
        // It is never continued: the values of its form are not kept.
        Work::Create { .. } if found.workload.as_ref().is_some_and(|w| w.has_mark) => Step::Finish,
        Work::Create { .. } => Step::TakeBack,
        Work::Delete { uid, .. } => deletion(uid, found, may_send, looked),
        Work::Restart { before, .. } | Work::Scale { before, .. } | Work::Pause { before, .. } | Work::RollBack { before, .. } => {
            one_call(operation, before, found, newer, may_send, looked)
        }
    }
}

fn deletion(uid: &str, found: &Found, may_send: bool, looked: LookedAt) -> Step {
    match &found.workload {
        // Another app has the name by now, and what stands beside it may be that app's.
        Some(workload) if workload.version.uid != uid => return Step::end(EndCode::Gone),
        // It isn't sent again: nothing tells whether somebody has taken the app up since.
        Some(workload) if !workload.deleting => return not_made(looked),
        Some(_) | None => {}
    }
    let all = || found.pieces.iter().map(|found| found.piece).collect();
    // What somebody has changed stays.
    let pieces: Vec<Piece> = found.pieces.iter().filter(|found| found.touched_by.is_none()).map(|found| found.piece).collect();
    if !pieces.is_empty() {
        return if may_send { Step::DeleteRest { pieces } } else { Step::End { code: EndCode::NoAnswer, there: all() } };
    }
    if found.workload.is_some() { Step::Wait } else { Step::End { code: EndCode::Gone, there: all() } }
}

fn one_call(operation: &Operation, before: &Version, found: &Found, newer: Option<OperationId>, may_send: bool, looked: LookedAt) -> Step {
    let Some(workload) = found.workload.as_ref().filter(|w| w.version.uid == before.uid && !w.deleting) else {
        return Step::end(EndCode::AppDeleted);
    };
    if let Some(by) = workload.changed_by.filter(|by| *by > operation.id) {
        return Step::end(EndCode::Overtaken { by });
    }
    if is_as_asked(operation, before, workload) {
        return match operation.work {
            Work::Pause { .. } => Step::end(EndCode::Complete),
            Work::Create { .. } | Work::Delete { .. } | Work::Restart { .. } | Work::Scale { .. } | Work::RollBack { .. } => Step::Wait,
        };
    }
    if workload.version == *before {
        return if may_send { Step::SendAgain } else { not_made(looked) };
    }
    match (&workload.manager, newer) {
        (Some(manager), _) => Step::end(EndCode::TouchedBy { manager: Some(manager.clone()) }),
        (None, Some(by)) => Step::end(EndCode::Overtaken { by }),
        (None, None) => Step::end(EndCode::NoAnswer),
    }
}

/// Whether the workload is as it was asked for. A restart and a rollback leave their number on it. A count and a flag leave no
/// trace: there the object must have been changed since.
fn is_as_asked(operation: &Operation, before: &Version, workload: &FoundWorkload) -> bool {
    let is_changed = workload.version.generation > before.generation;
    match &operation.work {
        Work::Restart { .. } | Work::RollBack { .. } => workload.changed_by == Some(operation.id),
        Work::Scale { from, to, .. } => workload.replicas == Some(*to) && (is_changed || from == to),
        Work::Pause { paused, .. } => workload.paused == *paused && is_changed,
        Work::Create { .. } | Work::Delete { .. } => false,
    }
}

/// Nothing is said not to be made as long as a call from before the kill may still be carried out.
fn not_made(looked: LookedAt) -> Step {
    match LATE_MS - looked.quiet_ms {
        in_ms if in_ms > 0 => Step::LookAgain { in_ms },
        _ => Step::end(EndCode::NotMade),
    }
}

#[cfg(test)]
mod tests;
