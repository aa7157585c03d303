//! Pods that no workload owns.

use super::pod;
use super::text::clip;
use crate::UnixMs;
use crate::facts::AppFacts;
use crate::status::{Status, Word};

/// Judges the one pod.
pub(crate) fn status(facts: &AppFacts, now: UnixMs) -> Status {
    let Some(pod) = facts.pods.first() else {
        let sentence = format!("Pod {} is gone.", clip(facts.workload.id.name.as_str(), 80));
        return Status { word: Word::Unknown, code: None, reason: "gone".into(), sentence, since: None, evidence: Vec::new() };
    };
    let mut status = pod::status(pod, facts, now);
    if status.word == Word::Failing && pod.phase == "Failed" && pod.owner.is_none() {
        status.sentence.push_str(" Nothing replaces it, because no workload owns it.");
    }
    status
}
