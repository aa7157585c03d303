//! Entries of the audit table, and what they say of a change that failed.

use crate::error::{Failure, Outcome};
use crate::origin::Origin;
use crate::ports::{ClusterError, NewAudit, StoreError};
use domain::audit::{Act, AuditOutcome, Deed, Target, WhyFailed};
use domain::english::problem::problem as words_of;
use domain::problem::StorageProblem;
use domain::{UnixMs, english};
use std::borrow::Cow;

/// Longest text kept of actor, address and detail, in characters.
const MAX_TEXT: usize = 500;

/// An entry before it has its time.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(super) actor: String,
    pub(super) address: String,
    pub(super) deed: Deed,
    pub(super) outcome: AuditOutcome,
    /// What the deed does not say.
    pub(super) detail: String,
    /// The entry that this one ends.
    pub(super) intent: Option<i64>,
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

impl Entry {
    pub(crate) fn new(actor: &str, origin: &Origin, act: Act, target: Target, outcome: AuditOutcome) -> Self {
        Self { actor: short(actor), address: short(&origin.address), deed: Deed::new(act, target), outcome, detail: String::new(), intent: None }
    }

    /// The end of the change whose intent is `intent`.
    pub(crate) fn ending(self, intent: Option<i64>) -> Self {
        Self { intent, ..self }
    }

    pub(crate) fn at(self, at: UnixMs) -> NewAudit {
        let Self { actor, address, deed, outcome, detail, intent } = self;
        NewAudit { at, actor, address, deed, outcome, detail, intent }
    }
}

/// What the table may say of a failure: what the person was told, and nothing of the portal's insides.
fn told(failure: &Failure) -> Cow<'_, str> {
    match failure {
        Failure::Told(problem) => words_of(problem).detail.into(),
        Failure::Store(StoreError::Unwritable(trouble, _)) => trouble.sentence().into(),
        Failure::Store(StoreError::Missing | StoreError::Exists | StoreError::Changed | StoreError::Broken(_)) => {
            "The database refused it. The portal's log says why.".into()
        }
        Failure::Cluster(ClusterError::Away(_)) => "The cluster didn't answer.".into(),
        Failure::Unanswered(..) => "The cluster didn't answer. It may have been done.".into(),
        Failure::Cluster(ClusterError::Missing(what)) => english::cluster::missing(what).into(),
        Failure::Cluster(ClusterError::Exists(object)) => english::cluster::exists(object).into(),
        Failure::Cluster(ClusterError::Changed(object)) => english::cluster::changed(object).into(),
        Failure::Cluster(ClusterError::Refused(why)) => english::cluster::refused(why).into(),
        Failure::Cluster(ClusterError::NotAllowed(why)) => english::cluster::not_allowed(why).into(),
    }
}

/// What the table says of why a change failed.
pub(crate) fn why_failed(failure: &Failure) -> String {
    short(&told(failure))
}

/// The end of a change that came to this result, from the entry of its intent.
pub(crate) fn ended<T>(result: &std::thread::Result<Outcome<T>>, intent: Entry) -> Entry {
    match result {
        Ok(Ok(_)) => Entry { outcome: AuditOutcome::Done, ..intent },
        Ok(Err(error)) => {
            let outcome = if matches!(error, Failure::Unanswered(..)) { AuditOutcome::Unknown } else { AuditOutcome::Failed };
            Entry { outcome, detail: why_failed(error), deed: intent.deed.failed(error.kept(MAX_TEXT)), ..intent }
        }
        Err(_) => Entry {
            outcome: AuditOutcome::Unknown,
            detail: "Something went wrong in the portal. Its log has the details.".to_owned(),
            deed: intent.deed.failed(WhyFailed::Fault),
            ..intent
        },
    }
}

/// A change whose intent the store does not take.
#[allow(clippy::wildcard_enum_match_arm, reason = "all others are passed on as they are")]
pub(crate) fn not_made(failure: Failure) -> Failure {
    match failure {
        Failure::Store(StoreError::Unwritable(trouble, text)) => {
            tracing::error!(text, "a change was refused, because it could not be recorded");
            Failure::told(StorageProblem::NotRecorded { trouble })
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kubernetes::Away;

    #[test]
    fn what_the_table_says_of_a_failure_has_no_insides() {
        let broken = Failure::Store(StoreError::Broken("disk I/O error at page 7".into()));
        let away = Failure::Cluster(ClusterError::Away(Away::Connection("connect to 10.1.2.3:6443".into())));
        assert!(!told(&broken).contains("page 7") && !told(&away).contains("10.1.2.3"));
    }
}
