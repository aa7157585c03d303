//! Deployments, stateful sets and daemon sets: what their pods' troubles mean for all of it.

mod all_ready;
mod failed;
mod held_back;
mod idle;
pub(crate) mod newest;
mod none_ready;
mod pods;
mod some_ready;

pub(crate) use pods::Pods;

use super::text::who_pod;
use super::trouble::{Tone, Trouble};
use super::{evicted, pod, refusal};
use crate::facts::{AppFacts, Condition, Pod};
use crate::kubernetes::controller::ConditionSaid;
use crate::status::Word;
use crate::verdict::{Also, Lead, Verdict};
use crate::{Kind, UnixMs};

/// What happened longer ago than this is history.
const HOUR: i64 = 60 * 60_000;
/// How long a controller may take to look at a change, or to make the first pod.
const PROMPT: i64 = 60_000;

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn condition<'a>(facts: &'a AppFacts, wanted: ConditionSaid<'_>) -> Option<&'a Condition> {
    facts.workload.conditions.iter().find(|c| ConditionSaid::of(c) == wanted)
}

/// An app while some of its pods are wanted.
struct Stage<'a> {
    facts: &'a AppFacts,
    pods: &'a Pods<'a>,
    /// The heaviest trouble.
    worst: Option<Trouble>,
    /// When the rollout took longer than it may; the inner moment only where it is known.
    deadline: Option<Option<UnixMs>>,
    now: UnixMs,
}

/// Judges the app.
pub(crate) fn verdict(facts: &AppFacts, now: UnixMs) -> Verdict {
    let w = &facts.workload;
    let pods = Pods::of(facts, now);
    if w.observed_generation < w.generation {
        return idle::change_not_seen(facts, now);
    }
    if pods.wanted == 0 {
        return idle::nothing_wanted(facts, &pods, now);
    }
    let worst = worst(facts, &pods, now);
    if worst.as_ref().is_none_or(|t| t.tone != Tone::Bad)
        && let Some((times, t)) = evicted::repeated(facts, now)
    {
        let word = if times > 2 || pods.ready == 0 { Word::Failing } else { Word::Degraded };
        return t.verdict(word).after([Lead::Ready(pods.counts())]);
    }
    if pods.ready == 0
        && worst.as_ref().is_none_or(|t| t.tone == Tone::Wait)
        && failed::often(facts, &pods, now)
        && let Some(t) = failed::newest(facts, now)
    {
        return t.verdict(Word::Failing).also([Also::FailedInLastHour { pods: failed::lately(facts, now) }]);
    }
    if w.paused && !(pods.ready == 0 && worst.as_ref().is_some_and(|t| t.tone == Tone::Bad)) {
        return idle::paused(facts, &pods);
    }
    let deadline = condition(facts, ConditionSaid::DeadlineExceeded).map(|c| c.since);
    let stage = Stage { facts, pods: &pods, worst, deadline, now };
    let verdict = if pods.ready == 0 {
        none_ready::verdict(stage)
    } else if pods.ready < pods.wanted || pods.rolling {
        some_ready::verdict(stage)
    } else {
        all_ready::verdict(facts, &pods, now)
    };
    held_back::by_partition(held_back::until_deleted(verdict, facts), facts, &pods)
}

/// The heaviest trouble: pods of the newest template before others, then a refusal of more pods.
fn worst(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Option<Trouble> {
    let troubled = pods.live.iter().filter_map(|p| Some((of_old(pod::trouble(p, facts, now)?, p, facts), facts.runs_newest(p))));
    let of_pods = troubled.enumerate().max_by_key(|(i, (t, new))| (t.tone, *new, std::cmp::Reverse(*i))).map(|(_, (t, _))| t);
    match of_pods {
        Some(t) if t.tone == Tone::Bad => Some(t),
        other => refusal::trouble(facts, now).or(other),
    }
}

/// A stateful set whose pods go one after the other waits for a pod that is not ready, and does not replace it either:
/// what ails a pod of an older template is not mended by the newest one.
fn of_old(t: Trouble, pod: &Pod, facts: &AppFacts) -> Trouble {
    let w = &facts.workload;
    let waits = w.id.kind == Kind::StatefulSet && !w.on_delete && !w.update.parallel && w.update.revision.is_some();
    let number = pod.name.rsplit('-').next().and_then(|n| n.parse::<u32>().ok());
    if t.tone != Tone::Bad || !waits || facts.runs_newest(pod) || number.is_none_or(|n| n < w.update.partition) {
        return t;
    }
    t.also([Also::OldTemplateStays { who: who_pod(pod, facts) }])
}
