//! Pods that no workload owns.

use super::pod;
use crate::UnixMs;
use crate::cause::{Cause, WorkloadTrouble};
use crate::facts::AppFacts;
use crate::kubernetes::words::PodPhase;
use crate::status::Word;
use crate::verdict::{Also, Verdict};

/// Judges the one pod.
pub(crate) fn verdict(facts: &AppFacts, now: UnixMs) -> Verdict {
    let Some(pod) = facts.pods.first() else {
        let name = facts.workload.id.name.as_str().to_owned();
        return Verdict::trouble(Word::Unknown, Cause::Workload(WorkloadTrouble::PodGone { name }), None);
    };
    let verdict = pod::verdict(pod, facts, now);
    let gone_for_good = verdict.word == Word::Failing && pod.phase == PodPhase::Failed && pod.owner.is_none();
    verdict.also(gone_for_good.then_some(Also::NothingReplacesIt))
}
