//! What is remarked beside the word, and what is not.

use super::page::service;
use super::*;
use crate::remark::MOST;

fn remarks(facts: &AppFacts) -> Vec<String> {
    row(facts, None, Usage::default(), NOW).remarks.into_iter().map(|r| format!("{}: {} {}", r.code, r.text, r.remedy)).collect()
}

#[track_caller]
fn only(facts: &AppFacts, told: &str) {
    assert_eq!(remarks(facts), [told]);
    assert_eq!(status(facts, NOW).word, Word::Running, "a remark is no alarm");
}

fn healthy() -> AppFacts {
    let mut facts = app(1, vec![ready("aaaaa")]);
    facts.services = vec![Arc::new(service("shop", 1, 0))];
    facts
}

fn ingress(f: impl FnOnce(&mut Ingress)) -> AppFacts {
    let rule = IngressRule { host: "shop.example.org".into(), path: "/".into(), service: "shop".into(), port: "http".into() };
    let mut ingress = Ingress {
        name: "shop".into(),
        class: Some("nginx".into()),
        rules: vec![rule],
        tls: vec![(vec!["shop.example.org".into()], Some("shop-tls".into()))],
        addresses: vec!["10.0.0.1".into()],
        class_state: ClassState::Known,
        lost_secrets: Vec::new(),
        uid: "i".into(),
        changed: Some((ago(5 * MIN), "kubectl".into())),
        created: ago(80 * MIN),
    };
    f(&mut ingress);
    AppFacts { ingresses: vec![Arc::new(ingress)], ..healthy() }
}

#[test]
fn a_healthy_app_has_no_remark() {
    assert_eq!(remarks(&healthy()), [""; 0]);
    assert_eq!(remarks(&ingress(|_| {})), [""; 0]);
}

#[test]
fn an_ingress_that_nobody_serves_is_remarked() {
    only(
        &ingress(|i| i.rules[0].service = "shopp".into()),
        "ingress_service_missing: Ingress shop routes to service shopp, which doesn't exist. Correct the service's name in the ingress, or create the service.",
    );
    only(
        &ingress(|i| i.rules[0].port = "8081".into()),
        "ingress_port_missing: Ingress shop routes to port 8081 of service shop, which has only port 80. Correct the port in the ingress.",
    );
    only(
        &ingress(|i| (i.class, i.class_state) = (Some("nginxx".into()), ClassState::Missing)),
        "ingress_class_missing: Ingress shop uses class nginxx, which doesn't exist, so no controller serves it. Use a class the cluster has.",
    );
    only(
        &ingress(|i| (i.class, i.class_state) = (None, ClassState::NoDefault)),
        "ingress_without_class: Ingress shop sets no class and the cluster has no default, so no controller serves it. Set a class the cluster has.",
    );
    let lost = ingress(|i| i.lost_secrets = vec!["shop-tls".into()]);
    only(
        &lost,
        "ingress_secret_missing: Ingress shop uses the certificate for shop.example.org in secret shop-tls, which doesn't exist; clients get the controller's default certificate. Create the secret, or correct its name in the ingress.",
    );
    assert!(page(&lost, Role::Owner).endpoints[0].sentence.ends_with("1 of 1 pod serving; secret shop-tls with its certificate doesn't exist."));
    let missing = page(&ingress(|i| i.class_state = ClassState::Missing), Role::Owner);
    assert!(missing.endpoints[0].broken && missing.endpoints[0].sentence.contains("its class nginx doesn't exist"));
}

#[test]
fn changes_of_an_ingress_are_in_the_story() {
    let told = |facts: &AppFacts| story(facts, NOW).into_iter().map(|h| h.sentence).collect::<Vec<_>>();
    assert!(told(&ingress(|_| {})).contains(&"kubectl changed ingress shop.".to_owned()));
    let new = ingress(|i| i.created = ago(5 * MIN));
    assert!(told(&new).contains(&"kubectl created ingress shop.".to_owned()));
}

