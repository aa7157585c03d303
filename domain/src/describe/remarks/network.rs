//! Services, ingresses and network policies around an app.

use crate::UnixMs;
use crate::describe::endpoint;
use crate::facts::{Allowed, AppFacts, ClassState, Ingress, IngressRule, Policy, Service, ServicePort};
use crate::near;
use crate::remark::{PolicyTold, Remark};

/// How long a warning about a service counts; its controller tries again within minutes.
const FRESH: i64 = 20 * 60_000;

/// Everything of this module.
pub(super) fn remarks(facts: &AppFacts, noticed: &[Remark], now: UnixMs) -> Vec<Remark> {
    let mut all = Vec::new();
    for i in &facts.ingresses {
        all.extend(i.rules.iter().filter_map(|r| rule(i, r, facts)));
        all.extend(around(i));
    }
    all.extend(facts.services.iter().filter_map(|s| finds_no_pod(s, facts)));
    all.extend(facts.services.iter().filter_map(|s| warning(s, facts, now)));
    all.extend(facts.services.iter().filter_map(|s| undeclared(s, facts)));
    all.extend(policies(facts, noticed, now));
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
    let of_service = facts.events.iter().filter(|e| e.kind == "Service" && e.name == s.name && e.warning && now.since(e.last) < FRESH);
    let event = of_service.max_by_key(|e| e.last)?;
    Some(Remark::ServiceWarning { service: s.name.clone(), reason: event.reason.clone(), told: event.message.clone() })
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
    let target = p.target.parse::<u16>().ok().filter(|_| s.matches && p.protocol == "TCP")?;
    let containers = || facts.workload.containers.iter().filter(|c| !c.init);
    let probed = |c: &crate::facts::ContainerSpec| [&c.liveness, &c.readiness, &c.startup].into_iter().flatten().any(|probe| probe.port == p.target);
    if containers().any(|c| c.ports.iter().any(|(_, port, _)| *port == target) || probed(c)) {
        return None;
    }
    let scraped = |name: &Option<String>| name.as_ref().is_some_and(|n| ["prom", "metric", "admin", "health", "status"].iter().any(|w| n.contains(w)));
    let served = containers().flat_map(|c| &c.ports).filter(|(name, _, protocol)| protocol == "TCP" && !scraped(name));
    let declared: Vec<_> = served.map(|(_, port, _)| *port).take(5).collect();
    (!declared.is_empty()).then(|| (p.target.clone(), declared))
}

/// The policies that restrict the pods, where something tells that connections time out.
fn policies(facts: &AppFacts, noticed: &[Remark], now: UnixMs) -> Option<Remark> {
    let restricts = |a: &Option<Allowed>| a.as_ref().is_some_and(|a| *a != Allowed::Everything);
    let of_pods = facts.around.policies.iter().filter(|p| restricts(&p.egress) || restricts(&p.ingress));
    let policies: Vec<_> = of_pods.take(3).map(|p: &std::sync::Arc<Policy>| told(p)).collect();
    (!policies.is_empty() && times_out(facts, noticed, now)).then_some(Remark::PoliciesSelect { policies })
}

fn told(p: &Policy) -> PolicyTold {
    PolicyTold { name: p.name.clone(), egress: p.egress.clone(), ingress: p.ingress.clone() }
}

/// Whether something of the app waited for an answer in vain.
fn times_out(facts: &AppFacts, _noticed: &[Remark], now: UnixMs) -> bool {
    let probe = facts.events.iter().any(|e| e.reason == "Unhealthy" && now.since(e.last) < FRESH && timeout(&e.message));
    let ended = |c: &crate::facts::Container| match &c.state {
        crate::facts::ContainerState::Ended(e) => timeout(&e.message),
        _ => c.last.as_ref().is_some_and(|e| timeout(&e.message)),
    };
    probe || super::observed::says(facts, timeout) || facts.pods.iter().any(|p| p.containers.iter().any(ended))
}

/// The words by which kubelet, Go, Java, Node, Python, curl and libpq say that nobody answered.
pub(crate) fn timeout(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["timed out", "timeout", "time out", "deadline exceeded", "etimedout"].iter().any(|t| text.contains(t))
}
