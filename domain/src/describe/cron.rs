//! Cron jobs: judged by their runs. A run that is active, or a schedule that is suspended, hides no run that failed.

mod active;

use super::job::{Failure, newest_trouble};
use super::refusal;
use super::text::clip;
use super::trouble::{Tone, Trouble, event_link};
use crate::UnixMs;
use crate::cause::{Cause, JobTrouble};
use crate::facts::{AppFacts, CronFacts, JobFacts};
use crate::kubernetes::controller::ControllerSaid;
use crate::kubernetes::words::{ConditionReason, ObjectKind};
use crate::status::Word;
use crate::verdict::{ActiveRuns, Also, Calm, LastRun, Lead, Reason, Verdict};
use active::Active;

/// Events older than this tell nothing of now.
const FRESH: i64 = 20 * 60_000;

/// A run: its name, its facts, and why it failed.
type Run = (String, JobFacts, Option<ConditionReason>);

/// Judges a cron job.
pub(crate) fn verdict(facts: &AppFacts, now: UnixMs) -> Verdict {
    let w = &facts.workload;
    let cron = w.cron.clone().unwrap_or_default();
    if let Some(t) = unreadable(facts, &cron, now).or_else(|| no_run_made(facts, now)) {
        return t.verdict(Word::Failing);
    }
    let Active { trouble, blocks, runs } = Active::of(facts, &cron, now);
    if let Some((run, t)) = trouble {
        let word = if facts.pods.iter().any(|p| p.owner.as_deref() == Some(run.as_str()) && p.ready()) { Word::Degraded } else { Word::Failing };
        let lead = if w.paused { Lead::SuspendedButActive { schedule: schedule(&cron), run } } else { Lead::RunStuck { run } };
        return t.verdict(word).after([lead]);
    }
    let last = cron.runs.iter().find(|(name, run, why)| why.is_some() || (run.completed.is_some() && !cron.active.contains(name)));
    if let Some((name, run, Some(why))) = last {
        let told = last_failed(facts, &cron, run, &Failure { run: Some(name), reason: why, message: &run.failure, since: run.started }, now);
        let told = told.also(runs.map(Also::RunUnderWay));
        if !w.paused {
            return told;
        }
        let told = told.after([Lead::Suspended { schedule: schedule(&cron) }]).also([Also::ResumeToRun]);
        return Verdict { word: Word::Paused, reason: Some(Reason::SuspendedLastFailed), ..told };
    }
    let last = last.and_then(|(_, run, _)| succeeded(run));
    if w.paused {
        return suspended(&cron, last, runs);
    }
    if let Some(t) = blocks.or_else(|| missed(facts, &cron)) {
        return t.verdict(Word::Degraded);
    }
    match runs {
        Some(active) => {
            let since = active.since;
            Verdict::calm(Word::Running, Calm::RunsActive { active, last }, since)
        }
        None => quiet(&cron, last),
    }
}

/// `0 3 * * * (Europe/Berlin)`.
fn schedule(cron: &CronFacts) -> String {
    let zone = cron.time_zone.as_ref().map_or_else(String::new, |z| format!(" ({})", clip(z, 40)));
    format!("{}{zone}", clip(&cron.schedule, 60))
}

/// How a run ended that ended well.
fn succeeded(run: &JobFacts) -> Option<LastRun> {
    let took = run.started.zip(run.completed).map(|(started, completed)| completed.since(started));
    run.completed.map(|at| LastRun::Succeeded { at, took })
}

fn suspended(cron: &CronFacts, last: Option<LastRun>, active: Option<ActiveRuns>) -> Verdict {
    let started = cron.last_scheduled.map(|at| LastRun::Started { at });
    let last = match (last, started) {
        (Some(last), _) => Some(last),
        // The run that is active is the one that was started last.
        (None, Some(started)) => active.is_none().then_some(started),
        (None, None) => Some(LastRun::Never),
    };
    Verdict::calm(Word::Paused, Calm::ScheduleSuspended { schedule: schedule(cron), last, active }, None)
}

