//! What stands between an app and those who call it, or whom it calls.

use super::{TOLD, Words, list, name};
use crate::describe::text::{capital, clip, count};
use crate::facts::Allowed;
use crate::remark::{PolicyTold, Waited};
use crate::time::short;

/// Policies that are in the way of connections that time out.
pub(super) fn policies(waited: &Waited, policies: &[PolicyTold]) -> Words {
    let told = policies.iter().map(policy).collect::<Vec<_>>().join("; ");
    let text = match waited {
        Waited::Line(line) => format!("Connections time out: \u{201c}{}\u{201d}. {}", clip(line, TOLD), capital(&told)),
        Waited::Probe => format!("A probe times out, and {told}"),
    };
    Words { reason: "network policies apply", text, remedy: "Check that they allow the app's connections.".into() }
}

/// `network policy deny-all allows no connections from its pods`.
fn policy(p: &PolicyTold) -> String {
    let way = p.guards.as_ref().map_or_else(|| "from its pods".to_owned(), |service| format!("to the pods of service {}", name(service)));
    let what = match &p.allowed {
        Allowed::Nothing => format!("allows no connections {way}"),
        Allowed::Everything => format!("allows all connections {way}"),
        Allowed::Some { .. } if p.some => {
            format!("allows connections {way} on that port only for some {}", if p.guards.is_some() { "clients" } else { "targets" })
        }
        Allowed::Some { rules, ports, .. } if ports.is_empty() => format!("allows only connections {way} that match {}", count(*rules, "rule")),
        Allowed::Some { ports, .. } => format!("allows connections {way} only on {}", port_list(ports)),
    };
    format!("network policy {} {what}", name(&p.name))
}

fn port_list(ports: &[String]) -> String {
    let ports: Vec<_> = ports.iter().map(|p| name(p)).collect();
    format!("port{} {}", if ports.len() == 1 { "" } else { "s" }, list(&ports))
}

/// A load balancer that nobody makes.
pub(super) fn load_balancer(service: &str, waited: i64) -> Words {
    Words {
        reason: "no external address",
        text: format!("Service {} has waited {} for an external address, and nothing in the cluster has assigned one", name(service), short(waited)),
        remedy: "Ask a cluster administrator whether there is a load balancer, or use a node port or an ingress.".into(),
    }
}

/// A named port that no container has.
pub(super) fn target_name(service: &str, target: &str, has: &[String]) -> Words {
    let has: Vec<_> = has.iter().map(|n| name(n)).collect();
    let named = if has.is_empty() { "none has a name".to_owned() } else { format!("named: {}", list(&has)) };
    Words {
        reason: "service port missing",
        text: format!("Service {} targets port {}, but no container has a port with that name; {named}", name(service), name(target)),
        remedy: "Correct the service's targetPort, or give the container's port that name.".into(),
    }
}
