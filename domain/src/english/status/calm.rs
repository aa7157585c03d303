//! What is said where nothing is wrong.

use crate::UnixMs;
use crate::cause::Counts;
use crate::english::text::{ago, capital, clip, count, ready};
use crate::english::{Words, subject};
use crate::facts::ChangedPart;
use crate::time::short;
use crate::verdict::{ActiveRuns, Calm, LastRun};

/// A pause that began less than this ago is told as now.
const JUST_NOW: i64 = 5_000;

/// Says it; without a sentence where the lead says it all.
pub(super) fn words(calm: &Calm, now: UnixMs) -> Words {
    let say = |reason: &str, sentence: String| Words::new(reason, sentence, "");
    match calm {
        Calm::ChangeNotSeenYet { at } => say("change not seen yet", format!("The cluster hasn't picked up the change made {} yet.", ago(*at, now))),
        Calm::Starting { wanted, since } => say("starting", format!("Starting {} for {}; none ready yet.", count(*wanted, "pod"), short(now.since(*since)))),
        Calm::JobStarting => say("starting", String::new()),
        Calm::ReplacingPods { ending, grace_s } => {
            let patience = grace_s.map_or_else(String::new, |s| format!(" It can take up to {} (terminationGracePeriodSeconds).", short(i64::from(s) * 1000)));
            say("replacing pods", format!("{} terminating; no replacement ready yet.{patience}", count(*ending, "pod")))
        }
        Calm::RollingOut { updated, wanted } => say(&format!("{updated} of {wanted} pods updated"), String::new()),
        Calm::SomeReady(Counts { ready, wanted }) => say(&format!("{ready} of {wanted} ready"), String::new()),
        Calm::AllReady { wanted: 1 } => say("ready", String::new()),
        Calm::AllReady { wanted } => say(&format!("all {wanted} ready"), String::new()),
        Calm::MustStayReady { counts, must_s, since } => say(
            &format!("must stay ready {must_s} s"),
            format!(
                "{}, but must stay ready for {must_s} s to count as available (minReadySeconds): {} so far.",
                capital(&ready(*counts)),
                short(now.since(*since))
            ),
        ),
        Calm::PausedBeforeFirstPod { since, wanted } => say(
            "paused before first pod",
            format!("Rollout paused{} before its first pod. Resume to start {}.", paused_when(*since, now), count(*wanted, "pod")),
        ),
        Calm::PausedHalfway { since, updated, wanted, ready } => {
            let (when, pods) = (paused_when(*since, now), count(*wanted, "pod"));
            let sentence = format!("Rollout paused{when}: {updated} of {pods} updated, {ready} ready. Resume to continue, or roll back.");
            say(&format!("paused at {updated} of {wanted}"), sentence)
        }
        Calm::Paused { since, counts, image_waits, parts } => {
            say("rollout paused", format!("Rollouts paused{}; {}. {}", paused_when(*since, now), ready(*counts), waits(*image_waits, parts)))
        }
        Calm::NoNodeMatches => say(
            "no node matches",
            "No node matches its node selector and tolerations, so no pods run. Correct the node selector or the tolerations if some should.".to_owned(),
        ),
        Calm::Stopping { pods } => {
            let pods = count(*pods, "pod");
            say(&format!("stopping {pods}"), format!("Scaled to 0; {pods} still terminating."))
        }
        Calm::ScaledToZero => say("scaled to 0", "Scaled to 0, so no pods run. Scale up to start it.".to_owned()),
        Calm::Deleting { at, pods } => {
            let rest = match pods {
                0 => "finishing".to_owned(),
                n => format!("waiting for {} to terminate", count(*n, "pod")),
            };
            say("deleting", format!("Deleted {}; {rest}.", ago(*at, now)))
        }
        Calm::JobSucceeded { at, took, done } => {
            let when = at.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
            say(&runs_done(*done), format!("Succeeded{when}{}.", after(*took)))
        }
        Calm::JobSuspended { since, done, stopped, failed } => {
            let when = since.map_or_else(String::new, |at| format!(" for {}", short(now.since(at))));
            let stopped = match stopped {
                0 => String::new(),
                n => format!(" Suspending stopped {}.", count(*n, "pod")),
            };
            let failed = match failed {
                0 => String::new(),
                n => format!(" {} failed before.", count(*n, "attempt")),
            };
            say("suspended", format!("Suspended{when} with {}.{stopped}{failed} Resume to continue.", runs_done(*done)))
        }
        Calm::NoParallelism { done } => {
            say("parallelism is 0", format!("Parallelism is 0, so no pods run; {}. Set parallelism to 1 or more to continue.", runs_done(*done)))
        }
        Calm::JobRunning { since, done } => say("active", format!("Running for {}, {}.", short(now.since(*since)), runs_done(*done))),
        Calm::ScheduleSuspended { schedule, last, active } => {
            let parts = [
                format!("Schedule {schedule} is suspended."),
                last.map_or_else(String::new, |last| last_run(last, now)),
                active.as_ref().map_or_else(String::new, |active| active_runs(active, now)),
                "Resume to run again.".to_owned(),
            ];
            say(if active.is_some() { "suspended, a run active" } else { "suspended" }, super::joined(parts))
        }
        Calm::RunsActive { active, last } => {
            let before = last.map_or_else(String::new, |last| last_run(last, now));
            say(&format!("{} active", count(active.others.saturating_add(1), "run")), super::joined([active_runs(active, now), before]))
        }
        Calm::NotRunYet { schedule } => say("not run yet", format!("Not run yet. Schedule: {schedule}.")),
        Calm::LastRunSucceeded { at, took, schedule } => {
            say("last run succeeded", format!("{} Schedule: {schedule}.", last_run(LastRun::Succeeded { at: *at, took: *took }, now)))
        }
        Calm::WaitsForSchedule { last, schedule } => {
            let last = last.map_or(LastRun::Never, |at| LastRun::Started { at });
            say("waiting for schedule", format!("{} Schedule: {schedule}.", last_run(last, now)))
        }
        Calm::PodTerminating { who } => say("terminating", format!("{} is terminating.", subject(who))),
        Calm::PodSucceeded { who, at } => {
            let when = at.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
            say("exit code 0", format!("{} succeeded{when}.", subject(who)))
        }
        Calm::PodReady { who, containers } => say("ready", format!("{} is ready with {}.", subject(who), count(*containers, "container"))),
    }
}

