//! Cron jobs: judged by their runs. A run that is active, or a schedule that is suspended, hides no run that failed.

use super::job::{failed, newest_trouble};
use super::refusal;
use super::text::{ago, clip, count};
use super::trouble::{Tone, Trouble, done, event_link};
use crate::UnixMs;
use crate::cause::Cause;
use crate::facts::{AppFacts, CronFacts, Event, JobFacts};
use crate::status::{Status, Word};
use crate::time::short;
use std::sync::Arc;

/// Events older than this tell nothing of now.
const FRESH: i64 = 20 * 60_000;
/// How long a run may take to get its first pod.
const PROMPT: i64 = 60_000;
/// Skipped runs from which on a run that is active is worth an alarm.
const SKIPPED: u32 = 3;

/// A run: its name, its facts, and why it failed.
type Run = (String, JobFacts, Option<String>);

/// Judges a cron job.
pub(crate) fn cron(facts: &AppFacts, now: UnixMs) -> Status {
    let w = &facts.workload;
    let cron = w.cron.clone().unwrap_or_default();
    if let Some(t) = unreadable(facts, &cron, now) {
        return t.status(Word::Failing, "");
    }
    if let Some(t) = no_run_made(facts, now) {
        return t.status(Word::Failing, "");
    }
    let active = Active::of(facts, &cron, now);
    if let Some((run, t)) = active.trouble {
        let word = if facts.pods.iter().any(|p| p.owner.as_deref() == Some(run.as_str()) && p.ready()) { Word::Degraded } else { Word::Failing };
        let start = if w.paused {
            format!("Schedule {} is suspended, but run {} is still active.", schedule(&cron), clip(&run, 80))
        } else {
            format!("Run {} isn't making progress.", clip(&run, 80))
        };
        return t.status(word, &start);
    }
    let last = cron.runs.iter().find(|(name, run, why)| why.is_some() || (run.completed.is_some() && !cron.active.contains(name)));
    let works = active.words;
    if let Some((name, run, Some(why))) = last {
        let told = run_failed(facts, &cron, name, run, why, &works, now);
        if !w.paused {
            return told;
        }
        let sentence = format!("Schedule {} is suspended. {} Resume to run again.", schedule(&cron), told.sentence);
        return Status { word: Word::Paused, reason: "suspended, last failed".into(), sentence, ..told };
    }
    if w.paused {
        return suspended(&cron, last, &works, now);
    }
    if let Some(t) = active.blocks.or_else(|| missed(facts, &cron, now)) {
        return t.status(Word::Degraded, "");
    }
    if !cron.active.is_empty() {
        let n = u32::try_from(cron.active.len()).unwrap_or(u32::MAX);
        let before = last.map_or_else(String::new, |(_, run, _)| format!(" {}", ended_well(run, now)));
        return done(Word::Running, format!("{} active", count(n, "run")), format!("{works}{before}"), active.since);
    }
    quiet(&cron, last, now)
}

/// `0 3 * * * (Europe/Berlin)`.
fn schedule(cron: &CronFacts) -> String {
    let zone = cron.time_zone.as_ref().map_or_else(String::new, |z| format!(" ({})", clip(z, 40)));
    format!("{}{zone}", clip(&cron.schedule, 60))
}

/// `The last run succeeded 5 min ago after 4 s.`
fn ended_well(run: &JobFacts, now: UnixMs) -> String {
    let took = run.started.zip(run.completed).map_or_else(String::new, |(s, e)| format!(" after {}", short(e.since(s))));
    run.completed.map_or_else(String::new, |at| format!("The last run succeeded {}{took}.", ago(at, now)))
}

fn suspended(cron: &CronFacts, last: Option<&Run>, works: &str, now: UnixMs) -> Status {
    let ran = match (last, cron.last_scheduled) {
        (Some((_, run, _)), _) => ended_well(run, now),
        (None, Some(at)) if works.is_empty() => format!("The last run started {}.", ago(at, now)),
        (None, Some(_)) => String::new(),
        (None, None) => "Never run.".to_owned(),
    };
    let parts = [format!("Schedule {} is suspended.", schedule(cron)), ran, works.to_owned(), "Resume to run again.".to_owned()];
    let reason = if works.is_empty() { "suspended" } else { "suspended, a run active" };
    done(Word::Paused, reason, parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" "), None)
}

