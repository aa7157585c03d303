//! Network policies: which pods they select, and what they leave.

use super::template::number_or_name;
use super::{Slim, SlimPolicy, Watched, What};
use crate::selector::Selector;
use crate::text::{SHORT, cut};
use domain::Namespace;
use domain::facts::{Allowed, Policy};
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyPort};
use std::sync::Arc;

/// Most ports that are kept of a direction.
const PORTS: usize = 5;

impl Watched for NetworkPolicy {
    const WHAT: What = What::NetworkPolicies;

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let spec = self.spec?;
        let types = spec.policy_types.unwrap_or_default();
        let ingress = spec.ingress.unwrap_or_default();
        let egress = spec.egress.unwrap_or_default();
        // Without types a policy restricts what comes in, and what goes out where it has rules for that.
        let restricts = |kind: &str, by_default: bool| if types.is_empty() { by_default } else { types.iter().any(|t| t == kind) };
        let into: Vec<_> =
            ingress.iter().map(|r| Rule { everyone: r.from.as_ref().is_none_or(Vec::is_empty), ports: r.ports.as_deref().unwrap_or_default() }).collect();
        let out: Vec<_> =
            egress.iter().map(|r| Rule { everyone: r.to.as_ref().is_none_or(Vec::is_empty), ports: r.ports.as_deref().unwrap_or_default() }).collect();
        let facts = Policy {
            name: cut(self.metadata.name.as_deref()?, SHORT),
            ingress: restricts("Ingress", true).then(|| allowed(&into)),
            egress: restricts("Egress", !out.is_empty()).then(|| allowed(&out)),
        };
        Some(Slim::Policy(SlimPolicy { selects: Selector::of(spec.pod_selector.unwrap_or_default()), facts: Arc::new(facts) }))
    }
}

/// Most ports that are kept of those that are open to everybody.
const EVERYONE: usize = 20;

struct Rule<'a> {
    /// For all peers.
    everyone: bool,
    ports: &'a [NetworkPolicyPort],
}

fn allowed(rules: &[Rule<'_>]) -> Allowed {
    if rules.is_empty() {
        return Allowed::Nothing;
    }
    if rules.iter().any(|r| r.everyone && r.ports.is_empty()) {
        return Allowed::Everything;
    }
    let all_ports = rules.iter().any(|r| r.ports.is_empty());
    let mut ports: Vec<_> = if all_ports { Vec::new() } else { rules.iter().flat_map(|r| r.ports).map(port_words).collect() };
    ports.sort();
    ports.dedup();
    ports.truncate(PORTS);
    let everyone = rules.iter().filter(|r| r.everyone).flat_map(|r| r.ports).map(port_words).take(EVERYONE).collect();
    Allowed::Some { rules: u32::try_from(rules.len()).unwrap_or(u32::MAX), ports, everyone }
}

/// `443`, `53/UDP`, `8000-8100`.
fn port_words(port: &NetworkPolicyPort) -> String {
    let number = port.port.as_ref().map_or_else(|| "all".to_owned(), number_or_name);
    let range = port.end_port.map_or_else(String::new, |end| format!("-{end}"));
    let protocol = port.protocol.as_deref().filter(|p| *p != "TCP").map_or_else(String::new, |p| format!("/{p}"));
    cut(format!("{number}{range}{protocol}"), SHORT)
}
