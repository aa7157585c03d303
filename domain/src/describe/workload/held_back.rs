//! Pods of an older template that stay because somebody wants it so, which is no rollout.

use super::Pods;
use crate::facts::AppFacts;
use crate::status::Word;
use crate::verdict::{Also, Reason, Verdict};

/// Says that a stateful set's partition holds its update back.
pub(super) fn by_partition(mut verdict: Verdict, facts: &AppFacts, pods: &Pods<'_>) -> Verdict {
    let (w, r) = (&facts.workload, facts.workload.replicas);
    let partition = w.update.partition;
    if partition == 0 || pods.rolling || w.on_delete || r.updated >= r.current {
        return verdict;
    }
    if verdict.word == Word::Running {
        (verdict.word, verdict.reason) = (Word::Paused, Some(Reason::PausedAtPartition { partition }));
    }
    verdict.also([Also::PartitionHolds { partition, wanted: pods.wanted, updated: r.updated, old: r.current - r.updated }])
}

/// Says that pods of an older template stay until somebody deletes them.
pub(super) fn until_deleted(mut verdict: Verdict, facts: &AppFacts) -> Verdict {
    let w = &facts.workload;
    let pods = w.replicas.current.saturating_sub(w.replicas.updated);
    if !w.on_delete || pods == 0 {
        return verdict;
    }
    if verdict.word == Word::Running {
        verdict.reason = Some(Reason::NotReplaced { pods });
    }
    verdict.also([Also::OldPodsStay { kind: w.id.kind, pods }])
}
