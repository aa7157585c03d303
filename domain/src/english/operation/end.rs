//! How an operation ended.

use super::{kept, undone, word};
use crate::UnixMs;
use crate::english::text::{and, clip, full_stop};
use crate::english::{cause, still_held};
use crate::operation::{End, EndCode, Hold, Piece};
use crate::problem::Problem;
use crate::time::short;

/// The end of what was refused for this reason, with the words that the person reads.
#[must_use]
pub fn refused(problem: &Problem) -> EndCode {
    EndCode::Refused { reason: problem.reason().to_owned(), said: crate::english::problem::problem(problem).detail }
}

/// A verdict, as it is read at this moment: whole sentences.
#[must_use]
pub fn end(end: &End, now: UnixMs) -> String {
    format!("{}{}", code(&end.code, now), there(&end.there))
}

fn code(code: &EndCode, now: UnixMs) -> String {
    match code {
        EndCode::RolledOut => "Rolled out: everything that should run is running.".to_owned(),
        EndCode::Complete => "Done.".to_owned(),
        EndCode::Gone => "The app is deleted.".to_owned(),
        EndCode::NotMade => "The change wasn't made.".to_owned(),
        EndCode::Refused { said, .. } => full_stop(said),
        EndCode::Failing { cause: Some(why) } => {
            let words = cause(why, now);
            [words.sentence, words.advice].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
        EndCode::Failing { cause: None } => "New pods fail.".to_owned(),
        EndCode::DeadlinePassed { limit_s: Some(limit_s) } => {
            format!("The rollout wasn't finished within its deadline of {}.", short(i64::from(*limit_s) * 1_000))
        }
        EndCode::DeadlinePassed { limit_s: None } => "The rollout wasn't finished within its deadline.".to_owned(),
        EndCode::TakenBack { removed, left } => format!("The app wasn't created. {}{}", undone(removed), kept(left)),
        EndCode::Overtaken { by } => format!("A newer change has replaced this one: operation {by}."),
        EndCode::StillWaiting => "It isn't finished yet, and the portal has stopped waiting for it.".to_owned(),
        EndCode::Held { by, pods } => held(*by, *pods),
        EndCode::HeldByFinalizer { finalizers } => still_held(finalizers).unwrap_or_else(|| "It still exists: a finalizer blocks its deletion.".to_owned()),
        EndCode::NoAnswer => "Nobody knows whether the change was made. Check the app before you try again.".to_owned(),
        EndCode::TouchedBy { manager: Some(manager) } => format!("{} has changed the app since.", clip(manager, 64)),
        EndCode::TouchedBy { manager: None } => "Somebody else has changed the app since.".to_owned(),
        EndCode::AppDeleted => "The app was deleted before this was finished.".to_owned(),
    }
}

fn held(by: Hold, pods: u32) -> String {
    let stay = if pods == 1 { "1 pod of the old template stays".to_owned() } else { format!("{pods} pods of the old template stay") };
    match by {
        Hold::Paused => format!("The change was made, but the rollout is paused: {stay} until somebody resumes it."),
        Hold::OnDelete => format!("The change was made. {stay} until somebody deletes {} (OnDelete).", if pods == 1 { "it" } else { "them" }),
        Hold::Partition => format!("The change was made. {stay}, because the partition holds the update back."),
    }
}

fn there(there: &[Piece]) -> String {
    let all: Vec<String> = there.iter().map(|piece| word(*piece).to_owned()).collect();
    if all.is_empty() { String::new() } else { format!(" Its {} still exist{}.", and(&all, 4), if all.len() == 1 { "s" } else { "" }) }
}
