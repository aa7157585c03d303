//! What stands around the apps of a namespace: autoscalers, network policies, ingress classes, and what leads nowhere and
//! was likely meant for one of them.

use super::beyond::{Classes, Meant};
use super::space::{Space, selects};
use domain::facts::{Around, Autoscaler, ClassState, Ingress, Labels, Policy, Service, Workload};
use domain::kubernetes::words::{ObjectKind, ServiceType};
use domain::{AppId, Kind, UnixMs, near};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Most autoscalers of an app.
const AUTOSCALERS: usize = 10;
/// Most network policies of an app.
const POLICIES: usize = 20;
/// Most secrets of one ingress that are told as missing.
const SECRETS: usize = 10;
/// Most apps that are told of one service that leads nowhere: where more are alike, none is meant.
const ALIKE: usize = 3;
/// Most names that are compared at a time, to find which app was meant; what is beyond is told by nobody.
const COMPARED: usize = 300_000;
/// Most services of one ingress whose names are compared.
const SERVICES: usize = 10;

/// Takes the cost of what is to be compared from what is left; false from where it does not suffice.
fn spend(left: &mut usize, cost: usize) -> bool {
    let enough = *left >= cost;
    *left = if enough { *left - cost } else { 0 };
    enough
}

/// The app with the highest score; with none, the only app of the namespace.
fn likely(apps: &[&AppId], score: impl Fn(&str) -> Option<u32>) -> Option<AppId> {
    let scored = apps.iter().filter_map(|id| Some((score(id.name.as_str())?, std::cmp::Reverse(*id))));
    let best = scored.max().map(|(_, id)| id.0);
    best.or(if let [only] = apps { Some(*only) } else { None }).cloned()
}

/// The apps of which something else is told.
fn others(before: &BTreeMap<String, AppId>, after: &BTreeMap<String, AppId>) -> Vec<AppId> {
    let gone = before.iter().filter(|(name, app)| after.get(*name) != Some(*app));
    let new = after.iter().filter(|(name, app)| before.get(*name) != Some(*app));
    gone.chain(new).map(|(_, app)| app.clone()).collect()
}

impl Space {
    /// What stands around an app.
    pub(super) fn around(&self, workload: &Workload) -> Around {
        let concerned = self.autoscalers.values().filter(|a| is_target(a, &workload.id) || self.beyond.meant.autoscalers.get(&a.name) == Some(&workload.id));
        let autoscalers = concerned.take(AUTOSCALERS).map(|a| match is_target(a, &workload.id) {
            true => a.clone(),
            false => Arc::new(Autoscaler { target_missing: true, ..Autoscaler::clone(a) }),
        });
        let policies = self.policies.values().filter(|p| p.selects.selects(&workload.template_labels));
        Around {
            autoscalers: autoscalers.collect(),
            policies: policies.take(POLICIES).map(|p| p.facts.clone()).collect::<Vec<Arc<Policy>>>(),
            namespace_ending: self.beyond.ending,
        }
    }

    /// The app that an ingress was likely meant for, where none of its rules leads to a service.
    pub(super) fn meant_by(&self, ingress: &Ingress) -> Option<&AppId> {
        self.beyond.meant.ingresses.get(&ingress.name)
    }

    /// Finds anew what leads nowhere and whom it was meant for, where something came or went since.
    pub(super) fn look_for_lost(&mut self) {
        self.look_for_lost_services();
        self.look_for_meant();
    }