#[test]
fn a_service_that_was_meant_for_the_app_is_remarked() {
    let mut facts = change(healthy(), |w| {
        w.template_labels.insert("version".into(), "v1".into());
    });
    let mut near = service("shop", 0, 0);
    near.name = "front".into();
    near.matches = false;
    near.selector.insert("version".into(), "v2".into());
    facts.services.push(Arc::new(near));
    only(
        &facts,
        "service_finds_no_pod: Service front matches no pods: its selector wants version=v2, but the pods have version=v1. Correct the selector or the labels.",
    );
}

#[test]
fn a_port_that_no_container_declares_is_a_doubt() {
    let leads_to = |targets: &[&str], f: &dyn Fn(&mut Workload)| {
        let mut one = service("shop", 1, 0);
        let port = one.ports[0].clone();
        one.ports = targets.iter().map(|t| ServicePort { target: (*t).into(), ..port.clone() }).collect();
        let mut facts = change(healthy(), f);
        facts.services = vec![Arc::new(one)];
        facts
    };
    let wrong = leads_to(&["8081"], &|_| {});
    only(
        &wrong,
        "target_undeclared: Service shop targets port 8081, which no container declares; declared: 8080. Check that a container listens on that port, or correct the service's targetPort.",
    );
    assert!(page(&wrong, Role::Owner).endpoints.iter().all(|e| e.sentence.ends_with("1 of 1 pod serving; no container declares that port.") && !e.broken));
    let silent = |facts: &AppFacts| assert_eq!(remarks(facts), [""; 0]);
    silent(&leads_to(&["8080"], &|_| {}));
    silent(&leads_to(&["8080", "8081"], &|_| {}));
    silent(&leads_to(&["8081"], &|w| w.containers[0].ports.clear()));
    silent(&leads_to(&["8081"], &|w| w.containers[0].ports = vec![(Some("http-envoy-prom".into()), 15090, "TCP".into())]));
    silent(&leads_to(&["8081"], &|w| w.containers[0].readiness.as_mut().unwrap().port = "8081".into()));
}

#[test]
fn what_a_controller_says_of_a_service_is_remarked() {
    let mut facts = healthy();
    facts.events = vec![event("Service", "shop", "SyncLoadBalancerFailed", "Error syncing load balancer: quota exceeded")];
    only(&facts, "service_warning: Service shop: Error syncing load balancer: quota exceeded. Check the event, or ask a cluster administrator.");
}

fn autoscaled(f: impl FnOnce(&mut Autoscaler)) -> AppFacts {
    let mut autoscaler = Autoscaler {
        name: "shop".into(),
        uid: "h".into(),
        target_kind: "Deployment".into(),
        target: "shop".into(),
        target_missing: false,
        least: 1,
        most: 5,
        metrics: vec!["cpu".into()],
        conditions: Vec::new(),
    };
    f(&mut autoscaler);
    let mut facts = healthy();
    facts.around.autoscalers = vec![Arc::new(autoscaler)];
    facts
}

fn condition(kind: &str, status: bool, reason: &str, message: &str, min: i64) -> Condition {
    Condition { kind: kind.into(), status: Some(status), reason: reason.into(), message: message.into(), since: Some(ago(min * MIN)) }
}

