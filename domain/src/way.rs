//! Which network policies are in the way of a connection that nobody answered.
//!
//! Policies add up: a connection is let through where one of those that select a pod lets it. What a policy says of peers is
//! not kept, so a rule for some peers may be for the wrong ones, while a rule for everybody is not in the way.

use crate::Namespace;
use crate::facts::{Allowed, AppFacts, Observed, Policy, Service, Unanswered};
use crate::log::{Said, TimedOut};
use std::sync::Arc;

/// What the logs of an app tell of a connection that timed out, and which app of the namespace was asked; `None` where they
/// tell of none. `apps` are those of the namespace.
#[must_use]
pub fn unanswered<'a>(observed: &Observed, namespace: &Namespace, apps: impl IntoIterator<Item = &'a Arc<AppFacts>>) -> Option<Unanswered> {
    let running = observed.logs.iter().filter(|l| l.many).map(|l| l.errors.line.as_str());
    let ended = observed.ends.iter().filter_map(|e| match &e.said {
        Said::Line { text, error: true, .. } => Some(text.as_str()),
        Said::Line { .. } | Said::Nothing | Said::Gone => None,
    });
    let (line, found) = running.chain(ended).find_map(|line| Some((line, TimedOut::find(line)?)))?;
    let name = found.host.as_deref().and_then(|host| service_name(host, namespace));
    let asked = name.and_then(|name| apps.into_iter().find_map(|app| Some((app, app.services.iter().find(|s| s.name == name && s.matches)?))));
    let Some((app, service)) = asked else { return Some(Unanswered { line: line.to_owned(), port: found.port, asked: None }) };
    let port = found.port.and_then(|port| pod_port(service, port, app));
    let policies: Vec<Policy> = in_the_way(&app.around.policies, |p| p.ingress.as_ref(), port).into_iter().cloned().collect();
    Some(Unanswered { line: line.to_owned(), port, asked: Some((service.name.clone(), policies)) })
}

/// The service of this namespace that a host means: `db`, `db.web`, `db.web.svc.cluster.local`.
fn service_name<'a>(host: &'a str, namespace: &Namespace) -> Option<&'a str> {
    let mut labels = host.split('.');
    let name = labels.next()?;
    labels.next().is_none_or(|ns| ns == namespace.as_str()).then_some(name)
}

/// The port of the pods to which a port of their service leads; policies are about that one.
fn pod_port(service: &Service, port: u16, app: &AppFacts) -> Option<u16> {
    let target = &service.ports.iter().find(|p| p.port == port)?.target;
    let named = || app.workload.containers.iter().flat_map(|c| &c.ports).find(|(name, _, _)| name.as_ref() == Some(target)).map(|(_, n, _)| *n);
    target.parse().ok().or_else(named)
}

/// The policies that may stop a connection in one direction, which `side` picks; none where one of them lets it through for
/// everybody, or where none restricts that direction.
pub(crate) fn in_the_way(policies: &[Arc<Policy>], side: impl Fn(&Policy) -> Option<&Allowed>, port: Option<u16>) -> Vec<&Policy> {
    let restricting: Vec<_> = policies.iter().map(AsRef::as_ref).filter(|p| side(p).is_some()).collect();
    let lets_through = |allowed: &Allowed| match allowed {
        Allowed::Everything => true,
        Allowed::Nothing => false,
        Allowed::Some { everyone, .. } => everyone.iter().any(|p| port.is_some_and(|port| covers(p, port))),
    };
    if restricting.iter().filter_map(|p| side(p)).any(lets_through) {
        return Vec::new();
    }
    restricting
}

/// Whether `5432`, `53/UDP` or `8000-8100` has the port; one with a name may.
pub(crate) fn covers(told: &str, port: u16) -> bool {
    let numbers = told.split('/').next().unwrap_or(told);
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    first.parse::<u16>().ok().zip(last.parse::<u16>().ok()).is_none_or(|(first, last)| (first..=last).contains(&port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str, egress: Allowed) -> Arc<Policy> {
        Arc::new(Policy { name: name.into(), ingress: None, egress: Some(egress) })
    }

    fn only(ports: &[&str], everyone: bool) -> Allowed {
        let ports: Vec<String> = ports.iter().map(|p| (*p).to_owned()).collect();
        Allowed::Some { rules: 1, everyone: if everyone { ports.clone() } else { Vec::new() }, ports }
    }

    fn names(policies: &[Arc<Policy>], port: Option<u16>) -> Vec<&str> {
        in_the_way(policies, |p| p.egress.as_ref(), port).into_iter().map(|p| p.name.as_str()).collect()
    }

    #[test]
    fn policies_add_up() {
        let deny = || policy("deny-all", Allowed::Nothing);
        assert_eq!(names(&[deny()], Some(5432)), ["deny-all"]);
        assert_eq!(names(&[deny(), policy("open", Allowed::Everything)], Some(5432)), [""; 0], "another one lets it through");
        assert_eq!(names(&[deny(), policy("db", only(&["5432"], true))], Some(5432)), [""; 0]);
        assert_eq!(names(&[deny(), policy("dns", only(&["53/UDP"], true))], Some(5432)), ["deny-all", "dns"]);
        assert_eq!(names(&[policy("dns", only(&["53/UDP"], true))], Some(53)), [""; 0]);
        assert_eq!(names(&[policy("db", only(&["5432"], false))], Some(5432)), ["db"], "it may be for other peers");
        assert_eq!(names(&[policy("web", only(&["http"], true))], Some(80)), [""; 0], "a port with a name may be that one");
        assert_eq!(names(&[], Some(80)), [""; 0]);
        assert_eq!(names(&[deny(), policy("dns", only(&["53/UDP"], true))], None), ["deny-all", "dns"]);
    }

    #[test]
    fn a_host_is_a_service_of_its_own_namespace_only() {
        let web = Namespace::parse("web").unwrap();
        for (host, name) in [("db", Some("db")), ("db.web", Some("db")), ("db.web.svc.cluster.local", Some("db")), ("db.data", None), ("db.example.org", None)]
        {
            assert_eq!(service_name(host, &web), name, "{host}");
        }
    }
}
