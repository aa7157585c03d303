//! An app that nobody works on: its controller has not looked, nobody wants pods, or somebody holds the rollout.

use super::{HOUR, PROMPT, Pods, condition, number};
use crate::cause::{Cause, WorkloadTrouble};
use crate::describe::{deletion, remarks};
use crate::facts::AppFacts;
use crate::kubernetes::controller::{ConditionSaid, Scaled};
use crate::status::Word;
use crate::verdict::{Calm, Lead, Verdict};
use crate::{Kind, UnixMs};

/// How long the API server keeps events, unless told otherwise (`--event-ttl`), in milliseconds.
const EVENTS_KEPT: i64 = HOUR;

/// A change that the controller has not looked at.
pub(super) fn change_not_seen(facts: &AppFacts, now: UnixMs) -> Verdict {
    let w = &facts.workload;
    let at = w.changed.as_ref().map_or(w.created, |(at, _)| *at);
    if now.since(at) < PROMPT {
        return Verdict::calm(Word::Progressing, Calm::ChangeNotSeenYet { at }, Some(at));
    }
    let cause = Cause::Workload(WorkloadTrouble::ChangeNotPickedUp { kind: w.id.kind, at, seen: w.observed_generation, wanted: w.generation });
    Verdict::trouble(Word::Unknown, cause, Some(at))
}

/// No pod is wanted.
pub(super) fn nothing_wanted(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Verdict {
    let w = &facts.workload;
    let ending = number(facts.pods.iter().filter(|p| !p.phase.is_over()).count());
    if w.id.kind == Kind::DaemonSet {
        return Verdict::calm(Word::Stopped, Calm::NoNodeMatches, None);
    }
    // A count of 0 leaves no entry among the managed fields, so only the event tells when that was.
    let to_none = facts.events.iter().filter(|e| Scaled::of(e).is_some_and(|scaled| scaled.to == 0)).map(|e| e.last).max();
    // Events are kept for an hour; what is younger and has none was never anything else.
    let at = to_none.or_else(|| Some(w.created).filter(|at| w.id.kind == Kind::Deployment && now.since(*at) < EVENTS_KEPT));
    let at = at.filter(|at| now.since(*at) >= 0);
    if let Some(t) = deletion::first_that_stays(facts, now) {
        return Verdict { since: at, ..t.verdict(Word::Stopped).after([Lead::ScaledToZero]) };
    }
    let calm = if !pods.live.is_empty() || ending > 0 { Calm::Stopping { pods: ending } } else { Calm::ScaledToZero };
    Verdict::calm(Word::Stopped, calm, at)
}

/// Somebody holds the rollout.
pub(super) fn paused(facts: &AppFacts, pods: &Pods<'_>) -> Verdict {
    let since = condition(facts, ConditionSaid::RolloutPaused).and_then(|c| c.since);
    let (wanted, updated) = (pods.wanted, pods.updated());
    let calm = if pods.live.is_empty() {
        Calm::PausedBeforeFirstPod { since, wanted }
    } else if pods.rolling {
        Calm::PausedHalfway { since, updated, wanted, ready: pods.ready }
    } else {
        Calm::Paused { since, counts: pods.counts(), image_waits: remarks::waiting_template(facts).is_some(), parts: remarks::held_parts(facts) }
    };
    Verdict::calm(Word::Paused, calm, since)
}
