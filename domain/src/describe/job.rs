//! Jobs. Their conditions are those of `batch/v1` JobStatus.

use super::trouble::{Tone, Trouble};
use super::{exit, pod, refusal};
use crate::UnixMs;
use crate::cause::{Cause, Counts, JobTrouble};
use crate::facts::{AppFacts, Condition, Container, ContainerState, JobFacts, LastEnd};
use crate::kubernetes::controller::{ConditionSaid, ControllerSaid, JobReason, indexes_in};
use crate::kubernetes::words::ConditionReason;
use crate::status::Word;
use crate::verdict::{Also, Calm, Lead, Told, Verdict};
use std::sync::Arc;

/// How long the job controller may take to make the first pod.
const PROMPT: i64 = 120_000;

/// The trouble of the newest pod that has one.
pub(super) fn newest_trouble(facts: &AppFacts, of_job: Option<&str>, now: UnixMs) -> Option<Trouble> {
    let mut pods: Vec<_> = facts.pods.iter().filter(|p| of_job.is_none_or(|j| p.owner.as_deref() == Some(j))).collect();
    pods.sort_by_key(|p| std::cmp::Reverse(p.created));
    pods.into_iter().find_map(|p| pod::trouble(p, facts, now).filter(|t| t.tone == Tone::Bad))
}

/// Judges a job.
pub(crate) fn verdict(facts: &AppFacts, now: UnixMs) -> Verdict {
    let w = &facts.workload;
    let job = w.job.clone().unwrap_or_default();
    let conditions = || w.conditions.iter().map(|c| (ConditionSaid::of(c), c));
    let done = Counts { ready: job.succeeded, wanted: job.completions.max(1) };
    if let Some((_, c)) = conditions().find(|(said, _)| *said == ConditionSaid::JobSucceeded) {
        let at = job.completed.or(c.since);
        let took = job.started.zip(at).map(|(started, at)| at.since(started));
        return Verdict::calm(Word::Completed, Calm::JobSucceeded { at, took, done }, at);
    }
    let failed = conditions().find(|(said, _)| matches!(said, ConditionSaid::JobFailed(_)));
    let fails = || conditions().find(|(said, _)| matches!(said, ConditionSaid::JobWillFail(_)));
    if let Some((_, c)) = failed.or_else(fails) {
        let failure = Failure { run: None, reason: &c.reason, message: &c.message, since: c.since };
        return failure.verdict(&job, facts, now);
    }
    if w.paused {
        let condition = conditions().find(|(said, _)| *said == ConditionSaid::JobSuspended).map(|(_, c)| c);
        return suspended(facts, &job, condition, done);
    }
    if w.replicas.wanted == 0 && facts.pods.iter().all(|p| p.deleting.is_some() || p.phase.is_over()) {
        return Verdict::calm(Word::Stopped, Calm::NoParallelism { done }, None);
    }
    let allowed = job.backoff_limit.saturating_add(1);
    if let Some(t) = newest_trouble(facts, None, now).or_else(|| refusal::trouble(facts, now)) {
        // A pod that runs beside a failed one is another try.
        let word = if facts.pods.iter().any(|p| p.ready()) { Word::Degraded } else { Word::Failing };
        return t.verdict(word).also((job.failed > 0).then_some(Also::AttemptsFailed { failed: job.failed, allowed }));
    }
    let since = job.started.unwrap_or(w.created);
    let running = now.since(since);
    if facts.pods.iter().any(|p| p.ready()) {
        if job.failed == 0 {
            return Verdict::calm(Word::Running, Calm::JobRunning { since, done }, Some(since));
        }
        let trouble = JobTrouble::AttemptsFailed { since, done: done.ready, of: done.wanted, failed: job.failed, allowed };
        return Verdict::trouble(Word::Degraded, Cause::Job(trouble), Some(since));
    }
    if facts.pods.is_empty() && job.active + job.failed + job.succeeded == 0 && running > PROMPT {
        let cause = Cause::Job(JobTrouble::NoPodMade { since });
        return Trouble::of(Tone::Bad, &cause).since(Some(since)).verdict(Word::Failing);
    }
    let wait = facts.pods.iter().find_map(|p| pod::trouble(p, facts, now)).map(|t| Lead::Pod(t.told()));
    let leads = [Lead::JobStarting { since }].into_iter().chain(wait);
    Verdict::calm(Word::Progressing, Calm::JobStarting, Some(since)).after(leads)
}

