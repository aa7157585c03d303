//! The objects of a new app. What the form does not ask for is left to the cluster's defaults and rules.

use crate::objects::MANAGER;
use domain::operation::Piece;
use domain::spec::{AppSpec, EnvSource, EnvSpec, IngressSpec, PortRef, ProbeAction, ProbeSpec, Resources, ServiceSpec};
use domain::{Bytes, MilliCpu};
use serde_json::{Map, Value, json};

/// Labels that the portal's objects have and its services select.
fn labels(spec: &AppSpec) -> Value {
    json!({"app.kubernetes.io/name": spec.name, "app.kubernetes.io/managed-by": MANAGER})
}

fn meta(spec: &AppSpec) -> Value {
    json!({"name": spec.name, "namespace": spec.namespace, "labels": labels(spec)})
}

/// All objects of an app, in the order in which they are created: pods start last.
pub(crate) fn objects(spec: &AppSpec) -> Vec<(Piece, Value)> {
    let service = spec.service.map(|s| (Piece::Service, service(spec, s)));
    let ingress = spec.ingress.as_ref().map(|i| (Piece::Ingress, ingress(spec, i)));
    service.into_iter().chain(ingress).chain([(Piece::Deployment, deployment(spec))]).collect()
}

fn deployment(spec: &AppSpec) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta(spec),
        "spec": {
            "replicas": spec.replicas,
            "selector": {"matchLabels": labels(spec)},
            "template": template(spec),
        },
    })
}

/// A pod as the deployment would make it, to ask quotas and admission rules.
pub(crate) fn pod(spec: &AppSpec) -> Value {
    let mut pod = template(spec);
    pod["apiVersion"] = "v1".into();
    pod["kind"] = "Pod".into();
    pod["metadata"]["generateName"] = format!("{}-", spec.name).into();
    pod["metadata"]["namespace"] = spec.namespace.as_str().into();
    pod
}

fn template(spec: &AppSpec) -> Value {
    let mut pod = Map::from_iter([("containers".to_owned(), json!([container(spec)]))]);
    if let Some(secret) = &spec.pull_secret {
        pod.insert("imagePullSecrets".into(), json!([{"name": secret}]));
    }
    json!({"metadata": {"labels": labels(spec)}, "spec": pod})
}

fn container(spec: &AppSpec) -> Value {
    let mut c = Map::new();
    c.insert("name".into(), spec.name.as_str().into());
    c.insert("image".into(), spec.image.as_str().into());
    let mut put = |key: &str, value: Value| {
        let empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty) || value.is_null();
        if !empty {
            c.insert(key.into(), value);
        }
    };
    put("command", json!(spec.command));
    put("args", json!(spec.args));
    put("ports", spec.ports.iter().map(|p| json!({"name": p.name, "containerPort": p.port, "protocol": protocol(p.udp)})).collect());
    put("env", spec.env.iter().map(variable).collect());
    put("resources", resources(spec.resources));
    put("livenessProbe", spec.liveness.as_ref().map(probe).into());
    put("readinessProbe", spec.readiness.as_ref().map(probe).into());
    put("startupProbe", spec.startup.as_ref().map(probe).into());
    c.into()
}

const fn protocol(udp: bool) -> &'static str {
    if udp { "UDP" } else { "TCP" }
}

fn variable(env: &EnvSpec) -> Value {
    match &env.source {
        EnvSource::Value(value) => json!({"name": env.name, "value": value}),
        EnvSource::Secret(name, key) => json!({"name": env.name, "valueFrom": {"secretKeyRef": {"name": name, "key": key}}}),
        EnvSource::ConfigMap(name, key) => json!({"name": env.name, "valueFrom": {"configMapKeyRef": {"name": name, "key": key}}}),
    }
}

fn resources(r: Resources) -> Value {
    let amounts = |c: Option<MilliCpu>, m: Option<Bytes>| {
        let c = c.map(|c| ("cpu".to_owned(), Value::from(c.exact())));
        let m = m.map(|m| ("memory".to_owned(), Value::from(m.exact())));
        Map::from_iter(c.into_iter().chain(m))
    };
    let both = [("requests", amounts(r.cpu_request, r.memory_request)), ("limits", amounts(r.cpu_limit, r.memory_limit))];
    both.into_iter().filter(|(_, m)| !m.is_empty()).map(|(name, m)| (name.to_owned(), Value::from(m))).collect::<Map<_, _>>().into()
}

fn port_ref(port: &PortRef) -> Value {
    match port {
        PortRef::Number(n) => n.get().into(),
        PortRef::Name(name) => name.as_str().into(),
    }
}

fn probe(p: &ProbeSpec) -> Value {
    let mut probe = json!({"initialDelaySeconds": p.initial_delay_s, "periodSeconds": p.period_s, "failureThreshold": p.failure_threshold});
    match &p.action {
        ProbeAction::Http(path, port) => probe["httpGet"] = json!({"path": path, "port": port_ref(port)}),
        ProbeAction::Tcp(port) => probe["tcpSocket"] = json!({"port": port_ref(port)}),
        ProbeAction::Command(command) => probe["exec"] = json!({"command": command}),
    }
    probe
}

fn service(spec: &AppSpec, kind: ServiceSpec) -> Value {
    let mut ports: Vec<_> = spec.ports.iter().map(|p| json!({"name": p.name, "port": p.port, "targetPort": p.name, "protocol": protocol(p.udp)})).collect();
    let word = match kind {
        ServiceSpec::ClusterIp => "ClusterIP",
        ServiceSpec::NodePort(wanted) => {
            if let (Some(first), Some(wanted)) = (ports.first_mut(), wanted) {
                first["nodePort"] = wanted.get().into();
            }
            "NodePort"
        }
    };
    json!({"apiVersion": "v1", "kind": "Service", "metadata": meta(spec), "spec": {"type": word, "selector": labels(spec), "ports": ports}})
}

fn ingress(spec: &AppSpec, i: &IngressSpec) -> Value {
    let port = spec.ports.first().map(|p| json!({"name": p.name})).unwrap_or_default();
    let path = json!({"path": i.path, "pathType": "Prefix", "backend": {"service": {"name": spec.name, "port": port}}});
    let mut rules = json!({"rules": [{"host": i.host, "http": {"paths": [path]}}]});
    if let Some(class) = &i.class {
        rules["ingressClassName"] = class.as_str().into();
    }
    if let Some(secret) = &i.tls_secret {
        rules["tls"] = json!([{"hosts": [i.host], "secretName": secret}]);
    }
    json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta(spec), "spec": rules})
}

#[cfg(test)]
mod tests;
