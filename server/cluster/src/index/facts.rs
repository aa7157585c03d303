//! The facts of one app, put together from what the index holds of its namespace.

use super::events::newest;
use super::space::{Space, place, selects};
use super::tree::Item;
use crate::slim::Run;
use domain::facts::{AppFacts, Ingress, IngressRule, LastEnd, Service, Workload};
use domain::kubernetes::words::ServiceType;
use domain::{AppId, UnixMs};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most pods of an app that are kept.
const PODS: usize = 2_000;
/// Most services, ingresses or claims of an app.
const PARTS: usize = 50;
/// Most replica sets of a deployment.
const SETS: usize = 10;
/// Most runs of a cron job: the newest, and of those that have ended as many.
const RUNS: usize = 5;

impl Space {
    /// All about an app; `None` if it does not exist.
    pub(super) fn facts(&self, id: &AppId, now: UnixMs) -> Option<AppFacts> {
        let workload = self.workloads.get(id)?;
        let (mut pods, mut sets, mut runs, mut events) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut claims: BTreeSet<&str> = workload.claims.iter().map(String::as_str).collect();
        let mut last_ends: Vec<Arc<LastEnd>> = Vec::new();
        let place = place(workload);
        self.tree.walk(&place, &mut |uid, item| {
            if matches!(item, Item::App(_) | Item::Run(_)) {
                last_ends.extend(self.last_ends.of(uid));
            }
            events.extend(self.events.about(uid).cloned());
            match item {
                Item::Pod(name) => {
                    if let Some(pod) = self.pods.get(name) {
                        claims.extend(pod.claims.iter().map(String::as_str));
                        pods.push(pod.facts.clone());
                    }
                }
                Item::Set(name) => sets.extend(self.sets.get(name).map(|s| s.facts.clone())),
                Item::Run(name) => runs.extend(self.runs.get(name)),
                Item::App(_) | Item::Gone => {}
            }
        });
        let claims: Vec<_> = claims.into_iter().filter_map(|name| self.claims.get(name)).take(PARTS).collect();
        for claim in &claims {
            events.extend(self.events.about(&claim.uid).cloned());
        }
        pods.sort_by(|a, b| a.name.cmp(&b.name));
        pods.truncate(PODS);
        sets.sort_by(|a, b| b.revision.cmp(&a.revision).then_with(|| b.created.cmp(&a.created)));
        sets.truncate(SETS);
        runs.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| b.name.cmp(&a.name)));
        last_ends.sort_by_key(|e| std::cmp::Reverse(e.ended.finished));
        last_ends.truncate(RUNS);
        let services = self.services_of(workload);
        let ingresses = self.ingresses_to(&workload.id, &services);
        let around = self.around(workload);
        let others = services.iter().map(|s| &s.uid).chain(ingresses.iter().map(|i| &i.uid)).chain(around.autoscalers.iter().map(|a| &a.uid));
        for uid in others {
            events.extend(self.events.about(uid).cloned());
        }
        let mut workload = workload.clone();
        if workload.cron.is_some() && !runs.is_empty() {
            let with_runs = Arc::make_mut(&mut workload);
            if let Some(cron) = &mut with_runs.cron {
                // Where many are active at a time, the last one that ended is not among the newest.
                let ended = |r: &&&Run| r.failure.is_some() || r.facts.completed.is_some();
                let mut kept: Vec<&Run> = runs.iter().take(RUNS).copied().collect();
                kept.extend(runs.iter().skip(RUNS).filter(ended).take(RUNS));
                cron.runs = kept.into_iter().map(|r| (r.name.clone(), r.facts.clone(), r.failure.clone())).collect();
            }
        }
        Some(AppFacts {
            workload,
            pods,
            events: newest(events, now),
            services,
            ingresses,
            claims: claims.into_iter().map(|c| c.facts.clone()).collect(),
            replica_sets: sets,
            around,
            last_ends,
            missing: self.missing.get(id).cloned().unwrap_or_default(),
            held: self.held.get(id).cloned().unwrap_or_default(),
            observed: Default::default(),
        })
    }

    fn services_of(&self, workload: &Workload) -> Vec<Arc<Service>> {
        let mut found = Vec::new();
        // An external name is an alias of something elsewhere, whatever else it says.
        for service in self.services.values().filter(|s| s.kind != ServiceType::ExternalName) {
            let matches = selects(&service.selector, &workload.template_labels);
            if matches || service.name == workload.id.name.as_str() {
                let (ready, unready) = self.endpoints(&service.name);
                found.push(Arc::new(Service { matches, ready_endpoints: ready, unready_endpoints: unready, ..Service::clone(service) }));
            }
        }
        found.extend(self.near_services(&workload.id).filter(|s| s.name != workload.id.name.as_str()).cloned());
        found.truncate(PARTS);
        found
    }

    /// Ready and other addresses behind a service.
    pub(super) fn endpoints(&self, service: &str) -> (u32, u32) {
        let count = |v6: bool| {
            let slices = self.slices.values().filter(|s| s.service == service && s.v6 == v6);
            slices.fold((0u32, 0u32), |(r, u), s| (r + s.ready, u + s.unready))
        };
        // A service of both address families lists each pod twice.
        match count(false) {
            (0, 0) => count(true),
            v4 => v4,
        }
    }

    /// Ingresses that lead to one of the app's services, or that have its name and lead nowhere; of their rules those to
    /// other apps are left out.
    fn ingresses_to(&self, app: &AppId, services: &[Arc<Service>]) -> Vec<Arc<Ingress>> {
        let own = |r: &IngressRule| services.iter().any(|s| s.name == r.service);
        let lost = |r: &IngressRule| !self.services.contains_key(&r.service);
        let named = |i: &Ingress| (i.name == app.name.as_str() || self.meant_by(i) == Some(app)) && self.knows_services() && i.rules.iter().any(lost);
        let leads = |i: &&Arc<Ingress>| i.rules.iter().any(own) || named(i);
        let without_others = |i: &Arc<Ingress>| match i.rules.iter().all(|r| own(r) || lost(r)) {
            true => i.clone(),
            false => Arc::new(Ingress { rules: i.rules.iter().filter(|r| own(r) || lost(r)).cloned().collect(), ..Ingress::clone(i) }),
        };
        self.ingresses.values().filter(leads).take(PARTS).map(without_others).map(|i| self.with_class(i)).collect()
    }
}
