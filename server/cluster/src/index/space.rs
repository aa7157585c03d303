//! One namespace of the index.

mod pods;

use super::beyond::Beyond;
use super::events::Events;
use super::last_ends::LastEnds;
use super::ration::{self, Ration};
use super::tree::{Item, Tree};
use crate::contain_panic::contained;
use crate::slim::{Run, Slice, Slim, SlimClaim, SlimEvent, SlimPod, SlimPolicy, SlimSet, What};
use domain::facts::{Autoscaler, ChangedPart, Ingress, Labels, LeftOut, MissingReference, Service, Workload};
use domain::kubernetes::words::ObjectKind;
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use service::ports::NamespaceApps;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What is known of a namespace.
pub(super) struct Space {
    namespace: Namespace,
    /// Most bytes that are kept of it.
    most: usize,
    rations: BTreeMap<What, Ration>,
    pub(super) workloads: BTreeMap<AppId, Arc<Workload>>,
    pub(super) sets: HashMap<String, SlimSet>,
    pub(super) runs: HashMap<String, Run>,
    pub(super) pods: HashMap<String, SlimPod>,
    pub(super) services: BTreeMap<String, Arc<Service>>,
    pub(super) slices: HashMap<String, Slice>,
    pub(super) ingresses: BTreeMap<String, Arc<Ingress>>,
    pub(super) claims: BTreeMap<String, SlimClaim>,
    pub(super) autoscalers: BTreeMap<String, Arc<Autoscaler>>,
    pub(super) policies: BTreeMap<String, SlimPolicy>,
    pub(super) events: Events,
    pub(super) last_ends: LastEnds,
    pub(super) missing: HashMap<AppId, Arc<Vec<MissingReference>>>,
    pub(super) held: HashMap<AppId, Arc<Vec<ChangedPart>>>,
    pub(super) tree: Tree,
    pub(super) beyond: Beyond,
    pub(super) dirty: BTreeSet<AppId>,
}

/// Keeps what was looked up of an app; false where that is what was known.
fn keep<T: PartialEq>(known: &mut HashMap<AppId, Arc<Vec<T>>>, app: &AppId, found: Vec<T>) -> bool {
    if known.get(app).map_or(found.is_empty(), |before| **before == found) {
        return false;
    }
    match found.is_empty() {
        true => known.remove(app),
        false => known.insert(app.clone(), Arc::new(found)),
    };
    true
}

/// Whether all labels of a selector stand on something.
pub(super) fn selects(selector: &Labels, labels: &Labels) -> bool {
    !selector.is_empty() && selector.iter().all(|(k, v)| labels.get(k) == Some(v))
}

/// Where an app stands in the tree. A pod that is an app of its own stands there as a pod, below itself as an app.
pub(super) fn place(workload: &Workload) -> Cow<'_, str> {
    if workload.id.kind == Kind::Pod { Cow::Owned(format!("app {}", workload.uid)) } else { Cow::Borrowed(&workload.uid) }
}

const fn kind_of(what: What) -> Option<Kind> {
    match what {
        What::Deployments => Some(Kind::Deployment),
        What::StatefulSets => Some(Kind::StatefulSet),
        What::DaemonSets => Some(Kind::DaemonSet),
        What::Jobs => Some(Kind::Job),
        What::CronJobs => Some(Kind::CronJob),
        What::ReplicaSets
        | What::Pods
        | What::Services
        | What::EndpointSlices
        | What::Ingresses
        | What::Claims
        | What::Events
        | What::Autoscalers
        | What::NetworkPolicies => None,
    }
}

impl Space {
    /// Nothing is known yet; so many bytes are kept.
    pub(super) fn new(namespace: Namespace, most: usize) -> Self {
        Self {
            namespace,
            most,
            rations: BTreeMap::new(),
            workloads: BTreeMap::new(),
            sets: HashMap::new(),
            runs: HashMap::new(),
            pods: HashMap::new(),
            services: BTreeMap::new(),
            slices: HashMap::new(),
            ingresses: BTreeMap::new(),
            claims: BTreeMap::new(),
            events: Events::new(ration::most(What::Events, most)),
            last_ends: LastEnds::default(),
            missing: HashMap::new(),
            held: HashMap::new(),
            tree: Tree::default(),
            autoscalers: BTreeMap::new(),
            policies: BTreeMap::new(),
            beyond: Beyond::default(),
            dirty: BTreeSet::new(),
        }
    }