#[test]
fn an_autoscaler_that_cannot_scale_is_remarked() {
    let blind = |reason: &str, message: &str, min: i64| autoscaled(|a| a.conditions = vec![condition("ScalingActive", false, reason, message, min)]);
    only(
        &blind(
            "FailedGetResourceMetric",
            "the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container main of Pod shop-new-aaaaa",
            1,
        ),
        "autoscaler_blind: Autoscaler shop can't scale: it scales on cpu utilization, and container main has no cpu request. Set a cpu request.",
    );
    let no_metrics = "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";
    assert_eq!(remarks(&blind("FailedGetResourceMetric", no_metrics, 1)), [""; 0], "metrics take a while to come");
    only(
        &blind("FailedGetResourceMetric", no_metrics, 5),
        "autoscaler_blind: Autoscaler shop can't scale: its pods have no metrics. Check that the pods are ready and metrics-server responds.",
    );
    only(
        &blind(
            "FailedGetResourceMetric",
            "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)",
            5,
        ),
        "autoscaler_blind: Autoscaler shop can't scale: the cluster doesn't serve metrics.k8s.io. Ask an administrator to install a provider for these metrics, such as metrics-server.",
    );
    assert_eq!(remarks(&blind("ScalingDisabled", "scaling is disabled since the replica count of the target is zero", 50)), [""; 0]);
    only(
        &autoscaled(|a| (a.target, a.target_missing) = ("shopp".into(), true)),
        "autoscaler_target_missing: Autoscaler shop targets Deployment shopp, which doesn't exist. Correct the kind and name of its target.",
    );
    let limited = condition("ScalingLimited", true, "TooManyReplicas", "the desired replica count is more than the maximum replica count", 9);
    only(
        &autoscaled(|a| a.conditions = vec![limited.clone()]),
        "autoscaler_at_most: Autoscaler shop wants more than its maximum of 5 replicas. Raise the maximum if the load will last.",
    );
    assert_eq!(remarks(&autoscaled(|a| (a.least, a.conditions) = (5, vec![limited.clone()]))), [""; 0], "least and most alike are a choice");
}

#[test]
fn who_scales_by_hand_is_told_of_the_autoscaler() {
    assert_eq!(page(&autoscaled(|_| {}), Role::Owner).notes[&Action::Scale], "Autoscaler shop keeps between 1 and 5 replicas and overrides any other count.");
    assert!(page(&healthy(), Role::Owner).notes.is_empty());
    assert!(page(&autoscaled(|a| a.target_missing = true), Role::Owner).notes.is_empty());
    let mut facts = healthy();
    facts.events = vec![event(
        "HorizontalPodAutoscaler",
        "shop",
        "SuccessfulRescale",
        "New size: 3; reason: cpu resource utilization (percentage of request) above target",
    )];
    let told: Vec<_> = story(&facts, NOW).into_iter().map(|h| h.sentence).collect();
    assert!(told.iter().any(|s| s.starts_with("Autoscaler shop: 3 pods because cpu resource utilization")), "{told:?}");
}

fn policy(name: &str, egress: Option<Allowed>, ingress: Option<Allowed>) -> Arc<Policy> {
    Arc::new(Policy { name: name.into(), egress, ingress })
}

fn only_port(port: &str, everyone: bool) -> Allowed {
    Allowed::Some { rules: 1, ports: vec![port.into()], everyone: if everyone { vec![port.into()] } else { Vec::new() } }
}

#[test]
fn network_policies_are_named_where_connections_time_out() {
    let mut facts = healthy();
    facts.around.policies = vec![policy("deny-all", Some(Allowed::Nothing), None), policy("web", None, Some(only_port("8080", false)))];
    assert_eq!(remarks(&facts), [""; 0], "a policy is no remark by itself");
    facts.events = vec![event("Pod", "shop-new-aaaaa", "Unhealthy", "Readiness probe failed: Get \"http://10.0.0.7:8080/ready\": context deadline exceeded")];
    only(
        &facts,
        "policies_select: A probe times out, and network policy deny-all allows no connections from its pods. Check that they allow the app's connections.",
    );
    facts.around.policies.push(policy("open", Some(Allowed::Everything), None));
    assert_eq!(remarks(&facts), [""; 0], "policies add up, and one of them allows everything");
    facts.around.policies = vec![policy("web", None, Some(Allowed::Nothing))];
    assert_eq!(remarks(&facts), [""; 0], "what keeps others out keeps no probe out");
}

