//! What is said of the portal's own faults and of its database.

use crate::problem::{FaultProblem, StorageProblem};

pub(super) const fn fault(problem: FaultProblem) -> &'static str {
    match problem {
        FaultProblem::Unexpected => "Something went wrong in the portal. Its log has the details under this request's id.",
        FaultProblem::ContextLost => "The request lost its context.",
        FaultProblem::PortalStopped => "The portal stopped before this was done.",
        FaultProblem::PasswordNotChecked => "The portal couldn't check the password. Try again in a moment.",
        FaultProblem::RevisionsNotCompared => "Couldn't compare the two revisions.",
    }
}

pub(super) fn storage_sentence(problem: StorageProblem) -> String {
    match problem {
        StorageProblem::Gone => "That no longer exists.".to_owned(),
        StorageProblem::NameTaken => "That name is taken. Choose another.".to_owned(),
        StorageProblem::ChangedMeanwhile => "Someone else just changed this. Check it and make your change again.".to_owned(),
        StorageProblem::Unwritable { trouble } => {
            format!("{} Try again once it's fixed. Portal admins see what to do on every page.", trouble.sentence())
        }
        StorageProblem::NotRecorded { trouble } => format!("{} The change couldn't be recorded, so it wasn't made.", trouble.sentence()),
        StorageProblem::Broken => "The portal couldn't use its database. Check whether it was done before trying again.".to_owned(),
    }
}
