//! Services, ingresses and network policies around an app.

use crate::UnixMs;
use crate::describe::endpoint;
use crate::facts::{Allowed, AppFacts, ClassState, ContainerState, Ingress, IngressRule, Policy, Service, ServicePort};
use crate::kubernetes::words::{EventReason, ObjectKind, Protocol, ServiceType};
use crate::log::TimedOut;
use crate::remark::{PolicyTold, Remark, Waited};
use crate::{near, way};

/// How long a warning about a service counts; its controller tries again within minutes.
const FRESH: i64 = 20 * 60_000;

/// Everything of this module.
pub(super) fn remarks(facts: &AppFacts, now: UnixMs) -> Vec<Remark> {
    let mut all = Vec::new();
    for i in &facts.ingresses {
        all.extend(i.rules.iter().filter_map(|r| rule(i, r, facts)));
        all.extend(around(i));
    }
    all.extend(facts.services.iter().filter_map(|s| finds_no_pod(s, facts)));
    all.extend(facts.services.iter().filter_map(|s| warning(s, facts, now)));
    all.extend(facts.services.iter().filter_map(|s| undeclared(s, facts)));
    all.extend(facts.services.iter().filter_map(|s| target_name(s, facts)));
    all.extend(facts.services.iter().filter_map(|s| load_balancer(s, now)));
    all.extend(policies(facts, now));
    all
}

/// Where a rule of an ingress leads nowhere.
fn rule(i: &Ingress, r: &IngressRule, facts: &AppFacts) -> Option<Remark> {
    let (ingress, service) = (i.name.clone(), r.service.clone());
    let Some(found) = facts.services.iter().find(|s| s.name == r.service) else {
        return Some(Remark::IngressServiceMissing { ingress, service });
    };
    if endpoint::has_port(found, &r.port) {
        return None;
    }
    Some(Remark::IngressPortMissing { ingress, service, port: r.port.clone(), has: found.ports.iter().map(|p| p.port).take(5).collect() })
}

/// What else an ingress needs.
fn around(i: &Ingress) -> Vec<Remark> {
    let ingress = || i.name.clone();
    let class = match i.class_state {
        ClassState::Missing => Some(Remark::IngressClassMissing { ingress: ingress(), class: i.class.clone().unwrap_or_default() }),
        ClassState::NoDefault => Some(Remark::IngressWithoutClass { ingress: ingress() }),
        ClassState::Known | ClassState::Unknown => None,
    };
    let secrets = i.lost_secrets.iter().map(|secret| {
        let of_secret = i.tls.iter().filter(|(_, name)| name.as_ref() == Some(secret));
        Remark::IngressSecretMissing { ingress: ingress(), secret: secret.clone(), hosts: of_secret.flat_map(|(hosts, _)| hosts.clone()).take(3).collect() }
    });
    class.into_iter().chain(secrets).collect()
}

/// A service that is likely the app's and finds none of its pods. One with the app's own name is told by the status.
fn finds_no_pod(s: &Service, facts: &AppFacts) -> Option<Remark> {
    if !endpoint::leads_nowhere(s) || s.name == facts.workload.id.name.as_str() {
        return None;
    }
    let differs = near::differing(&s.selector, &facts.workload.template_labels);
    let differs = differs.iter().take(3).map(|d| (d.key.to_owned(), d.wants.to_owned(), d.has.map(str::to_owned))).collect();
    Some(Remark::ServiceFindsNoPod { service: s.name.clone(), differs })
}

/// The newest warning about a service of the app.
fn warning(s: &Service, facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let of_service = facts.events.iter().filter(|e| e.kind == ObjectKind::Service && e.name == s.name && e.warning && now.since(e.last) < FRESH);
    let event = of_service.max_by_key(|e| e.last)?;
    Some(Remark::ServiceWarning { service: s.name.clone(), reason: event.reason.word().to_owned(), told: event.message.clone() })
}

/// A service none of whose ports leads to one that a container declares or is probed on.
pub(crate) fn undeclared(s: &Service, facts: &AppFacts) -> Option<Remark> {
    let doubts: Vec<_> = s.ports.iter().map(|p| doubtful(s, p, facts)).collect();
    // A service with a port that is right was written by somebody who knows the app.
    let (target, declared) = doubts.iter().all(Option::is_some).then(|| doubts.into_iter().next().flatten()).flatten()?;
    Some(Remark::TargetUndeclared { service: s.name.clone(), target, declared })
}

