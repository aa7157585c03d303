//! What happens while an operation is under way.

use super::word;
use crate::UnixMs;
use crate::cause::Counts;
use crate::english::cause;
use crate::english::text::{capital, clip, count, ready};
use crate::operation::{ProgressCode, State};

/// A line of progress, as it is read at this moment: a whole sentence.
#[must_use]
pub fn progress(code: &ProgressCode, now: UnixMs) -> String {
    match code {
        ProgressCode::Entered { state } => entered(*state).to_owned(),
        ProgressCode::Created { piece } => format!("Created its {}.", word(*piece)),
        ProgressCode::Deleted { piece } => format!("Deleted its {}.", word(*piece)),
        ProgressCode::Removed { piece } => format!("Removed its {}.", word(*piece)),
        ProgressCode::Kept(touched) => format!("Kept its {}: {} has changed it.", word(touched.piece), clip(&touched.by, 64)),
        ProgressCode::NoAnswer => "The cluster didn't answer.".to_owned(),
        ProgressCode::Interrupted => "The portal was restarted.".to_owned(),
        ProgressCode::SentAgain => "Sent again, because the cluster hadn't made the change.".to_owned(),
        ProgressCode::Pods { updated, ready: now, wanted } => {
            format!("{}, {} up to date.", capital(&ready(Counts { ready: *now, wanted: *wanted })), count(*updated, "pod"))
        }
        ProgressCode::Trouble { cause: why } => cause(why, now).sentence,
    }
}

const fn entered(state: State) -> &'static str {
    match state {
        State::Accepted => "Accepted.",
        State::Checking => "Checking whether the cluster would take it.",
        State::Applying => "Sending it to the cluster.",
        State::Waiting => "Sent. Waiting for the app.",
        State::Succeeded => "Succeeded.",
        State::Failed => "Failed.",
        State::TakenBack => "Taken back.",
        State::Unknown => "Ended without a result.",
    }
}
