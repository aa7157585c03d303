//! All wanted pods are ready.

use super::{Pods, failed};
use crate::UnixMs;
use crate::cause::{Cause, WorkloadTrouble};
use crate::describe::pods::fell;
use crate::describe::{deletion, endpoint, exit};
use crate::facts::{AppFacts, Pod};
use crate::kubernetes::words::ConditionType;
use crate::status::Word;
use crate::verdict::{Calm, Evidence, Lead, Reason, Verdict};
use std::sync::Arc;

/// Judges it.
pub(super) fn verdict(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Verdict {
    let counts = pods.counts();
    let fallen = pods.live.iter().filter_map(|p| fell(p, now).map(|(c, e)| (p, c, e)));
    if let Some((p, c, e)) = fallen.max_by_key(|(_, _, e)| e.finished) {
        let times = pods.live.iter().filter(|p| fell(p, now).is_some()).map(|p| p.restarts()).sum();
        let told = exit::trouble(c, e, p, facts).verdict(Word::Degraded).after([Lead::Unstable(counts)]);
        return Verdict { reason: Some(Reason::Restarted { times }), since: e.finished, ..told };
    }
    // A pod that the node refused or evicted once and that was replaced since is history, which the story tells.
    if let Some(t) = failed::newest(facts, now).filter(|_| failed::often(facts, pods, now)) {
        return t.verdict(Word::Degraded).after([Lead::Ready(counts)]);
    }
    // Others that are likely the app's are remarked.
    if let Some(s) = facts.services.iter().find(|s| endpoint::leads_nowhere(s) && s.name == facts.workload.id.name.as_str()) {
        let evidence = vec![Evidence::Endpoints(facts.workload.id.clone())];
        let mismatch = endpoint::mismatch(s, facts);
        let cause = Cause::Workload(WorkloadTrouble::ServiceFindsNoPods { counts, service: s.name.clone(), mismatch });
        return Verdict { evidence, ..Verdict::trouble(Word::Degraded, cause, None) };
    }
    if let Some(t) = deletion::first_that_stays(facts, now) {
        let since = pods.live.iter().filter_map(|p| p.conditions.iter().find(|c| c.kind == ConditionType::Ready)?.since).max();
        let told = t.verdict(Word::Running).after([Lead::Ready(counts)]);
        return Verdict { since, reason: Some(Reason::OldPodStays), ..told };
    }
    if let Some(verdict) = not_available_yet(facts, pods, now) {
        return verdict;
    }
    let since = pods.live.iter().filter_map(|p| p.conditions.iter().find(|c| c.kind == ConditionType::Ready)?.since).max();
    Verdict::calm(Word::Running, Calm::AllReady { wanted: pods.wanted }, since).after([Lead::Ready(counts)])
}

/// Pods that are ready and have not been so for `minReadySeconds`.
fn not_available_yet(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Option<Verdict> {
    let must_s = facts.workload.min_ready_s;
    let ready_since = |p: &&&Arc<Pod>| p.conditions.iter().find(|c| c.kind == ConditionType::Ready && c.status == Some(true)).and_then(|c| c.since);
    let young = pods.live.iter().filter_map(|p| ready_since(&p)).filter(|since| now.since(*since) < i64::from(must_s) * 1000);
    let since = young.max().filter(|_| must_s > 0 && facts.workload.replicas.available < pods.wanted)?;
    Some(Verdict::calm(Word::Progressing, Calm::MustStayReady { counts: pods.counts(), must_s, since }, Some(since)))
}
