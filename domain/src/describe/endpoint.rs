//! How an app is reached, and where a service or an ingress leads nowhere.

use super::remarks;
use crate::cause::{LabelDiffers, Mismatch};
use crate::facts::{AppFacts, ClassState, Ingress, IngressRule, Service, ServicePort};
use crate::kubernetes::words::{Protocol, ServiceType};
use crate::reach::{Address, Behind, IngressLack, Reach, ServiceKind, Through};
use crate::redact;

/// A service with a selector that finds none of the app's pods and has nothing else behind it.
pub(crate) fn leads_nowhere(s: &Service) -> bool {
    !s.matches && !s.selector.is_empty() && s.ready_endpoints + s.unready_endpoints == 0 && s.kind != ServiceType::ExternalName
}

/// Whether a service has the port that a rule of an ingress names.
pub(crate) fn has_port(s: &Service, port: &str) -> bool {
    s.ports.iter().any(|p| p.port.to_string() == port || p.name.as_deref() == Some(port))
}

/// Why a selector matches none of the pods, by the labels that differ. People put anything into labels, so it is redacted.
pub(crate) fn mismatch(s: &Service, facts: &AppFacts) -> Mismatch {
    let labels = &facts.workload.template_labels;
    let differs: Vec<_> = s.selector.iter().filter(|(k, v)| labels.get(*k) != Some(v)).take(3).collect();
    if differs.is_empty() {
        return Mismatch::NoPodHas(s.selector.iter().map(|(k, v)| (k.clone(), redact::value(k, v).into_owned())).collect());
    }
    let one = |(k, wants): (&String, &String)| LabelDiffers {
        key: k.clone(),
        wants: redact::value(k, wants).into_owned(),
        has: labels.get(k).map(|has| redact::value(k, has).into_owned()),
    };
    Mismatch::Differs(differs.into_iter().map(one).collect())
}

/// Every way to reach the app: from outside first.
pub(crate) fn endpoints(facts: &AppFacts) -> Vec<Reach> {
    let mut found: Vec<Reach> = facts.ingresses.iter().flat_map(|i| i.rules.iter().map(move |r| ingress(i, r, facts))).collect();
    for s in &facts.services {
        found.extend(s.ports.iter().filter_map(|p| outside(s, p, facts)));
    }
    for s in &facts.services {
        found.extend(s.ports.iter().map(|p| inside(s, p, facts)));
        found.extend((s.headless && s.ports.is_empty()).then(|| headless(s, facts)));
    }
    found.truncate(100);
    found
}

fn behind(s: &Service, facts: &AppFacts) -> Behind {
    if s.kind == ServiceType::ExternalName {
        return Behind::ExternalName;
    }
    if leads_nowhere(s) {
        return Behind::NoMatch(mismatch(s, facts));
    }
    match (s.ready_endpoints, s.ready_endpoints + s.unready_endpoints) {
        (0, 0) if facts.workload.replicas.wanted == 0 => Behind::ScaledToZero,
        (0, 0) => Behind::NoPods,
        (0, pods) => Behind::NoneReady { pods },
        (ready, pods) => Behind::Serving { ready, pods },
    }
}

/// A port of the service that no container has; only a named one can be judged, for any number may be listened to.
pub(crate) fn lost_target<'a>(p: &'a ServicePort, facts: &AppFacts) -> Option<&'a str> {
    let named = p.target.parse::<u16>().is_err() && !p.target.is_empty();
    let has = facts.workload.containers.iter().any(|c| c.ports.iter().any(|(name, _, _)| name.as_deref() == Some(&p.target)));
    (named && !has).then_some(p.target.as_str())
}

fn port(service: ServiceKind, s: &Service, p: &ServicePort, facts: &AppFacts) -> Through {
    if s.matches
        && let Some(target) = lost_target(p, facts)
    {
        return Through::TargetMissing { service, target: target.to_owned() };
    }
    let behind = behind(s, facts);
    let undeclared = !behind.is_nothing() && remarks::undeclared(s, facts).is_some();
    let protocol = (p.protocol != Protocol::Tcp).then(|| p.protocol.word().to_owned());
    Through::Port { service, protocol, target: p.target.clone(), behind, undeclared }
}

