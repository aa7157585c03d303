use super::*;
use crate::kubernetes::Said;
use crate::{Bytes, Kind, WorkloadName};

fn web() -> Namespace {
    Namespace::parse("web").unwrap()
}

#[test]
fn what_is_left_out_is_told_with_its_limit_and_a_way_out() {
    let told = |count, limit| {
        let namespace = Namespace::parse("team-a").unwrap();
        lack(&Lack::LeftOut(LeftOut { resource: Resource::Pods, namespace, count, such_as: "web-1".into(), limit }))
    };
    let object = Limit::Object { most: Bytes(256 * 1024) };
    let namespace = Limit::Namespace { most: Bytes(7 * 1024 * 1024), of_all: Bytes(16 * 1024 * 1024) };
    assert_eq!(told(1, object), "The pod web-1 in team-a is too large to show: the portal reads at most 256 KiB per object.");
    assert_eq!(told(3, object), "3 pods in team-a, such as web-1, are too large to show: the portal reads at most 256 KiB per object.");
    assert_eq!(
        told(1204, namespace),
        "1204 pods in team-a, such as web-1, aren't shown: the portal keeps at most 7 MiB of pods per namespace (16 MiB of all objects). Delete what you no longer need, or raise QUAYSIDE_NAMESPACE_MEMORY to see them."
    );
}

#[test]
fn several_of_each_resource_are_spelled_as_in_a_dictionary() {
    assert_eq!(
        [Resource::NetworkPolicies, Resource::Ingresses, Resource::IngressClasses, Resource::ReplicaSets, Resource::PersistentVolumeClaims].map(many),
        ["network policies", "ingresses", "ingress classes", "replica sets", "claims"]
    );
}

#[test]
fn a_right_that_is_missing_is_named_with_the_command_that_prints_its_role() {
    assert_eq!(
        right(&Right::of(Verb::Patch, Resource::StatefulSetScales, &web())),
        "The portal isn't allowed to patch statefulsets/scale in web. quayside rbac --namespace web prints the Role it needs."
    );
    assert_eq!(
        lack(&Lack::Right(Right { namespace: None, resource: Resource::IngressClasses, verb: Verb::List })),
        "The portal isn't allowed to list ingressclasses. quayside rbac prints the ClusterRole it needs."
    );
    assert_eq!(lack(&Lack::All(web())), "The portal isn't allowed to list and watch anything in web. quayside rbac --namespace web prints the Role it needs.");
}

#[test]
fn a_text_of_the_api_server_becomes_one_sentence() {
    assert_eq!(sentence("service is bad"), "Service is bad.");
    assert_eq!(sentence(" Too much! "), "Too much!");
    assert_eq!(refused(&Refused::Said(Said { text: String::new(), fields: Vec::new() })), "The API server rejected this without giving a reason.");
}

#[test]
fn an_object_that_is_in_the_way_missing_or_too_large_is_named() {
    let secret = || Object::of(Resource::Secrets, &web(), "db");
    assert_eq!(missing(&Missing::Object(secret())), "Secret db doesn't exist in web.");
    assert_eq!(exists(&secret()), "Secret db already exists in web.");
    assert_eq!(changed(&secret()), "Secret db was just changed by someone else. Reload the page and try again.");
    assert_eq!(
        refused(&Refused::TooLarge { object: secret(), most: Bytes(2048) }),
        "The secret db is too large to read: the portal reads at most 2 KiB of it."
    );
    assert_eq!(
        refused(&Refused::TooLarge { object: Object::of(Resource::CronJobs, &web(), "db"), most: Bytes(2048) }),
        "The cron job db is too large to read: the portal reads at most 2 KiB per object."
    );
    assert_eq!(refused(&Refused::Immutable(secret())), "Secret db is immutable. Create a new one under another name and switch the apps to it.");
}

#[test]
fn a_change_that_an_app_does_not_take_says_why() {
    assert_eq!(refused(&Refused::Kind(Kind::StatefulSet, Change::Pause)), "A stateful set can't be paused.");
    let shop = WorkloadName::parse("shop").unwrap();
    assert_eq!(refused(&Refused::Paused(shop, Change::RollBack)), "The rollout of shop is paused. Resume it, then roll back.");
}
