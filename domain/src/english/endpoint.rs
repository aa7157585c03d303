//! What is said of the ways to reach an app.

use super::mismatched;
use super::text::{clip, count, full_stop};
use crate::reach::{Address, Behind, IngressLack, Reach, ServiceKind, Through};
use crate::view::Endpoint;

/// A way in words.
#[must_use]
pub fn endpoint(reach: &Reach) -> Endpoint {
    let through = &reach.through;
    Endpoint { kind: through.kind(), address: address(&reach.at), sentence: sentence(through), broken: through.is_broken() }
}

fn address(at: &Address) -> String {
    match at {
        Address::Url { tls, host, path } => {
            format!("{}://{}{path}", if *tls { "https" } else { "http" }, host.as_deref().unwrap_or("any host"))
        }
        Address::Inside { service, namespace, port: Some(port) } => format!("{service}.{namespace}:{port}"),
        Address::Inside { service, namespace, port: None } => format!("{service}.{namespace}"),
        Address::Outside { host, port } => format!("{host}:{port}"),
        Address::AnyNode { port } => format!("any node:{port}"),
    }
}

fn sentence(through: &Through) -> String {
    match through {
        Through::Port { service, protocol, target, behind: b, undeclared } => {
            let protocol = protocol.as_ref().map_or_else(String::new, |p| format!("{} ", clip(p, 10)));
            let doubt = if *undeclared { "; no container declares that port" } else { "" };
            full_stop(&format!("{} to {protocol}port {}, {}{doubt}", words(*service), clip(target, 40), behind(b)))
        }
        Through::TargetMissing { service, target } => {
            format!("{} to port {}, but no container has a port with that name. Correct the service's targetPort.", words(*service), clip(target, 40))
        }
        Through::NameOnly { behind: b } => full_stop(&format!("Headless service without ports: the name resolves to the pods' addresses, {}", behind(b))),
        Through::NoAddressYet => "Load balancer without an address yet. The cloud provider has to assign one.".to_owned(),
        Through::Ingress { ingress, service, behind: b, lacks } => {
            let also = lacks.as_ref().map_or_else(String::new, |lack| format!("; {}", lacking(lack)));
            full_stop(&format!("Ingress {} to service {}, {}{also}", clip(ingress, 80), clip(service, 80), behind(b)))
        }
        Through::ServiceMissing { ingress, service } => {
            format!("Ingress {} routes to service {}, which doesn't exist. Correct the service's name.", clip(ingress, 80), clip(service, 80))
        }
        Through::ServicePortMissing { ingress, service, port, has } => {
            let has: Vec<_> = has.iter().map(ToString::to_string).collect();
            let (ingress, service, port) = (clip(ingress, 80), clip(service, 80), clip(port, 40));
            format!("Ingress {ingress} routes to port {port} of service {service}, which only has {}. Correct the port.", has.join(", "))
        }
    }
}

const fn words(service: ServiceKind) -> &'static str {
    match service {
        ServiceKind::Service => "Service",
        ServiceKind::Headless => "Headless service",
        ServiceKind::LoadBalancer => "Load balancer",
        ServiceKind::NodePort => "Node port",
    }
}

fn behind(behind: &Behind) -> String {
    match behind {
        Behind::ExternalName => "points to a name outside the cluster".to_owned(),
        Behind::NoMatch(mismatch) => {
            let (why, advice) = mismatched(mismatch);
            format!("no matching pods: {why}. {advice}")
        }
        Behind::ScaledToZero => "no pods, since the app is scaled to 0".to_owned(),
        Behind::NoPods => "no pods yet".to_owned(),
        Behind::NoneReady { pods } => format!("0 of {} ready, so requests fail", count(*pods, "pod")),
        Behind::Serving { ready, pods } => format!("{ready} of {} serving", count(*pods, "pod")),
    }
}

fn lacking(lack: &IngressLack) -> String {
    match lack {
        IngressLack::Class(class) => format!("its class {} doesn't exist", clip(class, 60)),
        IngressLack::DefaultClass => "it sets no class, and there is no default".to_owned(),
        IngressLack::Certificate { secret } => format!("secret {} with its certificate doesn't exist", clip(secret, 80)),
        IngressLack::Address => "no ingress controller has assigned it an address".to_owned(),
    }
}
