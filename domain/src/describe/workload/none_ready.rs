//! No pod is ready although some are wanted.

use super::{PROMPT, Stage, failed, number};
use crate::Kind;
use crate::cause::{Cause, WorkloadTrouble};
use crate::describe::trouble::Tone;
use crate::describe::{deletion, none_made, pod};
use crate::facts::Pod;
use crate::status::Word;
use crate::verdict::{Also, Calm, Lead, Reason, Verdict};
use std::sync::Arc;

/// A time to end that is worth a word.
const LONG_GRACE_S: u32 = 60;

/// Judges it.
pub(super) fn verdict(mut stage: Stage<'_>) -> Verdict {
    let verdict = match stage.worst.take() {
        None => no_pod(&stage),
        Some(t) => {
            let word = match t.tone {
                Tone::Bad => Word::Failing,
                Tone::Lost => Word::Unknown,
                Tone::Wait if stage.deadline.is_some() => Word::Failing,
                Tone::Wait => Word::Progressing,
            };
            let leads = (stage.pods.wanted > 1).then(|| Lead::Ready(stage.pods.counts()));
            let waits = t.tone == Tone::Wait;
            // Where the trouble itself may only need more time, it matters that its time is over.
            let late = stage.deadline.filter(|_| waits || t.cause.needs_time());
            let late = late.map(|since| Also::DeadlinePassed { limit_s: stage.facts.workload.progress_deadline_s, since });
            let in_order = (t.tone == Tone::Bad).then(|| waits_in_order(&stage)).flatten();
            let reason = (word == Word::Failing && waits).then_some(Reason::RolloutTimedOut);
            Verdict { reason, ..t.verdict(word).after(leads).also(in_order).also(late) }
        }
    };
    let useless = (verdict.word == Word::Failing).then(|| rollback_would_not_help(&stage)).flatten();
    verdict.also(useless)
}

/// Pods that a stateful set makes only once the ones before them are ready.
fn waits_in_order(stage: &Stage<'_>) -> Option<Also> {
    let (w, pods) = (&stage.facts.workload, stage.pods);
    let in_order = w.id.kind == Kind::StatefulSet && !w.update.parallel;
    (in_order && w.replicas.current < pods.wanted && !pods.live.is_empty()).then(|| Also::PodsWaitInOrder { pods: pods.wanted - w.replicas.current })
}

/// The pods of the revision before fail too.
fn rollback_would_not_help(stage: &Stage<'_>) -> Option<Also> {
    let facts = stage.facts;
    let bad = |p: &&Arc<Pod>| pod::trouble(p, facts, stage.now).is_some_and(|t| t.tone == Tone::Bad);
    let (new, old): (Vec<&Arc<Pod>>, Vec<&Arc<Pod>>) = stage.pods.live.iter().copied().filter(bad).partition(|p| facts.runs_newest(p));
    let before = old.first().and_then(|p| facts.replica_sets.iter().skip(1).find(|s| s.hash.is_some() && s.hash == p.template_hash))?;
    (!new.is_empty()).then_some(Also::RollbackWouldNotHelp { revision: before.revision })
}

/// Nothing is wrong with a pod, or there is none.
fn no_pod(stage: &Stage<'_>) -> Verdict {
    let Stage { facts, pods, now, .. } = *stage;
    let w = &facts.workload;
    let ending = number(facts.pods.iter().filter(|p| p.deleting.is_some()).count());
    if pods.live.is_empty()
        && let Some(t) = deletion::first_that_stays(facts, now)
    {
        return t.verdict(Word::Failing).after([Lead::OldPodBlocks]);
    }
    if pods.live.is_empty() && ending > 0 {
        let grace_s = facts.pods.iter().filter_map(|p| p.ending.as_ref()).map(|e| e.grace_s).max().filter(|s| *s > LONG_GRACE_S);
        return Verdict::calm(Word::Progressing, Calm::ReplacingPods { ending, grace_s }, None);
    }
    if let Some(failed) = failed::newest(facts, now) {
        return failed.verdict(Word::Failing);
    }
    let changed = w.changed.as_ref().map_or(w.created, |(at, _)| (*at).max(w.created));
    if let Some(since) = stage.deadline {
        let lead = Lead::DeadlinePassed { limit_s: w.progress_deadline_s, since };
        return Verdict::trouble(Word::Failing, Cause::Workload(WorkloadTrouble::RolloutTimedOut { any_ready: false }), since).after([lead]);
    }
    if now.since(changed) < PROMPT || !pods.live.is_empty() {
        return Verdict::calm(Word::Progressing, Calm::Starting { wanted: pods.wanted, since: changed }, Some(changed));
    }
    let told = none_made::trouble(facts, now).verdict(Word::Failing);
    Verdict { since: Some(changed), ..told.after([Lead::NoPodCreated { since: changed, wanted: pods.wanted }]) }
}