/// Nothing runs, and nothing failed.
fn quiet(cron: &CronFacts, last: Option<LastRun>) -> Verdict {
    let schedule = schedule(cron);
    if cron.last_scheduled.is_none() && cron.runs.is_empty() {
        return Verdict::calm(Word::Running, Calm::NotRunYet { schedule }, None);
    }
    match last.or_else(|| cron.last_succeeded.map(|at| LastRun::Succeeded { at, took: None })) {
        Some(LastRun::Succeeded { at, took }) => Verdict::calm(Word::Running, Calm::LastRunSucceeded { at, took, schedule }, Some(at)),
        Some(LastRun::Started { .. } | LastRun::Never) | None => {
            Verdict::calm(Word::Running, Calm::WaitsForSchedule { last: cron.last_scheduled, schedule }, cron.last_scheduled)
        }
    }
}

/// A start for which the controller came later than `startingDeadlineSeconds` allows; one that it made since is the end of it.
fn missed(facts: &AppFacts, cron: &CronFacts) -> Option<Trouble> {
    let told = facts.events.iter().filter(|e| ControllerSaid::of(e) == ControllerSaid::StartMissed);
    let event = told.filter(|e| cron.last_scheduled.is_none_or(|at| e.last > at)).max_by_key(|e| e.last)?;
    let missed = JobTrouble::StartMissed { schedule: cron.schedule.clone(), deadline_s: cron.starting_deadline_s, times: event.count, last: event.last };
    Some(Trouble::of(Tone::Bad, &Cause::Job(missed)).since(Some(event.last)).see([event_link(event)]))
}

/// A schedule or time zone that the controller cannot read.
fn unreadable(facts: &AppFacts, cron: &CronFacts, now: UnixMs) -> Option<Trouble> {
    let event = facts.events.iter().find(|e| ControllerSaid::of(e) == ControllerSaid::ScheduleUnreadable && now.since(e.last) < FRESH)?;
    // Corrected since: then a run has begun.
    if cron.last_scheduled.is_some_and(|at| at > event.last) {
        return None;
    }
    let cause = Cause::Job(JobTrouble::ScheduleUnreadable { schedule: schedule(cron), said: event.message.clone() });
    Some(Trouble::of(Tone::Bad, &cause).since(Some(event.first)).see([event_link(event)]))
}

/// The API server refuses the runs themselves, such as by a quota of jobs.
fn no_run_made(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let refused = |e: &crate::facts::Event| e.kind == ObjectKind::CronJob && ControllerSaid::of(e) == ControllerSaid::FailedCreate;
    let event = facts.events.iter().find(|e| refused(e) && now.since(e.last) < FRESH)?;
    let newest = facts.workload.cron.as_ref().and_then(|c| c.runs.first()).and_then(|(_, r, _)| r.started);
    if newest.is_some_and(|at| at > event.last) {
        return None;
    }
    Some(refusal::read(&event.message, facts).since(Some(event.first)).see([event_link(event)]))
}

/// The last run failed: the job's own reason where that tells more than that pods failed, else how the pod did.
fn last_failed(facts: &AppFacts, cron: &CronFacts, run: &JobFacts, failure: &Failure<'_>, now: UnixMs) -> Verdict {
    let in_a_row = cron.runs.iter().filter(|(name, _, _): &&Run| !cron.active.contains(name)).take_while(|(_, _, why)| why.is_some()).count();
    let word = if cron.last_succeeded.is_some() && in_a_row < 3 { Word::Degraded } else { Word::Failing };
    let lead = [Lead::LastRunFailed { started: run.started }];
    let of_pod = newest_trouble(facts, failure.run, now);
    let evidence = of_pod.as_ref().map(|t| t.evidence.clone()).unwrap_or_default();
    let own = failure.trouble(run, of_pod.is_some());
    let told = match of_pod {
        // That pods failed is what the pod tells better.
        Some(t) if own.only_counts_pods() => t.verdict(word).after(lead),
        None if own.only_counts_pods() => {
            Verdict::trouble(word, Cause::Job(JobTrouble::RunFailed { started: run.started, reason: failure.reason.word().to_owned() }), None)
        }
        Some(_) | None => failure.verdict(run, facts, now).after(lead),
    };
    let told = told.also([Also::LastSuccess { at: cron.last_succeeded }]);
    Verdict { word, reason: Some(Reason::LastRunFailed), since: run.started, evidence, ..told }
}
