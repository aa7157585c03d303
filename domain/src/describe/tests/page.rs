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
fn an_action_that_a_kind_does_not_know_is_refused_always() {
    for kind in Kind::ALL {
        let mut facts = app_of(kind, 2, vec![ready("aaaaa"), ready("bbbbb")]);
        for paused in [false, true] {
            Arc::make_mut(&mut facts.workload).paused = paused;
            let all = page(&facts, Role::Owner).actions;
            for (action, refused) in &all {
                assert!(refused.is_some() || Action::of(kind).contains(action), "{kind:?} {action:?}");
            }
            assert!(Action::of(kind).iter().all(|action| all.contains_key(action)), "{kind:?}");
        }
    }
}

#[test]
fn actions_say_why_not() {
    let why = |facts: &AppFacts, role, action: Action| page(facts, role).actions[&action].clone();
    let facts = app(1, vec![ready("aaaaa")]);
    assert_eq!(why(&facts, Role::Operator, Action::Restart), None);
    assert_eq!(why(&facts, Role::Viewer, Action::Restart).unwrap(), "You're a viewer here. Ask a team owner for the operator role.");
    assert_eq!(why(&facts, Role::Owner, Action::Resume).unwrap(), "Not paused.");
    assert_eq!(why(&facts, Role::Owner, Action::RollBack), None);
    assert!(why(&app_of(Kind::DaemonSet, 1, Vec::new()), Role::Owner, Action::Scale).unwrap().contains("one pod per matching node"));
    assert!(why(&job(|_| {}, Vec::new()), Role::Owner, Action::Restart).unwrap().contains("can't be restarted"));
    assert!(why(&app_of(Kind::StatefulSet, 1, Vec::new()), Role::Owner, Action::Pause).unwrap().contains("can't be paused"));
}

#[test]
fn a_paused_rollout_and_an_app_without_pods_keep_back_what_would_do_nothing() {
    let refused = |facts: &AppFacts, action: Action| crate::describe::actions(facts).remove(&action).flatten();
    let paused = change(app(1, vec![ready("aaaaa")]), |w| w.paused = true);
    for action in [Action::Restart, Action::RollBack] {
        assert_eq!(refused(&paused, action), Some(ActionRefusal::RolloutPaused), "{action:?}");
    }
    assert_eq!(refused(&paused, Action::Pause), Some(ActionRefusal::AlreadyPaused));
    assert_eq!(refused(&paused, Action::Scale), None);
    assert_eq!(refused(&app(0, Vec::new()), Action::Restart), Some(ActionRefusal::ScaledToZero));
    assert_eq!(refused(&app_of(Kind::DaemonSet, 0, Vec::new()), Action::Restart), Some(ActionRefusal::NoMatchingNode));
    let all = page(&paused, Role::Viewer).actions;
    assert!(all.values().all(|why| why.as_deref() == Some(&*crate::english::action::viewers_cannot())), "{all:?}");
}

#[test]
fn the_next_step_is_what_mends_it_and_else_where_to_look() {
    use crate::view::NextStep;
    let next = |facts: &AppFacts, role| page(facts, role).next;
    assert_eq!(next(&app(1, vec![ready("aaaaa")]), Role::Owner), None);
    let missing = app(1, vec![waiting("aaaaa", "CreateContainerConfigError", "secret \"shop-db\" not found")]);
    assert_eq!(next(&missing, Role::Owner), Some(NextStep::See { evidence: 0 }), "create the secret");
    let mut stuck = app(1, vec![crashing("aaaaa", end(1, "Error")), old(ready("bbbbb"))]);
    assert_eq!(next(&stuck, Role::Operator), Some(NextStep::RollBack { revision: 1 }), "the revision before still serves");
    assert_eq!(next(&stuck, Role::Viewer), Some(NextStep::See { evidence: 0 }), "who may not roll back reads the log");
    stuck.pods[1] = Arc::new(old(crashing("bbbbb", end(1, "Error"))));
    assert_eq!(next(&stuck, Role::Operator), Some(NextStep::See { evidence: 0 }), "the revision before fails too");
    let mut all_new = app(1, vec![crashing("aaaaa", end(1, "Error"))]);
    assert_eq!(next(&all_new, Role::Operator), Some(NextStep::RollBack { revision: 1 }), "it has never served since the rollout 20 min ago");
    Arc::make_mut(&mut all_new.replica_sets[0]).created = ago(24 * 60 * MIN);
    assert_eq!(next(&all_new, Role::Operator), Some(NextStep::See { evidence: 0 }), "a rollout a day ago is not why");
    let paused = change(app(1, vec![ready("aaaaa")]), |w| w.paused = true);
    for (facts, step) in [(app(0, Vec::new()), NextStep::ScaleUp), (paused, NextStep::Resume)] {
        assert_eq!((next(&facts, Role::Operator), next(&facts, Role::Viewer)), (Some(step), None));
    }
}

