//! Whether the address of a new ingress is another app's.

use super::KubeCluster;
use domain::check::{Check, CheckCode, Neighbor, SharedHost};
use domain::facts::{Ingress, IngressRule};
use domain::form::Field;
use domain::spec::{AppSpec, IngressSpec};
use domain::{AppName, Namespace};
use std::collections::{BTreeMap, BTreeSet};

/// Paths of a host that a check names.
const NAMED: usize = 3;
/// Other ingresses of a host that are told of.
const TOLD: usize = 3;

/// A rule of an ingress that is there.
type There<'a> = (&'a Namespace, &'a Ingress, &'a IngressRule);

/// How a rule meets the address that is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meets {
    /// The very same host and path.
    Exactly,
    /// Another path of the host, or the same one for another controller.
    OnHost,
    /// Its wildcard serves the host so far.
    ByWildcard,
}

/// A path as an ingress matches it: `/api/` and `/api` are the same prefix
/// (<https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types>).
fn prefix(path: &str) -> &str {
    path.trim_end_matches('/')
}

fn meets(wanted: &IngressSpec, ingress: &Ingress, rule: &IngressRule) -> Option<Meets> {
    let (host, theirs) = (wanted.host.as_str(), rule.host.as_str());
    if theirs.eq_ignore_ascii_case(host) {
        // A controller looks only at the ingresses of its own class.
        let apart = matches!((&wanted.class, &ingress.class), (Some(a), Some(b)) if a != b);
        return Some(if prefix(&rule.path) == prefix(wanted.path.as_str()) && !apart { Meets::Exactly } else { Meets::OnHost });
    }
    // A wildcard stands for one label.
    let wildcard = theirs.strip_prefix("*.")?;
    let (_, rest) = host.split_once('.')?;
    (!host.starts_with("*.") && rest.eq_ignore_ascii_case(wildcard)).then_some(Meets::ByWildcard)
}

/// What meets the wanted address; an object of the same name in the same namespace is told of as such.
fn checks<'a>(wanted: &IngressSpec, own: (&Namespace, &AppName), there: impl Iterator<Item = There<'a>>, visible: &BTreeSet<Namespace>) -> Vec<Check> {
    let mut hosts: BTreeMap<(&Namespace, &str), (Meets, Vec<&str>)> = BTreeMap::new();
    for (ns, ingress, rule) in there.filter(|(ns, i, _)| (*ns, i.name.as_str()) != (own.0, own.1.as_str())) {
        let Some(how) = meets(wanted, ingress, rule) else { continue };
        // What runs in a namespace is told only to who may look into it.
        let seen = visible.contains(ns);
        if how == Meets::Exactly {
            let by = seen.then(|| Neighbor { namespace: ns.clone(), name: ingress.name.clone() });
            return vec![Check::fail(CheckCode::AddressTaken { host: wanted.host.clone(), path: wanted.path.clone(), by }).at(Field::IngressHost)];
        }
        let paths = &mut hosts.entry((ns, &ingress.name)).or_insert((how, Vec::new())).1;
        if !paths.contains(&rule.path.as_str()) {
            paths.push(&rule.path);
        }
    }
    let mut hidden = false;
    let mut found = Vec::new();
    for ((ns, name), (how, paths)) in hosts {
        let seen = visible.contains(ns);
        if !seen && std::mem::replace(&mut hidden, true) {
            continue;
        }
        let ingress = seen.then(|| Neighbor { namespace: ns.clone(), name: name.to_owned() });
        let host = wanted.host.clone();
        let code = match how {
            Meets::ByWildcard => CheckCode::HostServedByWildcard { host, by: ingress },
            Meets::Exactly | Meets::OnHost => {
                let more = paths.len() > NAMED;
                let paths = paths.into_iter().take(NAMED).map(str::to_owned).collect();
                CheckCode::HostShared { host, with: ingress.map(|ingress| SharedHost { ingress, paths, more }) }
            }
        };
        found.push(Check::warn(code).at(Field::IngressHost));
    }
    found.truncate(TOLD);
    found
}

