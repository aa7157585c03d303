//! Jobs and cron jobs.

use super::since;
use crate::UnixMs;
use crate::cause::JobTrouble;
use crate::english::Words;
use crate::english::text::{clip, count, squeeze, times};
use crate::time::short;

/// Says it.
pub(super) fn words(trouble: &JobTrouble, now: UnixMs) -> Words {
    let ago = |at: &Option<UnixMs>| at.map(|at| now.since(at));
    match trouble {
        JobTrouble::NoPodMade { since } => Words::new("no pod created", format!("No pod created in {}", short(now.since(*since))), "Check its events."),
        JobTrouble::AttemptsFailed { since, done, of, failed, allowed } => Words::new(
            format!("{failed} of {allowed} attempts failed"),
            format!("Running for {}, {done} of {} done. {} failed before", short(now.since(*since)), count(*of, "run"), count(*failed, "attempt")),
            "",
        ),
        JobTrouble::BackoffLimit { failed, limit, at } => Words::new(
            format!("failed {}", times(*failed)),
            format!("Gave up{} after {} (BackoffLimitExceeded, limit {limit})", since(ago(at)), count(*failed, "failed pod")),
            "",
        ),
        JobTrouble::Deadline { limit_s, at, failing } => job_deadline(*limit_s, ago(at), *failing),
        JobTrouble::FailedIndexes { indexes, failed, succeeded, of, at } => failed_indexes(indexes, *failed, *succeeded, *of, ago(at)),
        JobTrouble::PodFailurePolicy { said, at } => {
            Words::new("pod failure policy", format!("Its pod failure policy stopped it{}: {}", since(ago(at)), squeeze(said, 240)), "")
        }
        JobTrouble::Failed { reason, said, at } => Words::new("failed", format!("Failed{} ({}): {}", since(ago(at)), clip(reason, 40), squeeze(said, 300)), ""),
        JobTrouble::RunFailed { started, reason } => {
            let began = ago(started).map_or_else(String::new, |ms| format!(" (started {} ago)", short(ms)));
            Words::new("last run failed", format!("The last run{began} failed ({})", clip(reason, 40)), "Check the events of its job.")
        }
        JobTrouble::RunBlocksSchedule { run, since, skipped, schedule } => Words::new(
            "run blocks schedule",
            format!(
                "Run {} has been active for {} and blocks the schedule {} (concurrencyPolicy Forbid): {} skipped so far",
                clip(run, 80),
                short(ago(since).unwrap_or(0)),
                clip(schedule, 60),
                count(*skipped, "run")
            ),
            "Check its log to see what it's waiting for. Set activeDeadlineSeconds on its job to stop runs that hang.",
        ),
        JobTrouble::ScheduleUnreadable { schedule, said } => Words::new(
            "invalid schedule",
            format!("The cluster can't parse its schedule {}, so no run starts: {}", clip(schedule, 60), squeeze(said, 200)),
            "Correct the schedule or time zone.",
        ),
        JobTrouble::StartMissed { schedule, deadline_s, times, last } => start_missed(schedule, *deadline_s, *times, now.since(*last)),
    }
}

fn start_missed(schedule: &str, deadline_s: Option<i64>, n: u32, ago: i64) -> Words {
    let deadline = deadline_s.map_or_else(String::new, |s| format!(" of {s} s"));
    let often = if n > 1 { format!(", {}", times(n)) } else { String::new() };
    let advice = match deadline_s {
        Some(s) if s < 10 => "Raise startingDeadlineSeconds: below 10 s, runs may never start.",
        _ => "Raise startingDeadlineSeconds, or ask an administrator why the controller was late.",
    };
    Words::new(
        "a start was missed",
        format!(
            "A run of schedule {} was due {} ago but didn't start within its starting deadline{deadline} (MissSchedule){often}",
            clip(schedule, 60),
            short(ago)
        ),
        advice,
    )
}

fn job_deadline(limit_s: Option<i64>, ago: Option<i64>, failing: bool) -> Words {
    let limit = limit_s.map_or_else(String::new, |s| format!(" of {s} s"));
    let when = since(ago);
    if failing {
        return Words::new(
            "failed until deadline",
            format!("Kept failing until its deadline{limit} stopped it{when} (DeadlineExceeded)"),
            "More time wouldn't have helped.",
        );
    }
    Words::new(
        "deadline exceeded",
        format!("Stopped{when}: it ran longer than its deadline{limit} (DeadlineExceeded)"),
        "Raise activeDeadlineSeconds, or make it faster.",
    )
}

fn failed_indexes(indexes: &str, failed: u32, succeeded: u32, of: u32, ago: Option<i64>) -> Words {
    let which = if failed == 1 { "index" } else { "indexes" };
    let shown = squeeze(&indexes.replace(',', ", "), 120);
    Words::new(
        if failed == 1 { format!("index {} failed", clip(indexes, 12)) } else { format!("{failed} of {of} indexes failed") },
        format!("Failed{} at {which} {shown}: {failed} of {of} failed, {succeeded} succeeded", since(ago)),
        "",
    )
}
