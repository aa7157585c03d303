//! The portal's own index of what it watches: slim objects per namespace, a tree of owners, and the facts of
//! each app. A change marks the apps that it touches; only those are made anew, all others keep their `Arc`.
//!
//! Nothing in here knows the network: the watches feed it, [`crate::publish`] empties it.

mod around;
mod beyond;
mod events;
mod facts;
mod last_ends;
mod ration;
mod space;
mod tree;

use crate::slim::{Slim, What};
pub(crate) use beyond::Classes;
use domain::facts::{ChangedPart, Ingress, IngressRule, MissingReference};
use domain::kubernetes::{Lack, Unwatched};
use domain::view::ClusterHealth;
use domain::{Namespace, UnixMs};
pub(crate) use ration::List;
use service::ports::{NamespaceApps, World};
use space::Space;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Most that is told of what the portal cannot show.
const TOLD: usize = 50;

/// What a watch covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scope {
    /// All namespaces.
    All,
    /// One namespace.
    One(Namespace),
}

/// One watch.
pub(crate) type WatchId = (What, Scope);

/// All that is known.
#[derive(Default)]
pub(crate) struct Index {
    /// Most bytes that are kept of one namespace.
    most: usize,
    spaces: BTreeMap<Namespace, Space>,
    published: BTreeMap<Namespace, Arc<NamespaceApps>>,
    /// The namespaces by their own list. Without it they are those in which there are objects.
    named: Option<BTreeSet<Namespace>>,
    health: ClusterHealth,
    /// What the portal may not read, or the API server does not know.
    lacks: BTreeSet<Lack>,
    /// Namespaces for which there is no room.
    unwatched: Option<Unwatched>,
    /// Services of all namespaces have been listed.
    services_listed: bool,
    /// The ingress classes, where the portal may read them.
    classes: Option<Arc<Classes>>,
    /// Watches without a first list.
    waiting: BTreeSet<WatchId>,
    /// All watches that there will be are known.
    settled: bool,
    /// The watches are cluster-wide.
    all: bool,
    stale: bool,
    version: u64,
}

