//! Jobs and cron jobs.

use super::text::{ago, capital, clip, count, times};
use super::trouble::{Tone, Trouble};
use super::{pod, refusal};
use crate::UnixMs;
use crate::facts::{AppFacts, CronFacts, JobFacts};
use crate::status::{Status, Word};
use crate::time::short;

fn done(word: Word, reason: impl AsRef<str>, sentence: impl Into<String>, since: Option<UnixMs>) -> Status {
    Status { word, reason: clip(reason.as_ref(), super::text::REASON), sentence: sentence.into(), since, evidence: Vec::new() }
}

/// The trouble of the newest pod that has one.
fn newest_trouble(facts: &AppFacts, of_job: Option<&str>, now: UnixMs) -> Option<Trouble> {
    let mut pods: Vec<_> = facts.pods.iter().filter(|p| of_job.is_none_or(|j| p.owner.as_deref() == Some(j))).collect();
    pods.sort_by_key(|p| std::cmp::Reverse(p.created));
    pods.into_iter().find_map(|p| pod::trouble(p, facts, now).filter(|t| t.tone == Tone::Bad))
}

/// Judges a job. Its conditions are those of `batch/v1` JobStatus.
pub(crate) fn job(facts: &AppFacts, now: UnixMs) -> Status {
    let w = &facts.workload;
    let job = w.job.clone().unwrap_or_default();
    let condition = |kind: &str| w.conditions.iter().find(|c| c.kind == kind && c.status == Some(true));
    if let Some(c) = condition("Complete") {
        let at = job.completed.or(c.since);
        let took = job.started.zip(at).map_or_else(String::new, |(s, e)| format!(" after {}", short(e.since(s))));
        let when = at.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
        return done(Word::Completed, format!("{} of {} done", job.succeeded, count(job.completions.max(1), "run")), format!("It ended well{when}{took}."), at);
    }
    if let Some(c) = condition("Failed").or_else(|| condition("FailureTarget")) {
        return failed(facts, &job, &c.reason, &c.message, c.since, now);
    }
    if w.paused {
        return done(
            Word::Paused,
            "suspended",
            format!("It is suspended with {} of {} done. Resume it to go on.", job.succeeded, count(job.completions.max(1), "run")),
            None,
        );
    }
    let trouble = newest_trouble(facts, None, now).or_else(|| refusal::trouble(facts, now));
    let tries = job.backoff_limit.saturating_add(1);
    if let Some(t) = trouble {
        // A pod that runs beside a failed one is another try.
        let word = if facts.pods.iter().any(|p| p.ready()) { Word::Degraded } else { Word::Failing };
        let so_far = if job.failed > 0 { format!(" {} of {tries} tries failed so far.", job.failed) } else { String::new() };
        return Status {
            word,
            reason: t.reason.clone(),
            sentence: format!("{}{so_far} {}", t.cause, t.advice).trim_end().to_owned(),
            since: t.since,
            evidence: t.evidence,
        };
    }
    let since = job.started.or(Some(w.created));
    let running = since.map_or_else(String::new, |s| format!(" for {}", short(now.since(s))));
    if facts.pods.iter().any(|p| p.ready()) {
        let word = if job.failed > 0 { Word::Degraded } else { Word::Running };
        let reason = if job.failed > 0 { format!("{} of {tries} tries failed", job.failed) } else { "active".into() };
        let failed = if job.failed > 0 { format!(" {} failed before.", capital(&count(job.failed, "try").replace("trys", "tries"))) } else { String::new() };
        return done(word, reason, format!("It has run{running}, {} of {} done.{failed}", job.succeeded, count(job.completions.max(1), "run")), since);
    }
    let wait = facts.pods.iter().find_map(|p| pod::trouble(p, facts, now));
    let more = wait.map_or_else(String::new, |t| format!(" {}", t.sentence()));
    done(Word::Progressing, "starting", format!("It has been starting{}.{more}", running), since)
}

fn failed(facts: &AppFacts, job: &JobFacts, reason: &str, message: &str, since: Option<UnixMs>, now: UnixMs) -> Status {
    let when = since.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
    let pod = newest_trouble(facts, None, now);
    let evidence = pod.as_ref().map(|t| t.evidence.clone()).unwrap_or_default();
    let because = pod.as_ref().map_or_else(String::new, |t| format!(" {}", t.sentence()));
    let (reason, sentence) = match reason {
        "DeadlineExceeded" => {
            let limit = job.deadline_s.map_or_else(String::new, |s| format!(" of {s} s"));
            (
                "deadline exceeded".to_owned(),
                format!(
                    "It was stopped{when}, because it was active longer than its deadline{limit} (DeadlineExceeded). Raise activeDeadlineSeconds, or make it faster."
                ),
            )
        }
        "BackoffLimitExceeded" => {
            let reason = format!("failed {}", times(job.failed.max(1)));
            (reason, format!("It gave up{when} after {} (BackoffLimitExceeded, limit {}).{because}", count(job.failed.max(1), "failed pod"), job.backoff_limit))
        }
        other => ("failed".to_owned(), format!("It failed{when} ({}): {}{}", clip(other, 40), super::text::full_stop(&clip(message, 160)), because)),
    };
    Status { word: Word::Failing, reason: clip(&reason, super::text::REASON), sentence, since, evidence }
}

