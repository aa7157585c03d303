//! What a person most likely does next, and the last lines of the log that tells why.

use super::pod;
use super::trouble::Tone;
use crate::facts::{AppFacts, Pod};
use crate::status::{Evidence, Status, Word};
use crate::view::{LastLines, NextStep};
use crate::{Action, ActionRefusal, UnixMs};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An app that fails so soon after a rollout fails of it, in milliseconds.
const LATELY: i64 = 60 * 60_000;

/// The one step that is offered before all others; nothing where all is well.
pub(crate) fn step(facts: &AppFacts, status: &Status, actions: &BTreeMap<Action, Option<ActionRefusal>>, now: UnixMs) -> Option<NextStep> {
    let allowed = |action: Action| actions.get(&action).is_some_and(Option::is_none);
    match status.word {
        Word::Running | Word::Completed | Word::Progressing => None,
        Word::Stopped => allowed(Action::Scale).then_some(NextStep::ScaleUp),
        Word::Paused => allowed(Action::Resume).then_some(NextStep::Resume),
        Word::Failing | Word::Degraded | Word::Unknown => {
            let own = facts.workload.id.path();
            NextStep::see(&status.evidence, |e| matches!(e, Evidence::Object { path, .. } if *path != own))
                .or_else(|| broken_by_rollout(facts, now).filter(|_| allowed(Action::RollBack)).map(|revision| NextStep::RollBack { revision }))
                .or_else(|| NextStep::look(&status.evidence))
        }
    }
}

/// The revision to go back to, where the newest one has never served: the one before still does, or the rollout was not long
/// ago and no pod says that the one before fails too.
fn broken_by_rollout(facts: &AppFacts, now: UnixMs) -> Option<u64> {
    let mut sets = facts.replica_sets.iter();
    let (new, old) = (sets.next()?, sets.next()?);
    if facts.workload.revision != Some(new.revision) || new.ready > 0 {
        return None;
    }
    let bad = |p: &&Arc<Pod>| pod::trouble(p, facts, now).is_some_and(|t| t.tone == Tone::Bad);
    let of_old: Vec<&Arc<Pod>> = facts.pods.iter().filter(|p| p.deleting.is_none() && !facts.runs_newest(p)).collect();
    if of_old.iter().any(bad) {
        return None;
    }
    let lately = facts.made(new).is_some_and(|at| (0..LATELY).contains(&now.since(at)));
    (lately || !of_old.is_empty()).then_some(old.revision)
}

/// The last lines of the log that the status points to.
pub(crate) fn last_lines(facts: &AppFacts, status: &Status) -> Option<LastLines> {
    let (pod, container, previous, at) = status.evidence.iter().find_map(|e| match e {
        Evidence::Log { pod, container, previous, at, .. } => Some((pod, container, *previous, *at)),
        Evidence::Chart { .. } | Evidence::Event { .. } | Evidence::Object { .. } | Evidence::Command { .. } => None,
    })?;
    let uid = &facts.pods.iter().find(|p| p.name == *pod)?.uid;
    let observed = &facts.observed;
    let of_end = observed.ends.iter().find(|e| at.is_some() && e.pod == *uid && e.container == *container && e.finished == at).map(|e| &e.lines);
    let of_running = || observed.unready.iter().find(|l| at.is_none() && l.pod == *pod && l.container == *container).map(|l| &l.lines);
    let lines = of_end.or_else(of_running).filter(|lines| !lines.is_empty())?.clone();
    Some(LastLines { pod: pod.clone(), container: container.clone(), previous, lines })
}
