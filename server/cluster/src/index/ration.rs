//! How much of one namespace is kept, so that no tenant can make the portal grow; and what is left out for that, to be told.

use super::events::Events;
use crate::slim::{Slim, What};
use domain::facts::{LeftOut, Limit};
use domain::{Bytes, Namespace};
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Most objects that are left out and counted.
const COUNTED: usize = 100_000;

/// Sixty-fourths of a namespace's bytes that the objects of a resource may take.
const fn share(what: What) -> usize {
    match what {
        What::Pods => 23,
        What::Deployments | What::ReplicaSets | What::Events => 8,
        What::Jobs => 4,
        What::StatefulSets | What::CronJobs | What::Services => 2,
        What::EndpointSlices => 2,
        What::DaemonSets | What::Ingresses | What::Claims | What::Autoscalers | What::NetworkPolicies => 1,
    }
}

/// Most bytes of the objects of a resource, where a namespace has so many in all.
pub(super) const fn most(what: What, of_namespace: usize) -> usize {
    of_namespace / 64 * share(what)
}

/// Objects that are left out.
#[derive(Clone, Debug, Default)]
struct Names {
    first: String,
    hashes: HashSet<u64>,
}

impl Names {
    fn add(&mut self, name: &str) {
        if self.hashes.len() < COUNTED && self.hashes.insert(hash(name)) && self.hashes.len() == 1 {
            name.clone_into(&mut self.first);
        }
    }

    fn has(&self, name: &str) -> bool {
        !self.hashes.is_empty() && self.hashes.contains(&hash(name))
    }

    fn remove(&mut self, name: &str) -> bool {
        self.hashes.remove(&hash(name))
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// What is kept and what is left out of the objects of one resource in one namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct Ration {
    bytes: usize,
    large: Names,
    more: Names,
}

impl Ration {
    /// An object of `old` bytes, or none, becomes one of `new`; false where there is no room for it.
    pub(super) fn take(&mut self, name: &str, old: usize, new: usize, most: usize) -> bool {
        let fits = new <= old || self.bytes - old.min(self.bytes) + new <= most;
        self.forget(name);
        if fits {
            self.swap(old, new);
        } else {
            self.more.add(name);
        }
        fits
    }

    /// The same, room or not.
    pub(super) fn swap(&mut self, old: usize, new: usize) {
        self.bytes = self.bytes.saturating_sub(old) + new;
    }

    /// An object is too large to be kept.
    pub(super) fn leave(&mut self, name: &str) {
        self.large.add(name);
    }

    /// An object is gone, or kept after all; whether it was left out.
    pub(super) fn forget(&mut self, name: &str) -> bool {
        self.large.remove(name) | self.more.remove(name)
    }

    /// Takes over what a new list left out.
    pub(super) fn replace_left_out(&mut self, of: Self) -> bool {
        let changed = !self.large.hashes.is_empty() || !self.more.hashes.is_empty() || !of.large.hashes.is_empty() || !of.more.hashes.is_empty();
        (self.large, self.more) = (of.large, of.more);
        changed
    }

    /// Whether an object of this name is left out.
    pub(super) fn is_left_out(&self, name: &str) -> bool {
        self.large.has(name) || self.more.has(name)
    }

    /// Something is left out for which there is room by now.
    pub(super) fn wants_more(&self, most: usize) -> bool {
        !self.more.hashes.is_empty() && self.bytes < most / 4 * 3
    }

    /// What is left out.
    pub(super) fn left_out<'a>(&'a self, what: What, namespace: &'a Namespace, most: usize, of_namespace: usize) -> impl Iterator<Item = LeftOut> + 'a {
        let of_object = Limit::Object { most: Bytes(crate::slim::LIMITS.object as u64) };
        let of_namespace = Limit::Namespace { most: Bytes(most as u64), of_all: Bytes(of_namespace as u64) };
        let all = [(&self.large, of_object), (&self.more, of_namespace)].into_iter().filter(|(names, _)| !names.hashes.is_empty());
        all.map(move |(names, limit)| LeftOut {
            resource: what.resource(),
            namespace: namespace.clone(),
            count: names.hashes.len(),
            such_as: names.first.clone(),
            limit,
        })
    }
}

/// A list of a resource while it comes, within the bounds of each namespace.
#[derive(Default)]
pub(crate) struct List {
    most: usize,
    objects: Vec<(Namespace, Slim)>,
    events: BTreeMap<Namespace, Events>,
    rations: BTreeMap<Namespace, Ration>,
}

impl List {
    /// An empty one; each namespace may keep so many bytes of it.
    pub(super) fn new(what: What, of_namespace: usize) -> Self {
        Self { most: most(what, of_namespace), ..Self::default() }
    }

    /// Adds an object as far as there is room.
    pub(crate) fn add(&mut self, namespace: &Namespace, object: Slim) {
        if let Slim::Event(event) = object {
            let most = self.most;
            self.events.entry(namespace.clone()).or_insert_with(|| Events::new(most)).apply(event);
            return;
        }
        let (weight, most) = (object.weight(), self.most);
        if self.ration(namespace).take(object.name(), 0, weight, most) {
            self.objects.push((namespace.clone(), object));
        }
    }

    /// Notes an object that is too large.
    pub(crate) fn leave(&mut self, namespace: &Namespace, name: &str) {
        self.ration(namespace).leave(name);
    }

    fn ration(&mut self, namespace: &Namespace) -> &mut Ration {
        self.rations.entry(namespace.clone()).or_default()
    }

    /// The objects, and what was left out per namespace.
    pub(super) fn take(self) -> (Vec<(Namespace, Slim)>, BTreeMap<Namespace, Ration>) {
        let mut objects = self.objects;
        for (namespace, events) in self.events {
            objects.extend(events.all().map(|event| (namespace.clone(), Slim::Event(event))));
        }
        (objects, self.rations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_are_the_whole() {
        let all = [What::Deployments, What::StatefulSets, What::DaemonSets, What::ReplicaSets, What::Jobs, What::CronJobs];
        let rest = [What::Pods, What::Services, What::EndpointSlices, What::Ingresses, What::Claims, What::Events, What::Autoscalers, What::NetworkPolicies];
        assert_eq!(all.into_iter().chain(rest).map(share).sum::<usize>(), 64);
        assert_eq!(all.len() + rest.len(), What::COUNT);
    }

    #[test]
    fn what_grows_beyond_its_share_is_left_out_and_what_shrinks_stays() {
        let mut ration = Ration::default();
        assert!(ration.take("a", 0, 60, 100) && ration.take("b", 0, 40, 100));
        assert!(!ration.take("c", 0, 1, 100), "full");
        assert!(ration.take("a", 60, 50, 100) && ration.take("c", 0, 10, 100));
        assert!(!ration.take("b", 40, 41, 100));
        assert!(ration.is_left_out("b") && !ration.is_left_out("c") && !ration.wants_more(100));
        ration.swap(40, 0);
        assert!(ration.wants_more(100), "60 of 100 are taken");
    }
}
