//! What comes of a change that was applied: it is fed with what is seen of the app, and tells when there is a verdict.

mod sight;

pub use sight::{DeadlinePassed, Seen, Sight, Trouble};

use super::{Applied, ChangeAction, End, EndCode, Hold, Operation, OperationId, ProgressCode, Work};
use crate::Steady;
use crate::cause::Cause;
use crate::status::Word;
use crate::verdict::{Calm, Verdict, Why};

/// A cause that has lasted this long is the verdict, unless time alone may mend it. In milliseconds.
pub const FAILING_MS: i64 = 60_000;
/// So long after the deadline of the rollout nobody waits any longer, in milliseconds.
pub const GRACE_MS: i64 = 60_000;
/// The deadline of a rollout that has none of its own, in seconds: Kubernetes' default for deployments.
pub const DEFAULT_DEADLINE_S: u32 = 600;
/// Nobody waits longer than this in all, whatever deadline a deployment has and however slowly it goes on. In milliseconds.
pub const LONGEST_MS: i64 = 60 * 60_000;

/// What comes of a look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// What is new.
    pub progress: Option<ProgressCode>,
    /// The verdict. Nothing comes after it.
    pub end: Option<End>,
}

impl Looked {
    fn end(end: impl Into<End>) -> Self {
        Self { progress: None, end: Some(end.into()) }
    }
}

/// A cause that keeps it from its end.
#[derive(Clone, Copy, Debug)]
struct Failing {
    code: &'static str,
    since: Steady,
}

/// The most pods that were seen.
#[derive(Clone, Copy, Debug)]
struct Most {
    updated: u32,
    ready: u32,
}

/// A wait for what comes of an operation.
#[derive(Clone, Debug)]
pub struct Wait {
    id: OperationId,
    work: Work,
    /// What the change has left; nothing before it is looked at.
    applied: Applied,
    /// When there was progress last.
    moved: Steady,
    most: Option<Most>,
    deadline_s: u32,
    /// It has been seen since the change.
    is_seen: bool,
    /// What time alone doesn't mend.
    failing: Option<Failing>,
    /// The last progress that was told: the counts, and the code of the cause.
    told_pods: Option<ProgressCode>,
    told_trouble: Option<&'static str>,
}

impl Wait {
    /// Waits for an operation whose calls have left this, from now on or as before a start of the portal.
    #[must_use]
    pub fn new(operation: &Operation, applied: &Applied, now: Steady) -> Self {
        // Where the clock was set back between two runs of the portal, the wait begins now.
        let applied = Applied { at: applied.at.min(now), ..applied.clone() };
        Self {
            id: operation.id,
            work: operation.work.clone(),
            applied,
            moved: now,
            most: None,
            deadline_s: DEFAULT_DEADLINE_S,
            is_seen: false,
            failing: None,
            told_pods: None,
            told_trouble: None,
        }
    }

    /// When it has to be looked at the latest, although nothing new is seen.
    #[must_use]
    pub fn due(&self) -> Steady {
        let given_up = self.given_up();
        self.failing.map_or(given_up, |failing| failing.since.plus(FAILING_MS).min(given_up))
    }

    fn deadline(&self) -> Steady {
        self.moved.plus(i64::from(self.deadline_s) * 1_000)
    }

    fn given_up(&self) -> Steady {
        self.deadline().plus(GRACE_MS).min(self.applied.at.plus(LONGEST_MS))
    }

    fn is_deletion(&self) -> bool {
        self.work.action() == ChangeAction::Delete
    }