/// Judges a cron job by its newest runs.
pub(crate) fn cron(facts: &AppFacts, now: UnixMs) -> Status {
    let w = &facts.workload;
    let cron = w.cron.clone().unwrap_or_default();
    let schedule = clip(&cron.schedule, 60);
    let last = cron.last_scheduled.map_or_else(|| "It has never run.".to_owned(), |at| format!("The last run began {}.", ago(at, now)));
    if w.paused {
        return done(Word::Paused, "suspended", format!("Its schedule {schedule} is suspended. {last} Resume it to run again."), None);
    }
    if let Some(name) = cron.active.first() {
        return running(facts, &cron, name, now);
    }
    let newest = cron.runs.first();
    if let Some((name, run, Some(why))) = newest {
        return run_failed(facts, &cron, name, run, why, now);
    }
    if cron.last_scheduled.is_none() && cron.runs.is_empty() {
        return done(Word::Running, "not run yet", format!("It has not run yet; its schedule is {schedule}{}.", zone(&cron)), None);
    }
    let at = newest.and_then(|(_, run, _)| run.completed).or(cron.last_succeeded);
    let took = newest.and_then(|(_, run, _)| run.started.zip(run.completed)).map_or_else(String::new, |(s, e)| format!(" after {}", short(e.since(s))));
    match at {
        Some(at) => done(
            Word::Running,
            "last run ended well",
            format!("The last run ended well {}{took}; its schedule is {schedule}{}.", ago(at, now), zone(&cron)),
            Some(at),
        ),
        None => done(Word::Running, "waits for its time", format!("{last} Its schedule is {schedule}{}.", zone(&cron)), cron.last_scheduled),
    }
}

fn zone(cron: &CronFacts) -> String {
    cron.time_zone.as_ref().map_or_else(String::new, |z| format!(" ({})", clip(z, 40)))
}

fn running(facts: &AppFacts, cron: &CronFacts, name: &str, now: UnixMs) -> Status {
    let run = cron.runs.iter().find(|(n, _, _)| n == name).map(|(_, r, _)| r);
    let since = run.and_then(|r| r.started).or(cron.last_scheduled);
    if let Some(t) = newest_trouble(facts, Some(name), now) {
        return Status {
            word: Word::Failing,
            reason: t.reason.clone(),
            sentence: format!("Run {} does not get through. {}", clip(name, 80), t.sentence()),
            since: t.since,
            evidence: t.evidence,
        };
    }
    let others = cron.active.len() - 1;
    let more = if others == 0 { String::new() } else { format!(" {others} more {} active.", if others == 1 { "is" } else { "are" }) };
    let took = since.map_or_else(String::new, |s| format!(" for {}", short(now.since(s))));
    done(
        Word::Running,
        format!("{} active", count(u32::try_from(cron.active.len()).unwrap_or(u32::MAX), "run")),
        format!("Run {} has been active{took}.{more}", clip(name, 80)),
        since,
    )
}

fn run_failed(facts: &AppFacts, cron: &CronFacts, name: &str, run: &JobFacts, why: &str, now: UnixMs) -> Status {
    let in_a_row = cron.runs.iter().take_while(|(_, _, why)| why.is_some()).count();
    let trouble = newest_trouble(facts, Some(name), now);
    let began = run.started.map_or_else(String::new, |at| format!(", which began {},", ago(at, now)));
    let before = match cron.last_succeeded {
        Some(at) => format!(" A run last ended well {}.", ago(at, now)),
        None => " No run has ended well yet.".into(),
    };
    let what = trouble.as_ref().map_or_else(|| format!(" ({})", clip(why, 40)), |_| String::new());
    let detail = trouble.as_ref().map_or_else(|| " Read the events of its job.".to_owned(), |t| format!(" {}", t.sentence()));
    let word = if cron.last_succeeded.is_some() && in_a_row < 3 { Word::Degraded } else { Word::Failing };
    let evidence = trouble.map(|t| t.evidence).unwrap_or_default();
    Status { word, reason: "last run failed".into(), sentence: format!("The last run{began} failed{what}.{detail}{before}"), since: run.started, evidence }
}