/// ` 4 min ago`, ` just now`.
fn paused_when(since: Option<UnixMs>, now: UnixMs) -> String {
    since.map_or_else(String::new, |at| if now.since(at) < JUST_NOW { " just now".to_owned() } else { format!(" {}", ago(at, now)) })
}

/// What waits until a rollout is resumed.
fn waits(image: bool, parts: &[ChangedPart]) -> String {
    match (image, parts) {
        (false, []) => "Changes wait until you resume.".to_owned(),
        (true, []) => "A new image waits until you resume.".to_owned(),
        (false, parts) => format!("An edit that {} waits until you resume.", crate::english::parts::all(parts)),
        (true, parts) => format!("A new image and an edit that {} wait until you resume.", crate::english::parts::all(parts)),
    }
}

/// `2 of 3 runs done`.
fn runs_done(done: Counts) -> String {
    format!("{} of {} done", done.ready, count(done.wanted, "run"))
}

/// ` after 4 s`, where it is known.
fn after(took: Option<i64>) -> String {
    took.map_or_else(String::new, |ms| format!(" after {}", short(ms)))
}

fn last_run(last: LastRun, now: UnixMs) -> String {
    match last {
        LastRun::Succeeded { at, took } => format!("The last run succeeded {}{}.", ago(at, now), after(took)),
        LastRun::Started { at } => format!("The last run started {}.", ago(at, now)),
        LastRun::Never => "Never run.".to_owned(),
    }
}

/// `Run report-1 has been active for 5 min. 2 more are active.`
pub(super) fn active_runs(runs: &ActiveRuns, now: UnixMs) -> String {
    let state = if runs.suspended { "has been suspended" } else { "has been active" };
    let more = match runs.others {
        0 => String::new(),
        1 => " 1 more is active.".to_owned(),
        n => format!(" {n} more are active."),
    };
    let active = runs.since.map_or(0, |since| now.since(since));
    format!("Run {} {state} for {}.{more}", clip(&runs.first, 80), short(active))
}