    /// Looks at the app as it is now, and at the newer change that has taken the place of this one
    /// ([`Operation::overtakes`]), if any. A deletion is not overtaken: a newer change of that name is one of another app.
    #[must_use]
    pub fn look(&mut self, sight: &Sight, newer: Option<OperationId>, now: Steady) -> Looked {
        if let Some(by) = newer.filter(|_| !self.is_deletion()) {
            return Looked::end(EndCode::Overtaken { by });
        }
        let looked = match sight {
            Sight::NotKnown => Looked::default(),
            Sight::Seen(seen) if seen.version.uid == self.applied.version.uid => self.look_at(seen, now),
            Sight::Absent | Sight::Seen(_) => self.without(),
        };
        if looked.end.is_none() && now >= self.given_up() {
            return Looked { end: Some(EndCode::StillWaiting.into()), ..looked };
        }
        looked
    }

    /// The app is not there, or another one has its name.
    fn without(&self) -> Looked {
        match self.work.action() {
            // What is seen may be older than the change: a new app is not there at first.
            ChangeAction::Create if !self.is_seen => Looked::default(),
            ChangeAction::Delete => Looked::end(EndCode::Gone),
            ChangeAction::Create | ChangeAction::Pause | ChangeAction::Restart | ChangeAction::Resume | ChangeAction::RollBack | ChangeAction::Scale => {
                Looked::end(EndCode::AppDeleted)
            }
        }
    }

    fn look_at(&mut self, seen: &Seen, now: Steady) -> Looked {
        if !self.is_deletion() && seen.deleting {
            return Looked::end(EndCode::AppDeleted);
        }
        if seen.version.generation < self.applied.version.generation {
            return Looked::default();
        }
        self.is_seen = true;
        self.deadline_s = seen.deadline_s.unwrap_or(DEFAULT_DEADLINE_S);
        self.progressed(seen, now);
        if self.is_deletion() {
            return self.deletion(seen, now);
        }
        if let Some(by) = seen.changed_by.filter(|by| *by > self.id) {
            return Looked::end(EndCode::Overtaken { by });
        }
        if !self.is_as_asked(seen) {
            return Looked::end(EndCode::TouchedBy { manager: seen.manager.clone() });
        }
        if let Some(code) = self.settled(seen) {
            return Looked::end(code);
        }
        let trouble = seen.trouble.as_ref();
        if let Some(trouble) = trouble.filter(|trouble| self.has_lasted(Some(&trouble.cause), now)) {
            let (cause, evidence) = (Some(Box::new(trouble.cause.clone())), trouble.evidence.clone());
            return Looked::end(End { evidence, ..EndCode::Failing { cause }.into() });
        }
        if trouble.is_none() {
            self.failing = None;
        }
        if self.is_past_deadline(seen, now) {
            let evidence = seen.verdict.evidence.clone();
            return Looked::end(End { evidence, ..EndCode::DeadlinePassed { limit_s: seen.deadline_s }.into() });
        }
        Looked { progress: self.news(seen, trouble.map(|trouble| &trouble.cause).or_else(|| cause(&seen.verdict))), end: None }
    }

    fn deletion(&mut self, seen: &Seen, now: Steady) -> Looked {
        let cause = cause(&seen.verdict);
        let has_lasted = self.has_lasted(cause, now);
        match cause {
            Some(Cause::DeletionHeld { finalizers, .. }) if has_lasted => {
                let evidence = seen.verdict.evidence.clone();
                Looked::end(End { evidence, ..EndCode::HeldByFinalizer { finalizers: finalizers.clone() }.into() })
            }
            _ => Looked { progress: self.news(seen, cause), end: None },
        }
    }

    /// A deadline is one without progress, so each pod more gives it anew. One that comes and goes does not.
    fn progressed(&mut self, seen: &Seen, now: Steady) {
        let Some(most) = &mut self.most else {
            self.most = Some(Most { updated: seen.updated, ready: seen.ready });
            return;
        };
        if seen.updated > most.updated || seen.ready > most.ready {
            *most = Most { updated: most.updated.max(seen.updated), ready: most.ready.max(seen.ready) };
            self.moved = now;
        }
    }