    /// Finds anew whom autoscalers without a target and ingresses that lead to no service were likely meant for; the apps that
    /// hear something else of it are made anew. Nobody means a single pod.
    fn look_for_meant(&mut self) {
        if !std::mem::take(&mut self.beyond.renamed) {
            return;
        }
        let apps: Vec<&AppId> = self.workloads.keys().filter(|id| id.kind != Kind::Pod).collect();
        let targets: HashSet<(ObjectKind, &str)> = self.workloads.keys().map(|id| (id.kind.into(), id.name.as_str())).collect();
        let mut left = COMPARED;
        let mut autoscalers = BTreeMap::new();
        for a in self.autoscalers.values() {
            let there = targets.contains(&(a.target_kind.clone(), a.target.as_str()));
            if there || !matches!(a.target_kind, ObjectKind::Deployment | ObjectKind::StatefulSet) {
                continue;
            }
            if !spend(&mut left, 2 * apps.len()) {
                break;
            }
            let meant = likely(&apps, |app| near::named(&a.target, app).or_else(|| near::named(&a.name, app)));
            autoscalers.extend(meant.map(|app| (a.name.clone(), app)));
        }
        let mut left = COMPARED;
        let mut ingresses = BTreeMap::new();
        for i in self.ingresses.values().filter(|i| !i.rules.iter().any(|r| self.services.contains_key(&r.service))) {
            let services: BTreeSet<&str> = i.rules.iter().map(|r| r.service.as_str()).collect();
            if !spend(&mut left, (1 + services.len().min(SERVICES)) * apps.len()) {
                break;
            }
            let meant = likely(&apps, |app| services.iter().take(SERVICES).filter_map(|s| near::named(s, app)).chain(near::named(&i.name, app)).max());
            ingresses.extend(meant.map(|app| (i.name.clone(), app)));
        }
        let now = Meant { autoscalers, ingresses };
        let before = std::mem::replace(&mut self.beyond.meant, now);
        let mut changed = others(&before.autoscalers, &self.beyond.meant.autoscalers);
        changed.extend(others(&before.ingresses, &self.beyond.meant.ingresses));
        self.dirty.extend(changed);
    }

    /// Services have been listed: ingresses that lead to others lead nowhere.
    pub(super) fn know_services(&mut self) {
        if !std::mem::replace(&mut self.beyond.services_listed, true) {
            self.touch_ingresses(|_| true);
        }
    }

    /// Whether a service that is not known does not exist; the portal may also be the one that may not see services.
    pub(super) fn knows_services(&self) -> bool {
        self.beyond.services_listed || !self.services.is_empty()
    }

    /// Services without a pod that were likely meant for an app.
    pub(super) fn near_services(&self, app: &AppId) -> impl Iterator<Item = &Arc<Service>> {
        self.beyond.lost.values().filter(|(_, apps)| apps.contains(app)).map(|(service, _)| service)
    }

    /// An ingress as it is told, with what is known of its class and its secrets.
    pub(super) fn with_class(&self, ingress: Arc<Ingress>) -> Arc<Ingress> {
        let class_state = match (&self.beyond.classes, &ingress.class) {
            (None, _) => ClassState::Unknown,
            (Some(classes), Some(class)) if classes.names.contains(class) => ClassState::Known,
            (Some(_), Some(_)) => ClassState::Missing,
            (Some(classes), None) if classes.default => ClassState::Known,
            (Some(_), None) => ClassState::NoDefault,
        };
        let named = ingress.tls.iter().filter_map(|(_, secret)| secret.as_ref());
        let lost_secrets: Vec<_> = named.filter(|s| self.beyond.lost_secrets.contains(*s)).take(SECRETS).cloned().collect();
        if class_state == ClassState::Unknown && lost_secrets.is_empty() {
            return ingress;
        }
        Arc::new(Ingress { class_state, lost_secrets, ..Ingress::clone(&ingress) })
    }

    /// Finds anew which services lead to no pod; the apps that hear something else of it are made anew.
    fn look_for_lost_services(&mut self) {
        if !std::mem::take(&mut self.beyond.stale) {
            return;
        }
        let with_addresses: HashSet<&str> = self.slices.values().filter(|s| s.ready + s.unready > 0).map(|s| s.service.as_str()).collect();
        let mut having: HashMap<(&str, &str), Vec<&Labels>> = HashMap::new();
        for w in self.workloads.values() {
            for (key, value) in &w.template_labels {
                having.entry((key.as_str(), value.as_str())).or_default().push(&w.template_labels);
            }
        }
        // Of all its pairs the one that fewest have.
        let finds = |s: &Service| {
            let with = s.selector.iter().map(|(key, value)| having.get(&(key.as_str(), value.as_str())).map(Vec::as_slice).unwrap_or_default());
            with.min_by_key(|all| all.len()).unwrap_or_default().iter().any(|labels| selects(&s.selector, labels))
        };
        let alone = |s: &&Arc<Service>| !s.selector.is_empty() && s.kind != ServiceType::ExternalName && !with_addresses.contains(s.name.as_str()) && !finds(s);
        let labels: usize = self.workloads.values().filter(|w| w.id.kind != Kind::Pod).map(|w| 1 + w.template_labels.len()).sum();
        let mut left = COMPARED;
        let lost: BTreeMap<_, _> = self
            .services
            .values()
            .filter(alone)
            .take_while(|s| spend(&mut left, labels * s.selector.len().min(near::DIFFER)))
            .filter_map(|s| {
                let apps = self.meant_by_service(s);
                (!apps.is_empty()).then(|| (s.name.clone(), (s.clone(), apps)))
            })
            .collect();
        let before = std::mem::replace(&mut self.beyond.lost, lost);
        let changed = |a: &BTreeMap<String, (Arc<Service>, Vec<AppId>)>, b: &BTreeMap<String, (Arc<Service>, Vec<AppId>)>| {
            a.iter().filter(|(name, one)| b.get(*name) != Some(*one)).flat_map(|(_, (_, apps))| apps.clone()).collect::<Vec<_>>()
        };
        let apps: Vec<_> = changed(&before, &self.beyond.lost).into_iter().chain(changed(&self.beyond.lost, &before)).collect();
        self.dirty.extend(apps);
    }