    /// An object came or changed. Where there is no room for it, what it was before is not kept either. Tells whether there
    /// is more or less to tell about what is left out.
    pub(super) fn apply(&mut self, object: Slim) -> bool {
        let what = object.what();
        // Events make room by themselves.
        if what == What::Events {
            self.put(object);
            return false;
        }
        let (old, new) = (self.weight(&object), object.weight());
        let ration = self.rations.entry(what).or_default();
        let was = ration.is_left_out(object.name());
        if ration.take(object.name(), old, new, ration::most(what, self.most)) {
            self.put(object);
            return was;
        }
        self.remove(what, object.name());
        if let Some(ration) = self.rations.get_mut(&what) {
            ration.swap(old, 0);
        }
        true
    }

    /// Puts an object of a new list in its place, for which there is room.
    pub(super) fn apply_listed(&mut self, object: Slim) {
        let (old, new) = (self.weight(&object), object.weight());
        self.rations.entry(object.what()).or_default().swap(old, new);
        self.put(object);
    }

    /// An object is too large to be kept.
    pub(super) fn leave(&mut self, what: What, name: &str) {
        self.delete(what, name);
        self.rations.entry(what).or_default().leave(name);
    }

    /// What a new list of a resource left out takes the place of what was left out before. Tells whether there was or is any.
    pub(super) fn replace_left_out(&mut self, what: What, left: Ration) -> bool {
        self.rations.entry(what).or_default().replace_left_out(left)
    }

    /// What is left out, by resource.
    pub(super) fn left_out<'a>(&'a self, namespace: &'a Namespace) -> impl Iterator<Item = LeftOut> + 'a {
        self.rations.iter().flat_map(move |(what, ration)| ration.left_out(*what, namespace, ration::most(*what, self.most), self.most))
    }

    /// Objects of a resource are left out for which there is room by now.
    pub(super) fn wants_more(&self, what: What) -> bool {
        self.rations.get(&what).is_some_and(|ration| ration.wants_more(ration::most(what, self.most)))
    }

    /// Bytes of the object whose place this one takes; 0 where there is none.
    fn weight(&self, of: &Slim) -> usize {
        let old = match of {
            Slim::Workload(w) => self.workloads.get(&w.id).cloned().map(Slim::Workload),
            Slim::Run(r) => self.runs.get(&r.name).cloned().map(Slim::Run),
            Slim::Set(s) => self.sets.get(&s.facts.name).cloned().map(Slim::Set),
            Slim::Pod(p) => self.pods.get(&p.facts.name).cloned().map(Slim::Pod),
            Slim::Service(s) => self.services.get(&s.name).cloned().map(Slim::Service),
            Slim::Slice(s) => self.slices.get(&s.name).cloned().map(Slim::Slice),
            Slim::Ingress(i) => self.ingresses.get(&i.name).cloned().map(Slim::Ingress),
            Slim::Claim(c) => self.claims.get(&c.facts.name).cloned().map(Slim::Claim),
            Slim::Autoscaler(a) => self.autoscalers.get(&a.name).cloned().map(Slim::Autoscaler),
            Slim::Policy(p) => self.policies.get(&p.facts.name).cloned().map(Slim::Policy),
            Slim::Event(_) => None,
        };
        old.map_or(0, |old| old.weight())
    }

    /// What the template of an app refers to and what is not there.
    pub(super) fn miss(&mut self, app: &AppId, missing: Vec<MissingReference>) {
        if self.workloads.contains_key(app) && keep(&mut self.missing, app, missing) {
            self.dirty.insert(app.clone());
        }
    }

    /// What waits in the template of a held app; nothing where it is held no more.
    pub(super) fn hold(&mut self, app: &AppId, parts: Vec<ChangedPart>) {
        if self.workloads.contains_key(app) && keep(&mut self.held, app, parts) {
            self.dirty.insert(app.clone());
        }
    }

    fn is_job(&self, uid: &str) -> bool {
        self.tree.app(uid).is_some_and(|id| matches!(id.kind, Kind::Job | Kind::CronJob))
    }

    fn put(&mut self, object: Slim) {
        match object {
            Slim::Workload(w) => self.apply_workload(w),
            Slim::Run(run) => self.apply_run(run),
            Slim::Set(set) => self.apply_set(set),
            Slim::Pod(pod) => self.apply_pod(pod),
            Slim::Service(service) => self.apply_service(service),
            Slim::Slice(slice) => self.apply_slice(slice),
            Slim::Ingress(ingress) => self.apply_ingress(ingress),
            Slim::Claim(claim) => self.apply_claim(claim),
            Slim::Autoscaler(autoscaler) => self.apply_autoscaler(autoscaler),
            Slim::Policy(policy) => self.apply_policy(policy),
            Slim::Event(event) => {
                let (uid, kind) = (event.facts.uid.clone(), event.facts.kind.clone());
                if self.events.apply(event) {
                    self.touch_event(&uid, &kind);
                }
            }
        }
    }