    fn is_as_asked(&self, seen: &Seen) -> bool {
        match &self.work {
            // What an autoscaler or somebody's edit adds does not set it back.
            Work::Create { .. } | Work::Restart { .. } | Work::RollBack { .. } => seen.changed_by == Some(self.id),
            Work::Scale { to, .. } => seen.wanted == *to,
            Work::Pause { paused, .. } => seen.paused == *paused,
            Work::Delete { .. } => seen.deleting,
        }
    }

    /// The end of what came to rest. What the index has of replica sets and pods may be older than the change: the counts of the
    /// workload are those of the generation that its controller has looked at.
    fn settled(&self, seen: &Seen) -> Option<EndCode> {
        if seen.observed_generation < self.applied.version.generation {
            return None;
        }
        let makes_pods = match &self.work {
            Work::Create { .. } | Work::Restart { .. } | Work::RollBack { .. } => true,
            Work::Delete { .. } | Work::Scale { .. } | Work::Pause { .. } => false,
        };
        let is_replaced = !makes_pods || (seen.updated >= seen.wanted && seen.old == 0);
        match (seen.verdict.word, &seen.verdict.why) {
            (Word::Running | Word::Completed, _) | (Word::Stopped, Why::Calm(Calm::ScaledToZero | Calm::NoNodeMatches)) if is_replaced => {
                Some(EndCode::RolledOut)
            }
            (Word::Paused, _) if is_replaced && seen.ready >= seen.wanted => Some(EndCode::Complete),
            (Word::Running | Word::Paused, _) if !is_replaced => held(seen),
            (Word::Running | Word::Completed | Word::Stopped | Word::Paused | Word::Failing | Word::Degraded | Word::Unknown | Word::Progressing, _) => None,
        }
    }

    /// Whether a cause that time alone doesn't mend has been the same for [`FAILING_MS`].
    fn has_lasted(&mut self, cause: Option<&Cause>, now: Steady) -> bool {
        let Some(code) = cause.filter(|cause| !cause.needs_time()).map(Cause::code) else {
            self.failing = None;
            return false;
        };
        let since = self.failing.filter(|before| before.code == code).map_or(now, |before| before.since);
        self.failing = Some(Failing { code, since });
        now.since(since) >= FAILING_MS
    }

    /// Whether the rollout has taken longer than it may. That an earlier one has stays on a deployment that is scaled.
    fn is_past_deadline(&self, seen: &Seen, now: Steady) -> bool {
        let is_its_own = |passed: DeadlinePassed| passed.since.is_some_and(|since| since >= self.applied.at.date()) || now >= self.deadline();
        seen.deadline_passed.is_some_and(is_its_own)
    }

    /// What was not told yet: a cause before the counts.
    fn news(&mut self, seen: &Seen, cause: Option<&Cause>) -> Option<ProgressCode> {
        let code = cause.map(Cause::code);
        if code != self.told_trouble {
            self.told_trouble = code;
            if let Some(cause) = cause {
                return Some(ProgressCode::Trouble { cause: Box::new(cause.clone()) });
            }
        }
        let pods = Some(ProgressCode::Pods { updated: seen.updated, ready: seen.ready, wanted: seen.wanted });
        if pods == self.told_pods {
            return None;
        }
        self.told_pods.clone_from(&pods);
        pods
    }
}

/// The end of what was made and is kept from the pods that are there. A partition keeps only those below it: the others still come
/// as long as the app runs without being told as held.
fn held(seen: &Seen) -> Option<EndCode> {
    let by = seen.hold.filter(|by| match by {
        Hold::OnDelete => true,
        Hold::Paused | Hold::Partition => seen.verdict.word == Word::Paused,
    })?;
    (seen.old > 0).then_some(EndCode::Held { by, pods: seen.old })
}

fn cause(verdict: &Verdict) -> Option<&Cause> {
    match &verdict.why {
        Why::Trouble(cause) => Some(cause),
        Why::Calm(_) => None,
    }
}

#[cfg(test)]
mod tests;