    fn meant_by_service(&self, s: &Service) -> Vec<AppId> {
        let scored: Vec<_> = self
            .workloads
            .values()
            .filter(|w| w.id.kind != Kind::Pod)
            .filter_map(|w| Some((near::service(s, w.id.name.as_str(), &w.template_labels)?, &w.id)))
            .collect();
        let best = scored.iter().map(|(score, _)| *score).max();
        let apps: Vec<_> = scored.into_iter().filter(|(score, _)| Some(*score) == best).map(|(_, id)| id.clone()).collect();
        if apps.len() > ALIKE { Vec::new() } else { apps }
    }

    /// The ingress classes; all ingresses are told anew where they are others.
    pub(super) fn set_classes(&mut self, classes: Option<&Arc<Classes>>) {
        if self.beyond.classes.as_ref() != classes {
            self.beyond.classes = classes.cloned();
            self.touch_ingresses(|_| true);
        }
    }

    /// Secrets of ingresses that do not exist.
    pub(super) fn set_lost_secrets(&mut self, lost: BTreeSet<String>) {
        let before = std::mem::replace(&mut self.beyond.lost_secrets, lost);
        let changed: BTreeSet<_> = before.symmetric_difference(&self.beyond.lost_secrets).cloned().collect();
        if !changed.is_empty() {
            self.touch_ingresses(|i| i.tls.iter().any(|(_, secret)| secret.as_ref().is_some_and(|s| changed.contains(s))));
        }
    }

    /// Since when the namespace is being deleted.
    pub(super) fn set_ending(&mut self, ending: Option<UnixMs>) {
        if std::mem::replace(&mut self.beyond.ending, ending) != ending {
            self.dirty.extend(self.workloads.keys().cloned());
        }
    }

    /// Secrets that ingresses name.
    pub(super) fn secrets_of_ingresses(&self) -> BTreeSet<String> {
        self.ingresses.values().flat_map(|i| &i.tls).filter_map(|(_, secret)| secret.clone()).filter(|s| !s.is_empty()).collect()
    }

    fn touch_ingresses(&mut self, which: impl Fn(&Ingress) -> bool) {
        let touched: Vec<_> = self.ingresses.values().filter(|i| which(i)).cloned().collect();
        touched.iter().for_each(|i| self.touch_ingress(i));
    }

    /// An autoscaler changed, came or went.
    pub(super) fn touch_autoscaler(&mut self, a: &Autoscaler) {
        let targets = self.workloads.keys().filter(|id| is_target(a, id));
        self.dirty.extend(targets.chain(self.beyond.meant.autoscalers.get(&a.name)).cloned());
    }

    /// A workload came or went: autoscalers have a target or miss one, services find pods or none.
    pub(super) fn touch_around(&mut self, id: &AppId) {
        self.beyond.stale = true;
        self.beyond.renamed |= id.kind != Kind::Pod;
    }

    /// A network policy changed, came or went.
    pub(super) fn touch_policy(&mut self, policy: &crate::slim::SlimPolicy) {
        let apps: Vec<_> = self.workloads.values().filter(|w| policy.selects.selects(&w.template_labels)).map(|w| w.id.clone()).collect();
        self.dirty.extend(apps);
    }
}

fn is_target(a: &Autoscaler, id: &AppId) -> bool {
    a.target_kind == id.kind.into() && a.target == id.name.as_str()
}

#[cfg(test)]
mod tests;
