//! The words of a story's steps.

mod change;

pub use change::asked;

use super::status::{deadline_passed, told};
use super::text::{capital, clip, count, full_stop, squeeze, times};
use crate::story::{Happened, NetworkObject, RunEnd, Step};
use crate::time::short;
use crate::verdict::Told;
use crate::view::Happening;
use crate::{Tone, UnixMs};

/// Says a step, as it is read at this moment.
#[must_use]
pub fn step(step: &Step, now: UnixMs) -> Happening {
    let sentence = full_stop(&sentence(&step.what, now));
    let sentence = match step.others {
        0 => sentence,
        1 => format!("{sentence} Same in 1 more pod."),
        n => format!("{sentence} Same in {n} more pods."),
    };
    Happening { at: step.at, tone: tone(&step.what), sentence }
}

const fn tone(what: &Happened) -> Tone {
    match what {
        Happened::Changed(_)
        | Happened::Deleted
        | Happened::Rescaled { .. }
        | Happened::Scaled { .. }
        | Happened::ScaledSomehow(_)
        | Happened::RolloutPaused
        | Happened::JobSuspended
        | Happened::RunStarted { end: None, .. }
        | Happened::NetworkChanged { .. } => Tone::Change,
        Happened::FirstReady { .. } | Happened::AllReady { .. } | Happened::JobSucceeded | Happened::RunStarted { end: Some(RunEnd::Succeeded(_)), .. } => {
            Tone::Ok
        }
        Happened::Warned { fails: false, .. } | Happened::Preempted { .. } => Tone::Warn,
        Happened::Ended { .. }
        | Happened::Failing(_)
        | Happened::Refused(_)
        | Happened::Warned { fails: true, .. }
        | Happened::DeadlinePassed { .. }
        | Happened::JobFailed { .. }
        | Happened::RunStarted { end: Some(RunEnd::Failed(_)), .. } => Tone::Bad,
    }
}

fn sentence(what: &Happened, now: UnixMs) -> String {
    match what {
        Happened::Changed(change) => change::sentence(change),
        Happened::Deleted => "Deleted".to_owned(),
        Happened::Ended { told: how, nth, well } => {
            let said = cause(how, now);
            let again = nth.map_or_else(String::new, |n| format!(". {} {}", ordinal(n), if *well { "exit" } else { "crash" }));
            format!("{}{again}", said.trim_end_matches('.'))
        }
        Happened::Failing(how) | Happened::Refused(how) => cause(how, now),
        Happened::Warned { who, said, times: n, last, .. } => {
            let often = if *n > 1 { format!(" ({}, until {})", times(*n), last.clock()) } else { String::new() };
            format!("{who}: {}{often}", squeeze(said.trim().trim_end_matches(':'), 240))
        }
        Happened::Preempted { who } => format!("A pod with higher priority preempted {who}"),
        Happened::Rescaled { autoscaler, to, said } => {
            let to = to.as_ref().map_or_else(|| said.clone(), |(size, why)| format!("{size} pods because {why}"));
            format!("Autoscaler {}: {}", clip(autoscaler, 80), clip(&to, 160))
        }
        Happened::Scaled { revision, up, from, to } => {
            format!("Scaled revision {revision} {} from {from} to {to} pods", if *up { "up" } else { "down" })
        }
        Happened::ScaledSomehow(said) => clip(said, 120),
        Happened::FirstReady { who, after, restarts } => {
            let restarts = match restarts {
                0 => String::new(),
                n => format!(" and {}", count(*n, "restart")),
            };
            format!("{who} became ready after {}{restarts}", short(*after))
        }
        Happened::AllReady { pods, revision, after } => {
            let all = if *pods == 2 { "Both".to_owned() } else { format!("All {pods}") };
            let revision = revision.map_or_else(String::new, |r| format!(" of revision {r}"));
            format!("{all} pods{revision} became ready{}", after.map_or_else(String::new, |ms| format!(" after {}", short(ms))))
        }
        Happened::DeadlinePassed { limit_s } => deadline_passed(*limit_s, None, now),
        Happened::RolloutPaused => "Rollout paused".to_owned(),
        Happened::JobSucceeded => "Job succeeded".to_owned(),
        Happened::JobFailed { reason } => format!("Job failed ({})", clip(reason, 60)),
        Happened::JobSuspended => "Job suspended".to_owned(),
        Happened::RunStarted { run, end } => {
            let run = clip(run, 80);
            match end {
                Some(RunEnd::Succeeded(took)) => format!("Run {run} started and succeeded after {}", short(*took)),
                Some(RunEnd::Failed(why)) => format!("Run {run} started and failed ({})", clip(why, 60)),
                None => format!("Run {run} started"),
            }
        }
        Happened::NetworkChanged { of, name, created, by } => {
            let how = if *created { "created" } else { "changed" };
            let done = by.as_ref().map_or_else(|| capital(how), |by| format!("{} {how}", clip(by, 60)));
            let what = match of {
                NetworkObject::Service => "service",
                NetworkObject::Ingress => "ingress",
            };
            format!("{done} {what} {}", clip(name, 80))
        }
    }
}

/// What happened, without what there is to do.
fn cause(of: &Told, now: UnixMs) -> String {
    told(&of.cause, &of.also, now).sentence
}

/// `9th`.
fn ordinal(n: u32) -> String {
    let suffix = match (n % 10, n % 100) {
        (1, r) if r != 11 => "st",
        (2, r) if r != 12 => "nd",
        (3, r) if r != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}
