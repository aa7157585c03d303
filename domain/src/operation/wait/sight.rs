//! How the app of an operation stands.

use crate::cause::Cause;
use crate::facts::{AppFacts, Condition};
use crate::kubernetes::controller::ConditionSaid;
use crate::operation::{Hold, OperationId, Version};
use crate::verdict::{Evidence, Verdict, Why};
use crate::{UnixMs, describe};

/// What is known of the app of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing: its namespace is not read now, or the app is too large to be read.
    NotKnown,
    /// There is no app of its name.
    Absent,
    /// It is there.
    Seen(Box<Seen>),
}

impl Sight {
    /// Of an app in a namespace that is read; there is none without `facts`.
    #[must_use]
    pub fn of(facts: Option<&AppFacts>, now: UnixMs) -> Self {
        match facts {
            None => Self::Absent,
            Some(facts) if facts.workload.unread.is_some() => Self::NotKnown,
            Some(facts) => Self::Seen(Box::new(Seen::of(facts, now))),
        }
    }
}

/// What is wrong with the newest template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it is.
    pub cause: Cause,
    /// Where a person can check it.
    pub evidence: Vec<Evidence>,
}

/// The controller says that the rollout takes longer than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlinePassed {
    /// Since when it does, by the cluster's clock.
    pub since: Option<UnixMs>,
}

/// An app that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which object the workload is, and how often it was changed.
    pub version: Version,
    /// The generation that its controller has looked at; the counts are of that one.
    pub observed_generation: i64,
    /// It is being deleted.
    pub deleting: bool,
    /// It is held.
    pub paused: bool,
    /// The operation that has left its number on it last.
    pub changed_by: Option<OperationId>,
    /// The field manager that changed it last, where that is known.
    pub manager: Option<String>,
    /// Seconds that its rollout may go without progress, where it has such a limit.
    pub deadline_s: Option<u32>,
    /// The rollout takes longer than that.
    pub deadline_passed: Option<DeadlinePassed>,
    /// Pods of the newest template.
    pub updated: u32,
    /// Pods of older ones.
    pub old: u32,
    /// Pods that are ready, of any template.
    pub ready: u32,
    /// Pods that are wanted.
    pub wanted: u32,
    /// What keeps pods of older templates, where something does on purpose.
    pub hold: Option<Hold>,
    /// What is wrong with the newest template.
    pub trouble: Option<Trouble>,
    /// The judgement on all of it.
    pub verdict: Verdict,
}

impl Seen {
    /// As the facts tell it.
    #[must_use]
    pub fn of(facts: &AppFacts, now: UnixMs) -> Self {
        let w = &facts.workload;
        let verdict = describe::verdict(facts, now);
        let is_late = |c: &&Condition| ConditionSaid::of(c) == ConditionSaid::DeadlineExceeded;
        Self {
            version: Version { uid: w.uid.clone(), generation: w.generation },
            observed_generation: w.observed_generation,
            deleting: w.deletion.is_some(),
            paused: w.paused,
            changed_by: w.portal_change.as_ref().and_then(|change| change.operation),
            manager: w.changed.as_ref().map(|(_, manager)| manager.clone()),
            deadline_s: w.progress_deadline_s,
            deadline_passed: w.conditions.iter().find(is_late).map(|c| DeadlinePassed { since: c.since }),
            updated: w.replicas.updated,
            old: w.replicas.current.saturating_sub(w.replicas.updated),
            ready: w.replicas.ready,
            wanted: w.replicas.wanted,
            hold: hold(facts),
            trouble: describe::newest_trouble(facts, &verdict, now).and_then(trouble),
            verdict,
        }
    }
}

fn hold(facts: &AppFacts) -> Option<Hold> {
    let w = &facts.workload;
    if w.on_delete {
        Some(Hold::OnDelete)
    } else if w.paused {
        Some(Hold::Paused)
    } else {
        (w.update.partition > 0).then_some(Hold::Partition)
    }
}

fn trouble(verdict: Verdict) -> Option<Trouble> {
    match verdict.why {
        Why::Trouble(cause) => Some(Trouble { cause, evidence: verdict.evidence }),
        Why::Calm(_) => None,
    }
}