#[test]
fn the_line_that_timed_out_and_the_policy_in_its_way_are_named_together() {
    let line = "ERROR cannot reach db:5432: timed out";
    let told = |own: Vec<Arc<Policy>>, guards: Vec<Policy>| {
        let mut facts = healthy();
        facts.around.policies = own;
        facts.observed = Arc::new(Observed {
            unanswered: Some(Unanswered { line: line.into(), port: Some(5432), asked: Some(("db".into(), guards)) }),
            ..Observed::default()
        });
        remarks(&facts)
    };
    let start = "policies_select: Connections time out: \u{201c}ERROR cannot reach db:5432: timed out\u{201d}. Network policy";
    let end = "Check that they allow the app's connections.";
    assert_eq!(told(vec![policy("deny-all", Some(Allowed::Nothing), None)], vec![]), [format!("{start} deny-all allows no connections from its pods. {end}")]);
    assert_eq!(
        told(vec![policy("dns", Some(only_port("53/UDP", true)), None)], vec![]),
        [format!("{start} dns allows connections from its pods only on port 53/UDP. {end}")]
    );
    assert_eq!(told(vec![policy("db", Some(only_port("5432", true)), None)], vec![]), [""; 0], "it lets everybody through");
    let guard = Policy { name: "db".into(), egress: None, ingress: Some(only_port("5432", false)) };
    assert_eq!(told(vec![], vec![guard]), [format!("{start} db allows connections to the pods of service db on that port only for some clients. {end}")]);
    assert_eq!(told(vec![policy("web", None, Some(Allowed::Nothing))], vec![]), [""; 0]);
}

#[test]
fn a_named_port_that_no_container_has_is_remarked() {
    let mut one = service("shop", 1, 0);
    one.ports[0].target = "web".into();
    let facts = AppFacts { services: vec![Arc::new(one)], ..healthy() };
    only(
        &facts,
        "target_name_missing: Service shop targets port web, but no container has a port with that name; named: http. Correct the service's targetPort, or give the container's port that name.",
    );
}

#[test]
fn a_load_balancer_that_nobody_makes_is_remarked_after_a_while() {
    let waits = |minutes: i64, external: &[&str]| {
        let mut one = service("shop", 1, 0);
        (one.kind, one.created, one.external) = ("LoadBalancer".into(), ago(minutes * MIN), external.iter().map(|a| (*a).to_owned()).collect());
        AppFacts { services: vec![Arc::new(one)], ..healthy() }
    };
    only(
        &waits(12, &[]),
        "load_balancer_waits: Service shop has waited 12 min for an external address, and nothing in the cluster has assigned one. Ask a cluster administrator whether there is a load balancer, or use a node port or an ingress.",
    );
    assert_eq!(remarks(&waits(2, &[])), [""; 0]);
    assert_eq!(remarks(&waits(12, &["192.0.2.7"])), [""; 0]);
}

#[test]
fn a_change_of_a_variable_waits_as_one_of_the_image_does() {
    let held = |parts: &[ChangedPart]| AppFacts { held: Arc::new(parts.to_vec()), ..change(healthy(), |w| w.paused = true) };
    let env = held(&[ChangedPart::EnvChanged("MODE".into()), ChangedPart::Command]);
    assert_eq!(
        remarks(&env),
        ["template_waits: An edit that changed env MODE and changed the command waits until the rollout resumes. Resume the rollout to apply the change."]
    );
    assert_eq!(status(&env, NOW).sentence, "Rollouts paused; 1 of 1 ready. An edit that changed env MODE and changed the command waits until you resume.");
    assert_eq!(remarks(&held(&[])), [""; 0]);
    assert_eq!(remarks(&AppFacts { held: Arc::new(vec![ChangedPart::Command]), ..healthy() }), [""; 0], "it is held no more");
}

#[test]
fn a_change_that_waits_stands_beside_what_runs() {
    let mut facts = change(healthy(), |w| w.paused = true);
    let sets = facts.replica_sets.clone();
    facts.replica_sets = vec![Arc::new(ReplicaSet { images: vec!["registry.example.org/shop:1".into()], ..ReplicaSet::clone(&sets[0]) })];
    let r = row(&facts, None, Usage::default(), NOW);
    assert_eq!(r.images, ["registry.example.org/shop:1", "shop:2"], "what runs comes first");
    assert_eq!(r.remarks.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["The pods run shop:1; shop:2 waits until the rollout resumes."]);
    assert_eq!(r.status.sentence, "Rollouts paused; 1 of 1 ready. A new image waits until you resume.");
    let settings = page(&facts, Role::Owner).settings;
    assert_eq!(settings[0].text, "registry.example.org/shop:1 running; shop:2 waits until the rollout resumes");
    let same = change(healthy(), |w| w.paused = true);
    assert_eq!(remarks(&same), [""; 0]);
}