#[test]
fn the_page_tells_which_pods_run_another_image_than_the_template_says() {
    let mut pods: Vec<Pod> = ["aaaaa", "bbbbb", "ccccc"].map(|name| old(ready(name))).into();
    for pod in &mut pods {
        pod.containers[0].image = "shop:1".into();
    }
    let mut ending = pods[0].clone();
    ending.deleting = Some(ago(MIN));
    pods.extend([ending, ready("ddddd")]);
    let told = page(&app(3, pods), Role::Viewer);
    assert_eq!(told.still_runs.iter().map(|s| (s.image.as_str(), s.pods)).collect::<Vec<_>>(), [("shop:1", 3)]);
    assert_eq!(told.settings[0].text, "shop:2; 3 pods still run shop:1");
}

#[test]
fn what_the_template_refers_to_is_named_once() {
    use crate::view::Referent;
    let reference = |name: &str, key: &str| Reference { name: name.into(), key: Some(key.into()), how: String::new(), optional: false };
    let facts = change(app(1, Vec::new()), |w| {
        w.secrets = vec![reference("db", "user"), reference("db", "password"), reference("api", "token")];
        w.config_maps = vec![reference("settings", "url")];
        w.claims = vec!["data".into()];
    });
    let named: Vec<_> = page(&facts, Role::Viewer).references.into_iter().map(|r| (r.kind, r.name)).collect();
    let expected = [(Referent::Secret, "api"), (Referent::Secret, "db"), (Referent::ConfigMap, "settings"), (Referent::Claim, "data")];
    assert_eq!(named, expected.map(|(kind, name)| (kind, name.to_owned())));
}

#[test]
fn pods_say_what_they_may_use_where_their_use_is_known() {
    let facts = app(2, vec![ready("aaaaa"), old(ready("bbbbb")), ready("ccccc")]);
    let measured: BTreeMap<_, _> = ["shop-new-aaaaa", "shop-new-bbbbb"].map(|name| (name.to_owned(), (MilliCpu(5), Bytes(5)))).into();
    let row = row(&facts, None, Usage::default(), NOW);
    let pods = detail(&facts, row, &measured, NOW).pods;
    let told: Vec<_> = pods.iter().map(|p| (p.bounds.cpu_request, p.bounds.memory_limit)).collect();
    let bounds = (Some(MilliCpu(500)), Some(Bytes(64 * 1024 * 1024)));
    assert_eq!(told, [bounds, (None, None), (None, None)], "an old template may have had others");
}

#[test]
fn pips_stand_for_pods() {
    use crate::view::Pip;
    let facts = app(4, vec![ready("aaaaa"), crashing("bbbbb", end(1, "Error")), unready("ccccc")]);
    assert_eq!(row(&facts, None, Usage::default(), NOW).pips, [Pip::Ready, Pip::Failing, Pip::NotReady, Pip::Missing]);
    let many = app(500, (0..500).map(|i| ready(&format!("a{i:04}"))).collect());
    assert_eq!(row(&many, None, Usage::default(), NOW).pips.len(), 8);
}
