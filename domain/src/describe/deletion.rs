//! What was deleted and is still there: apps and pods, and who holds them.

use super::text::who_pod;
use super::trouble::{Tone, Trouble, events_of};
use crate::UnixMs;
use crate::cause::{Cause, foreign};
use crate::facts::{AppFacts, Ending, Pod};
use crate::kubernetes::pod::kill_failure;
use crate::kubernetes::words::EventReason;
use crate::status::Word;
use crate::verdict::{Calm, Verdict};

/// Controllers take finalizers off within this time, or they do not.
const PROMPT: i64 = 10_000;
/// How long the node may take to end a pod after its grace period is over.
const SLOW_END: i64 = 90_000;
/// The default of `terminationGracePeriodSeconds`.
const GRACE_S: u32 = 30;

/// A pod that was asked to end and is still there after its time; `None` for one that ends as it should.
pub(crate) fn stays(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    Some(Trouble::of(Tone::Bad, &cause(pod, facts, now)?).since(pod.deleting))
}

fn cause(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Cause> {
    let asked = pod.deleting?;
    let ending = pod.ending.as_deref().cloned().unwrap_or(Ending { grace_s: GRACE_S, finalizers: Vec::new() });
    let (ago, grace) = (now.since(asked), i64::from(ending.grace_s) * 1000);
    let over = pod.containers.iter().all(|c| !matches!(c.state, crate::facts::ContainerState::Running { .. }));
    let held = foreign(&ending.finalizers);
    // The kubelet goes on trying, and says each time why it could not (`pkg/kubelet/kubelet.go`).
    let fails = events_of(pod, facts).filter(|e| e.reason == EventReason::FailedKillPod && e.last >= asked).max_by_key(|e| e.last);
    if let Some(event) = fails.filter(|_| ago > grace + PROMPT && held.is_empty()) {
        return Some(Cause::KillFails { who: who_pod(pod, facts), asked, said: kill_failure(&event.message).to_owned() });
    }
    let finalizers = if !held.is_empty() && ago > PROMPT && (over || ago > grace + PROMPT) {
        held
    } else if ago > grace + SLOW_END {
        ending.finalizers
    } else {
        return None;
    };
    Some(Cause::PodStays { who: who_pod(pod, facts), asked, finalizers, node: pod.node.clone() })
}

/// The first pod of an app that stays after its time.
pub(crate) fn first_that_stays(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    facts.pods.iter().find_map(|p| stays(p, facts, now))
}

/// An app that was deleted and is still there.
pub(crate) fn app(facts: &AppFacts, now: UnixMs) -> Option<Verdict> {
    let deletion = facts.workload.deletion.as_ref()?;
    let (ago, pods) = (now.since(deletion.at), u32::try_from(facts.pods.len()).unwrap_or(u32::MAX));
    let since = Some(deletion.at);
    let finalizers = foreign(&deletion.finalizers);
    if !finalizers.is_empty() && ago > PROMPT {
        return Some(Trouble::of(Tone::Bad, &Cause::DeletionHeld { at: deletion.at, finalizers, pods }).since(since).verdict(Word::Degraded));
    }
    let pod = facts.pods.iter().find_map(|p| cause(p, facts, now)).map(Box::new);
    let grace = facts.pods.iter().filter_map(|p| p.ending.as_ref()).map(|e| e.grace_s).max().unwrap_or(GRACE_S);
    if pod.is_some() || ago > i64::from(grace) * 1000 + SLOW_END {
        return Some(Trouble::of(Tone::Bad, &Cause::DeletionStuck { at: deletion.at, pods, pod }).since(since).verdict(Word::Degraded));
    }
    Some(Verdict::calm(Word::Progressing, Calm::Deleting { at: deletion.at, pods }, since))
}
