//! The same that happened to several pods is one step.

use crate::UnixMs;
use crate::story::Step;
use std::collections::{BTreeMap, BTreeSet};

/// A step, and what it has in common with those of other pods.
pub(super) struct Found {
    /// The step.
    pub(super) step: Step,
    /// The pod to which it happened, and what it was without that; nothing where no other step is like it.
    pub(super) of_pod: Option<OfPod>,
}

/// What happened to a pod.
pub(super) struct OfPod {
    /// Name of the pod.
    pub(super) pod: String,
    /// What it was.
    pub(super) alike: Alike,
}

/// What a step has in common with those of other pods.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alike {
    /// A container of this name ended with this reason and exit code.
    Ended(String, String, i32),
    /// Something is wrong: the code, and the reason that lists show.
    Failing(&'static str, String),
    /// An event of this reason, with this text without its names and numbers.
    Event(String, String),
}

/// One step for what happened to several pods, at the moment of the last, with how many others.
pub(super) fn merge(found: Vec<Found>) -> Vec<Step> {
    let mut pods: BTreeMap<Alike, (BTreeSet<String>, UnixMs)> = BTreeMap::new();
    for Found { step, of_pod } in &found {
        if let Some(OfPod { pod, alike }) = of_pod {
            let (pods, last) = pods.entry(alike.clone()).or_insert_with(|| (BTreeSet::new(), step.at));
            pods.insert(pod.clone());
            *last = step.at.max(*last);
        }
    }
    let one = |Found { step, of_pod }: Found| {
        let Some(OfPod { alike, .. }) = of_pod else { return Some(step) };
        // The first at the last moment takes all of them with it.
        let last = pods.get(&alike).is_some_and(|(pods, last)| pods.len() == 1 || step.at == *last);
        let (of, _) = if last { pods.get(&alike)?.clone() } else { return None };
        if of.len() > 1 {
            pods.remove(&alike);
        }
        Some(Step { others: u32::try_from(of.len() - 1).unwrap_or(u32::MAX), ..step })
    };
    found.into_iter().filter_map(one).collect()
}
