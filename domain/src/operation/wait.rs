//! What comes of a change that was applied: it is fed with what is seen of the app, and tells when there is a verdict.

use super::{ChangeAction, End, EndCode, OperationId, ProgressCode, Version};
use crate::UnixMs;
use crate::cause::{Cause, WorkloadTrouble};
use crate::status::Word;
use crate::verdict::{Also, Calm, Evidence, Lead, Reason, Verdict, Why};

/// A cause that has lasted this long is the verdict, unless time alone may mend it. In milliseconds.
pub const FAILING_MS: i64 = 60_000;
/// So long after the deadline of the rollout nobody waits any longer, in milliseconds.
pub const GRACE_MS: i64 = 60_000;
/// The deadline of a rollout that has none of its own, in seconds: Kubernetes' default for deployments.
pub const DEFAULT_DEADLINE_S: u32 = 600;

/// How the app of an operation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which object the workload is, and how often it was changed.
    pub version: Version,
    /// It is being deleted.
    pub deleting: bool,
    /// It is still as the operation asked for.
    pub as_asked: bool,
    /// The field manager that changed it last, where that is known.
    pub manager: Option<String>,
    /// Seconds that its rollout may take, where it has such a limit.
    pub deadline_s: Option<u32>,
    /// Pods of the newest revision.
    pub updated: u32,
    /// Pods that are ready, of any revision.
    pub ready: u32,
    /// Pods that are wanted.
    pub wanted: u32,
    /// The judgement on all of it.
    pub verdict: Verdict,
}

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

/// A wait for what comes of an operation. Its times are those of a clock that nobody sets.
#[derive(Clone, Debug)]
pub struct Wait {
    action: ChangeAction,
    /// The workload as the change has left it; nothing before it is looked at.
    applied: Version,
    since: UnixMs,
    deadline_s: u32,
    /// It has been seen since the change.
    is_seen: bool,
    /// Since when a cause keeps it from its end that time alone doesn't mend.
    failing_since: Option<UnixMs>,
    /// The last progress that was told: the counts, and the code of the cause.
    told_pods: Option<ProgressCode>,
    told_trouble: Option<&'static str>,
}

impl Wait {
    /// Waits from now on for a change that has left the workload so.
    #[must_use]
    pub const fn new(action: ChangeAction, applied: Version, now: UnixMs) -> Self {
        Self { action, applied, since: now, deadline_s: DEFAULT_DEADLINE_S, is_seen: false, failing_since: None, told_pods: None, told_trouble: None }
    }

    /// When it has to be looked at the latest, although nothing new is seen.
    #[must_use]
    pub fn due(&self) -> UnixMs {
        let given_up = self.given_up();
        self.failing_since.map_or(given_up, |since| since.plus(FAILING_MS).min(given_up))
    }

    fn given_up(&self) -> UnixMs {
        self.since.plus(i64::from(self.deadline_s) * 1_000 + GRACE_MS)
    }

    /// Looks at the app as it is now, where there is one of its name, and at the newer change of it that has begun, if any.
    #[must_use]
    pub fn look(&mut self, seen: Option<&Seen>, newer: Option<OperationId>, now: UnixMs) -> Looked {
        if let Some(by) = newer {
            return Looked::end(EndCode::Overtaken { by });
        }
        let looked = match seen {
            Some(seen) if seen.version.uid == self.applied.uid => self.look_at(seen, now),
            // What is seen may be older than the change: a new app is not there at first.
            _ if !self.is_seen && self.action == ChangeAction::Create => Looked::default(),
            _ if self.action == ChangeAction::Delete => Looked::end(EndCode::Gone),
            _ => Looked::end(EndCode::AppDeleted),
        };
        if looked.end.is_none() && now >= self.given_up() {
            return Looked { end: Some(EndCode::StillWaiting.into()), ..looked };
        }
        looked
    }

