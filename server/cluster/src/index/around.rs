//! What stands around the apps of a namespace: autoscalers, network policies, ingress classes, and what leads nowhere and
//! was likely meant for one of them.

use super::space::{Space, selects};
use domain::facts::{Around, Autoscaler, ClassState, Ingress, Policy, Service, Workload};
use domain::{AppId, UnixMs, near};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Most autoscalers of an app.
const AUTOSCALERS: usize = 10;
/// Most network policies of an app.
const POLICIES: usize = 20;
/// Most secrets of one ingress that are told as missing.
const SECRETS: usize = 10;
/// Most apps that are told of one service that leads nowhere: where more are alike, none is meant.
const ALIKE: usize = 3;

/// The ingress classes of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    /// Their names.
    pub(crate) names: BTreeSet<String>,
    /// One of them is the default.
    pub(crate) default: bool,
}

/// What is known beyond the objects of the namespace itself.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    /// The ingress classes, where the portal may read them.
    pub(super) classes: Option<Arc<Classes>>,
    /// Secrets that ingresses name and that do not exist.
    pub(super) lost_secrets: BTreeSet<String>,
    /// Since when the namespace is being deleted.
    pub(super) ending: Option<UnixMs>,
    /// Services that lead to no pod, with the apps that they were likely meant for.
    lost: BTreeMap<String, (Arc<Service>, Vec<AppId>)>,
    /// Services have been listed: one that is not known does not exist.
    services_listed: bool,
    /// Services, their endpoints or workloads came or went since `lost` was made.
    pub(super) stale: bool,
}

impl Space {
    /// What stands around an app.
    pub(super) fn around(&self, workload: &Workload) -> Around {
        let concerned = self.autoscalers.values().filter(|a| is_target(a, &workload.id) || self.misses(a).as_ref() == Some(&workload.id));
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

    /// The app that an autoscaler without a target was likely meant for.
    fn misses(&self, a: &Autoscaler) -> Option<AppId> {
        if self.workloads.keys().any(|id| is_target(a, id)) || !matches!(a.target_kind.as_str(), "Deployment" | "StatefulSet") {
            return None;
        }
        self.likely(|id| near::named(&a.target, id.name.as_str()).or_else(|| near::named(&a.name, id.name.as_str())))
    }

    /// The app that an ingress none of whose rules leads to a service was likely meant for.
    pub(super) fn meant_by(&self, ingress: &Ingress) -> Option<AppId> {
        if ingress.rules.iter().any(|r| self.services.contains_key(&r.service)) {
            return None;
        }
        let service = |id: &AppId| ingress.rules.iter().filter_map(|r| near::named(&r.service, id.name.as_str())).max();
        self.likely(|id| near::named(&ingress.name, id.name.as_str()).max(service(id)))
    }

    /// The app with the highest score; with none, the only app of the namespace.
    fn likely(&self, score: impl Fn(&AppId) -> Option<u32>) -> Option<AppId> {
        let scored = self.workloads.keys().filter_map(|id| Some((score(id)?, std::cmp::Reverse(id))));
        let best = scored.max().map(|(_, id)| id.0.clone());
        best.or_else(|| (self.workloads.len() == 1).then(|| self.workloads.keys().next().cloned()).flatten())
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
    pub(super) fn look_for_lost_services(&mut self) {
        if !std::mem::take(&mut self.beyond.stale) {
            return;
        }
        let with_addresses: HashSet<&str> = self.slices.values().filter(|s| s.ready + s.unready > 0).map(|s| s.service.as_str()).collect();
        let alone = |s: &&Arc<Service>| {
            !s.selector.is_empty()
                && s.kind != "ExternalName"
                && !with_addresses.contains(s.name.as_str())
                && !self.workloads.values().any(|w| selects(&s.selector, &w.template_labels))
        };
        let lost: BTreeMap<_, _> = self
            .services
            .values()
            .filter(alone)
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
        let scored: Vec<_> = self.workloads.values().filter_map(|w| Some((near::service(s, w.id.name.as_str(), &w.template_labels)?, &w.id))).collect();
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
        let apps: Vec<_> = self.workloads.keys().filter(|id| is_target(a, id)).cloned().chain(self.misses(a)).collect();
        self.dirty.extend(apps);
    }

    /// A workload came or went: autoscalers have a target or miss one, services find pods or none.
    pub(super) fn touch_around(&mut self, id: &AppId) {
        self.beyond.stale = true;
        let concerned: Vec<_> = self.autoscalers.values().filter(|a| is_target(a, id)).cloned().collect();
        for a in concerned {
            // Whoever is told of it while the target is away.
            let others = self.likely(|id| near::named(&a.target, id.name.as_str()).or_else(|| near::named(&a.name, id.name.as_str())));
            self.dirty.extend(others);
        }
    }

    /// A network policy changed, came or went.
    pub(super) fn touch_policy(&mut self, policy: &crate::slim::SlimPolicy) {
        let apps: Vec<_> = self.workloads.values().filter(|w| policy.selects.selects(&w.template_labels)).map(|w| w.id.clone()).collect();
        self.dirty.extend(apps);
    }
}

fn is_target(a: &Autoscaler, id: &AppId) -> bool {
    a.target_kind == id.kind.kubernetes() && a.target == id.name.as_str()
}

#[cfg(test)]
mod tests;
