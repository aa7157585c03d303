//! What is told beside a cause.

use super::lead::deadline_passed;
use super::{calm, within};
use crate::UnixMs;
use crate::english::text::{ago, count, full_stop};
use crate::english::{end_more, object, subject};
use crate::verdict::Also;

/// Says it as a whole sentence, or as several.
pub(super) fn sentence(also: &Also, now: UnixMs) -> String {
    match also {
        Also::FailedInLastHour { pods } => format!("{} failed in the last hour.", count(*pods, "pod")),
        Also::PodsWaitInOrder { pods } => {
            let wait = if *pods == 1 { "pod waits".to_owned() } else { format!("{pods} pods wait") };
            format!("The other {wait} for it: a stateful set starts its pods in order.")
        }
        Also::OldTemplateStays { who } => {
            format!("{} still runs an older template, and a stateful set doesn't replace a pod that isn't ready.", subject(who))
        }
        Also::AttemptsFailed { failed, allowed } => format!("{failed} of {} failed so far.", count(*allowed, "attempt")),
        Also::Pod(told) => within(told, now),
        Also::DeadlinePassed { limit_s, since } => deadline_passed(*limit_s, *since, now),
        Also::RollbackWouldNotHelp { revision } => format!("Pods of revision {revision} fail too, so rolling back to it won't help."),
        Also::PartitionHolds { partition, wanted, updated, old } => partition_holds(*partition, *wanted, *updated, *old),
        Also::OldPodsStay { kind, pods } => {
            let (run, them) = if *pods == 1 { ("1 pod runs".to_owned(), "it") } else { (format!("{pods} pods run"), "them") };
            let kind = kind.words();
            format!(
                "{run} an older template: this {kind} replaces pods only when you delete them (update strategy OnDelete). Delete {them} to apply the change."
            )
        }
        Also::NothingReplacesIt => "Nothing replaces it, because no workload owns it.".to_owned(),
        Also::LastSuccess { at: Some(at) } => format!("Last success: {}.", ago(*at, now)),
        Also::LastSuccess { at: None } => "No run has succeeded yet.".to_owned(),
        Also::RunUnderWay(active) => {
            let runs = calm::active_runs(active, now);
            format!("A new run is under way: {}{}", runs[..1].to_lowercase(), &runs[1..])
        }
        Also::ResumeToRun => "Resume to run again.".to_owned(),
        Also::End(more) => full_stop(&end_more(more, now)),
    }
}

/// What to do in place of the cause's own advice, where this changes it.
pub(super) fn advice(also: &Also) -> Option<String> {
    match also {
        Also::OldTemplateStays { who } => Some(format!("Delete {} to update it.", object(who))),
        Also::FailedInLastHour { .. }
        | Also::PodsWaitInOrder { .. }
        | Also::AttemptsFailed { .. }
        | Also::Pod(_)
        | Also::DeadlinePassed { .. }
        | Also::RollbackWouldNotHelp { .. }
        | Also::PartitionHolds { .. }
        | Also::OldPodsStay { .. }
        | Also::NothingReplacesIt
        | Also::LastSuccess { .. }
        | Also::RunUnderWay(_)
        | Also::ResumeToRun
        | Also::End(_) => None,
    }
}

fn partition_holds(partition: u32, wanted: u32, updated: u32, old: u32) -> String {
    if partition >= wanted {
        let pods = count(wanted, "pod");
        return format!("The update is paused: partition {partition} isn't below its {pods}, so none of them gets the new template.");
    }
    let keep = if old == 1 { "1 keeps".to_owned() } else { format!("{old} keep") };
    let updated = count(updated, "pod");
    format!("The update is paused at partition {partition}: {updated} updated, {keep} the old template until you lower the partition.")
}