#[test]
fn a_drain_that_a_budget_refuses_is_remarked() {
    let refused = |reason: &str, message: &str| AppFacts { events: vec![event("Pod", "shop-new-aaaaa", reason, message)], ..healthy() };
    let answer = "Cannot evict pod as it would violate the pod's disruption budget.";
    let start = "eviction_blocked: Evicting pod aaaaa, for example to drain its node, was refused 5 times:";
    let replicas = "Run more replicas than the budget needs, or relax the budget if fewer are enough; until then its node can't be drained.";
    only(&refused("EvictionBlocked", answer), &format!("{start} its pod disruption budget allows no eviction now. {replicas}"));
    let with_cause = format!("eviction failed: {answer} The disruption budget shop-pdb needs 1 healthy pods and has 1 currently");
    only(&refused("Drain", &with_cause), &format!("{start} pod disruption budget shop-pdb needs 1 healthy pod and has 1. {replicas}"));
    only(
        &refused("DisruptionBlocked", "Pdb prevents pod evictions (PodDisruptionBudget=[web/shop-pdb])"),
        &format!("{start} pod disruption budget shop-pdb allows no eviction now. {replicas}"),
    );
    let mut short = refused("FailedEviction", answer);
    Arc::make_mut(&mut short.workload).replicas.wanted = 2;
    short.pods.push(Arc::new(unready("bbbbb")));
    assert!(remarks(&short)[0].ends_with("The budget allows it again once enough pods are ready."), "{:?}", remarks(&short));
    let mut long_ago = refused("EvictionBlocked", answer);
    Arc::make_mut(&mut long_ago.events[0]).last = ago(20 * MIN);
    assert_eq!(remarks(&long_ago), [""; 0]);
}

#[test]
fn a_resize_that_its_node_does_not_do_is_remarked() {
    let resize = |reason: &str, minutes: i64, message: &str| {
        let mut facts = healthy();
        let (reason, message, since) = (reason.into(), message.into(), Some(ago(minutes * MIN)));
        Arc::make_mut(&mut facts.pods[0]).conditions.push(Condition { kind: "PodResizePending".into(), status: Some(true), reason, message, since });
        facts
    };
    only(
        &resize("Infeasible", 1, "Node didn't have enough capacity: cpu, requested: 6000, capacity: 4000"),
        "resize_waits: The resize of pod aaaaa can't be done on its node: Node didn't have enough capacity: cpu, requested: 6000, capacity: 4000. Request less, or set the larger request in the template.",
    );
    let mut single = app_of(Kind::Pod, 1, vec![Pod { owner: None, ..Pod::clone(&resize("Infeasible", 1, "").pods[0]) }]);
    single.replica_sets.clear();
    assert_eq!(
        remarks(&single),
        ["resize_waits: The resize of pod shop-new-aaaaa can't be done on its node. Request less, or create another pod with that request for a larger node."]
    );
    assert_eq!(remarks(&resize("Deferred", 1, "")), [""; 0], "it has its time");
    only(&resize("Deferred", 9, ""), "resize_waits: The resize of pod aaaaa waits for room on its node. It happens by itself once there is room.");
}

