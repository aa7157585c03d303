//! What an audit entry says, as a sentence without its subject: *"Scaled shop from 2 to 3 replicas"*.

mod deed;
mod legacy;
mod verb;

use crate::audit::{AuditOutcome, AuditRow};
use std::borrow::Cow;
use verb::Verb;

pub use deed::detail;
pub use legacy::deed_before_codes;

/// An entry in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryWords {
    /// What was done or tried.
    pub sentence: String,
    /// The page of the object, below the base path.
    pub path: Option<String>,
    /// What the sentence does not say.
    pub detail: String,
}

/// The words for an entry. An action that this portal does not know is told by its code.
#[must_use]
pub fn words(row: &AuditRow) -> EntryWords {
    let Phrase { verb, rest, path, detail } = match &row.deed {
        Some(deed) => deed::phrase(deed, row.outcome, &row.detail),
        None => legacy::phrase(row),
    };
    let (base, past) = verb.forms();
    let sentence = match row.outcome {
        AuditOutcome::Done => format!("{past} {rest}"),
        AuditOutcome::Refused => format!("Refused: {base} {rest}"),
        AuditOutcome::Intent => format!("Started: {base} {rest}"),
        AuditOutcome::Unknown => format!("Asked to {base} {rest}"),
        AuditOutcome::Failed => format!("Tried to {base} {rest}"),
    };
    EntryWords { sentence: sentence.trim_end().to_owned(), path, detail }
}

/// All that is told of an entry beside action, target and outcome, for the export: its arguments, or why it failed.
#[must_use]
pub fn exported_detail(row: &AuditRow) -> String {
    row.deed.as_ref().map_or_else(|| row.detail.clone(), |deed| detail(deed, row.outcome, &row.detail))
}

/// The outcome as the page shows it; an intent is listed only where no end of it was written.
#[must_use]
pub fn outcome(outcome: AuditOutcome) -> Cow<'static, str> {
    let word = match outcome {
        AuditOutcome::Intent => "started",
        AuditOutcome::Done => "done",
        AuditOutcome::Refused => "refused",
        AuditOutcome::Failed => "failed",
        AuditOutcome::Unknown => "unknown",
    };
    word.into()
}

/// The parts of a sentence on an entry.
struct Phrase {
    verb: Verb,
    /// What follows the verb.
    rest: String,
    /// The page of the object, below the base path.
    path: Option<String>,
    /// What is left to say.
    detail: String,
}

/// Whether an entry tells what was done, and not why it was not.
const fn is_under_way_or_done(outcome: AuditOutcome) -> bool {
    matches!(outcome, AuditOutcome::Done | AuditOutcome::Intent)
}

#[cfg(test)]
mod tests;
