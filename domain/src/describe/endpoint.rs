//! How an app is reached, and where a service or an ingress leads nowhere.

use super::remarks;
use super::text::{clip, count};
use crate::cause::{LabelDiffers, Mismatch};
use crate::english;
use crate::facts::{AppFacts, ClassState, Ingress, IngressRule, Service, ServicePort};
use crate::redact;
use crate::view::{Endpoint, EndpointKind};

/// A service with a selector that finds none of the app's pods and has nothing else behind it.
pub(crate) fn leads_nowhere(s: &Service) -> bool {
    !s.matches && !s.selector.is_empty() && s.ready_endpoints + s.unready_endpoints == 0 && s.kind != "ExternalName"
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
pub(crate) fn endpoints(facts: &AppFacts) -> Vec<Endpoint> {
    let mut found: Vec<Endpoint> = facts.ingresses.iter().flat_map(|i| i.rules.iter().map(move |r| ingress(i, r, facts))).collect();
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

/// What is behind a service, and whether that is nothing.
fn behind(s: &Service, facts: &AppFacts) -> (String, bool) {
    let all = s.ready_endpoints + s.unready_endpoints;
    if s.kind == "ExternalName" {
        return ("points to a name outside the cluster".into(), false);
    }
    if leads_nowhere(s) {
        let (why, advice) = english::mismatched(&mismatch(s, facts));
        return (format!("no matching pods: {why}. {advice}"), true);
    }
    match (s.ready_endpoints, all) {
        (0, 0) if facts.workload.replicas.wanted == 0 => ("no pods, since the app is scaled to 0".into(), true),
        (0, 0) => ("no pods yet".into(), true),
        (0, n) => (format!("0 of {} ready, so requests fail", count(n, "pod")), true),
        (r, n) => (format!("{r} of {} serving", count(n, "pod")), false),
    }
}

/// A port of the service that no container has; only a named one can be judged, for any number may be listened to.
pub(crate) fn lost_target<'a>(p: &'a ServicePort, facts: &AppFacts) -> Option<&'a str> {
    let named = p.target.parse::<u16>().is_err() && !p.target.is_empty();
    let has = facts.workload.containers.iter().any(|c| c.ports.iter().any(|(name, _, _)| name.as_deref() == Some(&p.target)));
    (named && !has).then_some(p.target.as_str())
}

fn told(what: &str, s: &Service, p: &ServicePort, facts: &AppFacts) -> (String, bool) {
    if s.matches
        && let Some(target) = lost_target(p, facts)
    {
        return (format!("{what} to port {}, but no container has a port with that name. Correct the service's targetPort.", clip(target, 40)), true);
    }
    let (rest, broken) = behind(s, facts);
    let doubt = if !broken && remarks::undeclared(s, facts).is_some() { "; no container declares that port" } else { "" };
    // What is not TCP is told: most tools that call an address speak TCP.
    let protocol = if p.protocol == "TCP" { String::new() } else { format!("{} ", clip(&p.protocol, 10)) };
    (super::text::full_stop(&format!("{what} to {protocol}port {}, {rest}{doubt}", clip(&p.target, 40))), broken)
}

/// A headless service without ports: a name for the addresses of the pods.
fn headless(s: &Service, facts: &AppFacts) -> Endpoint {
    let (rest, broken) = behind(s, facts);
    let sentence = super::text::full_stop(&format!("Headless service without ports: the name resolves to the pods' addresses, {rest}"));
    Endpoint { kind: EndpointKind::Service, address: format!("{}.{}", s.name, facts.workload.id.namespace), sentence, broken }
}

fn inside(s: &Service, p: &ServicePort, facts: &AppFacts) -> Endpoint {
    let what = if s.headless { "Headless service" } else { "Service" };
    let (sentence, broken) = told(what, s, p, facts);
    // Callers of a headless service reach the pods themselves, on their own port.
    let port = if s.headless && p.target.parse::<u16>().is_ok() { p.target.clone() } else { p.port.to_string() };
    Endpoint { kind: EndpointKind::Service, address: format!("{}.{}:{port}", s.name, facts.workload.id.namespace), sentence, broken }
}

fn outside(s: &Service, p: &ServicePort, facts: &AppFacts) -> Option<Endpoint> {
    if s.kind == "LoadBalancer" {
        let (mut sentence, mut broken) = told("Load balancer", s, p, facts);
        let address = match s.external.first() {
            Some(a) => format!("{a}:{}", p.port),
            None => {
                (sentence, broken) = ("Load balancer without an address yet. The cloud provider has to assign one.".into(), true);
                format!("{}:{}", s.name, p.port)
            }
        };
        return Some(Endpoint { kind: EndpointKind::LoadBalancer, address, sentence, broken });
    }
    let port = p.node_port?;
    let (sentence, broken) = told("Node port", s, p, facts);
    Some(Endpoint { kind: EndpointKind::NodePort, address: format!("any node:{port}"), sentence, broken })
}

fn ingress(i: &Ingress, r: &IngressRule, facts: &AppFacts) -> Endpoint {
    let tls = i.tls.iter().any(|(hosts, _)| covers(hosts, &r.host));
    let host = if r.host.is_empty() { "any host" } else { r.host.as_str() };
    let address = format!("{}://{host}{}", if tls { "https" } else { "http" }, if r.path.is_empty() { "/" } else { &r.path });
    let (name, service, port) = (clip(&i.name, 80), clip(&r.service, 80), clip(&r.port, 40));
    let (sentence, broken) = match facts.services.iter().find(|s| s.name == r.service) {
        None => (format!("Ingress {name} routes to service {service}, which doesn't exist. Correct the service's name."), true),
        Some(s) if !has_port(s, &r.port) => {
            let has: Vec<_> = s.ports.iter().map(|p| p.port.to_string()).take(5).collect();
            (format!("Ingress {name} routes to port {port} of service {service}, which only has {}. Correct the port.", has.join(", ")), true)
        }
        Some(s) => {
            let (rest, broken) = behind(s, facts);
            let lost = i.tls.iter().filter(|(hosts, _)| covers(hosts, &r.host)).filter_map(|(_, secret)| secret.as_ref()).find(|s| i.lost_secrets.contains(s));
            let (also, unserved) = match (i.class_state, lost) {
                (ClassState::Missing, _) => (format!("; its class {} doesn't exist", clip(i.class.as_deref().unwrap_or_default(), 60)), true),
                (ClassState::NoDefault, _) => ("; it sets no class, and there is no default".into(), true),
                (_, Some(secret)) => (format!("; secret {} with its certificate doesn't exist", clip(secret, 80)), false),
                _ if i.addresses.is_empty() => ("; no ingress controller has assigned it an address".into(), false),
                _ => (String::new(), false),
            };
            (super::text::full_stop(&format!("Ingress {name} to service {service}, {rest}{also}")), broken || unserved)
        }
    };
    Endpoint { kind: EndpointKind::Ingress, address, sentence, broken }
}

/// Whether TLS for these hosts is TLS for that host.
fn covers(hosts: &[String], host: &str) -> bool {
    hosts.is_empty() || hosts.iter().any(|h| h == host || wildcard(h, host))
}

/// `*.example.org` covers one label.
fn wildcard(pattern: &str, host: &str) -> bool {
    pattern.strip_prefix("*.").is_some_and(|tail| host.split_once('.').is_some_and(|(_, rest)| rest == tail))
}