/// The target of a port where no container declares it although they declare ports, and the ports that they declare. A
/// port that is only there to be scraped tells nothing of the others, and one that a probe asks is listened on.
fn doubtful(s: &Service, p: &ServicePort, facts: &AppFacts) -> Option<(String, Vec<u16>)> {
    let target = p.target.parse::<u16>().ok().filter(|_| s.matches && p.protocol == Protocol::Tcp)?;
    let containers = || facts.workload.containers.iter().filter(|c| !c.init);
    let probed = |c: &crate::facts::ContainerSpec| [&c.liveness, &c.readiness, &c.startup].into_iter().flatten().any(|probe| probe.port == p.target);
    if containers().any(|c| c.ports.iter().any(|(_, port, _)| *port == target) || probed(c)) {
        return None;
    }
    let scraped = |name: &Option<String>| name.as_ref().is_some_and(|n| ["prom", "metric", "admin", "health", "status"].iter().any(|w| n.contains(w)));
    let served = containers().flat_map(|c| &c.ports).filter(|(name, _, protocol)| *protocol == Protocol::Tcp && !scraped(name));
    let declared: Vec<_> = served.map(|(_, port, _)| *port).take(5).collect();
    (!declared.is_empty()).then(|| (p.target.clone(), declared))
}

/// The policies that are in the way of what times out: of connections from the pods, and of those to the pods that were
/// asked. What keeps others from the app's own pods keeps no probe from them and explains none of its own lines.
fn policies(facts: &AppFacts, now: UnixMs) -> Option<Remark> {
    let (waited, port, asked) = waited(facts, now)?;
    let listed = |allowed: &Allowed| match (allowed, port) {
        (Allowed::Some { ports, .. }, Some(port)) => ports.is_empty() || ports.iter().any(|p| way::covers(p, port)),
        (Allowed::Some { .. } | Allowed::Nothing | Allowed::Everything, _) => false,
    };
    let told = |p: &Policy, allowed: &Allowed, guards: Option<&str>| PolicyTold {
        name: p.name.clone(),
        guards: guards.map(str::to_owned),
        allowed: allowed.clone(),
        some: listed(allowed),
    };
    let own = way::in_the_way(&facts.around.policies, |p| p.egress.as_ref(), port);
    let from = own.into_iter().filter_map(|p| Some(told(p, p.egress.as_ref()?, None)));
    let others = asked.iter().flat_map(|(service, policies)| policies.iter().filter_map(|p| Some(told(p, p.ingress.as_ref()?, Some(service)))));
    let policies: Vec<_> = from.chain(others).take(3).collect();
    (!policies.is_empty()).then_some(Remark::PoliciesSelect { waited, policies })
}

/// The port that was asked, and whose it is: the service with the policies that guard its pods.
type Asked<'a> = (Waited, Option<u16>, Option<&'a (String, Vec<Policy>)>);

/// What tells that something of the app waited for an answer in vain: a log before what a container left behind, and that
/// before a probe.
fn waited(facts: &AppFacts, now: UnixMs) -> Option<Asked<'_>> {
    if let Some(u) = &facts.observed.unanswered {
        return Some((Waited::Line(u.line.clone()), u.port, u.asked.as_ref()));
    }
    let ends = facts.pods.iter().flat_map(|p| &p.containers).filter_map(|c| match &c.state {
        ContainerState::Ended(e) => Some(e),
        ContainerState::Waiting { .. } | ContainerState::Running { .. } => c.last.as_ref(),
    });
    if let Some((line, found)) = ends.filter_map(crate::describe::said::last_line).find_map(|line| Some((line, TimedOut::find(line)?))) {
        return Some((Waited::Line(line.to_owned()), found.port, None));
    }
    let probe = facts.events.iter().any(|e| e.reason == EventReason::Unhealthy && now.since(e.last) < FRESH && TimedOut::find(&e.message).is_some());
    probe.then_some((Waited::Probe, None, None))
}

/// A load balancer that has no address after this time will get none by itself, in milliseconds.
const BALANCED: i64 = 5 * 60_000;

/// A service that waits for an external address.
fn load_balancer(s: &Service, now: UnixMs) -> Option<Remark> {
    let waits = s.kind == ServiceType::LoadBalancer && s.matches && s.external.is_empty() && s.created.0 > 0 && now.since(s.created) > BALANCED;
    waits.then(|| Remark::LoadBalancerWaits { service: s.name.clone(), since: s.created })
}

/// A service all of whose ports lead to names that no container of the app has.
fn target_name(s: &Service, facts: &AppFacts) -> Option<Remark> {
    let lost: Vec<_> = s.ports.iter().map(|p| endpoint::lost_target(p, facts)).collect();
    let target = lost.iter().all(Option::is_some).then(|| lost.first().copied().flatten()).flatten().filter(|_| s.matches)?;
    let has: Vec<_> = facts.workload.containers.iter().filter(|c| !c.init).flat_map(|c| &c.ports).filter_map(|(name, _, _)| name.clone()).take(5).collect();
    Some(Remark::TargetNameMissing { service: s.name.clone(), target: target.to_owned(), has })
}