/// Nothing runs, and nothing failed.
fn quiet(cron: &CronFacts, last: Option<&Run>, now: UnixMs) -> Status {
    let schedule = schedule(cron);
    if cron.last_scheduled.is_none() && cron.runs.is_empty() {
        return done(Word::Running, "not run yet", format!("Not run yet. Schedule: {schedule}."), None);
    }
    let run = last.map(|(_, run, _)| run);
    let at = run.and_then(|r| r.completed).or(cron.last_succeeded);
    let took = run.and_then(|r| r.started.zip(r.completed)).map_or_else(String::new, |(s, e)| format!(" after {}", short(e.since(s))));
    match at {
        Some(at) => {
            let sentence = format!("The last run succeeded {}{took}. Schedule: {schedule}.", ago(at, now));
            done(Word::Running, "last run succeeded", sentence, Some(at))
        }
        None => {
            let last = cron.last_scheduled.map_or_else(|| "Never run.".to_owned(), |at| format!("The last run started {}.", ago(at, now)));
            done(Word::Running, "waiting for schedule", format!("{last} Schedule: {schedule}."), cron.last_scheduled)
        }
    }
}

/// The runs that are active.
struct Active {
    /// One that makes no progress, and why.
    trouble: Option<(String, Trouble)>,
    /// One that holds the schedule back.
    blocks: Option<Trouble>,
    /// `Run report-1 has been active for 5 min.`
    words: String,
    /// Since when the first of them is.
    since: Option<UnixMs>,
}

impl Active {
    fn of(facts: &AppFacts, cron: &CronFacts, now: UnixMs) -> Self {
        let run = |name: &str| cron.runs.iter().find(|(n, _, _)| n == name).map(|(_, r, _)| r);
        let started = |name: &str| run(name).and_then(|r| r.started).or(cron.last_scheduled);
        let Some(first) = cron.active.iter().min_by_key(|n| started(n)) else {
            return Self { trouble: None, blocks: None, words: String::new(), since: None };
        };
        let since = started(first);
        let active = since.map_or(0, |s| now.since(s));
        let trouble = cron.active.iter().find_map(|name| {
            let t = newest_trouble(facts, Some(name), now).or_else(|| refused(facts, name, run(name), now));
            t.map(|t| (name.clone(), t))
        });
        let others = u32::try_from(cron.active.len() - 1).unwrap_or(u32::MAX);
        let more = if others == 0 { String::new() } else { format!(" {others} more {} active.", if others == 1 { "is" } else { "are" }) };
        let held = run(first).is_some_and(|r| r.suspended);
        let state = if held { "has been suspended" } else { "has been active" };
        let words = format!("Run {} {state} for {}.{more}", clip(first, 80), short(active));
        let blocks = blocks(facts, cron, first, since, active, now);
        Self { trouble, blocks, words, since }
    }
}

/// A run whose pods the API server refuses: the event is about its job.
fn refused(facts: &AppFacts, name: &str, run: Option<&JobFacts>, now: UnixMs) -> Option<Trouble> {
    if facts.pods.iter().any(|p| p.owner.as_deref() == Some(name)) {
        return None;
    }
    let told = |e: &&Arc<Event>| e.kind == "Job" && e.name == name && e.reason == "FailedCreate" && now.since(e.last) < FRESH;
    if let Some(event) = facts.events.iter().filter(told).max_by_key(|e| e.last) {
        return Some(refusal::read(&event.message, facts).since(Some(event.first)).see([event_link(event)]));
    }
    let run = run.filter(|r| !r.suspended && r.active + r.failed + r.succeeded == 0)?;
    let waited = now.since(run.started?);
    (waited > PROMPT).then(|| Trouble::of(Tone::Bad, &Cause::NoPodMade { waited }).since(run.started))
}

