//! What else the page of an app tells: endpoints, actions, pips.

use super::*;

pub(super) fn service(selector: &str, ready: u32, unready: u32) -> Service {
    Service {
        name: "shop".into(),
        kind: "NodePort".into(),
        cluster_ip: None,
        external: Vec::new(),
        ports: vec![ServicePort { name: Some("http".into()), port: 80, target: "http".into(), node_port: Some(30090), protocol: "TCP".into() }],
        selector: [("app".to_owned(), selector.to_owned())].into(),
        ready_endpoints: ready,
        unready_endpoints: unready,
        matches: selector == "shop",
        headless: false,
        uid: String::new(),
        changed: None,
        created: UnixMs(0),
    }
}

#[test]
fn endpoints_that_lead_nowhere_say_so() {
    let mut facts = app(1, vec![ready("aaaaa")]);
    facts.services = vec![Arc::new(service("shop", 2, 1))];
    let rule = |service: &str, port: &str| IngressRule { host: "shop.example.org".into(), path: "/".into(), service: service.into(), port: port.into() };
    let ingress = Ingress {
        name: "shop".into(),
        class: None,
        rules: vec![rule("shop", "http"), rule("shop", "81"), rule("shopp", "80")],
        tls: vec![(vec!["*.example.org".into()], None)],
        addresses: vec!["10.0.0.1".into()],
        class_state: ClassState::Unknown,
        lost_secrets: Vec::new(),
        uid: String::new(),
        changed: None,
        created: UnixMs(0),
    };
    facts.ingresses = vec![Arc::new(ingress)];
    let found: Vec<_> =
        page(&facts, Role::Owner).endpoints.into_iter().map(|e| format!("{}{} {}", e.address, if e.broken { " broken" } else { "" }, e.sentence)).collect();
    assert_eq!(
        found,
        [
            "https://shop.example.org/ Ingress shop to service shop, 2 of 3 pods serving.",
            "https://shop.example.org/ broken Ingress shop routes to port 81 of service shop, which only has 80. Correct the port.",
            "https://shop.example.org/ broken Ingress shop routes to service shopp, which doesn't exist. Correct the service's name.",
            "any node:30090 Node port to port http, 2 of 3 pods serving.",
            "shop.web:80 Service to port http, 2 of 3 pods serving.",
        ]
    );
    facts.services = vec![Arc::new(service("shop", 0, 2))];
    assert!(page(&facts, Role::Owner).endpoints[4].sentence.contains("0 of 2 pods ready, so requests fail"));
    facts.services = vec![Arc::new(service("store", 0, 0))];
    says(&facts, Word::Degraded, "service matches no pods", "its selector wants app=store, but the pods have app=shop");
}

#[test]
fn actions_say_why_not() {
    let why = |facts: &AppFacts, role, action: &str| page(facts, role).actions[action].clone();
    let facts = app(1, vec![ready("aaaaa")]);
    assert_eq!(why(&facts, Role::Operator, "restart"), None);
    assert_eq!(why(&facts, Role::Viewer, "restart").unwrap(), "You're a viewer here. Ask a team owner for the operator role.");
    assert_eq!(why(&facts, Role::Owner, "resume").unwrap(), "Not paused.");
    assert_eq!(why(&facts, Role::Owner, "rollback"), None);
    assert!(why(&app_of(Kind::DaemonSet, 1, Vec::new()), Role::Owner, "scale").unwrap().contains("one pod per matching node"));
    assert!(why(&job(|_| {}, Vec::new()), Role::Owner, "restart").unwrap().contains("can't be restarted"));
    assert!(why(&app_of(Kind::StatefulSet, 1, Vec::new()), Role::Owner, "pause").unwrap().contains("can't be paused"));
}

#[test]
fn pips_stand_for_pods() {
    use crate::view::Pip;
    let facts = app(4, vec![ready("aaaaa"), crashing("bbbbb", end(1, "Error")), unready("ccccc")]);
    assert_eq!(row(&facts, None, Usage::default(), NOW).pips, [Pip::Ready, Pip::Failing, Pip::NotReady, Pip::Missing]);
    let many = app(500, (0..500).map(|i| ready(&format!("a{i:04}"))).collect());
    assert_eq!(row(&many, None, Usage::default(), NOW).pips.len(), 8);
}