    /// An object is gone. Tells whether it was one that was left out.
    pub(super) fn delete(&mut self, what: What, name: &str) -> bool {
        let freed = self.remove(what, name);
        self.rations.get_mut(&what).is_some_and(|ration| {
            ration.swap(freed, 0);
            ration.forget(name)
        })
    }

    /// Takes an object out; how many bytes it had.
    fn remove(&mut self, what: What, name: &str) -> usize {
        let gone = match what {
            What::Deployments | What::StatefulSets | What::DaemonSets | What::CronJobs => self.remove_workload(what, name).map(Slim::Workload),
            What::Jobs => self.remove_workload(what, name).map(Slim::Workload).or_else(|| self.runs.remove(name).map(Slim::Run)),
            What::ReplicaSets => self.sets.remove(name).map(Slim::Set),
            What::Pods => self.pods.remove(name).map(Slim::Pod),
            What::Services => self.services.remove(name).map(Slim::Service),
            What::EndpointSlices => self.slices.remove(name).map(Slim::Slice),
            What::Ingresses => self.ingresses.remove(name).map(Slim::Ingress),
            What::Claims => self.claims.remove(name).map(Slim::Claim),
            What::Autoscalers => self.autoscalers.remove(name).map(Slim::Autoscaler),
            What::NetworkPolicies => self.policies.remove(name).map(Slim::Policy),
            What::Events => self.events.delete(name).map(|facts| Slim::Event(SlimEvent { name: name.to_owned(), facts })),
        };
        let Some(gone) = gone else { return 0 };
        match &gone {
            Slim::Workload(w) => {
                self.bury(&w.uid);
                self.missing.remove(&w.id);
                self.held.remove(&w.id);
                self.dirty.insert(w.id.clone());
                self.touch_around(&w.id);
            }
            Slim::Run(run) => self.bury(&run.uid),
            Slim::Set(set) => self.bury(&set.uid),
            Slim::Pod(pod) => {
                // Pods of jobs are owned by them, and those of deployments by replica sets, which have others.
                if let Some(job) = pod.owner.as_deref().filter(|job| self.is_job(job)) {
                    self.last_ends.remember(job, &pod.facts);
                }
                self.bury(&pod.facts.uid);
                self.remove_single(name);
            }
            Slim::Service(old) => {
                self.beyond.stale = true;
                self.beyond.renamed = true;
                self.touch_service(old);
                self.touch_ingresses_to(name);
            }
            Slim::Slice(old) => {
                self.beyond.stale = true;
                self.touch_service_name(&old.service);
            }
            Slim::Ingress(old) => {
                self.beyond.renamed = true;
                self.touch_ingress(old);
            }
            Slim::Claim(_) => self.touch_claim(name),
            Slim::Autoscaler(old) => {
                self.beyond.renamed = true;
                self.touch_autoscaler(old);
            }
            Slim::Policy(old) => self.touch_policy(old),
            Slim::Event(old) => self.touch_event(&old.facts.uid, &old.facts.kind),
        }
        gone.weight()
    }

    /// Deletes all of a resource that is not in a new list.
    pub(super) fn retain(&mut self, what: What, kept: Option<&HashSet<&str>>) {
        let workloads = || self.workloads.keys().filter(|id| Some(id.kind) == kind_of(what)).map(|id| id.name.as_str().to_owned());
        let names: Vec<String> = match what {
            What::Jobs => workloads().chain(self.runs.keys().cloned()).collect(),
            What::Deployments | What::StatefulSets | What::DaemonSets | What::CronJobs => workloads().collect(),
            What::ReplicaSets => self.sets.keys().cloned().collect(),
            What::Pods => self.pods.keys().cloned().collect(),
            What::Services => self.services.keys().cloned().collect(),
            What::EndpointSlices => self.slices.keys().cloned().collect(),
            What::Ingresses => self.ingresses.keys().cloned().collect(),
            What::Claims => self.claims.keys().cloned().collect(),
            What::Autoscalers => self.autoscalers.keys().cloned().collect(),
            What::NetworkPolicies => self.policies.keys().cloned().collect(),
            What::Events => self.events.names().cloned().collect(),
        };
        for name in names {
            if kept.is_none_or(|k| !k.contains(name.as_str())) {
                self.delete(what, &name);
            }
        }
    }

