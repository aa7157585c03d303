use super::*;
use crate::yaml;
use domain::spec::PortSpec;
use domain::{AppName, ConfigMapName, EnvName, ImageRef, IngressHost, IngressPath, KeyName, Namespace, Port, PortName, SecretName};

fn small() -> AppSpec {
    AppSpec {
        namespace: Namespace::parse("web").unwrap(),
        name: AppName::parse("loklak").unwrap(),
        image: ImageRef::parse("registry.local:5000/apps/sample:1").unwrap(),
        pull_secret: None,
        replicas: 1,
        command: vec![],
        args: vec![],
        ports: vec![],
        env: vec![],
        resources: Resources::default(),
        liveness: None,
        readiness: None,
        startup: None,
        service: None,
        ingress: None,
    }
}

fn all(spec: &AppSpec) -> String {
    objects(spec).iter().map(|(_, object)| yaml::yaml(object)).collect::<Vec<_>>().join("---\n")
}

#[test]
fn an_app_with_nothing_but_an_image() {
    insta::assert_snapshot!("small", all(&small()));
}

#[test]
fn an_app_with_everything() {
    let port = |n: u16| Port::try_from(n).unwrap();
    let name = |n: &str| PortName::parse(n).unwrap();
    let secret = |n: &str| SecretName::parse(n).unwrap();
    let env = |n: &str, source| EnvSpec { name: EnvName::parse(n).unwrap(), source };
    let key = |k: &str| KeyName::parse(k).unwrap();
    let probe = |action| Some(ProbeSpec { action, initial_delay_s: 5, period_s: 10, failure_threshold: 3 });
    let spec = AppSpec {
        pull_secret: Some(secret("registry")),
        replicas: 3,
        command: vec!["/loklak".into()],
        args: vec!["--port".into(), "8080".into()],
        ports: vec![PortSpec { name: name("http"), port: port(8080), udp: false }, PortSpec { name: name("gossip"), port: port(7946), udp: true }],
        env: vec![
            env("MODE", EnvSource::Value("fast".into())),
            env("ES_PASSWORD", EnvSource::Secret(secret("loklak-es"), key("password"))),
            env("PEERS", EnvSource::ConfigMap(ConfigMapName::parse("loklak").unwrap(), key("PEERS"))),
        ],
        resources: Resources {
            cpu_request: Some(MilliCpu(1245)),
            cpu_limit: Some(MilliCpu(2000)),
            memory_request: Some(Bytes(128 << 20)),
            memory_limit: Some(Bytes(1_000_000)),
        },
        liveness: probe(ProbeAction::Http("/healthy".into(), PortRef::Name(name("http")))),
        readiness: probe(ProbeAction::Tcp(PortRef::Number(port(8080)))),
        startup: probe(ProbeAction::Command(vec!["/loklak".into(), "check".into()])),
        service: Some(ServiceSpec::NodePort(Some(port(30123)))),
        ingress: Some(IngressSpec {
            host: IngressHost::parse("loklak.example.org").unwrap(),
            path: IngressPath::parse("/api").unwrap(),
            class: Some("nginx".into()),
            tls_secret: Some(secret("loklak-tls")),
        }),
        ..small()
    };
    insta::assert_snapshot!("everything", all(&spec));
}