impl KubeCluster {
    /// Whether another app has the host and path of the new one, or its host.
    pub(super) fn shared_addresses(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> Vec<Check> {
        let Some(wanted) = &spec.ingress else { return Vec::new() };
        self.shared().read(|index| checks(wanted, (&spec.namespace, &spec.name), index.ingress_rules(), visible))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{IngressHost, IngressPath};

    /// What is told where ingress `theirs` of namespace `far` has these rules and somebody in `web` wants an address.
    fn told(class: Option<&str>, rules: &[(&str, &str)], wanted: (&str, &str, Option<&str>), sees_far: bool) -> Vec<String> {
        let rules = rules.iter().map(|(host, path)| IngressRule { host: (*host).into(), path: (*path).into(), service: "s".into(), port: "80".into() });
        let ingress = Ingress { name: "theirs".into(), class: class.map(str::to_owned), rules: rules.collect(), ..Ingress::default() };
        let (far, web, shop) = (Namespace::parse("far").unwrap(), Namespace::parse("web").unwrap(), AppName::parse("shop").unwrap());
        let visible = if sees_far { [far.clone(), web.clone()].into() } else { [web.clone()].into() };
        let wanted = IngressSpec {
            host: IngressHost::parse(wanted.0).unwrap(),
            path: IngressPath::parse(wanted.1).unwrap(),
            class: wanted.2.map(str::to_owned),
            tls_secret: None,
        };
        let found = checks(&wanted, (&web, &shop), ingress.rules.iter().map(|r| (&far, &ingress, r)), &visible);
        found.into_iter().map(|c| format!("{:?} {}: {}", c.outcome, c.field.unwrap(), domain::english::check::sentence(&c.code))).collect()
    }

    #[test]
    fn the_very_same_host_and_path_is_refused_and_its_owner_named_to_who_may_see_it() {
        let rules = [("shop.example.org", "/api/")];
        assert_eq!(
            told(None, &rules, ("shop.example.org", "/api", None), true),
            ["Fail ingressHost: shop.example.org/api belongs to ingress far/theirs. Choose another host or path."]
        );
        assert_eq!(
            told(None, &rules, ("shop.example.org", "/api", None), false),
            [
                "Fail ingressHost: shop.example.org/api belongs to another app. It runs in a namespace you can't see. Choose another host or path, or ask a portal admin whose it is."
            ]
        );
        assert_eq!(told(Some("nginx"), &rules, ("shop.example.org", "/api", None), true).len(), 1, "the default class may be that one");
    }

    #[test]
    fn a_shared_host_is_a_warning() {
        let rules = [("shop.example.org", "/"), ("shop.example.org", "/img"), ("other.example.org", "/api")];
        assert_eq!(
            told(None, &rules, ("shop.example.org", "/api", None), true),
            [
                "Warn ingressHost: Ingress far/theirs also serves shop.example.org at /, /img. The longest matching path wins. Make sure you mean to share this host."
            ]
        );
        assert_eq!(
            told(None, &rules, ("shop.example.org", "/api", None), false),
            ["Warn ingressHost: Another app also serves shop.example.org. The longest matching path wins. Make sure you mean to share this host."]
        );
        let elsewhere = told(Some("internal"), &rules, ("shop.example.org", "/", Some("public")), true);
        assert!(elsewhere[0].starts_with("Warn"), "another controller: {elsewhere:?}");
    }

    #[test]
    fn a_host_that_a_wildcard_serves_so_far_is_a_warning() {
        let rules = [("*.example.org", "/")];
        assert_eq!(
            told(None, &rules, ("shop.example.org", "/", None), true),
            ["Warn ingressHost: Ingress far/theirs serves shop.example.org through a wildcard. This app takes over that host. Make sure that's what you want."]
        );
        assert!(told(None, &rules, ("*.example.org", "/", None), true)[0].starts_with("Fail"));
    }

    #[test]
    fn an_address_of_ones_own_is_no_matter() {
        for (host, path) in [("a.b.example.org", "/"), ("example.org", "/"), ("*.shop.example.org", "/")] {
            assert!(told(None, &[("*.example.org", "/"), ("", "/"), ("x.example.org", "/")], (host, path, None), true).is_empty(), "{host}");
        }
    }
}