    fn apply_workload(&mut self, w: Arc<Workload>) {
        let old = self.workloads.get(&w.id);
        if old.is_some_and(|old| *old == w) {
            return;
        }
        if let Some(gone) = old.filter(|old| old.uid != w.uid).map(|old| old.uid.clone()) {
            self.bury(&gone);
        }
        self.tree.insert(&w.uid, Item::App(w.id.clone()), None);
        self.keep_workload(w);
    }

    fn keep_workload(&mut self, w: Arc<Workload>) {
        let id = w.id.clone();
        let before = self.workloads.insert(id.clone(), w.clone());
        if before.is_none_or(|before| before.template_labels != w.template_labels) {
            self.touch_around(&id);
        }
        self.dirty.insert(id);
    }

    fn remove_workload(&mut self, what: What, name: &str) -> Option<Arc<Workload>> {
        let (kind, name) = (kind_of(what)?, WorkloadName::parse(name).ok()?);
        self.workloads.remove(&AppId { namespace: self.namespace.clone(), kind, name })
    }

    fn apply_run(&mut self, run: Run) {
        let old = self.runs.get(&run.name);
        if old == Some(&run) {
            return;
        }
        if let Some(gone) = old.filter(|old| old.uid != run.uid).map(|old| old.uid.clone()) {
            self.bury(&gone);
        }
        self.tree.insert(&run.uid, Item::Run(run.name.clone()), Some(&run.owner));
        self.touch(&run.uid);
        self.runs.insert(run.name.clone(), run);
    }

    fn apply_service(&mut self, service: Arc<Service>) {
        match self.services.insert(service.name.clone(), service.clone()) {
            Some(old) if old == service => return,
            Some(old) => self.touch_service(&old),
            None => {
                self.beyond.renamed = true;
                self.touch_ingresses_to(&service.name);
            }
        }
        self.beyond.stale = true;
        self.touch_service(&service);
    }

    fn apply_slice(&mut self, slice: Slice) {
        let service = slice.service.clone();
        let empty = |s: &Slice| s.ready + s.unready == 0;
        let before = self.slices.get(&slice.name).map(empty);
        self.beyond.stale |= before != Some(empty(&slice));
        match self.slices.insert(slice.name.clone(), slice.clone()) {
            Some(old) if old == slice => return,
            Some(old) if old.service != service => self.touch_service_name(&old.service),
            _ => {}
        }
        self.touch_service_name(&service);
    }

    fn apply_ingress(&mut self, ingress: Arc<Ingress>) {
        let services = |i: &Ingress| i.rules.iter().map(|r| r.service.clone()).collect::<BTreeSet<_>>();
        match self.ingresses.insert(ingress.name.clone(), ingress.clone()) {
            Some(old) if old == ingress => return,
            Some(old) => {
                self.beyond.renamed |= services(&old) != services(&ingress);
                self.touch_ingress(&old);
            }
            None => self.beyond.renamed = true,
        }
        self.touch_ingress(&ingress);
    }

    fn apply_claim(&mut self, claim: SlimClaim) {
        let name = claim.facts.name.clone();
        if self.claims.insert(name.clone(), claim.clone()).is_none_or(|old| old != claim) {
            self.touch_claim(&name);
        }
    }

    fn apply_autoscaler(&mut self, autoscaler: Arc<Autoscaler>) {
        match self.autoscalers.insert(autoscaler.name.clone(), autoscaler.clone()) {
            Some(old) if old == autoscaler => return,
            Some(old) => {
                // What it complains of changes more often than what it scales.
                self.beyond.renamed |= (&old.target_kind, &old.target) != (&autoscaler.target_kind, &autoscaler.target);
                self.touch_autoscaler(&old);
            }
            None => self.beyond.renamed = true,
        }
        self.touch_autoscaler(&autoscaler);
    }

    fn apply_policy(&mut self, policy: SlimPolicy) {
        match self.policies.insert(policy.facts.name.clone(), policy.clone()) {
            Some(old) if old == policy => return,
            Some(old) => self.touch_policy(&old),
            None => {}
        }
        self.touch_policy(&policy);
    }

    fn bury(&mut self, uid: &str) {
        self.touch(uid);
        if let Some(forgotten) = self.tree.bury(uid) {
            self.events.forget(&forgotten);
        }
    }

