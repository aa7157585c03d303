//! The pods of an app as the rules see them.

use super::number;
use crate::cause::Counts;
use crate::describe::pods::steady;
use crate::facts::{AppFacts, Pod};
use crate::{Kind, UnixMs};
use std::sync::Arc;

/// The pods of an app as the rules see them.
pub(crate) struct Pods<'a> {
    /// Neither ending nor ended.
    pub(crate) live: Vec<&'a Arc<Pod>>,
    /// Wanted.
    pub(crate) wanted: u32,
    /// Ready, by what the pods themselves say, and not only between two crashes.
    pub(crate) ready: u32,
    /// Live pods of the newest template.
    pub(crate) new: u32,
    /// Pods of an older template are still there, or newer ones missing.
    pub(crate) rolling: bool,
}

impl<'a> Pods<'a> {
    /// Counts.
    pub(crate) fn of(facts: &'a AppFacts, now: UnixMs) -> Self {
        let r = facts.workload.replicas;
        let live: Vec<_> = facts.pods.iter().filter(|p| p.deleting.is_none() && !p.phase.is_over()).collect();
        // The controller's count comes a moment later than the pods' own word.
        let ready = if facts.pods.is_empty() { r.ready } else { number(live.iter().filter(|p| steady(p, now)).count()) };
        let new = number(live.iter().filter(|p| facts.runs_newest(p)).count());
        let rolling = match facts.workload.id.kind {
            Kind::Deployment => {
                r.wanted > 0
                    && (r.updated < r.wanted || r.current > r.updated)
                    && facts.replica_sets.iter().skip(1).any(|s| s.wanted > 0 || s.ready > 0 || has_pods(facts, s.hash.as_deref()))
            }
            // Pods below a stateful set's partition are to stay as they are.
            Kind::StatefulSet | Kind::DaemonSet | Kind::Job | Kind::CronJob | Kind::Pod => {
                r.wanted > 0 && r.updated < r.current.saturating_sub(facts.workload.update.partition) && !facts.workload.on_delete
            }
        };
        Self { live, wanted: r.wanted, ready, new: if facts.workload.id.kind == Kind::Deployment { new } else { r.updated }, rolling }
    }

    /// Ready and wanted, as they are told.
    pub(crate) fn counts(&self) -> Counts {
        Counts { ready: self.ready, wanted: self.wanted }
    }

    /// Pods of the newest template, as they are told.
    pub(super) fn updated(&self) -> u32 {
        self.new.min(self.wanted)
    }
}

fn has_pods(facts: &AppFacts, hash: Option<&str>) -> bool {
    hash.is_some() && facts.pods.iter().any(|p| p.deleting.is_none() && p.template_hash.as_deref() == hash)
}
