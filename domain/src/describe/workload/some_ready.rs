//! Some pods are ready, or a rollout goes on.

use super::{Stage, failed};
use crate::UnixMs;
use crate::cause::{Cause, WorkloadTrouble};
use crate::describe::deletion;
use crate::describe::trouble::Tone;
use crate::facts::AppFacts;
use crate::status::Word;
use crate::verdict::{Calm, Lead, Verdict};

/// Judges it.
pub(super) fn verdict(stage: Stage<'_>) -> Verdict {
    let bad = stage.worst.as_ref().is_some_and(|t| t.tone != Tone::Wait);
    if bad || stage.deadline.is_some() { stuck(stage) } else { under_way(stage) }
}

/// It does not go on.
fn stuck(stage: Stage<'_>) -> Verdict {
    let Stage { facts, pods, worst, deadline, .. } = stage;
    let counts = pods.counts();
    let start = if pods.rolling { Lead::RolloutStuck { revision: facts.workload.revision, updated: pods.updated(), counts } } else { Lead::Ready(counts) };
    let late = deadline.map(|since| Lead::DeadlinePassed { limit_s: facts.workload.progress_deadline_s, since });
    match worst {
        Some(t) => {
            let late = late.filter(|_| t.tone == Tone::Wait);
            t.verdict(Word::Degraded).after([start].into_iter().chain(late))
        }
        None => Verdict::trouble(Word::Degraded, Cause::Workload(WorkloadTrouble::RolloutTimedOut { any_ready: true }), deadline.flatten())
            .after([start].into_iter().chain(late)),
    }
}

/// It goes on.
fn under_way(stage: Stage<'_>) -> Verdict {
    let Stage { facts, pods, worst, now, .. } = stage;
    let (counts, updated) = (pods.counts(), pods.updated());
    let (calm, lead, since) = if pods.rolling {
        let lead = Lead::RollingOut { revision: facts.workload.revision, updated, counts, min_ready_s: facts.workload.min_ready_s };
        (Calm::RollingOut { updated, wanted: pods.wanted }, lead, first_new_pod(facts))
    } else {
        (Calm::SomeReady(counts), Lead::Ready(counts), None)
    };
    let evidence = worst.as_ref().map(|t| t.evidence.clone()).unwrap_or_default();
    let leads = [lead].into_iter().chain(worst.map(|t| Lead::Pod(t.told())));
    // A pod that does not go keeps the place of the next one.
    let gone_wrong = failed::newest(facts, now).or_else(|| deletion::first_that_stays(facts, now));
    if let Some(failed) = gone_wrong {
        let told = failed.verdict(Word::Degraded).after(leads);
        return Verdict { evidence: if evidence.is_empty() { told.evidence } else { evidence }, ..told };
    }
    Verdict { evidence, ..Verdict::calm(Word::Progressing, calm, since).after(leads) }
}

/// When the first pod of the newest template was made.
fn first_new_pod(facts: &AppFacts) -> Option<UnixMs> {
    facts.pods.iter().filter(|p| facts.runs_newest(p)).map(|p| p.created).min()
}
