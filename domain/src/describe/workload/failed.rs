//! Pods that failed as a whole, such as those that were evicted.

use super::{HOUR, Pods, number};
use crate::UnixMs;
use crate::describe::pod;
use crate::describe::pods::{RECENT, ended_at};
use crate::describe::trouble::Trouble;
use crate::facts::{AppFacts, Pod};
use crate::kubernetes::words::PodPhase;
use std::sync::Arc;

/// The newest pod that failed as a whole within the last ten minutes.
pub(super) fn newest(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let failed = facts.pods.iter().filter(|p| p.phase == PodPhase::Failed && p.deleting.is_none());
    let newest = failed.max_by_key(|p| ended_at(p).unwrap_or(p.created))?;
    (now.since(ended_at(newest).unwrap_or(newest.created)) < RECENT).then(|| pod::trouble(newest, facts, now)).flatten()
}

/// More pods failed as a whole in the last hour than the app wants.
pub(super) fn often(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> bool {
    lately(facts, now) > pods.wanted.max(1)
}

/// Pods that failed as a whole in the last hour.
pub(super) fn lately(facts: &AppFacts, now: UnixMs) -> u32 {
    let lately = |p: &&Arc<Pod>| p.phase == PodPhase::Failed && p.deleting.is_none() && now.since(ended_at(p).unwrap_or(p.created)) < HOUR;
    number(facts.pods.iter().filter(lately).count())
}