/// A suspended job: the controller ends its pods, and they start again when it is resumed.
fn suspended(facts: &AppFacts, job: &JobFacts, condition: Option<&Condition>, done: Counts) -> Verdict {
    let since = condition.and_then(|c| c.since);
    let begun = |at: UnixMs| since.is_none_or(|s| at.0 + 5_000 >= s.0);
    let ended = facts.events.iter().filter(|e| ControllerSaid::of(e) == ControllerSaid::PodEnded && begun(e.last));
    let stopped = ended.map(|e| e.count.max(1)).sum();
    Verdict::calm(Word::Paused, Calm::JobSuspended { since, done, stopped, failed: job.failed }, since)
}

/// How a pod of a job ended that is gone, as if it still stood there.
fn gone(end: &LastEnd, facts: &AppFacts) -> Trouble {
    let spec = facts.workload.containers.iter().find(|s| s.name == end.container);
    let c = Container {
        name: end.container.clone(),
        image: String::new(),
        init: spec.is_some_and(|s| s.init),
        sidecar: spec.is_some_and(|s| s.sidecar),
        ready: false,
        started: false,
        restarts: end.restarts,
        state: ContainerState::Ended(end.ended.clone()),
        last: None,
    };
    exit::of_gone(&c, &end.ended, facts)
}

/// A job, or a run of a cron job, that failed for good, as its controller says it.
pub(super) struct Failure<'a> {
    /// Name of the run, where it is one.
    pub(super) run: Option<&'a str>,
    /// The controller's reason.
    pub(super) reason: &'a ConditionReason,
    /// The controller's words.
    pub(super) message: &'a str,
    /// Since when.
    pub(super) since: Option<UnixMs>,
}

impl Failure<'_> {
    /// What is wrong with the job itself. `failing` where its pods failed.
    pub(super) fn trouble(&self, job: &JobFacts, failing: bool) -> JobTrouble {
        let at = self.since;
        match (JobReason::of(self.reason), &job.failed_indexes) {
            (JobReason::DeadlineExceeded, _) => JobTrouble::Deadline { limit_s: job.deadline_s, at, failing },
            (JobReason::FailedIndexes, Some(indexes)) => {
                let failed = indexes_in(indexes);
                JobTrouble::FailedIndexes { indexes: indexes.clone(), failed, succeeded: job.succeeded, of: job.completions, at }
            }
            (JobReason::PodFailurePolicy, _) => JobTrouble::PodFailurePolicy { said: self.message.to_owned(), at },
            (JobReason::BackoffLimitExceeded, _) => JobTrouble::BackoffLimit { failed: job.failed.max(1), limit: job.backoff_limit, at },
            (JobReason::FailedIndexes, None) | (JobReason::Other, _) => {
                JobTrouble::Failed { reason: self.reason.word().to_owned(), said: self.message.to_owned(), at }
            }
        }
    }

    /// Judges it.
    pub(super) fn verdict(&self, job: &JobFacts, facts: &AppFacts, now: UnixMs) -> Verdict {
        let of_run = |e: &&Arc<LastEnd>| self.run.is_none_or(|run| e.job == run);
        let standing = newest_trouble(facts, self.run, now);
        let advised = standing.is_some();
        let of_pod = standing.or_else(|| facts.last_ends.iter().find(of_run).map(|e| gone(e, facts)));
        let cause = Cause::Job(self.trouble(job, of_pod.is_some()));
        // What to do about a pod that is gone cannot be checked any more.
        let evidence = of_pod.as_ref().filter(|_| advised).map(|t| t.evidence.clone()).unwrap_or_default();
        let because = of_pod.map(|t| Also::Pod(Box::new(Told { cause: t.cause, also: t.also, advised })));
        Verdict { evidence, ..Trouble::of(Tone::Bad, &cause).since(self.since).verdict(Word::Failing).also(because) }
    }
}
