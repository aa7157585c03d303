//! The same that happened to several pods is one step.

use crate::cause::Cause;
use crate::kubernetes::words::{EndReason, EventReason};
use crate::story::Step;
use std::collections::BTreeSet;

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
#[derive(PartialEq, Eq)]
pub(super) enum Alike {
    /// A container of this name ended with this reason and exit code.
    Ended(String, EndReason, i32),
    /// Something is wrong, whatever pod it is.
    Failing(Box<Cause>),
    /// An event of this reason, with this text without its names and numbers.
    Event(EventReason, String),
}

/// What several pods have in common.
struct Group {
    alike: Alike,
    pods: BTreeSet<String>,
    /// Their steps, with the places that they were found at.
    steps: Vec<(usize, Step)>,
}

impl Group {
    /// One step for several pods, at the moment of the last, with how many others; all steps of a single pod.
    fn told(self) -> Vec<(usize, Step)> {
        let others = u32::try_from(self.pods.len() - 1).unwrap_or(u32::MAX);
        if others == 0 {
            return self.steps;
        }
        // The first of those at the last moment.
        let last = self.steps.into_iter().rev().max_by_key(|(_, step)| step.at);
        last.map(|(place, step)| (place, Step { others, ..step })).into_iter().collect()
    }
}

/// The steps in the order in which they were found, each once for all pods that have it in common.
pub(super) fn merge(found: Vec<Found>) -> Vec<Step> {
    let mut told: Vec<(usize, Step)> = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    for (place, Found { step, of_pod }) in found.into_iter().enumerate() {
        let Some(OfPod { pod, alike }) = of_pod else {
            told.push((place, step));
            continue;
        };
        if let Some(group) = groups.iter_mut().find(|group| group.alike == alike) {
            group.pods.insert(pod);
            group.steps.push((place, step));
        } else {
            groups.push(Group { alike, pods: BTreeSet::from([pod]), steps: vec![(place, step)] });
        }
    }
    told.extend(groups.into_iter().flat_map(Group::told));
    told.sort_by_key(|(place, _)| *place);
    told.into_iter().map(|(_, step)| step).collect()
}
