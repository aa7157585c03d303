//! The rules that turn facts into a [`Status`](crate::status::Status) and into the story of a rollout.

use crate::account::Role;
use crate::facts::{AppFacts, Pod};
use crate::status::{Status, Word};
use crate::view::{AppDetail, AppRow, Happening, Usage};
use crate::{Bytes, MilliCpu, TeamName, UnixMs};
use std::collections::BTreeMap;

/// Judges an app.
#[must_use]
pub fn status(facts: &AppFacts, now: UnixMs) -> Status {
    let _ = now;
    Status { word: Word::Unknown, reason: "not judged yet".into(), sentence: facts.workload.id.to_string(), since: None, evidence: Vec::new() }
}

/// Judges one pod of an app.
#[must_use]
pub fn pod_status(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Status {
    let _ = pod;
    status(facts, now)
}

/// What happened in this rollout, oldest first, 12 at most.
#[must_use]
pub fn story(facts: &AppFacts, now: UnixMs) -> Vec<Happening> {
    let _ = (facts, now);
    Vec::new()
}

/// The app as a row of the list.
#[must_use]
pub fn row(facts: &AppFacts, team: Option<TeamName>, usage: Usage, now: UnixMs) -> AppRow {
    let w = &facts.workload;
    AppRow {
        id: w.id.clone(),
        team,
        release: w.release.clone(),
        status: status(facts, now),
        ready: w.replicas.ready,
        wanted: w.replicas.wanted,
        pips: Vec::new(),
        images: w.containers.iter().filter(|c| !c.init).map(|c| c.image.clone()).collect(),
        restarts: facts.pods.iter().map(|p| p.restarts()).sum(),
        usage,
        created: w.created,
        changed: w.changed.clone(),
    }
}

/// The page of the app. `usage_by_pod` has CPU and memory now by pod name.
#[must_use]
pub fn detail(facts: &AppFacts, row: AppRow, usage_by_pod: &BTreeMap<String, (MilliCpu, Bytes)>, role: Role, now: UnixMs) -> AppDetail {
    let _ = usage_by_pod;
    AppDetail {
        row,
        story: story(facts, now),
        pods: Vec::new(),
        events: Vec::new(),
        endpoints: Vec::new(),
        actions: BTreeMap::new(),
        role,
        paused: facts.workload.paused,
        revision: facts.workload.revision,
        settings: Vec::new(),
    }
}
