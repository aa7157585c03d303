//! Pods and replica sets: which pod stands below its owner, and which is an app of its own.

use super::{Space, place};
use crate::index::tree::Item;
use crate::slim::{SlimPod, SlimSet, apart};
use domain::facts::Workload;
use domain::{AppId, Kind, WorkloadName};
use std::sync::Arc;

/// Where the pods of an owner stand that are apps of their own, beside those that are not.
fn beside(owner: &str) -> String {
    format!("beside {owner}")
}

impl Space {
    pub(super) fn apply_set(&mut self, set: SlimSet) {
        let old = self.sets.get(&set.facts.name);
        if old == Some(&set) {
            return;
        }
        let same_place = old.is_some_and(|old| old.uid == set.uid && old.owner.is_some() == set.owner.is_some());
        if let Some(gone) = old.filter(|old| old.uid != set.uid).map(|old| old.uid.clone()) {
            self.bury(&gone);
        }
        let (uid, owned) = (set.uid.clone(), set.owner.is_some());
        // Where it loses its deployment, that one loses the pods.
        self.touch(&uid);
        self.tree.insert(&uid, Item::Set(set.facts.name.clone()), set.owner.as_deref());
        self.touch(&uid);
        self.sets.insert(set.facts.name.clone(), set);
        if !same_place {
            self.place_pods_of(&uid, owned);
        }
    }

    /// Pods of a replica set without a deployment stand for themselves, and those of others below it.
    fn place_pods_of(&mut self, set: &str, owned: bool) {
        let from = if owned { beside(set) } else { set.to_owned() };
        let mut names: Vec<String> = Vec::new();
        self.tree.walk(&from, &mut |_, item| {
            if let Item::Pod(name) = item {
                names.push(name.clone());
            }
        });
        for name in names {
            self.place_pod(&name);
        }
    }

    pub(super) fn apply_pod(&mut self, pod: SlimPod) {
        let old = self.pods.get(&pod.facts.name);
        if old == Some(&pod) {
            return;
        }
        if let Some(gone) = old.filter(|old| old.facts.uid != pod.facts.uid).map(|old| old.facts.uid.clone()) {
            self.bury(&gone);
        }
        let uid = pod.facts.uid.clone();
        // A pod can be released from its owner; the former owner's app loses it.
        self.touch(&uid);
        let name = pod.facts.name.clone();
        self.pods.insert(name.clone(), pod);
        self.place_pod(&name);
    }

    /// Puts a pod below its owner, or below itself as an app of its own.
    fn place_pod(&mut self, name: &str) {
        let Some(pod) = self.pods.get(name) else { return };
        let (uid, single) = (pod.facts.uid.clone(), self.single(pod));
        let owner = single.as_ref().map(|w| place(w).into_owned()).or_else(|| pod.owner.clone());
        let beside = pod.owner.as_deref().map(beside);
        self.touch(&uid);
        let before = self.single_id(name).and_then(|id| self.workloads.get(&id)).map(|w| w.uid.clone());
        if before.is_some() && before.as_deref() != single.as_ref().map(|w| w.uid.as_str()) {
            self.remove_single(name);
        }
        if let Some(w) = single {
            self.tree.insert(&place(&w), Item::App(w.id.clone()), beside.as_deref());
            self.keep_workload(w);
        }
        self.tree.insert(&uid, Item::Pod(name.to_owned()), owner.as_deref());
        self.touch(&uid);
    }

    /// A pod that was an app of its own is none any more.
    pub(super) fn remove_single(&mut self, pod: &str) {
        let Some(w) = self.single_id(pod).and_then(|id| self.workloads.remove(&id)) else { return };
        self.bury(&place(&w));
        self.missing.remove(&w.id);
        self.held.remove(&w.id);
        self.dirty.insert(w.id.clone());
        self.touch_around(&w.id);
    }

    /// The pod of this name as an app of its own.
    fn single_id(&self, pod: &str) -> Option<AppId> {
        let name = WorkloadName::parse(pod).ok()?;
        Some(AppId { namespace: self.namespace.clone(), kind: Kind::Pod, name })
    }

    /// The workload as which a pod stands for itself. A replica set tells more than the pod: whether it is a deployment's.
    fn single(&self, pod: &SlimPod) -> Option<Arc<Workload>> {
        let set = pod.facts.owner.as_deref().and_then(|name| self.sets.get(name)).filter(|set| pod.owner.as_ref() == Some(&set.uid));
        match set.map(|set| set.owner.is_some()) {
            Some(true) => None,
            // What was not weighed is not made.
            Some(false) if pod.apart > 0 => apart(&self.namespace, pod).map(Arc::new),
            // Its set is gone, and nobody has adopted it: it stays what it was, also while it ends.
            None if pod.apart > 0 && self.stands_for_itself(pod) => apart(&self.namespace, pod).map(Arc::new),
            Some(false) | None => pod.single.clone(),
        }
    }

    fn stands_for_itself(&self, pod: &SlimPod) -> bool {
        self.single_id(&pod.facts.name).and_then(|id| self.workloads.get(&id)).is_some_and(|w| w.uid == pod.facts.uid)
    }
}
