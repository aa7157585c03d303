//! Jobs. Their conditions are those of `batch/v1` JobStatus.

use super::text::{ago, clip, count, full_stop, squeeze, times};
use super::trouble::{Tone, Trouble, done};
use super::{exit, pod, refusal};
use crate::UnixMs;
use crate::cause::Cause;
use crate::english;
use crate::facts::{AppFacts, Condition, Container, ContainerState, JobFacts, LastEnd};
use crate::status::{Evidence, Status, Word};
use crate::time::short;

/// How long the job controller may take to make the first pod.
const PROMPT: i64 = 120_000;

/// The trouble of the newest pod that has one.
pub(super) fn newest_trouble(facts: &AppFacts, of_job: Option<&str>, now: UnixMs) -> Option<Trouble> {
    let mut pods: Vec<_> = facts.pods.iter().filter(|p| of_job.is_none_or(|j| p.owner.as_deref() == Some(j))).collect();
    pods.sort_by_key(|p| std::cmp::Reverse(p.created));
    pods.into_iter().find_map(|p| pod::trouble(p, facts, now).filter(|t| t.tone == Tone::Bad))
}

/// Judges a job.
pub(crate) fn job(facts: &AppFacts, now: UnixMs) -> Status {
    let w = &facts.workload;
    let job = w.job.clone().unwrap_or_default();
    let condition = |kind: &str| w.conditions.iter().find(|c| c.kind == kind && c.status == Some(true));
    let so_far = format!("{} of {} done", job.succeeded, count(job.completions.max(1), "run"));
    if let Some(c) = condition("Complete") {
        let at = job.completed.or(c.since);
        let took = job.started.zip(at).map_or_else(String::new, |(s, e)| format!(" after {}", short(e.since(s))));
        let when = at.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
        return done(Word::Completed, so_far, format!("Succeeded{when}{took}."), at);
    }
    if let Some(c) = condition("Failed").or_else(|| condition("FailureTarget")) {
        return failed(facts, None, &job, &c.reason, &c.message, c.since, now);
    }
    if w.paused {
        return suspended(facts, &job, condition("Suspended"), &so_far, now);
    }
    if w.replicas.wanted == 0 && facts.pods.iter().all(|p| p.deleting.is_some() || p.phase == "Succeeded" || p.phase == "Failed") {
        let sentence = format!("Parallelism is 0, so no pods run; {so_far}. Set parallelism to 1 or more to continue.");
        return done(Word::Stopped, "parallelism is 0", sentence, None);
    }
    let tries_allowed = job.backoff_limit.saturating_add(1);
    if let Some(t) = newest_trouble(facts, None, now).or_else(|| refusal::trouble(facts, now)) {
        // A pod that runs beside a failed one is another try.
        let word = if facts.pods.iter().any(|p| p.ready()) { Word::Degraded } else { Word::Failing };
        let so_far = if job.failed > 0 { format!("{} of {} failed so far.", job.failed, count(tries_allowed, "attempt")) } else { String::new() };
        return t.and(&[so_far]).status(word, "");
    }
    let since = job.started.or(Some(w.created));
    let running = since.map_or(0, |s| now.since(s));
    if facts.pods.iter().any(|p| p.ready()) {
        let word = if job.failed > 0 { Word::Degraded } else { Word::Running };
        let reason = if job.failed > 0 { format!("{} of {tries_allowed} attempts failed", job.failed) } else { "active".into() };
        let failed = if job.failed > 0 { format!(" {} failed before.", count(job.failed, "attempt")) } else { String::new() };
        return done(word, reason, format!("Running for {}, {so_far}.{failed}", short(running)), since);
    }
    if facts.pods.is_empty() && job.active + job.failed + job.succeeded == 0 && running > PROMPT {
        return Trouble::of(Tone::Bad, &Cause::NoPodMade { waited: running }).since(since).status(Word::Failing, "");
    }
    let wait = facts.pods.iter().find_map(|p| pod::trouble(p, facts, now));
    let more = wait.map_or_else(String::new, |t| format!(" {}", t.sentence()));
    done(Word::Progressing, "starting", format!("Starting for {}.{more}", short(running)), since)
}

