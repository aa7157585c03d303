//! The words of a verdict.

mod also;
mod calm;
mod lead;

pub(crate) use lead::deadline_passed;

use super::text::{REASON, clip, count, times};
use super::{Words, cause};
use crate::UnixMs;
use crate::cause::Cause;
use crate::status::Status;
use crate::verdict::{Also, Reason, Told, Verdict, Why};
use std::borrow::Cow;

/// Says a verdict, as it is read at this moment.
#[must_use]
pub fn status(verdict: &Verdict, now: UnixMs) -> Status {
    let (why, advice) = match &verdict.why {
        Why::Trouble(of) => {
            let words = told(of, &verdict.also, now);
            (Words { advice: String::new(), ..words.clone() }, words.advice)
        }
        Why::Calm(of) => (calm::words(of, now), String::new()),
    };
    let leads = verdict.leads.iter().map(|lead| lead::sentence(lead, now));
    let after = verdict.also.iter().filter(|also| !also.precedes_advice()).map(|also| also::sentence(also, now));
    let sentence = joined(leads.chain([why.sentence, advice]).chain(after));
    let reason = verdict.reason.map_or(why.reason, |of| clip(&reason(of), REASON));
    Status {
        word: verdict.word,
        code: Some(Cow::Borrowed(verdict.code())),
        reason,
        sentence,
        since: verdict.since,
        evidence: verdict.evidence.iter().map(super::evidence::link).collect(),
    }
}

/// Says a cause with what else is known of it; what is told after the advice is left out.
pub(crate) fn told(of: &Cause, also: &[Also], now: UnixMs) -> Words {
    let words = cause(of, now);
    let before = also.iter().filter(|also| also.precedes_advice()).map(|also| also::sentence(also, now));
    let advice = also.iter().rev().find_map(also::advice).unwrap_or(words.advice);
    Words { reason: words.reason, sentence: joined(std::iter::once(words.sentence).chain(before)), advice }
}

/// Says a cause within a verdict on something larger.
fn within(told: &Told, now: UnixMs) -> String {
    let words = self::told(&told.cause, &told.also, now);
    if told.advised { joined([words.sentence, words.advice]) } else { words.sentence }
}

fn reason(of: Reason) -> String {
    match of {
        Reason::Restarted { times: n } => format!("restarted {}", times(n)),
        Reason::RolloutTimedOut => "rollout timed out".to_owned(),
        Reason::OldPodStays => "an old pod won't stop".to_owned(),
        Reason::PausedAtPartition { partition } => format!("paused at partition {partition}"),
        Reason::NotReplaced { pods } => format!("{} not replaced", count(pods, "pod")),
        Reason::LastRunFailed => "last run failed".to_owned(),
        Reason::SuspendedLastFailed => "suspended, last failed".to_owned(),
    }
}

/// Sentences after each other, without those that say nothing.
fn joined(sentences: impl IntoIterator<Item = String>) -> String {
    sentences.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ")
}
