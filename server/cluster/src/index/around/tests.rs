//! Objects as the API server has them, and what the apps hear of those around them.

use super::Classes;
use crate::index::tree::Item;
use crate::index::{Index, Scope};
use crate::slim::{Watched, What};
use domain::facts::{Allowed, AppFacts, ClassState};
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{Event, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;

const NOW: UnixMs = UnixMs(1_800_000_000_000);

fn web() -> Namespace {
    Namespace::parse("web").unwrap()
}

fn id(kind: Kind, name: &str) -> AppId {
    AppId { namespace: web(), kind, name: WorkloadName::parse(name).unwrap() }
}

struct Room(Index);

impl Room {
    fn new(apps: &[(&str, Value)]) -> Self {
        let mut room = Self(Index::new(1 << 26));
        apps.iter().for_each(|(name, labels)| room.deployment(name, labels));
        room
    }

    fn put<K: Watched + DeserializeOwned>(&mut self, object: Value) {
        let object: K = serde_json::from_value(object).unwrap();
        self.0.apply(&web(), object.slim(&web()).unwrap());
    }

    fn deployment(&mut self, name: &str, labels: &Value) {
        let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "shop:1"}]}});
        self.put::<Deployment>(json!({"metadata": {"name": name, "namespace": "web", "uid": name}, "spec": {"selector": {}, "template": template}}));
    }

    fn service(&mut self, name: &str, spec: &Value) {
        self.put::<Service>(json!({"metadata": {"name": name, "namespace": "web", "uid": format!("s-{name}")}, "spec": spec}));
    }

    fn slice(&mut self, service: &str, ready: usize) {
        let endpoints: Vec<_> = (0..ready).map(|_| json!({"addresses": ["10.0.0.1"]})).collect();
        self.put::<EndpointSlice>(
            json!({"metadata": {"name": service, "labels": {"kubernetes.io/service-name": service}}, "addressType": "IPv4", "endpoints": endpoints}),
        );
    }

    fn app(&mut self, id: &AppId) -> Option<Arc<AppFacts>> {
        let _ = self.0.publish(NOW);
        self.0.published[&web()].apps.get(id).cloned()
    }

    fn services(&mut self, name: &str) -> Vec<String> {
        self.app(&id(Kind::Deployment, name)).unwrap().services.iter().map(|s| s.name.clone()).collect()
    }

    fn ingresses(&mut self, name: &str) -> Vec<String> {
        self.app(&id(Kind::Deployment, name)).unwrap().ingresses.iter().map(|i| i.name.clone()).collect()
    }

    /// Names of the app's autoscalers, with a mark where their target is missing.
    fn autoscalers(&mut self, name: &str) -> Vec<String> {
        let facts = self.app(&id(Kind::Deployment, name)).unwrap();
        facts.around.autoscalers.iter().map(|a| format!("{}{}", a.name, if a.target_missing { "?" } else { "" })).collect()
    }
}

#[test]
fn a_service_that_selects_nothing_is_told_by_the_app_that_was_meant_until_it_finds_pods() {
    let mut room = Room::new(&[("a", json!({"app": "a", "version": "v1"})), ("b", json!({"app": "b"}))]);
    room.service("a-service", &json!({"selector": {"app": "a", "version": "v2"}, "ports": [{"port": 80}]}));
    assert_eq!((room.services("a"), room.services("b")), (vec!["a-service".into()], vec![]));
    room.slice("a-service", 1);
    assert_eq!(room.services("a"), [""; 0], "somebody else is behind it");
    room.slice("a-service", 0);
    assert_eq!(room.services("a"), ["a-service"]);
    room.deployment("c", &json!({"app": "a", "version": "v2"}));
    assert_eq!((room.services("a"), room.services("c")), (vec![], vec!["a-service".into()]), "its own app came");
}

#[test]
fn an_external_name_is_no_endpoint_whatever_it_selects() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"}))]);
    room.service("shop", &json!({"type": "ExternalName", "externalName": "db.example.org", "selector": {"app": "shop"}}));
    assert_eq!(room.services("shop"), [""; 0]);
    room.service("pods", &json!({"clusterIP": "None", "selector": {"app": "shop"}}));
    let facts = room.app(&id(Kind::Deployment, "shop")).unwrap();
    assert!(facts.services[0].headless && facts.services[0].ports.is_empty());
}

