use super::*;
use kube::core::response::{StatusCause, StatusDetails};

fn ns() -> Namespace {
    Namespace::parse("web").unwrap()
}

fn answer(code: u16, reason: &str, message: &str) -> kube::Error {
    kube::Error::Api(Status::failure(message, reason).with_code(code).boxed())
}

#[test]
fn a_missing_right_is_named_by_verb_resource_and_namespace() {
    let ns = ns();
    let text = r#"deployments.apps "kpow" is forbidden: User "system:serviceaccount:portal:portal" cannot patch resource "deployments" in API group "apps" in the namespace "web""#;
    let error = Ask::of(Verb::Patch, Resource::Deployments, &ns, "kpow").explain(answer(403, "Forbidden", text));
    assert_eq!(error, ClusterError::NotAllowed(NotAllowed::Right(Right::of(Verb::Patch, Resource::Deployments, &ns))));
    assert_eq!(error.to_string(), "The portal isn't allowed to patch deployments in web. quayside rbac --namespace web prints the Role it needs.");
}

#[test]
fn a_quota_is_no_missing_right_and_keeps_its_numbers() {
    let ns = ns();
    let text = r#"pods "a" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4"#;
    let error = Ask::of(Verb::Create, Resource::Pods, &ns, "a").explain(answer(403, "Forbidden", text));
    assert!(matches!(&error, ClusterError::Refused(Refused::Said(said)) if said.text.contains("used: pods=4")), "{error}");
}

#[test]
fn what_is_not_there_and_what_is_already_there() {
    let ns = ns();
    let ask = Ask::of(Verb::Get, Resource::Secrets, &ns, "registry");
    assert_eq!(ask.explain(answer(404, "NotFound", "")).to_string(), "Secret registry doesn't exist in web.");
    assert_eq!(ask.explain(answer(409, "AlreadyExists", "")).to_string(), "Secret registry already exists in web.");
    assert_eq!(ask.explain(answer(409, "Conflict", "")), ClusterError::Changed(ask.object()));
}

#[test]
fn fields_of_an_invalid_object_are_kept() {
    let ns = ns();
    let cause = StatusCause { reason: "FieldValueInvalid".into(), message: "must be positive".into(), field: "spec.replicas".into() };
    let details =
        StatusDetails { name: String::new(), group: String::new(), kind: String::new(), uid: String::new(), causes: vec![cause], retry_after_seconds: 0 };
    let status = Status::failure("Deployment is invalid", "Invalid").with_code(422).with_details(details);
    let error = Ask::of(Verb::Create, Resource::Deployments, &ns, "a").explain(kube::Error::Api(status.boxed()));
    assert_eq!(error.to_string(), "Deployment is invalid.");
    let ClusterError::Refused(Refused::Said(said)) = error else { panic!("{error}") };
    assert_eq!(said.fields, [FieldError::new("spec.replicas", "must be positive")]);
}

#[test]
fn a_server_in_trouble_is_away() {
    let ns = ns();
    assert!(matches!(Ask::of(Verb::List, Resource::Pods, &ns, "").explain(answer(503, "ServiceUnavailable", "etcd")), ClusterError::Away(_)));
    let unreadable = serde_json::from_str::<u8>("\"hunter2\"").unwrap_err();
    let error = Ask::of(Verb::Get, Resource::Secrets, &ns, "a").explain(kube::Error::SerdeError(unreadable));
    assert!(!error.to_string().contains("hunter2"));
}