    /// Time passes while nothing can be seen of the app.
    #[must_use]
    pub fn pass(&self, newer: Option<OperationId>, now: UnixMs) -> Looked {
        match newer {
            Some(by) => Looked::end(EndCode::Overtaken { by }),
            None if now >= self.given_up() => Looked::end(EndCode::StillWaiting),
            None => Looked::default(),
        }
    }

    fn look_at(&mut self, seen: &Seen, now: UnixMs) -> Looked {
        let is_deletion = self.action == ChangeAction::Delete;
        if !is_deletion && seen.deleting {
            return Looked::end(EndCode::AppDeleted);
        }
        if seen.version.generation < self.applied.generation {
            return Looked::default();
        }
        self.is_seen = true;
        self.deadline_s = seen.deadline_s.unwrap_or(DEFAULT_DEADLINE_S);
        if is_deletion {
            return self.deletion(seen, now);
        }
        if !seen.as_asked {
            return Looked::end(EndCode::TouchedBy { manager: seen.manager.clone() });
        }
        if let Some(code) = settled(seen) {
            return Looked::end(code);
        }
        if let Some(cause) = self.lasting(seen, now) {
            return Looked::end(End { evidence: evidence(seen), ..EndCode::Failing { cause: Some(Box::new(cause.clone())) }.into() });
        }
        if is_past_deadline(&seen.verdict) {
            return Looked::end(End { evidence: evidence(seen), ..EndCode::DeadlinePassed { limit_s: seen.deadline_s }.into() });
        }
        Looked { progress: self.news(seen), end: None }
    }

    fn deletion(&mut self, seen: &Seen, now: UnixMs) -> Looked {
        match self.lasting(seen, now) {
            Some(Cause::DeletionHeld { finalizers, .. }) => {
                Looked::end(End { evidence: evidence(seen), ..EndCode::HeldByFinalizer { finalizers: finalizers.clone() }.into() })
            }
            _ => Looked { progress: self.news(seen), end: None },
        }
    }

    /// The cause that time alone doesn't mend, once there has been one for [`FAILING_MS`].
    fn lasting<'a>(&mut self, seen: &'a Seen, now: UnixMs) -> Option<&'a Cause> {
        let Some(cause) = trouble(&seen.verdict).filter(|cause| !cause.needs_time()) else {
            self.failing_since = None;
            return None;
        };
        let since = *self.failing_since.get_or_insert(now);
        (now.since(since) >= FAILING_MS).then_some(cause)
    }

    /// What was not told yet: a cause before the counts.
    fn news(&mut self, seen: &Seen) -> Option<ProgressCode> {
        let cause = trouble(&seen.verdict);
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

fn trouble(verdict: &Verdict) -> Option<&Cause> {
    match &verdict.why {
        Why::Trouble(cause) => Some(cause),
        Why::Calm(_) => None,
    }
}

fn evidence(seen: &Seen) -> Vec<Evidence> {
    seen.verdict.evidence.clone()
}

/// The end of what came to rest.
fn settled(seen: &Seen) -> Option<EndCode> {
    match (seen.verdict.word, &seen.verdict.why) {
        (Word::Running | Word::Completed, _) | (Word::Stopped, Why::Calm(Calm::ScaledToZero | Calm::NoNodeMatches)) => Some(EndCode::RolledOut),
        // A held rollout makes no new pods; those that are wanted are there.
        (Word::Paused, _) if seen.ready >= seen.wanted => Some(EndCode::Complete),
        (Word::Stopped | Word::Paused | Word::Failing | Word::Degraded | Word::Unknown | Word::Progressing, _) => None,
    }
}

/// Whether the rollout has taken longer than it may.
fn is_past_deadline(verdict: &Verdict) -> bool {
    verdict.reason == Some(Reason::RolloutTimedOut)
        || matches!(verdict.why, Why::Trouble(Cause::Workload(WorkloadTrouble::RolloutTimedOut { .. })))
        || verdict.leads.iter().any(|lead| matches!(lead, Lead::DeadlinePassed { .. }))
        || verdict.also.iter().any(|also| matches!(also, Also::DeadlinePassed { .. }))
}

#[cfg(test)]
mod tests;
