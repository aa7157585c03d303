//! The runs of a cron job that are active.

use super::FRESH;
use crate::UnixMs;
use crate::cause::{Cause, JobTrouble};
use crate::describe::job::newest_trouble;
use crate::describe::refusal;
use crate::describe::trouble::{Tone, Trouble, event_link};
use crate::facts::{AppFacts, CronFacts, Event, JobFacts};
use crate::kubernetes::controller::ControllerSaid;
use crate::kubernetes::words::ObjectKind;
use crate::verdict::ActiveRuns;
use std::sync::Arc;

/// How long a run may take to get its first pod.
const PROMPT: i64 = 60_000;
/// Skipped runs from which on a run that is active is worth an alarm.
const SKIPPED: u32 = 3;
/// How long such a run has been active at least.
const LONG: i64 = 3 * 60_000;

/// The runs that are active.
pub(super) struct Active {
    /// One that makes no progress, and why.
    pub(super) trouble: Option<(String, Trouble)>,
    /// The one that holds the schedule back.
    pub(super) blocks: Option<Trouble>,
    /// All of them, where there are some.
    pub(super) runs: Option<ActiveRuns>,
}

impl Active {
    /// Looks at them.
    pub(super) fn of(facts: &AppFacts, cron: &CronFacts, now: UnixMs) -> Self {
        let run = |name: &str| cron.runs.iter().find(|(n, _, _)| n == name).map(|(_, r, _)| r);
        let started = |name: &str| run(name).and_then(|r| r.started).or(cron.last_scheduled);
        let Some(first) = cron.active.iter().min_by_key(|n| started(n)) else {
            return Self { trouble: None, blocks: None, runs: None };
        };
        let trouble = cron.active.iter().find_map(|name| {
            let t = newest_trouble(facts, Some(name), now).or_else(|| refused(facts, name, run(name), now));
            t.map(|t| (name.clone(), t))
        });
        let runs = ActiveRuns {
            first: first.clone(),
            since: started(first),
            suspended: run(first).is_some_and(|r| r.suspended),
            others: u32::try_from(cron.active.len() - 1).unwrap_or(u32::MAX),
        };
        Self { trouble, blocks: blocks(facts, cron, &runs, now), runs: Some(runs) }
    }
}

/// A run whose pods the API server refuses: the event is about its job.
fn refused(facts: &AppFacts, name: &str, run: Option<&JobFacts>, now: UnixMs) -> Option<Trouble> {
    if facts.pods.iter().any(|p| p.owner.as_deref() == Some(name)) {
        return None;
    }
    let of_run = |e: &&Arc<Event>| e.kind == ObjectKind::Job && e.name == name && ControllerSaid::of(e) == ControllerSaid::FailedCreate;
    if let Some(event) = facts.events.iter().filter(|e| of_run(e) && now.since(e.last) < FRESH).max_by_key(|e| e.last) {
        return Some(refusal::read(&event.message, facts).since(Some(event.first)).see([event_link(event)]));
    }
    let run = run.filter(|r| !r.suspended && r.active + r.failed + r.succeeded == 0)?;
    let since = run.started?;
    (now.since(since) > PROMPT).then(|| Trouble::of(Tone::Bad, &Cause::Job(JobTrouble::NoPodMade { since })).since(run.started))
}

/// Whether the run that is active keeps others from starting: the controller says so at each start that it skips.
fn blocks(facts: &AppFacts, cron: &CronFacts, runs: &ActiveRuns, now: UnixMs) -> Option<Trouble> {
    if !cron.one_at_a_time {
        return None;
    }
    let active = runs.since.map_or(0, |since| now.since(since));
    let skips = facts.events.iter().filter(|e| ControllerSaid::of(e) == ControllerSaid::RunSkipped);
    let of_this = |e: &&Arc<Event>| runs.since.is_none_or(|since| e.last >= since) && now.since(e.last) < FRESH;
    let event = skips.filter(of_this).max_by_key(|e| e.last)?;
    // The event goes on counting from one run to the next.
    let skipped = if runs.since.is_some_and(|since| event.first >= since) { event.count } else { event.count.min(SKIPPED) };
    let cause = Cause::Job(JobTrouble::RunBlocksSchedule { run: runs.first.clone(), since: runs.since, skipped, schedule: cron.schedule.clone() });
    (skipped >= SKIPPED && active >= LONG).then(|| Trouble::of(Tone::Bad, &cause).since(runs.since).see([event_link(event)]))
}