#[test]
fn keys_that_became_no_variables_are_remarked_where_something_fails() {
    let events = |keys: &str, object: &str| {
        let skipped = format!("Keys [{keys}] from the EnvFrom {object} were skipped since they are considered invalid environment variable names.");
        vec![event("Pod", "shop-new-aaaaa", "InvalidEnvironmentVariableNames", &skipped)]
    };
    let settings = || events("app.mode, 1st", "configMap web/settings");
    assert_eq!(remarks(&AppFacts { events: settings(), ..healthy() }), [""; 0], "many config maps have keys that are files");
    let fails = |events| AppFacts { events, ..app(1, vec![crashing("aaaaa", end(1, "Error"))]) };
    assert_eq!(
        remarks(&fails(settings())),
        [
            "keys_skipped: Keys app.mode and 1st of config map settings aren't variables of the container, because their names aren't valid for one (envFrom). Rename the keys, or set a variable for each with valueFrom."
        ]
    );
    assert_eq!(
        remarks(&fails(events("1st", "secret web/shop-db"))),
        [
            "keys_skipped: Key 1st of secret shop-db isn't a variable of the container, because its name isn't valid for one (envFrom). Rename the key, or set a variable for it with valueFrom."
        ]
    );
}

#[test]
fn remarks_are_few() {
    let mut facts = ingress(|i| (i.class, i.class_state) = (None, ClassState::NoDefault));
    facts.ingresses = (0..40).map(|n| Arc::new(Ingress { name: n.to_string(), ..Ingress::clone(&facts.ingresses[0]) })).collect();
    assert_eq!(remarks(&facts).len(), MOST);
}

#[test]
fn gates_are_named() {
    let mut gated = unready("aaaaa");
    gated.containers[0].ready = true;
    gated.conditions[0].reason = "ReadinessGatesNotReady".into();
    gated.rare = Some(Box::new(Rare { readiness_gates: vec!["example.org/lb".into()], ..Rare::default() }));
    says(
        &app(1, vec![gated]),
        Word::Failing,
        "not ready yet",
        "its readiness gate example.org/lb isn't set. Check that the controller that sets it is running.",
    );
    let mut held = unplaced("");
    held.conditions[2].reason = "SchedulingGated".into();
    held.rare = Some(Box::new(Rare { scheduling_gates: vec!["example.org/quota".into()], ..Rare::default() }));
    says(
        &app(1, vec![held]),
        Word::Progressing,
        "scheduling gate",
        "Scheduling gate example.org/quota blocks pod p8w6d. Whoever added the gate has to remove it.",
    );
}

#[test]
fn pods_that_must_stay_ready_for_a_while_say_so() {
    let mut pod = ready("aaaaa");
    pod.conditions.iter_mut().for_each(|c| c.since = Some(ago(40_000)));
    let facts = |available| change(app(1, vec![pod.clone()]), |w| (w.min_ready_s, w.replicas.available) = (120, available));
    says(
        &facts(0),
        Word::Progressing,
        "must stay ready 120 s",
        "1 of 1 ready, but must stay ready for 120 s to count as available (minReadySeconds): 40 s so far.",
    );
    says(&facts(1), Word::Running, "ready", "1 of 1 ready.");
}

#[test]
fn an_app_without_pods_says_what_is_said_of_it() {
    let none = |f: &dyn Fn(&mut AppFacts)| {
        let mut facts = app(1, Vec::new());
        facts.replica_sets.truncate(1);
        f(&mut facts);
        facts
    };
    says(
        &none(&|_| {}),
        Word::Failing,
        "no pod created",
        "No pod created in 20 min (1 wanted). Replica set shop-new exists but hasn't created any pods, and no event, condition, or namespace says why: its controller may be down or far behind. Ask an administrator to check the controller manager.",
    );
    says(&none(&|f| f.replica_sets.clear()), Word::Failing, "no pod created", "The deployment controller hasn't created a replica set");
    says(
        &none(&|f| f.around.namespace_ending = Some(ago(3 * MIN))),
        Word::Failing,
        "namespace is terminating",
        "Namespace web has been terminating for 3 min, so it accepts no new pods.",
    );
    let refused = |message: &'static str| none(&move |f: &mut AppFacts| f.events = vec![event("ReplicaSet", "shop-new", "FailedCreate", message)]);
    says(
        &refused("pods \"shop-new-x\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"),
        Word::Failing,
        "quota exceeded",
        "Quota q of namespace web",
    );
    says(
        &refused("pods \"shop-new-x\" is forbidden: unable to create new content in namespace web because it is being terminated"),
        Word::Failing,
        "namespace is terminating",
        "Namespace web is terminating",
    );
    says(
        &none(&|f| {
            f.events = vec![event("Deployment", "shop", "ReplicaSetCreateError", "Failed to create new replica set \"shop-new\": admission webhook denied")]
        }),
        Word::Failing,
        "no pod created",
        "Failed to create new replica set",
    );
}