/// A suspended job: the controller ends its pods, and they start again when it is resumed.
fn suspended(facts: &AppFacts, job: &JobFacts, condition: Option<&Condition>, so_far: &str, now: UnixMs) -> Status {
    let since = condition.and_then(|c| c.since);
    let when = since.map_or_else(String::new, |at| format!(" for {}", short(now.since(at))));
    let begun = |at: UnixMs| since.is_none_or(|s| at.0 + 5_000 >= s.0);
    let stopped = facts.events.iter().filter(|e| e.reason == "SuccessfulDelete" && e.kind == "Job" && begun(e.last)).map(|e| e.count.max(1)).sum::<u32>();
    let stopped = match stopped {
        0 => String::new(),
        n => format!(" Suspending stopped {}.", count(n, "pod")),
    };
    let failed = if job.failed > 0 { format!(" {} failed before.", count(job.failed, "attempt")) } else { String::new() };
    done(Word::Paused, "suspended", format!("Suspended{when} with {so_far}.{stopped}{failed} Resume to continue."), since)
}

/// How a pod of a job ended that is gone, as if it still stood there.
fn gone(end: &LastEnd, facts: &AppFacts, now: UnixMs) -> Trouble {
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
    let told = exit::of_gone(&c, &end.ended, facts, now);
    Trouble { evidence: Vec::new(), advice: String::new(), ..told }
}

/// A job, or a run of a cron job, that failed for good.
pub(super) fn failed(facts: &AppFacts, run: Option<&str>, job: &JobFacts, reason: &str, message: &str, since: Option<UnixMs>, now: UnixMs) -> Status {
    let when = since.map(|at| now.since(at));
    let of_run = |e: &&std::sync::Arc<LastEnd>| run.is_none_or(|r| e.job == r);
    let trouble = newest_trouble(facts, run, now).or_else(|| facts.last_ends.iter().find(of_run).map(|e| gone(e, facts, now)));
    let because = trouble.as_ref().map(Trouble::sentence).unwrap_or_default();
    let evidence: Vec<Evidence> = trouble.as_ref().map(|t| t.evidence.clone()).unwrap_or_default();
    let cause = match reason {
        "DeadlineExceeded" => Cause::JobDeadline { limit_s: job.deadline_s, ago: when, failing: trouble.is_some() },
        "FailedIndexes" | "MaxFailedIndexesExceeded" if job.failed_indexes.is_some() => {
            let indexes = job.failed_indexes.clone().unwrap_or_default();
            let failed = indexes_in(&indexes);
            Cause::FailedIndexes { indexes, failed, succeeded: job.succeeded, of: job.completions, ago: when }
        }
        "PodFailurePolicy" => Cause::PodFailurePolicy { said: message.to_owned(), ago: when },
        "BackoffLimitExceeded" => {
            let when = when.map_or_else(String::new, |ms| format!(" {} ago", short(ms)));
            let reason = format!("failed {}", times(job.failed.max(1)));
            let pods = count(job.failed.max(1), "failed pod");
            let sentence = format!("Gave up{when} after {pods} (BackoffLimitExceeded, limit {}).", job.backoff_limit);
            return Status { evidence, ..done(Word::Failing, reason, joined(&sentence, &because), since) };
        }
        other => {
            let when = when.map_or_else(String::new, |ms| format!(" {} ago", short(ms)));
            let sentence = full_stop(&format!("Failed{when} ({}): {}", clip(other, 40), squeeze(message, 300)));
            return Status { evidence, ..done(Word::Failing, "failed", joined(&sentence, &because), since) };
        }
    };
    let words = english::cause(&cause);
    let advice = if trouble.is_some() { because } else { words.advice.clone() };
    let more = if trouble.is_some() && matches!(cause, Cause::JobDeadline { .. }) { joined(&advice, &words.advice) } else { advice };
    let told = Trouble { advice: String::new(), ..Trouble::of(Tone::Bad, &cause) };
    let told = told.and(&[more]).since(since).see(evidence);
    told.status(Word::Failing, "")
}

fn joined(first: &str, second: &str) -> String {
    [first, second].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ")
}

/// How many indexes a list such as `1,4-6` names.
fn indexes_in(text: &str) -> u32 {
    let one = |part: &str| -> u32 {
        match part.trim().split_once('-') {
            Some((a, b)) => match (a.parse::<u32>(), b.parse::<u32>()) {
                (Ok(a), Ok(b)) => b.saturating_sub(a).saturating_add(1),
                _ => 0,
            },
            None => u32::from(part.trim().parse::<u32>().is_ok()),
        }
    };
    text.split(',').map(one).fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_counted_as_the_controller_writes_them() {
        assert_eq!([indexes_in("1,4-6"), indexes_in("0"), indexes_in(""), indexes_in("x-y,3")], [4, 1, 0, 1]);
    }
}
