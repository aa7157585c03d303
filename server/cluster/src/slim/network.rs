//! Services, their endpoint slices, and ingresses.

use super::meta::{changed, created, labels, port};
use super::template::number_or_name;
use super::{Slice, Slim, Watched, What};
use crate::text::{SHORT, cut, short, shown};
use domain::Namespace;
use domain::facts::{ClassState, Ingress, IngressRule, Service, ServicePort};
use domain::kubernetes::words::{Protocol, ServiceType};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1 as net;
use std::sync::Arc;

impl Watched for core::Service {
    const WHAT: What = What::Services;

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let spec = self.spec.unwrap_or_default();
        let given = self.status.and_then(|s| s.load_balancer).and_then(|l| l.ingress).unwrap_or_default();
        let address = spec.cluster_ip;
        let headless = address.as_deref() == Some("None");
        let ports = spec.ports.into_iter().flatten().take(50).map(|p| ServicePort {
            target: p.target_port.as_ref().map_or_else(|| p.port.to_string(), number_or_name),
            name: p.name,
            port: port(p.port),
            node_port: p.node_port.map(port).filter(|n| *n > 0),
            protocol: p.protocol.map_or(Protocol::Tcp, Protocol::from),
        });
        Some(Slim::Service(Arc::new(Service {
            name: cut(self.metadata.name.as_deref()?, SHORT),
            ports: ports.collect(),
            kind: spec.type_.map_or(ServiceType::ClusterIp, ServiceType::from),
            cluster_ip: address.filter(|ip| !ip.is_empty()),
            external: given.into_iter().take(10).filter_map(|i| i.hostname.or(i.ip)).map(|a| cut(a, SHORT)).collect(),
            selector: labels(spec.selector),
            ready_endpoints: 0,
            unready_endpoints: 0,
            matches: false,
            headless,
            uid: short(self.metadata.uid.clone()),
            changed: changed(&self.metadata),
            created: created(&self.metadata),
        })))
    }
}

impl Watched for EndpointSlice {
    const WHAT: What = What::EndpointSlices;

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let service = self.metadata.labels.as_ref()?.get("kubernetes.io/service-name")?;
        let (mut ready, mut unready) = (0, 0);
        for e in &self.endpoints {
            // A missing `ready` counts as ready (API reference of EndpointConditions).
            if e.conditions.as_ref().and_then(|c| c.ready) != Some(false) {
                ready += 1;
            } else {
                unready += 1;
            }
        }
        Some(Slim::Slice(Slice {
            name: cut(self.metadata.name.as_deref()?, SHORT),
            service: cut(service.as_str(), SHORT),
            v6: self.address_type == "IPv6",
            ready,
            unready,
        }))
    }
}

fn rule(host: &str, path: Option<&str>, backend: &net::IngressBackend) -> Option<IngressRule> {
    let service = backend.service.as_ref()?;
    let port = service.port.as_ref().and_then(|p| p.name.clone().or_else(|| p.number.map(|n| n.to_string())));
    Some(IngressRule {
        host: cut(host, SHORT),
        path: shown(path.unwrap_or("/"), SHORT),
        service: cut(service.name.as_str(), SHORT),
        port: port.unwrap_or_default(),
    })
}

impl Watched for net::Ingress {
    const WHAT: What = What::Ingresses;

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let spec = self.spec.unwrap_or_default();
        let mut rules: Vec<_> = spec.default_backend.iter().filter_map(|b| rule("", None, b)).collect();
        for r in spec.rules.iter().flatten() {
            let paths = r.http.iter().flat_map(|h| &h.paths);
            rules.extend(paths.filter_map(|p| rule(r.host.as_deref().unwrap_or_default(), p.path.as_deref(), &p.backend)));
        }
        rules.truncate(100);
        let old_class = || super::meta::annotation(&self.metadata, "kubernetes.io/ingress.class").map(str::to_owned);
        let tls = spec.tls.into_iter().flatten().take(50);
        let given = self.status.and_then(|s| s.load_balancer).and_then(|l| l.ingress).unwrap_or_default();
        Some(Slim::Ingress(Arc::new(Ingress {
            name: cut(self.metadata.name.as_deref()?, SHORT),
            class: spec.ingress_class_name.or_else(old_class),
            rules,
            tls: tls.map(|t| (t.hosts.unwrap_or_default(), t.secret_name)).collect(),
            addresses: given.into_iter().take(10).filter_map(|i| i.hostname.or(i.ip)).map(|a| cut(a, SHORT)).collect(),
            class_state: ClassState::Unknown,
            lost_secrets: Vec::new(),
            uid: short(self.metadata.uid.clone()),
            changed: changed(&self.metadata),
            created: created(&self.metadata),
        })))
    }
}