    fn touch(&mut self, uid: &str) {
        if let Some(id) = self.tree.app(uid) {
            self.dirty.insert(id.clone());
        }
    }

    fn touch_event(&mut self, uid: &str, kind: &ObjectKind) {
        self.touch(uid);
        match kind {
            ObjectKind::PersistentVolumeClaim => {
                if let Some(name) = self.claims.values().find(|c| c.uid == uid).map(|c| c.facts.name.clone()) {
                    self.touch_claim(&name);
                }
            }
            ObjectKind::Service => {
                if let Some(service) = self.services.values().find(|s| s.uid == uid).cloned() {
                    self.touch_service(&service);
                }
            }
            ObjectKind::Ingress => {
                if let Some(ingress) = self.ingresses.values().find(|i| i.uid == uid).cloned() {
                    self.touch_ingress(&ingress);
                }
            }
            ObjectKind::HorizontalPodAutoscaler => {
                if let Some(autoscaler) = self.autoscalers.values().find(|a| a.uid == uid).cloned() {
                    self.touch_autoscaler(&autoscaler);
                }
            }
            // Of those that are or own pods the tree knows the app.
            ObjectKind::CronJob
            | ObjectKind::DaemonSet
            | ObjectKind::Deployment
            | ObjectKind::Job
            | ObjectKind::Pod
            | ObjectKind::ReplicaSet
            | ObjectKind::StatefulSet
            | ObjectKind::Other(_) => {}
        }
    }

    fn touch_service(&mut self, service: &Service) {
        let touched = self.workloads.values().filter(|w| w.id.name.as_str() == service.name || selects(&service.selector, &w.template_labels));
        self.dirty.extend(touched.map(|w| w.id.clone()));
    }

    fn touch_service_name(&mut self, name: &str) {
        if let Some(service) = self.services.get(name).cloned() {
            self.touch_service(&service);
        }
    }

    pub(super) fn touch_ingress(&mut self, ingress: &Ingress) {
        for rule in &ingress.rules {
            self.touch_service_name(&rule.service);
        }
        let named = self.workloads.keys().filter(|id| id.name.as_str() == ingress.name);
        let apps: Vec<_> = named.chain(self.meant_by(ingress)).cloned().collect();
        self.dirty.extend(apps);
    }

    /// A rule that led nowhere leads to a service now, or the other way round.
    fn touch_ingresses_to(&mut self, service: &str) {
        let touched: Vec<_> = self.ingresses.values().filter(|i| i.rules.iter().any(|r| r.service == service)).cloned().collect();
        touched.iter().for_each(|ingress| self.touch_ingress(ingress));
    }

    fn touch_claim(&mut self, name: &str) {
        let uses = |claims: &[String]| claims.iter().any(|c| c == name);
        let by_template = self.workloads.values().filter(|w| uses(&w.claims)).map(|w| w.id.clone());
        let by_pod = self.pods.values().filter(|p| uses(&p.claims)).filter_map(|p| self.tree.app(&p.facts.uid).cloned());
        let touched: Vec<_> = by_template.chain(by_pod).collect();
        self.dirty.extend(touched);
    }

    /// Name of the service that has this node port.
    pub(super) fn node_port(&self, port: u16) -> Option<&str> {
        let has = |s: &&Arc<Service>| s.ports.iter().any(|p| p.node_port == Some(port));
        self.services.values().find(has).map(|s| s.name.as_str())
    }

    /// The apps anew, if any of them changed.
    pub(super) fn publish(&mut self, old: Option<&NamespaceApps>, now: UnixMs) -> Option<NamespaceApps> {
        if self.dirty.is_empty() && old.is_some() {
            return None;
        }
        let mut changes = Vec::new();
        for id in std::mem::take(&mut self.dirty) {
            let before = old.and_then(|o| o.apps.get(&id));
            let Some(facts) = contained(&id, || self.facts(&id, now)) else { continue };
            match facts {
                Some(facts) if before.is_none_or(|b| **b != facts) => changes.push((id, Some(Arc::new(facts)))),
                None if before.is_some() => changes.push((id, None)),
                _ => {}
            }
        }
        if changes.is_empty() && old.is_some() {
            return None;
        }
        let mut next = old.cloned().unwrap_or_default();
        for (id, facts) in changes {
            match facts {
                Some(facts) => next.apps.insert(id, facts),
                None => next.apps.remove(&id),
            };
        }
        Some(next)
    }
}