#[test]
fn an_autoscaler_is_told_by_its_target_or_by_the_app_that_was_meant() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"})), ("api", json!({"app": "api"}))]);
    let scales = |kind: &str, target: &str, status: Value| json!({"metadata": {"name": "shop", "uid": "h"}, "spec": {"scaleTargetRef": {"kind": kind, "name": target}, "maxReplicas": 5, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}]}, "status": status});
    let blind = json!({"conditions": [
        {"type": "AbleToScale", "status": "True", "reason": "SucceededGetScale"},
        {"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "missing request for cpu in container main of Pod shop-1"}]});
    room.put::<HorizontalPodAutoscaler>(scales("Deployment", "shop", blind));
    assert_eq!((room.autoscalers("shop"), room.autoscalers("api")), (vec!["shop".into()], vec![]));
    let facts = room.app(&id(Kind::Deployment, "shop")).unwrap();
    let told = &facts.around.autoscalers[0];
    assert_eq!((told.least, told.most, told.metrics.as_slice()), (1, 5, ["cpu".to_owned()].as_slice()));
    assert_eq!(told.conditions.iter().map(|c| c.reason.word()).collect::<Vec<_>>(), ["FailedGetResourceMetric"], "what is well is not kept");
    room.put::<HorizontalPodAutoscaler>(scales("Deployment", "shpo", json!({})));
    assert_eq!(room.autoscalers("shop"), ["shop?"]);
    room.put::<HorizontalPodAutoscaler>(scales("StatefulSet", "shop", json!({})));
    assert_eq!(room.autoscalers("shop"), ["shop?"], "another kind");
    room.put::<HorizontalPodAutoscaler>(scales("Deployment", "shpo", json!({})));
    room.deployment("shpo", &json!({"app": "shpo"}));
    assert_eq!((room.autoscalers("shpo"), room.autoscalers("shop")), (vec!["shop".into()], vec![]), "its target came");
    room.0.delete(&web(), What::Autoscalers, "shop");
    assert_eq!(room.autoscalers("shpo"), [""; 0]);
    room.put::<HorizontalPodAutoscaler>(scales("Rollout", "web", json!({})));
    assert_eq!(room.autoscalers("shop"), [""; 0], "a kind that the portal does not know may exist");
}

fn scales(name: &str, target: &str) -> Value {
    json!({"metadata": {"name": name, "uid": name}, "spec": {"scaleTargetRef": {"kind": "Deployment", "name": target}, "maxReplicas": 5}})
}

#[test]
fn nobody_means_a_single_pod() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"})), ("api", json!({"app": "api"}))]);
    room.put::<Pod>(json!({"metadata": {"name": "payments", "namespace": "web", "uid": "p"}, "spec": {"containers": [{"name": "main", "image": "p:1"}]}}));
    room.put::<HorizontalPodAutoscaler>(scales("payments", "paymnets"));
    let told = |room: &mut Room| room.app(&id(Kind::Pod, "payments")).unwrap().around.autoscalers.len();
    assert_eq!(told(&mut room), 0);
    room.put::<HorizontalPodAutoscaler>(scales("payments", "shop-v2"));
    assert_eq!((told(&mut room), room.autoscalers("shop")), (0, vec!["payments?".to_owned()]));
}

#[test]
fn names_are_compared_once_for_all_apps_and_only_so_many() {
    let mut room = Room::new(&[]);
    let apps = 500;
    for n in 0..apps {
        room.deployment(&format!("app-{n}"), &json!({"app": format!("app-{n}")}));
        room.put::<HorizontalPodAutoscaler>(scales(&format!("lost-{n}"), &format!("app-{n}-autoscaled")));
    }
    let told = (0..apps).filter(|n| !room.autoscalers(&format!("app-{n}")).is_empty()).count();
    assert_eq!(told, super::COMPARED / (2 * apps));
}

#[test]
fn an_autoscaler_that_complains_of_something_else_is_told_anew_though_its_target_is_missing() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"})), ("api", json!({"app": "api"}))]);
    let mut lost = scales("shop", "shpo");
    room.put::<HorizontalPodAutoscaler>(lost.clone());
    assert_eq!(room.autoscalers("shop"), ["shop?"]);
    lost["status"] = json!({"conditions": [{"type": "AbleToScale", "status": "False", "reason": "FailedGetScale"}]});
    room.put::<HorizontalPodAutoscaler>(lost);
    let facts = room.app(&id(Kind::Deployment, "shop")).unwrap();
    assert_eq!(facts.around.autoscalers[0].conditions.len(), 1);
}

#[test]
fn events_about_what_surrounds_an_app_are_among_its_events() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"}))]);
    room.service("front", &json!({"selector": {"app": "shop"}, "ports": [{"port": 80}]}));
    room.put::<HorizontalPodAutoscaler>(
        json!({"metadata": {"name": "shop", "uid": "h"}, "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "shop"}, "maxReplicas": 5}}),
    );
    let event = |kind: &str, uid: &str, reason: &str| json!({"metadata": {"name": reason, "namespace": "web"}, "involvedObject": {"kind": kind, "name": "x", "uid": uid}, "type": "Warning", "reason": reason, "lastTimestamp": "2027-01-15T08:00:00Z"});
    let _ = room.app(&id(Kind::Deployment, "shop"));
    room.put::<Event>(event("Service", "s-front", "SyncLoadBalancerFailed"));
    room.put::<Event>(event("HorizontalPodAutoscaler", "h", "FailedGetResourceMetric"));
    let mut told: Vec<_> = room.app(&id(Kind::Deployment, "shop")).unwrap().events.iter().map(|e| e.reason.word().to_owned()).collect();
    told.sort();
    assert_eq!(told, ["FailedGetResourceMetric", "SyncLoadBalancerFailed"]);
}

#[test]
fn network_policies_are_those_that_select_the_pods() {
    let mut room = Room::new(&[("shop", json!({"app": "shop", "tier": "web"})), ("db", json!({"app": "db"}))]);
    let policy = |name: &str, spec: Value| json!({"metadata": {"name": name}, "spec": spec});
    room.put::<NetworkPolicy>(policy("deny-all", json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})));
    room.put::<NetworkPolicy>(policy(
        "web",
        json!({"podSelector": {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["web"]}]}, "policyTypes": ["Egress"],
            "egress": [{"ports": [{"port": 443}, {"port": 53, "protocol": "UDP"}], "to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}),
    ));
    room.put::<NetworkPolicy>(policy("open", json!({"podSelector": {"matchLabels": {"app": "shop"}}, "ingress": [{}]})));
    let told = |room: &mut Room, name: &str| {
        let facts = room.app(&id(Kind::Deployment, name)).unwrap();
        facts.around.policies.iter().map(|p| (p.name.clone(), p.ingress.clone(), p.egress.clone())).collect::<Vec<_>>()
    };
    let nothing = || Some(Allowed::Nothing);
    let ports = vec!["443".to_owned(), "53/UDP".to_owned()];
    assert_eq!(
        told(&mut room, "shop"),
        [
            ("deny-all".to_owned(), nothing(), nothing()),
            ("open".to_owned(), Some(Allowed::Everything), None),
            ("web".to_owned(), None, Some(Allowed::Some { rules: 1, ports, everyone: vec![] })),
        ]
    );
    assert_eq!(told(&mut room, "db"), [("deny-all".to_owned(), nothing(), nothing())]);
    room.0.delete(&web(), What::NetworkPolicies, "deny-all");
    assert!(told(&mut room, "db").is_empty());
}

fn ingress(name: &str, class: Option<&str>, service: &str) -> Value {
    let backend = json!({"service": {"name": service, "port": {"number": 80}}});
    json!({"metadata": {"name": name, "namespace": "web", "uid": format!("i-{name}")}, "spec": {"ingressClassName": class, "tls": [{"hosts": ["shop.example.org"], "secretName": "shop-tls"}],
        "rules": [{"host": "shop.example.org", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]}})
}

#[test]
fn an_ingress_is_told_with_its_class_and_its_secret() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"}))]);
    room.service("shop", &json!({"selector": {"app": "shop"}, "ports": [{"port": 80}]}));
    room.put::<Ingress>(ingress("shop", Some("nginxx"), "shop"));
    let told = |room: &mut Room| {
        let facts = room.app(&id(Kind::Deployment, "shop")).unwrap();
        (facts.ingresses[0].class_state, facts.ingresses[0].lost_secrets.clone())
    };
    assert_eq!(told(&mut room), (ClassState::Unknown, vec![]));
    let classes = |default| Some(Classes { names: ["nginx".to_owned()].into(), default });
    room.0.set_classes(classes(false));
    assert_eq!(told(&mut room).0, ClassState::Missing);
    room.put::<Ingress>(ingress("shop", Some("nginx"), "shop"));
    assert_eq!(told(&mut room).0, ClassState::Known);
    room.put::<Ingress>(ingress("shop", None, "shop"));
    assert_eq!(told(&mut room).0, ClassState::NoDefault);
    room.0.set_classes(classes(true));
    assert_eq!(told(&mut room).0, ClassState::Known);
    assert_eq!(room.0.secrets_of_ingresses(10).into_iter().collect::<Vec<_>>(), [(web(), "shop-tls".to_owned())]);
    room.0.set_lost_secrets(&[(web(), ["shop-tls".to_owned(), "other".to_owned()].into())].into());
    assert_eq!(told(&mut room).1, ["shop-tls"]);
    room.0.set_lost_secrets(&[].into());
    room.0.set_classes(None);
    assert_eq!(told(&mut room), (ClassState::Unknown, vec![]));
}

#[test]
fn an_ingress_that_leads_nowhere_is_told_by_the_app_that_was_meant() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"})), ("api", json!({"app": "api"}))]);
    room.put::<Ingress>(ingress("shop-ingress", None, "nope"));
    assert_eq!(room.ingresses("shop"), [""; 0], "the portal may be the one that sees no services");
    let list = room.0.list(What::Services);
    room.0.reset(What::Services, &Scope::All, list);
    room.put::<Ingress>(ingress("public", None, "api-srv"));
    room.put::<Ingress>(ingress("stranger", None, "nope"));
    assert_eq!((room.ingresses("shop"), room.ingresses("api")), (vec!["shop-ingress".to_owned()], vec!["public".to_owned()]));
}

#[test]
fn a_pod_that_nobody_owns_is_an_app_of_its_own() {
    let mut room = Room::new(&[]);
    let pod = |owner: Value, image: &str, uid: &str| {
        json!({"metadata": {"name": "look", "namespace": "web", "uid": uid, "labels": {"app": "look"}, "ownerReferences": owner},
            "spec": {"containers": [{"name": "main", "image": image}], "ephemeralContainers": [{"name": "debug", "image": "busybox:1"}], "schedulingGates": [{"name": "example.org/quota"}], "readinessGates": [{"conditionType": "example.org/lb"}]},
            "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "ephemeralContainerStatuses": [{"name": "debug", "image": "busybox:1", "imageID": "", "ready": false, "restartCount": 0, "state": {"running": {}}}]}})
    };
    let look = id(Kind::Pod, "look");
    room.put::<Pod>(pod(json!([]), "look:1", "p1"));
    room.service("look", &json!({"selector": {"app": "look"}, "ports": [{"port": 80}]}));
    room.put::<Event>(json!({"metadata": {"name": "e", "namespace": "web"}, "involvedObject": {"kind": "Pod", "name": "look", "uid": "p1"}, "reason": "Pulled", "lastTimestamp": "2027-01-15T08:00:00Z"}));
    let facts = room.app(&look).unwrap();
    assert_eq!((facts.workload.uid.as_str(), facts.pods.len(), facts.events.len(), facts.services.len()), ("p1", 1, 1, 1));
    assert_eq!((facts.workload.containers[0].image.as_str(), facts.workload.replicas.ready), ("look:1", 1));
    let pod_facts = &facts.pods[0];
    assert_eq!(
        (pod_facts.readiness_gates(), pod_facts.scheduling_gates()),
        (["example.org/lb".to_owned()].as_slice(), ["example.org/quota".to_owned()].as_slice())
    );
    assert_eq!(pod_facts.ephemeral().iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["debug"]);
    // Made anew under its name.
    room.put::<Pod>(pod(json!([]), "look:2", "p2"));
    let facts = room.app(&look).unwrap();
    assert_eq!((facts.workload.containers[0].image.as_str(), facts.pods[0].uid.as_str(), facts.pods.len()), ("look:2", "p2", 1));
    // Adopted by a stateful set.
    let owner = |api: &str, kind: &str| json!([{"apiVersion": api, "kind": kind, "name": "o", "uid": "o", "controller": true}]);
    room.put::<Pod>(pod(owner("apps/v1", "StatefulSet"), "look:2", "p2"));
    assert!(room.app(&look).is_none());
    // Controllers of kinds that the portal does not list leave it an app of its own.
    let others = [
        ("core.strimzi.io/v1beta2", "StrimziPodSet"),
        ("v1", "Node"),
        ("v1", "ReplicationController"),
        // Kinds of other groups that have the names of those that are listed.
        ("apps.kruise.io/v1beta1", "StatefulSet"),
        ("batch.volcano.sh/v1alpha1", "Job"),
    ];
    for (api, kind) in others {
        room.put::<Pod>(pod(owner(api, kind), "look:2", "p2"));
        assert_eq!(room.app(&look).unwrap().pods.len(), 1, "{api} {kind}");
        assert!(!room.app(&look).unwrap().workload.containers.is_empty());
    }
    room.0.delete(&web(), What::Pods, "look");
    assert!(room.app(&look).is_none());
}

/// A pod of replica set `shop-1`, and that set, of an owner of this kind.
fn of_set(hash: &str, owner: Option<(&str, &str, &str)>) -> (Value, Value) {
    let owners = |owner: Option<(&str, &str, &str)>| {
        owner.map_or_else(|| json!([]), |(api, kind, name)| json!([{"apiVersion": api, "kind": kind, "name": name, "uid": name, "controller": true}]))
    };
    let mut labels = json!({"app": "shop"});
    if !hash.is_empty() {
        labels[hash] = json!("1");
    }
    let pod = json!({"metadata": {"name": "shop-1-x", "namespace": "web", "uid": "p", "labels": labels, "ownerReferences": owners(Some(("apps/v1", "ReplicaSet", "shop-1")))},
        "spec": {"containers": [{"name": "main", "image": "shop:1"}]}, "status": {"phase": "Running"}});
    let set = json!({"metadata": {"name": "shop-1", "namespace": "web", "uid": "shop-1", "ownerReferences": owners(owner)},
        "spec": {"replicas": 1, "selector": {}, "template": {"spec": {"containers": [{"name": "main", "image": "shop:1"}]}}}});
    (pod, set)
}

#[test]
fn pods_of_a_replica_set_without_a_deployment_are_seen_once() {
    let (single, shop) = (id(Kind::Pod, "shop-1-x"), id(Kind::Deployment, "shop"));
    let deployment = Some(("apps/v1", "Deployment", "shop"));
    let rollout = Some(("argoproj.io/v1alpha1", "Rollout", "shop"));
    for (hash, owner, apart) in [
        ("", None, true),
        ("rollouts-pod-template-hash", rollout, true),
        ("pod-template-hash", deployment, false),
        // A set that was made by hand and adopted, and one whose deployment was deleted without it.
        ("", deployment, false),
        ("pod-template-hash", None, true),
    ] {
        for set_first in [false, true] {
            let mut room = Room::new(&[("shop", json!({"app": "shop"}))]);
            let (pod, set) = of_set(hash, owner);
            if set_first {
                room.put::<ReplicaSet>(set.clone());
            }
            room.put::<Pod>(pod);
            if !set_first {
                room.put::<ReplicaSet>(set);
            }
            let below = room.app(&shop).unwrap().pods.len();
            let alone = room.app(&single).map(|f| (f.pods.len(), f.workload.containers[0].image.clone()));
            assert_eq!((below, alone.is_some()), (usize::from(!apart), apart), "{hash:?} {owner:?} {set_first}");
            assert!(alone.is_none_or(|(pods, image)| pods == 1 && image == "shop:1"));
        }
    }
}

#[test]
fn a_pod_whose_replica_set_is_nobodys_keeps_its_logs_to_itself_where_it_says_so() {
    let (mut pod, set) = of_set("pod-template-hash", None);
    pod["metadata"]["annotations"] = json!({"quayside/log-samples": "off"});
    let mut room = Room::new(&[]);
    room.put::<ReplicaSet>(set);
    room.put::<Pod>(pod.clone());
    let off = |room: &mut Room| room.app(&id(Kind::Pod, "shop-1-x")).unwrap().workload.log_samples_off;
    assert!(off(&mut room));
    pod["metadata"]["annotations"] = json!({});
    room.put::<Pod>(pod);
    assert!(!off(&mut room));
}

#[test]
fn pods_of_a_replica_set_follow_it_to_and_from_its_deployment() {
    let (single, shop) = (id(Kind::Pod, "shop-1-x"), id(Kind::Deployment, "shop"));
    let mut room = Room::new(&[("shop", json!({"app": "shop"}))]);
    let (pod, owned) = of_set("pod-template-hash", Some(("apps/v1", "Deployment", "shop")));
    let (_, bare) = of_set("pod-template-hash", None);
    room.put::<ReplicaSet>(owned.clone());
    room.put::<Pod>(pod);
    let seen = |room: &mut Room| (room.app(&shop).unwrap().pods.len(), room.app(&single).is_some());
    assert_eq!(seen(&mut room), (1, false));
    room.put::<ReplicaSet>(bare);
    assert_eq!(seen(&mut room), (0, true), "its deployment was deleted with --cascade=orphan");
    room.put::<ReplicaSet>(owned);
    assert_eq!(seen(&mut room), (1, false), "a deployment of the same template adopted it");
    room.0.delete(&web(), What::Pods, "shop-1-x");
    assert_eq!(seen(&mut room), (0, false));
}

#[test]
fn a_pod_whose_bare_replica_set_was_deleted_is_listed_until_it_is_gone() {
    let single = id(Kind::Pod, "shop-1-x");
    let mut room = Room::new(&[]);
    let (mut pod, bare) = of_set("pod-template-hash", None);
    room.put::<ReplicaSet>(bare);
    room.put::<Pod>(pod.clone());
    assert!(room.app(&single).is_some());
    room.0.delete(&web(), What::ReplicaSets, "shop-1");
    pod["metadata"]["deletionTimestamp"] = json!("2026-11-21T05:00:00Z");
    pod["metadata"]["finalizers"] = json!(["example.org/held"]);
    room.put::<Pod>(pod);
    assert!(room.app(&single).unwrap().workload.deletion.is_some());
    room.0.delete(&web(), What::Pods, "shop-1-x");
    assert!(room.app(&single).is_none());
}

#[test]
fn the_pods_of_a_replica_set_are_found_in_the_tree_whichever_way_they_stand() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"}))]);
    let (one, bare) = of_set("pod-template-hash", None);
    let (_, owned) = of_set("pod-template-hash", Some(("apps/v1", "Deployment", "shop")));
    room.put::<ReplicaSet>(bare.clone());
    for n in 0..3 {
        let mut pod = one.clone();
        (pod["metadata"]["name"], pod["metadata"]["uid"]) = (json!(format!("shop-1-{n}")), json!(format!("p{n}")));
        room.put::<Pod>(pod);
    }
    // Another one, of nobody's set.
    room.put::<Pod>(json!({"metadata": {"name": "alone", "namespace": "web", "uid": "q"}, "spec": {"containers": [{"name": "main", "image": "p:1"}]}}));
    let below = |room: &Room, uid: &str| {
        let mut pods = 0;
        room.0.spaces[&web()].tree.walk(uid, &mut |_, item| pods += usize::from(matches!(item, Item::Pod(_))));
        pods
    };
    let seen = |room: &mut Room| {
        let singles = (0..3).filter(|n| room.app(&id(Kind::Pod, &format!("shop-1-{n}"))).is_some()).count();
        (room.app(&id(Kind::Deployment, "shop")).unwrap().pods.len(), singles)
    };
    for _ in 0..3 {
        assert_eq!((below(&room, "shop-1"), below(&room, "beside shop-1"), seen(&mut room)), (0, 3, (0, 3)));
        room.put::<ReplicaSet>(owned.clone());
        assert_eq!((below(&room, "shop-1"), below(&room, "beside shop-1"), seen(&mut room)), (3, 0, (3, 0)));
        room.put::<ReplicaSet>(bare.clone());
    }
    assert!(room.app(&id(Kind::Pod, "alone")).is_some());
}

#[test]
fn a_namespace_that_is_being_deleted_is_told() {
    let mut room = Room::new(&[("shop", json!({"app": "shop"}))]);
    let ending = |room: &mut Room| room.app(&id(Kind::Deployment, "shop")).unwrap().around.namespace_ending;
    assert_eq!(ending(&mut room), None);
    room.0.set_ending(&web(), Some(NOW));
    assert_eq!(ending(&mut room), Some(NOW));
}