#[test]
fn endpoints_tell_what_kind_of_service_they_are() {
    let told = |f: &dyn Fn(&mut Service)| {
        let mut one = service("shop", 1, 0);
        one.kind = "ClusterIP".into();
        one.ports[0].node_port = None;
        f(&mut one);
        let mut facts = healthy();
        facts.services = vec![Arc::new(one)];
        page(&facts, Role::Owner).endpoints.into_iter().map(|e| format!("{} {}", e.address, e.sentence)).collect::<Vec<_>>()
    };
    assert_eq!(told(&|s| s.ports[0].protocol = "UDP".into()), ["shop.web:80 Service to UDP port http, 1 of 1 pod serving."]);
    assert_eq!(
        told(&|s| (s.headless, s.ports) = (true, Vec::new())),
        ["shop.web Headless service without ports: the name resolves to the pods' addresses, 1 of 1 pod serving."]
    );
    let port = |s: &mut Service| (s.headless, s.ports[0].target) = (true, "8080".into());
    assert_eq!(told(&port), ["shop.web:8080 Headless service to port 8080, 1 of 1 pod serving."]);
}

#[test]
fn a_single_pod_is_an_app() {
    let single = |pod: Pod| {
        let mut facts = app_of(Kind::Pod, 1, vec![Pod { owner: None, ..pod }]);
        facts.replica_sets.clear();
        facts
    };
    says(&single(ready("aaaaa")), Word::Running, "ready", "Pod shop-new-aaaaa is ready with 1 container.");
    let mut done = unready("aaaaa");
    done.phase = "Succeeded".into();
    done.containers[0].state = ContainerState::Ended(end(0, "Completed"));
    let facts = single(done);
    says(&facts, Word::Completed, "exit code 0", "Pod shop-new-aaaaa succeeded");
    let r = row(&facts, None, Usage::default(), NOW);
    assert_eq!((r.ready, r.wanted, r.pips.len()), (1, 1, 0));
    let mut evicted = unready("aaaaa");
    (evicted.phase, evicted.reason, evicted.message) = ("Failed".into(), "Evicted".into(), "The node was low on resource: memory.".into());
    says(&single(evicted), Word::Failing, "pod evicted", "Nothing replaces it, because no workload owns it.");
    let why = |action: Action| page(&single(ready("aaaaa")), Role::Owner).actions[&action].clone();
    assert!(why(Action::Restart).unwrap().contains("can't be restarted") && why(Action::Scale).unwrap().contains("can't be scaled"));
    assert!(why(Action::Pause).is_some() && why(Action::Resume).is_some() && why(Action::RollBack).is_some());
    assert_eq!(why(Action::Delete), None);
}

#[test]
fn an_ephemeral_container_has_its_entry() {
    let mut pod = ready("aaaaa");
    let look = Container { name: "look".into(), image: "busybox:1".into(), ready: false, ..pod.containers[0].clone() };
    pod.rare = Some(Box::new(Rare { ephemeral: vec![look], ..Rare::default() }));
    let facts = app(1, vec![pod]);
    says(&facts, Word::Running, "ready", "1 of 1 ready.");
    let shown = &page(&facts, Role::Owner).pods[0];
    assert_eq!(shown.ready, 1, "it counts for nothing");
    assert_eq!(shown.containers.iter().map(|c| (c.name.as_str(), c.ephemeral)).collect::<Vec<_>>(), [("main", false), ("look", true)]);
}
