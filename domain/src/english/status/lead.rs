//! What a sentence begins with.

use super::within;
use crate::UnixMs;
use crate::english::text::{ago, capital, clip, count, ready};
use crate::time::short;
use crate::verdict::Lead;

/// Says it as a whole sentence.
pub(super) fn sentence(lead: &Lead, now: UnixMs) -> String {
    match lead {
        Lead::Ready(counts) => format!("{}.", capital(&ready(*counts))),
        Lead::Unstable(counts) => format!("{}, but unstable.", capital(&ready(*counts))),
        Lead::RollingOut { revision, updated, counts, min_ready_s } => {
            let pods = count(counts.wanted, "pod");
            let later = match min_ready_s {
                0 => String::new(),
                s => format!(" A new pod counts once it has been ready for {s} s (minReadySeconds)."),
            };
            format!("Rolling out {}: {updated} of {pods} updated, {} ready.{later}", revision_words(*revision), counts.ready)
        }
        Lead::RolloutStuck { revision, updated, counts } => {
            let (wanted, serve) = (count(counts.wanted, "pod"), count(counts.ready, "pod"));
            format!("The rollout of {} is stuck at {updated} of {wanted}; {serve} still serving.", revision_words(*revision))
        }
        Lead::DeadlinePassed { limit_s, since } => deadline_passed(*limit_s, *since, now),
        Lead::ScaledToZero => "Scaled to 0.".to_owned(),
        Lead::OldPodBlocks => "No pod is ready, and an old one blocks its replacement.".to_owned(),
        Lead::NoPodCreated { since, wanted } => format!("No pod created in {} ({wanted} wanted).", short(now.since(*since))),
        Lead::Pod(told) => within(told, now),
        Lead::JobStarting { since } => format!("Starting for {}.", short(now.since(*since))),
        Lead::RunStuck { run } => format!("Run {} isn't making progress.", clip(run, 80)),
        Lead::SuspendedButActive { schedule, run } => format!("Schedule {schedule} is suspended, but run {} is still active.", clip(run, 80)),
        Lead::Suspended { schedule } => format!("Schedule {schedule} is suspended."),
        Lead::LastRunFailed { started } => {
            let began = started.map_or_else(String::new, |at| format!(" (started {})", ago(at, now)));
            format!("The last run{began} failed.")
        }
    }
}

/// A rollout that has taken longer than it may.
pub(crate) fn deadline_passed(limit_s: Option<u32>, since: Option<UnixMs>, now: UnixMs) -> String {
    let deadline = limit_s.map_or_else(String::new, |s| format!(" of {s} s"));
    let when = since.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
    format!("The rollout exceeded its progress deadline{deadline}{when}.")
}

fn revision_words(revision: Option<u64>) -> String {
    revision.map_or_else(|| "the new revision".to_owned(), |r| format!("revision {r}"))
}