fn within(s: &Service, port: Option<String>, facts: &AppFacts) -> Address {
    Address::Inside { service: s.name.clone(), namespace: facts.workload.id.namespace.clone(), port }
}

fn headless(s: &Service, facts: &AppFacts) -> Reach {
    Reach { at: within(s, None, facts), through: Through::NameOnly { behind: behind(s, facts) } }
}

fn inside(s: &Service, p: &ServicePort, facts: &AppFacts) -> Reach {
    let kind = if s.headless { ServiceKind::Headless } else { ServiceKind::Service };
    // Callers of a headless service reach the pods themselves, on their own port.
    let number = if s.headless && p.target.parse::<u16>().is_ok() { p.target.clone() } else { p.port.to_string() };
    Reach { at: within(s, Some(number), facts), through: port(kind, s, p, facts) }
}

fn outside(s: &Service, p: &ServicePort, facts: &AppFacts) -> Option<Reach> {
    if s.kind == ServiceType::LoadBalancer {
        let (host, through) = match s.external.first() {
            Some(host) => (host, port(ServiceKind::LoadBalancer, s, p, facts)),
            None => (&s.name, Through::NoAddressYet),
        };
        return Some(Reach { at: Address::Outside { host: host.clone(), port: p.port }, through });
    }
    Some(Reach { at: Address::AnyNode { port: p.node_port? }, through: port(ServiceKind::NodePort, s, p, facts) })
}

fn ingress(i: &Ingress, r: &IngressRule, facts: &AppFacts) -> Reach {
    let tls = i.tls.iter().any(|(hosts, _)| covers(hosts, &r.host));
    let host = (!r.host.is_empty()).then(|| r.host.clone());
    let path = if r.path.is_empty() { "/".to_owned() } else { r.path.clone() };
    Reach { at: Address::Url { tls, host, path }, through: rule(i, r, facts) }
}

fn rule(i: &Ingress, r: &IngressRule, facts: &AppFacts) -> Through {
    let (ingress, service) = (i.name.clone(), r.service.clone());
    let Some(s) = facts.services.iter().find(|s| s.name == r.service) else {
        return Through::ServiceMissing { ingress, service };
    };
    if !has_port(s, &r.port) {
        return Through::ServicePortMissing { ingress, service, port: r.port.clone(), has: s.ports.iter().map(|p| p.port).take(5).collect() };
    }
    Through::Ingress { ingress, service, behind: behind(s, facts), lacks: lacks(i, r) }
}

fn lacks(i: &Ingress, r: &IngressRule) -> Option<IngressLack> {
    let mut secrets = i.tls.iter().filter(|(hosts, _)| covers(hosts, &r.host)).filter_map(|(_, secret)| secret.as_ref());
    match i.class_state {
        ClassState::Missing => return Some(IngressLack::Class(i.class.clone().unwrap_or_default())),
        ClassState::NoDefault => return Some(IngressLack::DefaultClass),
        ClassState::Known | ClassState::Unknown => {}
    }
    let lost = secrets.find(|s| i.lost_secrets.contains(s)).map(|secret| IngressLack::Certificate { secret: secret.clone() });
    lost.or_else(|| i.addresses.is_empty().then_some(IngressLack::Address))
}

/// Whether TLS for these hosts is TLS for that host.
fn covers(hosts: &[String], host: &str) -> bool {
    hosts.is_empty() || hosts.iter().any(|h| h == host || wildcard(h, host))
}

/// `*.example.org` covers one label.
fn wildcard(pattern: &str, host: &str) -> bool {
    pattern.strip_prefix("*.").is_some_and(|tail| host.split_once('.').is_some_and(|(_, rest)| rest == tail))
}