impl Index {
    /// An index that knows nothing yet, and keeps so many bytes of each namespace.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, stale: true, ..Self::default() }
    }

    fn space(&mut self, namespace: &Namespace) -> &mut Space {
        let most = self.most;
        self.spaces.entry(namespace.clone()).or_insert_with(|| Space::new(namespace.clone(), most))
    }

    /// Makes a namespace known, also while it is empty.
    pub(crate) fn declare(&mut self, namespace: &Namespace) {
        self.space(namespace);
        if let Some(named) = &mut self.named {
            named.insert(namespace.clone());
        }
    }

    /// These are the namespaces, and what a watch still has to say of another one does not bring it back; `None` where
    /// they cannot be listed.
    pub(crate) fn name(&mut self, namespaces: Option<BTreeSet<Namespace>>) {
        self.named = namespaces;
        self.stale = true;
    }

    /// A namespace is gone.
    pub(crate) fn forget(&mut self, namespace: &Namespace) {
        self.spaces.remove(namespace);
        if let Some(named) = &mut self.named {
            named.remove(namespace);
        }
        self.waiting.retain(|(_, scope)| *scope != Scope::One(namespace.clone()));
        self.lacks.retain(|lack| lack.namespace() != Some(namespace));
        self.stale = true;
    }

    /// Names of all known namespaces.
    pub(crate) fn namespaces(&self) -> Vec<Namespace> {
        self.spaces.keys().filter(|ns| is_one(self.named.as_ref(), ns)).cloned().collect()
    }

    /// An object came or changed.
    pub(crate) fn apply(&mut self, namespace: &Namespace, object: Slim) {
        self.stale |= match self.spaces.get_mut(namespace) {
            Some(space) => space.apply(object),
            None => self.space(namespace).apply(object),
        };
    }

    /// An object came or changed that is too large to be kept.
    pub(crate) fn leave(&mut self, namespace: &Namespace, what: What, name: &str) {
        self.space(namespace).leave(what, name);
        self.stale = true;
    }

    /// What the template of an app refers to and what is not there.
    pub(crate) fn miss(&mut self, app: &domain::AppId, missing: Vec<MissingReference>) {
        if let Some(space) = self.spaces.get_mut(&app.namespace) {
            space.miss(app, missing);
        }
    }

    /// What waits in the template of a held app; nothing where it is held no more.
    pub(crate) fn hold(&mut self, app: &domain::AppId, parts: Vec<ChangedPart>) {
        if let Some(space) = self.spaces.get_mut(&app.namespace) {
            space.hold(app, parts);
        }
    }

    /// An object is gone.
    pub(crate) fn delete(&mut self, namespace: &Namespace, what: What, name: &str) {
        if let Some(space) = self.spaces.get_mut(namespace) {
            self.stale |= space.delete(what, name);
        }
    }

    /// A list that comes.
    pub(crate) fn list(&self, what: What) -> List {
        List::new(what, self.most)
    }

    /// A watch has a new whole list: what is not in it was deleted while nobody looked.
    pub(crate) fn reset(&mut self, what: What, scope: &Scope, list: List) {
        let (objects, mut left_out) = list.take();
        if what == What::Services {
            match scope {
                Scope::All => self.services_listed = true,
                Scope::One(namespace) => self.space(namespace).know_services(),
            }
        }
        let mut kept: BTreeMap<&Namespace, HashSet<&str>> = BTreeMap::new();
        for (namespace, object) in &objects {
            kept.entry(namespace).or_default().insert(object.name());
        }
        for (namespace, space) in &mut self.spaces {
            if *scope == Scope::All || *scope == Scope::One(namespace.clone()) {
                space.retain(what, kept.get(namespace));
                self.stale |= space.replace_left_out(what, left_out.remove(namespace).unwrap_or_default());
            }
        }
        for (namespace, object) in objects {
            match self.spaces.get_mut(&namespace) {
                Some(space) => space.apply_listed(object),
                None => self.space(&namespace).apply_listed(object),
            }
        }
        for (namespace, left) in left_out {
            self.stale |= self.space(&namespace).replace_left_out(what, left);
        }
    }

    /// A watch left out objects for which there is room by now, so that a new list would bring more.
    pub(crate) fn wants_list(&self, (what, scope): &WatchId) -> bool {
        match scope {
            Scope::All => self.spaces.values().any(|space| space.wants_more(*what)),
            Scope::One(namespace) => self.spaces.get(namespace).is_some_and(|space| space.wants_more(*what)),
        }
    }

    /// A watch exists and has no list yet.
    pub(crate) fn await_list(&mut self, id: WatchId) {
        self.waiting.insert(id);
    }

    /// A watch has its first list, or never will.
    pub(crate) fn listed(&mut self, id: &WatchId) {
        self.waiting.remove(id);
        self.check_ready();
    }

    /// All watches are known.
    pub(crate) fn settle(&mut self) {
        self.settled = true;
        self.check_ready();
    }

    fn check_ready(&mut self) {
        if self.settled && self.waiting.is_empty() && !self.health.ready {
            self.health.ready = true;
            self.stale = true;
        }
    }

    /// The portal may list objects of all namespaces.
    pub(crate) fn see_all(&mut self) {
        self.all = true;
    }

    /// Whether the watches are cluster-wide.
    pub(crate) const fn sees_all(&self) -> bool {
        self.all
    }

    /// The portal cannot show something.
    pub(crate) fn refuse(&mut self, lack: Lack) {
        if self.lacks.len() < TOLD * What::COUNT {
            self.stale |= self.lacks.insert(lack);
        }
    }

    /// It can show it now.
    pub(crate) fn permit(&mut self, lack: &Lack) {
        self.stale |= self.lacks.remove(lack);
    }

    /// Namespaces for which there is no room.
    pub(crate) fn set_unwatched(&mut self, unwatched: Option<Unwatched>) {
        self.stale |= self.unwatched != unwatched;
        self.unwatched = unwatched;
    }

    /// Changes what is known of the server.
    pub(crate) fn health(&mut self, change: impl FnOnce(&mut ClusterHealth)) {
        let before = self.health.clone();
        change(&mut self.health);
        self.stale |= before != self.health;
    }

    /// The ingress classes; `None` where they may not be read.
    pub(crate) fn set_classes(&mut self, classes: Option<Classes>) {
        if self.classes.as_deref() != classes.as_ref() {
            self.classes = classes.map(Arc::new);
        }
    }

    /// Secrets that ingresses name and that do not exist.
    pub(crate) fn set_lost_secrets(&mut self, lost: &BTreeMap<Namespace, BTreeSet<String>>) {
        for (namespace, space) in &mut self.spaces {
            space.set_lost_secrets(lost.get(namespace).cloned().unwrap_or_default());
        }
    }

    /// Secrets that ingresses name, so many at most.
    pub(crate) fn secrets_of_ingresses(&self, most: usize) -> BTreeSet<(Namespace, String)> {
        self.spaces.iter().flat_map(|(ns, space)| space.secrets_of_ingresses().into_iter().map(move |name| (ns.clone(), name))).take(most).collect()
    }

    /// Whether there is any ingress.
    pub(crate) fn has_ingresses(&self) -> bool {
        self.spaces.values().any(|space| !space.ingresses.is_empty())
    }

    /// Since when a namespace is being deleted.
    pub(crate) fn set_ending(&mut self, namespace: &Namespace, at: Option<UnixMs>) {
        if let Some(space) = self.spaces.get_mut(namespace) {
            space.set_ending(at);
        }
    }

    /// Which service has this node port: its namespace and name.
    pub(crate) fn node_port(&self, port: u16) -> Option<(Namespace, String)> {
        self.spaces.iter().find_map(|(ns, space)| Some((ns.clone(), space.node_port(port)?.to_owned())))
    }

    /// Whether pods stand behind a service of this name.
    pub(crate) fn has_endpoints(&self, namespace: &Namespace, service: &str) -> bool {
        self.spaces.get(namespace).is_some_and(|space| space.endpoints(service) != (0, 0))
    }

    /// Each rule of each ingress that is watched, with its namespace.
    pub(crate) fn ingress_rules(&self) -> impl Iterator<Item = (&Namespace, &Ingress, &IngressRule)> {
        self.spaces.iter().flat_map(|(ns, space)| space.ingresses.values().flat_map(move |i| i.rules.iter().map(move |r| (ns, &**i, r))))
    }

    /// What the portal cannot show; of a namespace in which it may see nothing, that instead of each resource.
    fn told(&self) -> Vec<Lack> {
        let (mut all, mut by_namespace) = (Vec::new(), BTreeMap::<&Namespace, Vec<&Lack>>::new());
        for lack in &self.lacks {
            match lack.namespace() {
                Some(namespace) => by_namespace.entry(namespace).or_default().push(lack),
                None => all.push(lack.clone()),
            }
        }
        all.extend(self.unwatched.clone().map(Lack::Unwatched));
        for (namespace, lacks) in by_namespace {
            if lacks.len() == What::COUNT {
                all.push(Lack::All(namespace.clone()));
            } else {
                all.extend(lacks.into_iter().cloned());
            }
        }
        for (namespace, space) in self.spaces.iter().filter(|(ns, _)| is_one(self.named.as_ref(), ns)) {
            all.extend(space.left_out(namespace).map(Lack::LeftOut).take(TOLD));
        }
        all.truncate(TOLD);
        all
    }

    /// A new world, if anything changed since the last one.
    pub(crate) fn publish(&mut self, now: UnixMs) -> Option<Arc<World>> {
        let mut changed = std::mem::take(&mut self.stale);
        for (namespace, space) in self.spaces.iter_mut().filter(|(ns, _)| is_one(self.named.as_ref(), ns)) {
            let old = self.published.get(namespace);
            space.set_classes(self.classes.as_ref());
            if self.services_listed {
                space.know_services();
            }
            space.look_for_lost();
            if let Some(apps) = space.publish(old.map(|a| &**a), now) {
                self.published.insert(namespace.clone(), Arc::new(apps));
                changed = true;
            }
        }
        let known = self.published.len();
        self.published.retain(|namespace, _| self.spaces.contains_key(namespace) && is_one(self.named.as_ref(), namespace));
        if !changed && known == self.published.len() {
            return None;
        }
        self.version += 1;
        let (namespaces, health) = (self.published.clone(), self.health.clone());
        Some(Arc::new(World { namespaces, health, lacks: self.told(), version: self.version }))
    }
}

fn is_one(named: Option<&BTreeSet<Namespace>>, namespace: &Namespace) -> bool {
    named.is_none_or(|named| named.contains(namespace))
}

#[cfg(test)]
mod tests;