/// Whether the run that is active keeps others from starting: the controller says so at each start that it skips.
fn blocks(facts: &AppFacts, cron: &CronFacts, run: &str, since: Option<UnixMs>, active: i64, now: UnixMs) -> Option<Trouble> {
    if !cron.one_at_a_time {
        return None;
    }
    let told = |e: &&Arc<Event>| e.reason == "JobAlreadyActive" && e.kind == "CronJob" && since.is_none_or(|s| e.last >= s) && now.since(e.last) < FRESH;
    let event = facts.events.iter().filter(told).max_by_key(|e| e.last)?;
    // The event goes on counting from one run to the next.
    let skipped = if since.is_some_and(|s| event.first >= s) { event.count } else { event.count.min(SKIPPED) };
    let long = skipped >= SKIPPED && active >= 3 * 60_000;
    let cause = Cause::RunBlocksSchedule { run: run.to_owned(), active, skipped, schedule: cron.schedule.clone() };
    long.then(|| Trouble::of(Tone::Bad, &cause).since(since).see([event_link(event)]))
}

/// A start for which the controller came later than `startingDeadlineSeconds` allows; one that it made since is the end of it.
fn missed(facts: &AppFacts, cron: &CronFacts, now: UnixMs) -> Option<Trouble> {
    let told = |e: &&Arc<Event>| e.kind == "CronJob" && e.reason == "MissSchedule" && cron.last_scheduled.is_none_or(|at| e.last > at);
    let event = facts.events.iter().filter(told).max_by_key(|e| e.last)?;
    let cause = Cause::StartMissed { schedule: cron.schedule.clone(), deadline_s: cron.starting_deadline_s, times: event.count, ago: now.since(event.last) };
    Some(Trouble::of(Tone::Bad, &cause).since(Some(event.last)).see([event_link(event)]))
}

/// A schedule or time zone that the controller cannot read.
fn unreadable(facts: &AppFacts, cron: &CronFacts, now: UnixMs) -> Option<Trouble> {
    let about = |r: &str| matches!(r, "UnparseableSchedule" | "UnParseableCronJobSchedule" | "InvalidSchedule" | "UnknownTimeZone");
    let event = facts.events.iter().find(|e| e.kind == "CronJob" && about(&e.reason) && now.since(e.last) < FRESH)?;
    // Corrected since: then a run has begun.
    if cron.last_scheduled.is_some_and(|at| at > event.last) {
        return None;
    }
    let cause = Cause::ScheduleUnreadable { schedule: schedule(cron), said: event.message.clone() };
    Some(Trouble::of(Tone::Bad, &cause).since(Some(event.first)).see([event_link(event)]))
}

/// The API server refuses the runs themselves, such as by a quota of jobs.
fn no_run_made(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let event = facts.events.iter().find(|e| e.kind == "CronJob" && e.reason == "FailedCreate" && now.since(e.last) < FRESH)?;
    let newest = facts.workload.cron.as_ref().and_then(|c| c.runs.first()).and_then(|(_, r, _)| r.started);
    if newest.is_some_and(|at| at > event.last) {
        return None;
    }
    Some(refusal::read(&event.message, facts).since(Some(event.first)).see([event_link(event)]))
}

fn run_failed(facts: &AppFacts, cron: &CronFacts, name: &str, run: &JobFacts, why: &str, works: &str, now: UnixMs) -> Status {
    let in_a_row = cron.runs.iter().filter(|(n, _, _)| !cron.active.contains(n)).take_while(|(_, _, why)| why.is_some()).count();
    let began = run.started.map_or_else(String::new, |at| format!(" (started {})", ago(at, now)));
    let before = match cron.last_succeeded {
        Some(at) => format!(" Last success: {}.", ago(at, now)),
        None => " No run has succeeded yet.".into(),
    };
    let word = if cron.last_succeeded.is_some() && in_a_row < 3 { Word::Degraded } else { Word::Failing };
    let told = failed(facts, Some(name), run, why, &run.failure, run.started, now);
    let trouble = newest_trouble(facts, Some(name), now);
    let code = told.code;
    let joint = if code.is_none() && trouble.is_none() { " failed " } else { " failed. " };
    let detail = match (&code, &trouble) {
        (Some(_), _) => told.sentence,
        (None, Some(t)) => t.sentence(),
        (None, None) => format!("({}). Check the events of its job.", clip(why, 40)),
    };
    let works = if works.is_empty() { String::new() } else { format!(" A new run is under way: {}{}", works[..1].to_lowercase(), &works[1..]) };
    let sentence = format!("The last run{began}{joint}{detail}{before}{works}");
    let evidence = trouble.map(|t| t.evidence).unwrap_or_default();
    Status { word, code, reason: "last run failed".into(), sentence, since: run.started, evidence }
}
